"""What hostile servers and pages may not do to the process that crawls them."""

import asyncio
import resource
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.guard import AllowPrivate
from crawler.memory import ForgetfulMemory
from crawler.options import CrawlOptions
from models.crawl import CrawlOutcome
from models.site import Feed, Sitemap
from tests.fakes.newssite import Fault, NewsSite, Page
from tests.unit.crawler.builders import OTHER, STORY, feed, page
from tests.unit.crawler.conftest import Crawl, options_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]


@pytest.mark.parametrize("fault", [Fault.GZIP_BOMB, Fault.ENDLESS_BODY, Fault.ENDLESS_HEADERS])
async def test_an_endless_answer_takes_little_memory(
    news: NewsSite, crawl: Crawl, fault: Fault
) -> None:
    news.pages["/feed/"] = fault
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert report.outcome is CrawlOutcome.FAILED
    assert grown_mb < 100


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    crawl: Crawl, tmp_path: Path
) -> None:
    async with NewsSite(tls=self_signed(tmp_path)) as news:
        news.pages["/feed/"] = Page(feed(news.url, STORY))

        report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"), options=options_for(news))

    assert news.asked == []
    assert "its certificate is not valid" in report.problems[0]


async def test_a_host_without_https_is_said_in_a_sentence(crawl: Crawl) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        private = AllowPrivate(hosts=frozenset({("127.0.0.1", port)}))
        allowed = CrawlOptions(contact="", allow_private=private)
        way = Feed(type="feed", url=f"https://127.0.0.1:{port}/feed/")
        report = await crawl(way, options=allowed)
    assert "(no secure connection (https) could be made)" in report.problems[0]


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "data:text/html,x", "ftp://127.0.0.1/x", "s3://bucket/x"]
)
async def test_a_redirect_leads_only_to_the_web(news: NewsSite, crawl: Crawl, target: str) -> None:
    news.pages["/feed/"] = Page(status=302, headers={"Location": target})

    report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    assert report.problems == (f"{news.url}/feed/: HTTP 302",)


async def test_redirects_without_end_are_not_followed(news: NewsSite, crawl: Crawl) -> None:
    news.pages["/feed/"] = Page(status=302, headers={"Location": "/feed/"})

    report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    assert report.problems == (f"{news.url}/feed/: redirects without end",)
    assert news.paths_asked().count("/feed/") <= 6


async def test_a_page_that_parsers_choke_on_fails_alone(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    news.pages["/feed/"] = Page(feed(news.url, STORY, OTHER))
    news.pages[STORY.path] = Page("<p " + "a='1' " * 50_000 + ">" + page(STORY))
    news.pages[OTHER.path] = Page(page(OTHER))

    report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    assert [article.title for article in memory.articles.values()] == [OTHER.title]
    assert "thousands of attributes" in report.problems[0]


async def test_an_endless_chain_of_sitemaps_ends(news: NewsSite, crawl: Crawl) -> None:
    for number in range(50):
        news.pages[f"/map-{number}.xml"] = Page(
            f"<sitemapindex><sitemap><loc>{news.url}/map-{number + 1}.xml</loc></sitemap>"
            f"<sitemap><loc>{news.url}/map-0.xml</loc></sitemap></sitemapindex>"
        )

    report = await crawl(Sitemap(type="sitemap", url=f"{news.url}/map-0.xml"))

    assert report.listed == 0
    assert len(news.asked) <= 12


async def test_a_page_that_leads_to_the_front_page_is_no_article(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    news.pages["/feed/"] = Page(feed(news.url, STORY))
    news.pages[STORY.path] = Page(status=301, headers={"Location": "/"})
    news.pages["/"] = Page(page(OTHER))

    report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    assert memory.articles == {}
    assert "leads to the site's front page" in report.problems[0]


async def test_a_file_that_is_no_page_is_no_article(news: NewsSite, crawl: Crawl) -> None:
    news.pages["/feed/"] = Page(feed(news.url, STORY))
    news.pages[STORY.path] = Page(b"%PDF-1.7", content_type="application/pdf")

    report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    assert "is no page but application/pdf" in report.problems[0]


async def test_a_crawl_opens_no_port(news: NewsSite, crawl: Crawl) -> None:
    """Scrapy's telnet and remote-control consoles would, and both run code."""
    news.pages["/feed/"] = Page(feed(news.url, STORY))
    seen: set[tuple[str, int]] = set()

    class Watching(ForgetfulMemory):
        async def store(self, *args: object) -> bool:
            seen.update(
                (connection.laddr.ip, connection.laddr.port)
                for connection in psutil.Process().net_connections("inet")
                if connection.status == psutil.CONN_LISTEN
            )
            return await super().store(*args)  # type: ignore[arg-type]

    news.pages[STORY.path] = Page(page(STORY))
    await crawl(Feed(type="feed", url=f"{news.url}/feed/"), memory=Watching())

    assert seen == {(news.host, news.port)}


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "site.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
