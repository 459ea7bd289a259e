"""Elements that are not text of an article by what they are, say or are named."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree
from lxml.html import HtmlElement

if TYPE_CHECKING:
    from lxml.etree import _Attrib

# A word of a name counts, not a part of a word: 'share' but not 'shared'.
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:"
    r"breadcrumbs?|crumbs?|share|sharing|shares|sharedaddy|sharebar|social|socials|addtoany|addthis|"
    r"a2a|related|relatedposts?|recommended|recommendations?|see-?also|check-?also|"
    r"also-?read|read-?also|read-?more|more-?news|more-?stories|most-?read|most-?viewed|mostread|"
    r"trending|popular|latest|ticker|breaking|newsticker|marquee|tags?|tagcloud|tag-?links|"
    r"tags-?links|post-?tags|keywords|comments?|disqus|respond|newsletter|subscribe|subscription|"
    r"cookies?|consent|gdpr|(?<!elementor-)widgets?|sidebar|side-?bar|advert|adverts|advertisement|ads|"
    r"adsense|adsbygoogle|adslot|sponsored|promo|promotion|banner|caption|credits?|disclaimer|(?:im(?:a)?ge?|photo|pic|picture)-?(?:cap|desc|description)|author-?box|"
    r"author-?bio|about-?author|post-?author|post-?meta|entry-?meta|meta-?info|byline|post-?nav|"
    r"post-?navigation|nav-?links|navigation|navbar|pagination|pager|screen-?reader-?text|sr-?only|"
    r"visually-?hidden|print|toolbar|rating|ratings|poll|jp-relatedposts|yarpp|copyright|"
    r"[a-z]{0,4}toc|table-of-contents|modal|popup|offcanvas|off-canvas|outbrain|taboola"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
# A link to the rest, or the rest of the text itself, folded.
_READ_MORE = re.compile(r"(?:^|[\s_-])read-?more(?:$|[\s_-])", re.IGNORECASE)
# Hidden by class, unless it is for a width of the screen alone.
_UNSEEN = re.compile(r"(?:^|\s)(?:d-none|hidden|is-hidden|hide|invisible)(?:\s|$)")
_SEEN = re.compile(r"(?:^|\s)(?:d-[a-z]{2,3}-|(?:sm|md|lg|xl|2xl):)(?!none|hidden)[a-z]")
# Names that a body may have beside one of these: WordPress lists a post's tags in its class.
_BODIES = re.compile(r"(?:^|\s)(?:hentry|type-post|post-\d+|entry-content|articleBody)(?:\s|$)")
_ALWAYS = frozenset({"nav", "marquee", "amp-sidebar", "amp-ad", "amp-embed", "amp-consent",
    "amp-user-notification", "amp-social-share", "amp-next-page", "amp-list", "amp-carousel",
    "amp-sticky-ad", "amp-auto-ads", "menu", "dialog"})  # fmt: skip
_MOSTLY = frozenset({"aside", "footer", "form", "header"})
_ROLES = frozenset(
    {"navigation", "complementary", "contentinfo", "search", "banner", "dialog", "alert",
     "alertdialog", "menu", "menubar", "toolbar", "tablist"}
)  # fmt: skip
_NEVER = frozenset({"html", "body", "main", "article", "h1"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What holds more than this of all text is the page's frame, whatever it is called.
_MOST = 0.4

Attributes: TypeAlias = "_Attrib"
_text_length = etree.XPath("string-length()")


def is_furniture(element: HtmlElement, total: int) -> bool:
    """Whether an element stands beside the article on a page of `total` characters."""
    tag = element.tag
    if tag in _ALWAYS:
        return True
    attributes = element.attrib
    if tag in _NEVER:
        return _is_hidden(attributes)
    if tag not in _MOSTLY and not (attributes and _is_suspect(attributes)):
        return False
    if _is_unlinked_rest(element):
        return False
    if tag == "header" and element.find(".//h1") is not None:
        return False
    return bool(_text_length(element) <= _MOST * total)


def _is_unlinked_rest(element: HtmlElement) -> bool:
    return _is_read_more(element.get("class", "")) and element.find(".//a") is None


@lru_cache(maxsize=10_000)
def _is_read_more(class_names: str) -> bool:
    return _READ_MORE.search(class_names) is not None


def _is_suspect(attributes: Attributes) -> bool:
    return (
        _is_named(attributes.get("class", ""), attributes.get("id", ""))
        or attributes.get("role") in _ROLES
        or _is_hidden(attributes)
    )


@lru_cache(maxsize=10_000)
def _is_named(class_names: str, identity: str) -> bool:
    if _UNSEEN.search(class_names) and not _SEEN.search(class_names):
        return True
    if not _NAMES.search(f"{class_names} {identity}"):
        return False
    return not _BODIES.search(class_names)


def _is_hidden(attributes: Attributes) -> bool:
    return bool(attributes) and (
        "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))
    )
