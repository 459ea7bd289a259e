"""Feeds as OPML 2.0, which every feed reader writes and reads: https://opml.org/spec2.opml."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from pydantic import ValidationError

from crawler.discovery.candidates import is_of_comments, site_name, zone_of
from crawler.discovery.xml import local_name, parse_xml, xml_text
from crawler.errors import ParseFailed
from crawler.urls import clean_url
from marsad.coherence import canonical
from marsad.sitefile import NEW_DELAY, NO_ZONE, write_site
from models.site import Feed, Site, Title

_LONGEST_TITLE = 80


class BadOpml(Exception):
    """The file is no OPML; the text says why."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of an OPML file. `home`: the page of its site, if it is named."""

    title: str
    feed: str
    home: str | None


@dataclass(frozen=True, slots=True)
class Imported:
    """Of each outline either the file that was written, or why none was."""

    outline: Outline
    path: Path | None = None
    reason: str | None = None


def read_opml(content: bytes) -> list[Outline]:
    """The feeds of the file, in its order, whatever folders they are in. Raises BadOpml."""
    try:
        root, _ = parse_xml(xml_text(content, None))
    except ParseFailed as error:
        raise BadOpml(f"it {error}") from error
    if local_name(root) != "opml":
        raise BadOpml(f"it begins with <{local_name(root)}>, not with <opml>")
    return [
        Outline(
            title=" ".join((element.get("title") or element.get("text") or "").split()),
            feed=element.get("xmlUrl", "").strip(),
            home=element.get("htmlUrl", "").strip() or None,
        )
        for element in root.iter("outline")
        if element.get("xmlUrl")
    ]


def import_outlines(
    outlines: Iterable[Outline], sites: Mapping[str, Site], folder: Path
) -> Iterator[Imported]:
    """Write a site file for each feed that no site has yet; existing files are left alone."""
    known = {canonical(way.url) for site in sites.values() for way in site.publishes}
    names = set(sites)
    for outline in outlines:
        try:
            address = clean_url(outline.feed)
            site = _site(outline, address, names)
        except ValueError as error:
            yield Imported(outline, reason=_sentence(error))
            continue
        reason = _refusal(address, known)
        if reason is not None:
            yield Imported(outline, reason=reason)
            continue
        known.add(canonical(address))
        names.add(site.name)
        comments = [f"Imported from OPML: {outline.title or address}; not probed yet."]
        if site.timezone == "UTC":
            comments.append(NO_ZONE)
        yield Imported(outline, path=write_site(folder, site, comments))


def _refusal(address: str, known: set[str]) -> str | None:
    if is_of_comments(address):
        return "it is a feed of comments"
    return "a site lists it already" if canonical(address) in known else None


def _sentence(error: ValueError) -> str:
    return error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)


def write_opml(sites: Iterable[Site]) -> bytes:
    """The feeds of all sites; what publishes in other ways only is no feed and is left out."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Marsad"
    body = etree.SubElement(root, "body")
    for site in sites:
        for way in site.publishes:
            if isinstance(way, Feed):
                title = site.title.ar
                etree.SubElement(
                    body, "outline", type="rss", text=title, title=title, xmlUrl=way.url
                )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _site(outline: Outline, address: str, names: set[str]) -> Site:
    name = site_name(outline.home or address)
    title = outline.title[:_LONGEST_TITLE] or name
    return Site(
        name=_free(name, names),
        title=Title(ar=title),
        publishes=(Feed(type="feed", url=address),),
        timezone=zone_of(outline.home or address),
        delay=NEW_DELAY,
    )


def _free(name: str, names: set[str]) -> str:
    free, number = name, 2
    while free in names:
        free, number = f"{name[:37]}-{number}", number + 1
    return free
