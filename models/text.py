"""Small values that several nouns share: texts by language, and text with marked spans."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["ar", "en"]
"""The languages of the interface (an article's language is any ISO 639-1 code)."""


@dataclass(frozen=True, slots=True)
class Localized:
    """One text in the languages of the interface; `en` falls back to `ar`."""

    ar: str
    en: str = ""

    def in_language(self, language: Language) -> str:
        return self.en if language == "en" and self.en else self.ar


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the spans in it that matched: half-open code point offsets, sorted, disjoint."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()
