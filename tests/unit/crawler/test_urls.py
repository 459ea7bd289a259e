"""Which spellings are one address, and how an address is cleaned."""

import pytest

from crawler.urls import clean_url, is_front_page, same_site, url_key

ADDRESS = "https://www.example.org/أخبار/بحر-قزوين"


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param("http://www.example.org/أخبار/بحر-قزوين", id="http"),
        pytest.param("https://example.org/أخبار/بحر-قزوين", id="no www"),
        pytest.param("https://WWW.Example.ORG:443/أخبار/بحر-قزوين", id="host and port"),
        pytest.param("https://www.example.org/أخبار/بحر-قزوين/", id="trailing slash"),
        pytest.param("https://www.example.org/أخبار/بحر-قزوين/amp/", id="amp"),
        pytest.param("https://www.example.org/أخبار/بحر-قزوين?amp=1", id="amp parameter"),
        pytest.param("https://www.example.org/أخبار/بحر-قزوين#comments", id="fragment"),
        pytest.param(
            "https://www.example.org/أخبار/بحر-قزوين?utm_source=x&fbclid=7&at_medium=y",
            id="trackers",
        ),
        pytest.param("https://www.example.org/أخبار/بحر-قزوين?ref=home&source=rss", id="whence"),
        pytest.param(
            "https://www.example.org/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/"
            "%d8%a8%d8%ad%d8%b1-%d9%82%d8%b2%d9%88%d9%8a%d9%86",
            id="percent-encoded, both cases",
        ),
        pytest.param("  https://www.example.org//أخبار/بحر-قزوين ", id="spaces and slashes"),
    ],
)
def test_spellings_of_one_address_share_a_key(spelling: str) -> None:
    assert url_key(spelling) == url_key(ADDRESS)


def test_parameters_in_another_order_are_the_same_address() -> None:
    assert url_key("https://example.org/?a=1&b=2") == url_key("https://example.org/?b=2&a=1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://example.org/a", "https://example.net/a"),
        ("http://example.org:8080/a", "http://example.org/a"),
        ("https://example.org/%C7%E1", "https://example.org/%C7%E2"),
        ("https://example.org/news.php?cid=1", "https://example.org/news.php?cid=2"),
        ("https://example.org/news?eid=1", "https://example.org/news?eid=2"),
        ("https://example.org/news?uid=7", "https://example.org/news?uid=8"),
        ("https://example.org/show?gallery=7", "https://example.org/show?gallery=8"),
        ("https://example.org/show?refno=7", "https://example.org/show?refno=8"),
        ("https://example.org/show?source=1207", "https://example.org/show?source=1208"),
        ("https://example.org/show.asp?1207", "https://example.org/show.asp?1208"),
        ("https://example.org/?1207", "https://example.org/"),
    ],
)
def test_different_addresses_have_different_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("http://example.org", "http://example.org/"),
        ("http://example.org/ا", "http://example.org/%D8%A7"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("http://example.org/%C7%E1/", "http://example.org/%C7%E1/"),
        ("https://example.org/a/?id=3&utm_source=x#y", "https://example.org/a/?id=3"),
        ("https://example.org/a?z=3&amp;b=1", "https://example.org/a?z=3&b=1"),
        ("https://example.org/show.asp?1207", "https://example.org/show.asp?1207"),
        ("https://موقع.example/a", "https://xn--4gbrim.example/a"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ],
)
def test_an_address_is_cleaned_for_fetching(url: str, clean: str) -> None:
    assert clean_url(url) == clean
    assert clean_url(clean) == clean


@pytest.mark.parametrize(
    "url",
    ["", "ftp://example.org/a", "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)",
     "//example.org/a", "/a", "http://", "http://example.org:many/", "http://[bad/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        clean_url(url)


def test_the_hosts_of_one_site_are_told_from_others() -> None:
    assert same_site("https://www.example.org/a", "http://example.org/")
    assert same_site("https://ar.example.org/a", "http://example.org/")
    assert not same_site("https://notexample.org/a", "http://example.org/")


def test_the_front_page_is_known() -> None:
    assert is_front_page("https://example.org/")
    assert is_front_page("https://example.org/index.php")
    assert not is_front_page("https://example.org/?p=7")
