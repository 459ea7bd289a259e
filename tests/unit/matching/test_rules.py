"""What each construct of a rule means."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.matching.errors import RuleErrors
from alerts.matching.matcher import Matcher
from models.match import Document

LISTS = {
    "iran": [{"word": "إيران", "class": "place"}, {"word": "طهران", "class": "name"}],
    "russia": [{"word": "روسيا", "class": "place"}, {"word": "موسكو", "class": "name"}],
    "sport": ["مباراة", "منتخب"],
}
BOTH = [{"list": "iran"}, {"list": "russia"}]
LONG = "وأضاف المسؤول في حديث طويل للصحفيين أن الأمر يحتاج إلى مزيد من الوقت والدراسة المتأنية. "


def article(text: str, title: str = "", **facts: object) -> Document:
    facts.setdefault("language", "ar")
    return Document(title=title, text=text, **facts)  # type: ignore[arg-type]


def fires(matcher: Matcher, document: Document) -> bool:
    return bool(matcher.matching(document))


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ({"any": ["إيران", "روسيا"]}, "زار وفد إيران", True),
        ({"any": ["إيران", "روسيا"]}, "زار وفد الصين", False),
        ({"all": ["إيران", "روسيا"]}, "زار وفد إيران", False),
        ({"all": ["إيران", "روسيا"]}, "زار وفد إيران روسيا", True),
        ({"any": ["إيران"], "none": ["مباراة"]}, "فازت إيران في المباراة", False),
        ({"any": ["بحر قزوين"]}, "على ضفاف بحر قزوين", True),
        ({"all": [{"at_least": 2, "of": ["نفط", "غاز", "فحم"]}]}, "النفط وحده", False),
        ({"all": [{"at_least": 2, "of": ["نفط", "غاز", "فحم"]}]}, "النفط والغاز", True),
        ({"all": [{"count": 3, "of": ["نفط"]}]}, "نفط والنفط", False),
        ({"all": [{"count": 3, "of": ["نفط"]}]}, "نفط والنفط للنفط", True),
        ({"all": [{"count": 2, "of": BOTH, "different": True}]}, "إيران وإيران", False),
        ({"all": [{"count": 2, "of": BOTH, "different": True}]}, "إيران وطهران", True),
        ({"all": [{"near": BOTH, "within": 3}]}, "إيران مع روسيا", True),
        ({"all": [{"near": BOTH, "within": 3}]}, "إيران مع دولة روسيا", False),
        ({"all": [{"near": BOTH, "within": 2}]}, "روسيا وإيران", True),
        ({"all": [{"near": BOTH, "within": 2, "ordered": True}]}, "روسيا وإيران", False),
        ({"all": [{"near": BOTH, "within": 2, "ordered": True}]}, "إيران وروسيا", True),
        ({"all": [{"sentence": BOTH}]}, "زار وفد إيران. وردت روسيا.", False),
        ({"all": [{"sentence": BOTH}]}, "زار وفد إيران الصين. ورد وفد روسيا على إيران.", True),
        ({"all": [{"sentence": BOTH}]}, "زار وفد إيران\nوردت روسيا", False),
        ({"all": [{"sentence": BOTH}]}, "ارتفع النفط في إيران 7.5 بالمئة وفي روسيا", True),
        ({"all": [{"sentence": BOTH}]}, "قالت أ.ف.ب إن إيران ردت على روسيا", True),
        ({"all": [{"sentence": BOTH, "times": 2}]}, "إيران وروسيا. ثم إيران وروسيا.", True),
        ({"all": [{"sentence": BOTH, "times": 2}]}, "إيران وروسيا. ثم إيران.", False),
        ({"all": [{"paragraph": BOTH}]}, "زار وفد إيران. وردت روسيا.", True),
        ({"all": [{"paragraph": BOTH}]}, "زار وفد إيران.\n\nوردت روسيا.", False),
        ({"all": [{"any": ["نفط", {"all": BOTH}]}]}, "إيران وروسيا", True),
        ({"all": ["نفط", {"none": ["غاز"]}]}, "نفط وغاز", False),
        ({"any": [{"word": "إيران", "class": "exact"}]}, "لإيران", False),
    ],
)
def test_a_construct_holds_where_its_words_stand_so(matcher, rule, text, expected):
    assert fires(matcher(LISTS, **rule), article(text)) is expected


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("زار إيران. التقى موسكو", 2),
        ("زار إيران... التقى موسكو", 2),
        ("بلغ 7.5 في إيران وموسكو", 1),
        ("(أ.ف.ب) إيران وموسكو", 1),
        ("إيران\n\nوموسكو", 2),
        ("إيران؟! وموسكو؟", 2),
    ],
    ids=["stop", "ellipsis", "number", "abbreviation", "paragraphs", "signs"],
)
def test_a_sentence_ends_where_a_reader_ends_it(matcher, text, sentences):
    rule = matcher(all=[{"sentence": ["إيران", {"word": "موسكو", "class": "name"}]}])
    assert fires(rule, article(text)) == (sentences == 1)


def test_near_does_not_reach_from_the_title_into_the_text(matcher):
    rules = matcher(LISTS, all=[{"near": BOTH, "within": 5}])
    assert not fires(rules, article("روسيا ترد", title="موقف إيران"))
    assert fires(rules, article("نص", title="موقف إيران من روسيا"))


def test_a_phrase_longer_than_the_window_is_near_nothing(matcher):
    phrase = "الجمهورية الإسلامية الإيرانية"
    rules = matcher(all=[{"near": [phrase, "روسيا"], "within": 2}])
    assert not fires(rules, article(f"روسيا {phrase} روسيا"))


def test_a_word_is_not_near_itself(matcher):
    lists = {"sea": ["البحر"], "caspian": ["البحر الكاسبي"]}
    rules = matcher(lists, all=[{"near": [{"list": "sea"}, {"list": "caspian"}], "within": 6}])
    assert not fires(rules, article("مدن البحر الكاسبي"))
    assert fires(rules, article("مدن البحر الكاسبي على البحر"))


@pytest.mark.parametrize(
    ("zones", "title", "text", "expected"),
    [
        (["title"], "إيران", "نص", True),
        (["title"], "خبر", "إيران", False),
        (["lead"], "خبر", "قالت إيران", True),
        (["lead"], "إيران", "نص", False),
        (["body"], "خبر", "قالت إيران", False),
        (["body"], "خبر", LONG * 4 + "\n\nقالت إيران.", True),
        (["lead"], "خبر", LONG * 4 + "\n\nقالت إيران.", False),
        (["lead"], "خبر", "نص قصير.\nقالت إيران.", True),
        (["title", "lead"], "خبر", "قالت إيران", True),
    ],
)
def test_a_zone_limits_where_a_word_counts(matcher, zones, title, text, expected):
    rules = matcher(LISTS, any=[{"list": "iran", "in": zones}])
    assert fires(rules, article(text, title=title)) is expected


@pytest.mark.parametrize(
    "text",
    [
        "طهران – قال المتحدث إن الأمر انتهى.",
        "طهران، 3 مايو (رويترز) - قال المتحدث إن الأمر انتهى.",
        "طهران/ 12 حزيران/ إرنا – قال المتحدث إن الأمر انتهى.",
        "طهران / 12 حزيران / يونيو / ارنا - قال المتحدث إن الأمر انتهى.",
        "طهران، 12 حزيران/يونيو 2024 (أ ف ب) - قال المتحدث إن الأمر انتهى.",
        "قال المتحدث إن الأمر انتهى.\nالمصدر: وكالة إيران",
    ],
)
def test_a_dateline_or_source_line_is_no_mention(matcher, text):
    assert not fires(matcher(LISTS, any=[{"list": "iran"}]), article(text))
    assert fires(matcher(LISTS, any=[{"list": "iran", "in": ["byline"]}]), article(text))


@pytest.mark.parametrize("outlet", ["- روسيا اليوم", "| روسيا اليوم", "– قناة روسيا 24"])
def test_an_outlets_name_after_a_title_is_no_mention(matcher, outlet):
    rules = matcher(LISTS, any=[{"list": "russia"}])
    assert not fires(rules, article("نص", title=f"زلزال في الجنوب {outlet}"))
    assert fires(rules, article("نص", title=f"روسيا اليوم في عزلة {outlet}"))
    assert fires(rules, article("نص", title="لقاء في موسكو - إيران"))


def test_terms_of_a_score_add_up_with_caps_and_zone_weights(matcher):
    terms = [
        {"of": [{"list": "iran"}], "weight": 10, "cap": 2},
        {"of": [{"list": "russia"}], "weight": 5},
        {"of": ["مباراة"], "weight": -20},
    ]
    rules = matcher(LISTS, any=[{"score": 25, "terms": terms, "weights": {"title": 2}}])
    verdicts = {
        text: rules.evaluate(article(text, title=title))[0]
        for title, text in [
            ("خبر", "إيران وإيران وإيران"),
            ("خبر", "إيران وإيران مع روسيا"),
            ("إيران", "روسيا"),
            ("إيران", "روسيا والمباراة"),
        ]
    }
    assert [v.score for v in verdicts.values()] == [20, 25, 25, 5]
    assert [v.fired for v in verdicts.values()] == [False, True, True, False]
    assert "20 of 25, 5 short" in str(verdicts["إيران وإيران وإيران"].clauses)


def test_a_topic_may_build_on_another(matcher):
    rules = matcher(
        LISTS,
        topics={
            "both": {"all": BOTH, "internal": True},
            "talks": {"all": [{"sentence": [{"topic": "both"}, "محادثات"]}]},
        },
    )
    assert [v.topic for v in rules.matching(article("محادثات بين إيران وروسيا"))] == ["talks"]
    assert not fires(rules, article("محادثات إيران. وروسيا"))


def test_a_persian_article_does_not_fire_an_arabic_rule(matcher):
    rules = matcher(LISTS, all=BOTH)
    persian = (
        "وزیر امور خارجه ایران در دیدار با همتای روسی خود گفت که روابط ایران و روسیا "
        "را باید از این پس گسترش داد و این کار برای دو کشور مهم است"
    )
    assert not fires(rules, Document(title="دیدار", text=persian))
    assert not fires(rules, article("إيران وروسيا", language="fa"))
    assert fires(rules, Document(title="", text="بحثت إيران مع روسيا في هذا الملف"))


def test_sources_and_age_are_asked_too(matcher):
    now = datetime(2026, 5, 3, 12, tzinfo=UTC)
    rules = matcher(LISTS, any=[{"list": "iran"}], sources={"but": ["rt"]}, max_age="36h")
    fresh = article("إيران", source="irna", published=now - timedelta(hours=2))
    assert rules.matching(fresh, now)
    assert not rules.matching(article("إيران", source="rt", published=now), now)
    old = article("إيران", source="irna", published=now - timedelta(days=3))
    assert not rules.matching(old, now)
    assert rules.matching(old), "without a clock the age is not asked"
    assert "language" not in str(rules.evaluate(old, now)[0].lacked)


def test_the_proof_says_what_was_lacking(matcher):
    rules = matcher(LISTS, all=[{"sentence": BOTH}], none=[{"list": "sport"}])
    verdict = rules.evaluate(article("إيران في مباراة. روسيا."))[0]
    assert not verdict.fired
    assert verdict.lacked == (
        "in one sentence: it holds, but not within one sentence",
        "none of: but: sport 1 found",
    )


def test_hits_carry_the_words_as_written_and_where(matcher):
    rules = matcher(LISTS, all=BOTH)
    document = article("لقاء مع وفد رُوسِيّ", title="زيارة لإيـران")
    hits = rules.matching(document)[0].hits
    assert [(h.keyword, h.text, h.field) for h in hits] == [
        ("إيران", "لإيـران", "title"),
        ("روسيا", "رُوسِيّ", "text"),
    ]
    for hit in hits:
        assert getattr(document, hit.field)[hit.start : hit.end] == hit.text


def test_a_byline_that_was_asked_for_is_found_where_it_stands(matcher):
    rules = matcher(LISTS, any=[{"list": "russia", "in": ["byline"]}])
    document = article("موسكو - قال الوزير", title="خبر - روسيا اليوم")
    hits = rules.matching(document)[0].hits
    assert [(h.field, h.text) for h in hits] == [("title", "روسيا"), ("text", "موسكو")]


def test_only_the_quoted_lists_are_shown_when_a_topic_names_them(matcher):
    rules = matcher(LISTS, all=[*BOTH, "لقاء"], quote=["russia"])
    hits = rules.matching(article("لقاء بين إيران وروسيا"))[0].hits
    assert [hit.text for hit in hits] == ["لقاء", "وروسيا"]


@pytest.mark.parametrize(
    ("rule", "path", "message"),
    [
        ({}, (), "no positive keyword"),
        ({"none": ["إيران"]}, (), "no positive keyword"),
        ({"any": [{"none": ["إيران"]}]}, (), "could fire without any keyword"),
        ({"any": ["إيران", {"none": ["روسيا"]}]}, (), "could fire without any keyword"),
        ({"any": [{"list": "iram"}]}, ("any", 0, "list"), "did you mean 'iran'"),
        ({"any": ["نفط"], "quote": ["x"]}, ("quote", 0), "there is no list 'x'"),
        ({"all": ["نفط", {"topic": "other"}]}, ("all", 1, "topic"), "there is no topic 'other'"),
        ({"any": [{"topic": "topic"}]}, ("any", 0, "topic"), "in a circle: topic -> topic"),
        (
            {"any": [{"score": 30, "terms": [{"of": ["نفط"], "weight": 10, "cap": 2}]}]},
            ("any", 0, "score"),
            "can never be reached: the terms add up to 20",
        ),
        (
            {"any": [{"score": 5, "terms": [{"of": [{"none": ["غاز"]}], "weight": 9}]}]},
            ("any", 0, "score"),
            "always reached",
        ),
        (
            {"any": [{"at_least": 3, "of": ["نفط", "غاز"]}]},
            ("any", 0, "at_least"),
            "can never hold",
        ),
        (
            {"any": [{"near": ["نفط", {"all": ["غاز", "فحم"]}]}]},
            ("any", 0, "near", 1),
            "near is between words",
        ),
        ({"any": [{"near": ["نفط", "نفط"]}]}, ("any", 0, "near", 1), "always near itself"),
        (
            {"any": [{"all": [{"list": "iran", "in": ["title"]}], "in": ["body"]}]},
            ("any", 0, "all", 0, "in"),
            "can never hold",
        ),
        ({"any": [{"word": "بحر قزوين", "class": "name"}]}, ("any", 0), "several words"),
    ],
)
def test_a_rule_that_cannot_mean_anything_is_refused_with_its_place(matcher, rule, path, message):
    with pytest.raises(RuleErrors) as refused:
        matcher(LISTS, **rule)
    assert any(p.path == path and message in p.message for p in refused.value.problems), str(
        refused.value
    )


def test_all_problems_are_told_at_once(matcher):
    with pytest.raises(RuleErrors) as refused:
        matcher(
            {"iran": [{"word": "إيران كلها", "class": "name"}, "نفط", "نفط"]},
            topics={"a": {"any": [{"list": "x"}]}, "b": {"any": [{"topic": "c"}]}},
        )
    assert [(p.kind, p.name, p.path) for p in refused.value.problems] == [
        ("lexicon", "iran", ("entries", 0)),
        ("lexicon", "iran", ("entries", 2)),
        ("topic", "a", ("any", 0, "list")),
        ("topic", "b", ("any", 0, "topic")),
    ]


def test_the_version_changes_with_a_rule_but_not_with_its_examples(matcher):
    plain = matcher(LISTS, any=["نفط"]).version
    assert plain == matcher(LISTS, any=["نفط"], examples=[{"text": "نفط", "match": True}]).version
    assert plain != matcher(LISTS, any=["غاز"]).version
    assert plain != matcher({**LISTS, "sport": ["كرة"]}, any=["نفط"]).version
