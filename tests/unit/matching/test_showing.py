"""What is shown of a match: examples, quotes, marks, words."""

from alerts.matching.examples import check_examples
from alerts.matching.quote import mark, quote, shown_words
from models.match import Document, Hit
from models.topic import Example

LISTS = {
    "iran": [{"word": "إيران", "class": "place"}],
    "russia": [{"word": "روسيا", "class": "place"}, {"word": "الاتحاد الروسي"}],
}
RULE = {"all": [{"list": "iran"}, {"list": "russia"}]}


def hits(matcher, document: Document) -> tuple[Hit, ...]:
    return matcher(LISTS, **RULE).matching(document)[0].hits


def marked_words(marked) -> list[str]:
    return [marked.text[start:end] for start, end in marked.spans]


def test_every_example_of_the_shipped_topics_holds(shipped):
    for topic in shipped.topics.values():
        assert check_examples(shipped, topic) == ()
        assert {example.match for example in topic.examples} == {True, False}, topic.name


def test_an_example_that_fails_says_why(matcher):
    examples = [
        {"text": "زارت إيران", "match": True},
        {"text": "إيران وروسيا", "match": False},
        {"text": "إيران وروسيا", "match": True, "words": ["إيران", "موسكو"]},
        {"text": "إيران وروسيا", "match": True, "words": ["إيران", "وروسيا"]},
    ]
    rules = matcher(LISTS, **RULE, examples=examples)
    problems = check_examples(rules, rules.topics["topic"])
    assert [(p.path, p.message) for p in problems] == [
        (("examples", 0), "must match, but does not: russia: not found"),
        (("examples", 1), "must not match, but does, by: إيران, وروسيا"),
        (("examples", 2), "does not find موسكو; found: إيران, وروسيا"),
    ]
    assert isinstance(rules.topics["topic"].examples[0], Example)


def test_the_quote_is_the_sentence_with_most_keywords(matcher):
    text = (
        "قالت إيران إن الأمر معقد. وأضاف المتحدث أن إيران وروسيا اتفقتا على الموعد.\n\n"
        "وردت روسيا لاحقا."
    )
    document = Document(title="خبر", text=text)
    shown = quote(document, hits(matcher, document))
    assert shown.text == "وأضاف المتحدث أن إيران وروسيا اتفقتا على الموعد."
    assert marked_words(shown) == ["إيران", "وروسيا"]


def test_a_long_sentence_is_cut_at_words_around_its_keywords(matcher):
    filler = "وقد استمرت هذه المحادثات وقتا طويلا من دون أن تصل إلى نتيجة " * 10
    text = filler + "بين إيران وروسيا " + filler
    document = Document(title="خبر", text=text)
    shown = quote(document, hits(matcher, document))
    assert len(shown.text) <= 400
    assert shown.text.startswith("…")
    assert shown.text.endswith("…")
    assert marked_words(shown) == ["إيران", "وروسيا"]
    assert all(word in text.split() for word in shown.text.strip("…").split())


def test_without_a_hit_in_the_text_the_first_sentence_is_quoted(matcher):
    document = Document(title="إيران وروسيا", text="\n  جملة أولى. جملة ثانية.", language="ar")
    assert quote(document, hits(matcher, document)).text == "جملة أولى."
    assert quote(Document(title="إيران وروسيا", text=""), ()).text == ""


def test_overlapping_hits_are_marked_and_told_once(matcher):
    document = Document(title="إيران والاتحاد الروسي", text="روسيا. إيران ايران.", language="ar")
    found = hits(matcher, document)
    assert marked_words(mark(document.title, "title", found)) == ["إيران", "والاتحاد الروسي"]
    assert shown_words(found) == ("إيران", "والاتحاد الروسي", "روسيا")
