"""The invented outlets of the demo: how each lists its articles and what its pages look like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone, tzinfo
from urllib.parse import quote

from marsad.demo import listings, pages
from marsad.demo.articles import DemoArticle, Published
from models.site import Feed, Listing, Selectors, Site, Sitemap, Title, Way, WordPress

# Fixed offsets: what the outlets' clocks show must not depend on a zone database.
BAGHDAD = timezone(timedelta(hours=3))


@dataclass(frozen=True, slots=True)
class Document:
    """What one address of an outlet answers, before it is encoded."""

    content_type: str
    text: str
    encoding: str = "utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> bytes:
        return self.text.encode(self.encoding, errors="xmlcharrefreplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """`articles_path` gives an article's path; `listing_documents` everything but the articles,
    by path, from the articles online (newest first)."""

    name: str
    title: str
    articles_path: Callable[[Published], str]
    page: Callable[["Outlet", str, Published, Sequence[Published]], Document]
    listing_documents: Callable[["Outlet", str, Sequence[Published]], dict[str, Document]]
    ways: Callable[[str], tuple[Way, ...]]
    selectors: Selectors = field(default_factory=Selectors)
    zone: tzinfo = BAGHDAD
    zone_name: str = "Asia/Baghdad"

    def address(self, origin: str, item: Published) -> str:
        return origin + quote(self.articles_path(item), safe="/")

    def site(self, origin: str) -> Site:
        """The site file for this outlet, served at `origin`; quick, as a demo needs it."""
        return Site(
            name=self.name,
            title=Title(ar=self.title),
            publishes=self.ways(origin),
            timezone=self.zone_name,
            every=timedelta(seconds=3),
            delay=timedelta(0),
            selectors=self.selectors,
        )


def _html(text: str, encoding: str = "utf-8") -> Document:
    # The outlet with the old encoding says so in the page only.
    declared = "; charset=UTF-8" if encoding == "utf-8" else ""
    return Document("text/html" + declared, text, encoding)


def _wordpress_path(item: Published) -> str:
    return f"/{item.published:%Y/%m/%d}/{item.article.address_name}/"


def _mina_page(
    outlet: Outlet, origin: str, item: Published, others: Sequence[Published]
) -> Document:
    seen = [(other.article.title, outlet.address(origin, other)) for other in others]
    return _html(pages.wordpress_page(outlet.title, origin, item, seen, outlet.zone))


def _mina_listings(outlet: Outlet, origin: str, online: Sequence[Published]) -> dict[str, Document]:
    links = [(item, outlet.address(origin, item)) for item in online]
    rss = "application/rss+xml; charset=UTF-8"
    documents = {
        "/": _html(pages.front_page(outlet.title, links)),
        "/feed/": Document(rss, listings.rss(outlet.title, origin, links)),
        "/comments/feed/": Document(rss, listings.comments_rss(outlet.title, origin, links)),
    }
    for item, link in links:
        comments = listings.comments_rss(item.article.title, origin, [(item, link)])
        documents[outlet.articles_path(item) + "feed/"] = Document(rss, comments)
    return documents


def _ufuq_page(
    outlet: Outlet, origin: str, item: Published, others: Sequence[Published]
) -> Document:
    seen = [(other.article.title, outlet.address(origin, other)) for other in others]
    address = outlet.address(origin, item)
    return _html(pages.json_ld_page(outlet.title, address, item, seen))


def _ufuq_listings(outlet: Outlet, origin: str, online: Sequence[Published]) -> dict[str, Document]:
    links = [(item, outlet.address(origin, item)) for item in online]
    xml = "application/xml; charset=utf-8"
    return {
        "/": _html(pages.front_page(outlet.title, links)),
        "/sitemap.xml": Document(xml, listings.sitemap_index(origin, links)),
        "/sitemap-news.xml": Document(xml, listings.news_sitemap(outlet.title, links)),
        "/sitemap-pages.xml": Document(xml, listings.page_sitemap(origin)),
        "/about": _html(pages.plain_page(outlet.title, "من نحن", "وكالة مستقلة.")),
    }


def _sada_page(
    outlet: Outlet, origin: str, item: Published, others: Sequence[Published]
) -> Document:
    seen = [(other.article.title, outlet.address(origin, other)) for other in others]
    return _html(pages.bare_page(outlet.title, item, seen, outlet.zone))


def _sada_listings(outlet: Outlet, origin: str, online: Sequence[Published]) -> dict[str, Document]:
    links = [(item, outlet.articles_path(item)) for item in online]
    contact = pages.plain_page(outlet.title, "اتصل بنا", "نرحب برسائلكم.")
    return {"/": _html(pages.listing_page(outlet.title, links)), "/contact": _html(contact)}


def _barid_page(
    outlet: Outlet, origin: str, item: Published, others: Sequence[Published]
) -> Document:
    return _mina_page(outlet, origin, item, others)


def _barid_listings(
    outlet: Outlet, origin: str, online: Sequence[Published]
) -> dict[str, Document]:
    links = [(item, outlet.address(origin, item)) for item in online]
    posts = Document(
        "application/json; charset=UTF-8",
        listings.wordpress_posts(links, outlet.zone),
        headers=(("X-WP-Total", str(len(links))), ("X-WP-TotalPages", "1")),
    )
    return {"/": _html(pages.front_page(outlet.title, links)), "/wp-json/wp/v2/posts": posts}


def _awraq_page(
    outlet: Outlet, origin: str, item: Published, others: Sequence[Published]
) -> Document:
    seen = [(other.article.title, outlet.address(origin, other)) for other in others]
    page = pages.old_page(outlet.title, item, seen, outlet.zone)
    return _html(page, "windows-1256")


def _awraq_listings(
    outlet: Outlet, origin: str, online: Sequence[Published]
) -> dict[str, Document]:
    links = [(item, outlet.address(origin, item)) for item in online]
    feed = listings.atom(outlet.title, origin, links)
    return {
        "/": _html(pages.front_page(outlet.title, links, "windows-1256"), "windows-1256"),
        "/atom.xml": Document("application/atom+xml", feed, "windows-1256"),
    }


OUTLETS = (
    Outlet(
        name="mina",
        title="نشرة الميناء",
        articles_path=_wordpress_path,
        page=_mina_page,
        listing_documents=_mina_listings,
        ways=lambda origin: (Feed(type="feed", url=f"{origin}/feed/"),),
    ),
    Outlet(
        name="ufuq",
        title="وكالة الأفق البعيد",
        articles_path=lambda item: f"/story/{item.article.number}/{item.published:%Y-%m-%d}",
        page=_ufuq_page,
        listing_documents=_ufuq_listings,
        ways=lambda origin: (Sitemap(type="sitemap", url=f"{origin}/sitemap.xml"),),
    ),
    Outlet(
        name="sada",
        title="صدى الجبل",
        articles_path=lambda item: f"/news/{item.article.number}",
        page=_sada_page,
        listing_documents=_sada_listings,
        ways=lambda origin: (
            Listing(type="listing", url=f"{origin}/", links="main a", path=r"^/news/\d+$"),
        ),
        selectors=Selectors(date="time.published", body="div.article-text", drop=(".see-also",)),
    ),
    Outlet(
        name="barid",
        title="بريد الضحى",
        articles_path=_wordpress_path,
        page=_barid_page,
        listing_documents=_barid_listings,
        ways=lambda origin: (WordPress(type="wordpress", url=f"{origin}/"),),
    ),
    Outlet(
        name="awraq",
        title="أوراق الساحل",
        articles_path=lambda item: f"/{item.article.number}.html",
        page=_awraq_page,
        listing_documents=_awraq_listings,
        ways=lambda origin: (Feed(type="feed", url=f"{origin}/atom.xml"),),
    ),
)


def outlet_of(article: DemoArticle) -> Outlet:
    """Raises KeyError for a site that no outlet has."""
    for outlet in OUTLETS:
        if outlet.name == article.site:
            return outlet
    names = ", ".join(outlet.name for outlet in OUTLETS)
    raise KeyError(f"article {article.id}: no site {article.site!r}; there are: {names}")
