"""What stands inside an article's page and is not its text: found, and taken out of the tree."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extraction.markup import text_of

# Names in class and id. A word of a name counts, not a part of a word: 'share' but not 'shared'.
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:"
    r"breadcrumbs?|crumbs?|share|sharing|shares|sharedaddy|sharebar|social|socials|addtoany|addthis|"
    r"related|relatedposts?|recommended|recommendations?|readmore|see-?also|check-?also|"
    r"also-?read|read-?also|more-?news|most-?read|trending|popular|latest|ticker|breaking|"
    r"newsticker|marquee|tags?|tagcloud|tag-?links|tags-?links|post-?tags|keywords|comments?|"
    r"disqus|respond|newsletter|subscribe|subscription|cookies?|consent|gdpr|widget|widgets|sidebar|"
    r"advert|adverts|advertisement|ads|adsense|adslot|sponsored|promo|promotion|banner|"
    r"caption|credits?|author-?box|author-?bio|about-?author|post-?author|post-?meta|entry-?meta|"
    r"meta-?info|byline|post-?nav|post-?navigation|nav-?links|navigation|pagination|pager|"
    r"screen-?reader-?text|sr-?only|visually-?hidden|print|toolbar|rating|ratings|poll|"
    r"jp-relatedposts|yarpp|copyright|[a-z]{0,4}toc|table-of-contents"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_TAGS = frozenset(
    {"script", "style", "noscript", "template", "iframe", "nav", "aside", "footer", "form",
     "button", "select", "svg"}
)  # fmt: skip
_ROLES = frozenset({"navigation", "complementary", "contentinfo", "search", "banner", "dialog"})
_NEVER = frozenset({"html", "head", "body", "main", "article"})

# A box or a line that leads away from the article begins with one of these (folded as below).
_LEAD_IN = re.compile(
    r"^[\s:.\-–—|»«>•*\"“(\[]*(?:و\s*)?"
    r"(?:(?:شاهد|اقرا|اقراوا|طالع|تابع|انظر|قد يهمك|للمزيد|لمزيد|المزيد|مواضيع|مقالات|اخبار|"
    r"موضوعات|تقارير|يمكنكم|ربما)\s*"
    r"(?:ايضا|كذلك|المزيد|ذات صله|ذات الصله|متعلقه|مشابهه|مرتبطه|قد تهمك|قد يهمك|"
    r"من اخبار|اخرى|قراءه)"
    r"|ذات صله|ذات الصله|قد يهمك|read also|see also|read more|related)"
    r"[^\w]*",
    re.IGNORECASE,
)
_FOLDS = str.maketrans("أإآىة", "اااىه", "ـًٌٍَُِّْ")
# A lead-in alone, or with one headline; a longer paragraph that begins so is prose.
_LONGEST_LEAD_IN = 250
_LINKED = 0.6
_TAIL_SHARE = 0.35


def prune(root: HtmlElement) -> None:
    """Take out, in place, navigation, share bars, tags, comments, captions and see-also boxes."""
    weight = _paragraph_weight(root)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element is root or _detached(element, root):
            continue
        if _is_furniture(element) and _paragraph_weight(element) <= 0.4 * weight:
            remove(element)
    for element in list(_lead_ins(root)):
        if not _detached(element, root):
            _remove_box(element, root)


def remove(element: HtmlElement) -> None:
    """Take an element out and keep the text that follows it."""
    element.drop_tree()


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag in _NEVER:
        return False
    if element.tag in _TAGS or element.get("role") in _ROLES or element.tag == "figcaption":
        return True
    if element.get("hidden") is not None or "display:none" in (element.get("style") or "").replace(
        " ", ""
    ):
        return True
    return bool(_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _paragraph_weight(root: HtmlElement) -> int:
    """Characters in paragraphs: what furniture has little of."""
    return sum(
        len(paragraph.xpath("string()")) for paragraph in root.iter("p", "blockquote")
    ) or len(root.xpath("string()"))


def _lead_ins(root: HtmlElement) -> Iterator[HtmlElement]:
    """The innermost blocks whose text begins with 'see also'."""
    for element in root.iter(
        "p", "h2", "h3", "h4", "h5", "h6", "div", "strong", "b", "span", "li", "a", "header"
    ):
        if element is root or len(element.xpath("string()")) > 3 * _LONGEST_LEAD_IN:
            continue
        text = _fold(text_of(element))
        if text and len(text) <= _LONGEST_LEAD_IN and _LEAD_IN.match(text):
            yield element


def _remove_box(element: HtmlElement, root: HtmlElement) -> None:
    """Take out the lead-in with what it leads to: its box, or the links that follow it."""
    box = element
    text_length = len(root.xpath("string()"))
    # Climb while the lead-in opens the parent and the parent is a box, not the article.
    while True:
        parent = box.getparent()
        if parent is None or parent is root or parent.tag in _NEVER:
            break
        opens = _fold(text_of(parent)).startswith(_fold(text_of(element))[:30])
        if not opens or len(parent.xpath("string()")) > _TAIL_SHARE * text_length:
            break
        box = parent
    _remove_following(box)
    remove(box)


def _remove_following(box: HtmlElement) -> None:
    """The siblings that belong to a lead-in that stands alone: links, and the tail of the page."""
    if box.tag not in {"h2", "h3", "h4", "h5", "h6", "p", "strong", "b", "div", "header"}:
        return
    alone = not _LEAD_IN.sub("", _fold(text_of(box))).strip()
    if not alone:
        return
    following = list(box.itersiblings())
    before = sum(len(text_of(each)) for each in box.itersiblings(preceding=True))
    after = sum(len(text_of(each)) for each in following)
    whole_tail = before > 0 and after <= _TAIL_SHARE * before
    for sibling in following:
        if whole_tail or _is_linked(sibling):
            remove(sibling)
        elif text_of(sibling):
            break


def _is_linked(element: HtmlElement) -> bool:
    """Whether most of its text is links."""
    text = text_of(element)
    links = "".join(text_of(link) for link in element.iter("a"))
    return bool(text) and len(links) >= _LINKED * len(text)


def _fold(text: str) -> str:
    return text.translate(_FOLDS)


def _detached(element: HtmlElement, root: HtmlElement) -> bool:
    return element is not root and all(above is not root for above in element.iterancestors())
