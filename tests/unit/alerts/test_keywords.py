"""What may be a keyword of a subscriber's own."""

import pytest

from alerts.keywords import KeywordRefused, is_personal, plain_keyword, topic_name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("قناة السويس", "قناة السويس"),
        ("  قناة \n السويس. ", "قناة السويس"),
        ("«مضيق هرمز»", "مضيق هرمز"),
        ("الطَّاقَةُ", "الطاقة"),
        ("الطاقـــة", "الطاقة"),
        ("F-16", "F-16"),
        ("\u202eالنفط\u2069", "النفط"),
    ],
    ids=["phrase", "blanks", "quoted", "vowels", "tatweel", "latin", "overrides"],
)
def test_a_keyword_is_kept_plain(written: str, kept: str) -> None:
    assert plain_keyword(written) == kept


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "empty"),
        (" .. ", "empty"),
        ("كلمة " * 7, "long"),
        ("م" * 61, "long"),
        ("نفط*", "signs"),
        ("نفط OR غاز)", "signs"),
        ("https://news.example/", "signs"),
        ("و", "short"),
        ("&", "signs"),
    ],
)
def test_what_is_no_plain_word_or_phrase_is_refused_with_the_reason(written: str, why: str) -> None:
    with pytest.raises(KeywordRefused) as refused:
        plain_keyword(written)
    assert refused.value.why == why


def test_the_topic_of_a_keyword_is_like_no_topic_of_the_configuration() -> None:
    assert topic_name("قناة السويس") == topic_name("قناة السويس")
    assert is_personal(topic_name("قناة السويس"))
    assert not is_personal("kw-news")
    assert not is_personal("iran-russia")
