"""The grammar of word forms, held against tables of forms that were written by hand."""

import csv
from pathlib import Path

import pytest

from alerts.matching.grammar import forms
from alerts.matching.matcher import Matcher
from alerts.matching.quality import FormRow, wrong_forms
from alerts.matching.vocabulary import check
from models.lexicon import Keyword, Lexicon
from models.match import Document
from models.topic import Topic

HERE = Path(__file__).parent


def table(name: str, *, expected: bool) -> list[FormRow]:
    with (HERE / name).open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            FormRow(
                keyword=Keyword.model_validate({"word": row["keyword"], "class": row["class"]}),
                form=row["form"],
                expected=expected,
            )
            for row in rows
        ]


def judged_table(name: str) -> list[FormRow]:
    with (HERE / name).open(encoding="utf-8") as file:
        return [
            FormRow(
                keyword=Keyword.model_validate({"word": row["keyword"], "class": row["class"]}),
                form=row["form"],
                expected=row["expected"] == "yes",
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


SURFACE_FORMS = table("surface_forms.tsv", expected=True)
LOOK_ALIKES = table("look_alikes.tsv", expected=False)


def test_the_tables_are_as_large_as_promised():
    assert len(SURFACE_FORMS) >= 600
    assert len({row.keyword.word for row in SURFACE_FORMS}) >= 30
    assert len(LOOK_ALIKES) >= 150


def test_every_surface_form_is_found_whole():
    assert [row.form for row in wrong_forms(SURFACE_FORMS)] == []


def test_no_look_alike_is_found():
    assert [(row.keyword.word, row.form) for row in wrong_forms(LOOK_ALIKES)] == []


def test_words_chosen_before_they_were_measured_keep_their_forms_and_no_others():
    rows = judged_table("unseen_forms.tsv")
    assert sum(row.expected for row in rows) >= 200
    assert sum(not row.expected for row in rows) >= 100
    assert [(row.keyword.word, row.form) for row in wrong_forms(rows)] == []


def test_no_look_alike_hits_the_shipped_lexicons(lexicons):
    names = ("iran", "russia", "caspian", "caspian-coast")
    topic = Topic.model_validate(
        {"name": "any", "title": {"ar": "أي"}, "any": [{"list": name} for name in names]}
    )
    matcher = Matcher({"any": topic}, {name: lexicons[name] for name in names})
    fired = [
        row.form
        for row in LOOK_ALIKES
        if matcher.matching(Document(title="", text=f"قال إن {row.form} هنا"))
    ]
    assert fired == []


def found(keyword: dict[str, object], text: str) -> list[str]:
    lexicon = Lexicon.model_validate({"name": "words", "entries": [keyword]})
    topic = Topic.model_validate(
        {"name": "t", "title": {"ar": "م"}, "any": [{"list": "words"}], "languages": ["ar"]}
    )
    document = Document(title="", text=text, language="ar")
    verdicts = Matcher({"t": topic}, {"words": lexicon}).matching(document)
    return [hit.text for verdict in verdicts for hit in verdict.hits]


@pytest.mark.parametrize(
    ("word_class", "word", "text", "expected"),
    [
        (
            "name",
            "بوتين",
            "التقى ببوتين وبوتين ولبوتين، لا البوتين",
            ["ببوتين", "وبوتين", "ولبوتين"],
        ),
        ("name", "الكرملين", "قال الكرملين وللكرملين كرملين", ["الكرملين", "وللكرملين"]),
        ("name", "إلهام", "إلهام وإلهام للهام", ["إلهام", "وإلهام"]),
        ("place", "روسيا", "روسيا والروس وروسيتان", ["روسيا", "والروس", "وروسيتان"]),
        ("noun", "اتفاق", "الاتفاق واتفاقهما اتفاقا اتفاقية", ["الاتفاق", "واتفاقهما", "اتفاقا"]),
        ("noun", "قمة", "القمة وقمته قمتين للقمة", ["القمة", "وقمته", "للقمة"]),
        ("noun", "لقاء", "لقاؤه بلقائهما لقاء", ["لقاؤه", "بلقائهما", "لقاء"]),
        ("nisba", "روسي", "الروسية وروسيون روسيا بروسي", ["الروسية", "وروسيون", "روسيا", "بروسي"]),
        ("exact", "إيران", "إيران وإيران لإيران", ["إيران"]),
        (
            "regex",
            "كازا[خق]ستان(ي|ية)?",
            "كازاقستان كازاخستانية كازاخ",
            ["كازاقستان", "كازاخستانية"],
        ),
        ("prefix", "صاروخ", "الصاروخية وصاروخين بالستي", ["الصاروخية", "وصاروخين"]),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else "",
)
def test_a_class_gives_its_forms(word_class, word, text, expected):
    assert found({"word": word, "class": word_class}, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("زار روسيا البيضاء أمس", []),
        ("زار روسيا أمس", ["روسيا"]),
        ("قالت قناة روسيا اليوم", []),
        ("تواجه روسيا اليوم عقوبات", ["روسيا"]),
        ("السلاح بروسيا دورتموند", []),
        ("عاصمة روسيا", []),
        ("عاصمة لروسيا", []),
        ("فروسيا", []),
    ],
)
def test_guards_tell_another_word_from_its_neighbours(text, expected):
    keyword = {
        "word": "روسيا",
        "class": "name",
        "not_next": ["البيضاء", "دورتموند"],
        "not_prev": ["عاصمة"],
        "not_in": ["قناة روسيا اليوم"],
        "not_forms": ["فروسيا"],
    }
    assert found(keyword, text) == expected


@pytest.mark.parametrize(
    ("slop", "text", "expected"),
    [
        (0, "خط أنابيب الغاز", ["خط أنابيب"]),
        (0, "خط نقل أنابيب", []),
        (1, "خط نقل أنابيب", ["خط نقل أنابيب"]),
        (1, "خط نقل كل أنابيب", []),
        (0, "خط. أنابيب", []),
        (0, "خط،أنابيب", []),
        (0, "مد عمال الشركة أمس خط — «أنابيب»", ["خط — «أنابيب"]),
        (0, "الخط والأنابيب", ["الخط والأنابيب"]),
    ],
)
def test_a_phrase_stands_with_its_clitics_within_one_clause(slop, text, expected):
    assert found({"word": "خط أنابيب", "class": "phrase", "slop": slop}, text) == expected


def test_entries_in_other_scripts_stand_beside_the_arabic_ones():
    keyword = {"word": "Каспий", "class": "exact", "variants": ["Caspian", "کاسپین"]}
    text = "شركة CASPIAN و«Каспий» و کاسپين هنا في البحر"
    assert found(keyword, text) == ["CASPIAN", "Каспий", "کاسپين"]


@pytest.mark.parametrize(
    ("keyword", "message"),
    [
        ({"word": "بحر قزوين", "class": "name"}, "several words"),
        ({"word": "بحر", "class": "phrase"}, "single word"),
        ({"word": "صار", "class": "prefix"}, "shorter than 4"),
        ({"word": "و", "class": "name"}, "single letter"),
        ({"word": "بحر", "slop": 1}, "slop"),
        ({"word": "(ا+)+ب", "class": "regex"}, r"has '\+'"),
        ({"word": "بحر.*", "class": "regex"}, r"has '\.'"),
        ({"word": "بحر(ي|ية", "class": "regex"}, "lacks"),
        ({"word": "بحري)", "class": "regex"}, "too many"),
        ({"word": "بحر[ا-ي]", "class": "regex"}, "lists no letters"),
        ({"word": "[ابتثجحخدذر][ابتثجحخدذر][ابتثجحخدذر][ابت]", "class": "regex"}, "more than 1000"),
    ],
)
def test_a_keyword_that_its_class_cannot_match_is_refused(keyword, message):
    with pytest.raises(ValueError, match=message):
        check(Keyword.model_validate(keyword))


def test_the_forms_of_an_entry_can_be_listed():
    listed = forms("روسي", "nisba")
    assert {"روسي", "الروس", "للروسيه", "وروسيون"} <= set(listed)
    assert "فروسيه" not in listed
    assert forms("إيران", "exact") == ("ايران",)


def test_a_noun_written_with_the_article_and_ta_marbuta_is_found():
    spelled = set(forms("الطاقة", "noun"))
    assert {"الطاقه", "بالطاقه", "وللطاقه"} <= spelled
    assert not any(form.endswith("هه") for form in spelled)
