"""The elements of a page that CSS selectors and names of classes find."""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

_SIMPLE = re.compile(
    r"(?=.)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)?(?:\.(?P<name>[a-zA-Z][\w-]*))?", re.ASCII
)
_with_attribute = etree.XPath("//@*[name() = $attribute and . = $value]/..")


class Elements:
    """The elements of a page, as they were when one was first asked for by its class.

    Their classes are read once: that takes as long as one XPath that looks at each. The source is
    asked first, which takes next to nothing.
    """

    def __init__(self, tree: HtmlElement, source: str) -> None:
        self.tree = tree
        self._source = source

    @cached_property
    def _by_class(self) -> dict[str, list[tuple[int, HtmlElement]]]:
        """By the whole attribute, each with its place on the page."""
        found: dict[str, list[tuple[int, HtmlElement]]] = {}
        for place, element in enumerate(self.tree.iter()):
            names = element.get("class")
            if names:
                found.setdefault(names, []).append((place, element))
        return found

    def select(self, selector: str) -> list[HtmlElement]:
        """What a CSS selector finds, in order; nothing for a selector that is no CSS."""
        simple = _SIMPLE.fullmatch(selector)
        if simple is None:
            return select(self.tree, selector)
        tag, name = simple["tag"], simple["name"]
        if name is None:
            return list(self.tree.iter(tag.lower()))
        if name not in self._source:
            return []
        found = self.of_class(lambda names: name in names and name in names.split())
        return [each for each in found if tag is None or each.tag == tag.lower()]

    def with_attribute(self, attribute: str, value: str) -> list[HtmlElement]:
        if value not in self._source:
            return []
        found: list[HtmlElement] = _with_attribute(self.tree, attribute=attribute, value=value)
        return found

    def of_class(self, wanted: Callable[[str], bool]) -> list[HtmlElement]:
        """The elements whose class attribute is wanted, in their order on the page."""
        found = [
            each for names, elements in self._by_class.items() if wanted(names) for each in elements
        ]
        return [element for _, element in sorted(found, key=lambda each: each[0])]


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """What a CSS selector finds under a root; nothing for a selector that is no CSS."""
    try:
        found: list[HtmlElement] = _compiled(selector)(root)
    except (SelectorError, etree.XPathError):
        return []
    return found


@lru_cache(maxsize=1_000)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")
