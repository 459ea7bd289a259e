"""The local news sites: what they list, what they answer, what goes online when."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import feedparser
import httpx
import pytest
from bs4 import BeautifulSoup

from marsad.demo.articles import DemoArticle, read_articles, retimed
from marsad.demo.newssites import NewsSites
from marsad.demo.pages import COMMENT

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Moment:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
async def news(moment: Moment) -> AsyncIterator[NewsSites]:
    async with NewsSites(clock=moment) as sites:
        yield sites


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def listing_url(news: NewsSites, name: str) -> str:
    (site,) = (site for site in news.sites if site.name == name)
    way = site.publishes[0]
    if way.type == "wordpress":
        return f"{way.url}wp-json/wp/v2/posts?per_page=50"
    return f"{news.origins[name]}/sitemap-news.xml" if name == "ufuq" else way.url


def titles(name: str, body: bytes) -> list[str]:
    if name == "barid":
        return [post["title"]["rendered"] for post in json.loads(body)]
    if name == "ufuq":
        return [str(node.text) for node in ElementTree.fromstring(body).iter(f"{NEWS}title")]
    if name == "sada":
        return [link.get_text() for link in BeautifulSoup(body, "lxml").select("main li a")]
    return [entry.title for entry in feedparser.parse(body).entries]


SITES = ["mina", "ufuq", "sada", "barid", "awraq"]


@pytest.mark.parametrize("name", SITES)
async def test_a_listing_names_what_is_online_newest_first(
    name: str, news: NewsSites, moment: Moment, http: httpx.AsyncClient
) -> None:
    own = [article for article in reversed(news.articles) if article.site == name]
    for seconds in (0, 25, 100):
        moment.now = START + timedelta(seconds=seconds)
        body = (await http.get(listing_url(news, name))).content
        assert titles(name, body) == [a.title for a in own if a.at <= seconds]


@pytest.mark.parametrize("name", SITES)
async def test_every_page_holds_its_article_and_what_surrounds_one(
    name: str, news: NewsSites, moment: Moment, http: httpx.AsyncClient
) -> None:
    moment.now += timedelta(minutes=5)
    for article in (article for article in news.articles if article.site == name):
        answer = await http.get(news.url(article.id))
        encoding = "windows-1256" if name == "awraq" else "utf-8"
        page = BeautifulSoup(answer.content.decode(encoding), "lxml")
        assert page.h1 is not None
        assert page.h1.get_text() == article.title
        paragraphs = [p.get_text() for p in page.find_all("p")]
        assert [text for text in paragraphs if text in article.paragraphs] == list(
            article.paragraphs
        )
        assert len(page.find_all("a")) >= 3


@pytest.mark.parametrize("name", SITES)
async def test_what_did_not_change_is_answered_304(
    name: str, news: NewsSites, moment: Moment, http: httpx.AsyncClient
) -> None:
    url = listing_url(news, name)
    first = await http.get(url)
    by_tag = {"If-None-Match": first.headers["ETag"]}
    by_time = {"If-Modified-Since": first.headers["Last-Modified"]}
    for condition in (by_tag, by_time):
        answer = await http.get(url, headers=condition)
        assert (answer.status_code, answer.content) == (304, b"")
    moment.now += timedelta(minutes=5)
    for condition in (by_tag, by_time):
        assert (await http.get(url, headers=condition)).status_code == 200
    other = by_time | {"If-None-Match": '"other"'}
    moment.now = START
    assert (await http.get(url, headers=other)).status_code == 200
    assert [seen.conditional for seen in news.requests] == [False, True, True, True, True, True]


async def test_a_comment_feed_is_no_news(news: NewsSites, http: httpx.AsyncClient) -> None:
    origin = news.origins["mina"]
    for url in (f"{origin}/comments/feed/", news.url("mina-103") + "feed/"):
        entries = feedparser.parse((await http.get(url)).content).entries
        assert {entry.description for entry in entries} == {COMMENT}


async def test_an_article_published_while_running(
    news: NewsSites, moment: Moment, http: httpx.AsyncClient
) -> None:
    moment.now += timedelta(seconds=3)
    new = DemoArticle(id="sada-399", site="sada", title="خبر طارئ", text="وقع أمر.\n\nثم انتهى.")
    news.publish(new)
    assert titles("sada", (await http.get(listing_url(news, "sada"))).content)[0] == "خبر طارئ"
    page = (await http.get(news.url("sada-399"))).text
    assert "2026-11-20T12:00:03" in page  # Baghdad's clock
    with pytest.raises(KeyError, match="no site 'elsewhere'"):
        news.publish(new.model_copy(update={"site": "elsewhere"}))


async def test_corrections_and_withdrawals(
    news: NewsSites, moment: Moment, http: httpx.AsyncClient
) -> None:
    url = news.url("mina-103")
    before = await http.get(url)
    moment.now += timedelta(seconds=2)
    news.correct("mina-103", title="تصحيح: خط ملاحي جديد", text="نص جديد.")
    assert news.url("mina-103") == url
    changed = await http.get(url, headers={"If-None-Match": before.headers["ETag"]})
    assert changed.status_code == 200
    assert "تصحيح: خط ملاحي جديد" in changed.text
    assert "نص جديد." in changed.text
    news.withdraw("barid-403")
    assert (await http.get(news.url("barid-403"))).status_code == 410
    body = (await http.get(listing_url(news, "barid"))).content
    assert "وفد برلماني روسي يصل إلى طهران لبحث التعاون الزراعي" not in titles("barid", body)


async def test_robots_and_what_is_not_there(news: NewsSites, http: httpx.AsyncClient) -> None:
    for origin in news.origins.values():
        robots = (await http.get(f"{origin}/robots.txt")).text
        assert "Disallow: /search" in robots
        assert (await http.get(f"{origin}/search")).status_code == 404
        assert (await http.post(f"{origin}/")).status_code == 405


async def test_addresses_of_arabic_slugs_are_percent_encoded(news: NewsSites) -> None:
    path = urlsplit(news.url("mina-103")).path
    assert path.isascii()
    assert unquote(path) == "/2026/11/20/إيران-وروسيا-تفتتحان-خطا-ملاحيا-جديدا-عبر-بحر-قزوين/"


def test_a_timetable_names_articles_that_exist() -> None:
    articles = read_articles()
    moved = {article.id: article.at for article in retimed(articles, {"mina-104": 99})}
    assert moved["mina-104"] == 99
    with pytest.raises(KeyError, match="no article 'mina-999'"):
        retimed(articles, {"mina-999": 1})


async def test_the_process_prints_its_addresses_and_takes_articles(tmp_path: Path) -> None:
    timetable = tmp_path / "timetable.json"
    timetable.write_text('{"mina-104": -60}', encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "marsad.demo.newssites", "--timetable", str(timetable), "--speed", "0.01"),
        stdout=PIPE,
    )
    assert process.stdout is not None
    try:
        printed = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        assert [site["name"] for site in printed["sites"]] == SITES
        async with httpx.AsyncClient() as http:
            feed = f"{printed['origins']['mina']}/feed/"
            assert len(feedparser.parse((await http.get(feed)).content).entries) == 4
            article = {"id": "mina-199", "site": "mina", "title": "جديد", "text": "نص."}
            answer = await http.post(f"{printed['control']}/publish", json=article)
            assert answer.status_code == 204
            assert feedparser.parse((await http.get(feed)).content).entries[0].title == "جديد"
            bad = await http.post(f"{printed['control']}/publish", json={"id": "x"})
            assert bad.status_code == 400
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0
