"""The demo's configuration is one that Marsad accepts, and its articles match as labelled."""

import stat
from collections.abc import Iterable
from pathlib import Path

import pytest

from marsad.configuration import Configuration, load
from marsad.demo.articles import DemoArticle, read_articles
from marsad.demo.configuration import write_demo_config
from marsad.demo.newssites import NewsSites
from models.match import Document
from models.site import Site

ARTICLES = read_articles()


@pytest.fixture
async def sites() -> tuple[Site, ...]:
    async with NewsSites() as news:
        return news.sites


async def test_marsad_reads_it_back(tmp_path: Path, sites: tuple[Site, ...]) -> None:
    configuration = load(write_demo_config(tmp_path / "config", sites))
    assert configuration.general.access == "open"
    assert dict(configuration.sites) == {site.name: site for site in sites}
    assert {"iran-russia", "caspian"} <= set(configuration.topics)


def test_writing_again_replaces_and_nobody_else_may_write(
    tmp_path: Path, sites: tuple[Site, ...]
) -> None:
    write_demo_config(tmp_path, sites)
    write_demo_config(tmp_path, sites)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")]
    assert not any(mode & 0o022 for mode in modes)


def test_the_articles_are_a_fair_sample() -> None:
    assert len(ARTICLES) >= 24
    assert len({article.id for article in ARTICLES}) == len(ARTICLES)
    assert 10 <= sum(bool(article.topics) for article in ARTICLES) <= len(ARTICLES) - 10
    assert all(len(article.paragraphs) >= 2 for article in ARTICLES)
    later = [article for article in ARTICLES if article.at > 0 and article.topics]
    assert len(later) >= 6
    assert min(article.at for article in later) < 10
    assert _most_relevant_at_start(ARTICLES) <= 3  # what a first crawl may alert


def _most_relevant_at_start(articles: Iterable[DemoArticle]) -> int:
    there = [article.site for article in articles if article.at <= 0 and article.topics]
    return max(there.count(site) for site in there)


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    return load(Path(__file__).parents[3] / "config")


@pytest.mark.parametrize("article", ARTICLES, ids=[article.id for article in ARTICLES])
def test_an_article_matches_the_shipped_topics_as_labelled(
    article: DemoArticle, shipped: Configuration
) -> None:
    document = Document(title=article.title, text="\n\n".join(article.paragraphs), language="ar")
    verdicts = shipped.matcher.matching(document)
    assert {verdict.topic for verdict in verdicts} == set(article.topics)
