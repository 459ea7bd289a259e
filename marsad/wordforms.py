"""`marsad forms`: the forms that an entry of a list stands for, by the matcher's own tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.matching.alphabet import text_of
from alerts.matching.grammar import Stem, phrase_stem, stems
from alerts.matching.phrases import words_of
from alerts.matching.vocabulary import check, spellings
from models.lexicon import Keyword

_ARTICLES = ("ال", "لل")


@dataclass(frozen=True, slots=True)
class Group:
    """Forms that share their ending; `article`: all of them have the article."""

    ending: str
    article: bool
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordForms:
    """The forms of one word: of a keyword, or of one place in a phrase."""

    word: str
    groups: tuple[Group, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(form for group in self.groups for form in group.forms))


def word_forms(keyword: Keyword) -> tuple[tuple[WordForms, ...], ...]:
    """For each spelling of a keyword the forms of each of its words, folded; a form that goes on
    with any letters ends with '…'. Raises ValueError for a keyword that cannot be matched."""
    check(keyword)
    return tuple(_spelling(spelling, keyword) for spelling in spellings(keyword))


def _spelling(spelling: str, keyword: Keyword) -> tuple[WordForms, ...]:
    words = words_of(spelling)
    if len(words) == 1:
        return (WordForms(spelling, _groups(stems(spelling, keyword.grammar))),)
    exact = keyword.grammar in ("exact", "regex")
    return tuple(WordForms(word, _groups((phrase_stem(word, exact=exact),))) for word in words)


def _groups(found: Sequence[Stem]) -> tuple[Group, ...]:
    """Without the article before with it, in the order of the tables."""
    groups: dict[tuple[bool, str], dict[str, None]] = {}
    for stem in found:
        for before, endings in stem.affixes.items():
            proclitic, letters = text_of(before), text_of(stem.letters.rstrip())
            for after in ("…",) if endings is None else sorted(map(text_of, endings), key=_length):
                article = proclitic.endswith(_ARTICLES)
                forms = groups.setdefault((article, letters + after), {})
                forms[proclitic + letters + after] = None
    ordered = sorted(groups.items(), key=lambda item: item[0][0])
    return tuple(Group(ending, article, tuple(forms)) for (article, ending), forms in ordered)


def _length(text: str) -> tuple[int, str]:
    return len(text), text


def lines(keyword: Keyword) -> Iterator[str]:
    """The forms in words, a line for each ending."""
    found = word_forms(keyword)
    total = 0
    for words in found:
        count = 1
        for word in words:
            count *= len(word.forms)
        total += count
    spelled = f" in {len(found)} spellings" if len(found) > 1 else ""
    yield (
        f"{keyword.word}, class {keyword.grammar}: {total:,} forms{spelled}; each also with أ إ آ "
        "for ا, ة for ه, ى for ي, harakat and tatweel"
    )
    for words in found:
        for word in words:
            if len(words) > 1 or len(found) > 1:
                yield f"{word.word}:"
            yield from _word_lines(word)


def _word_lines(word: WordForms) -> Iterator[str]:
    for article in (False, True):
        groups = [group for group in word.groups if group.article == article]
        if groups:
            yield f"  {'with' if article else 'without'} the article:"
        yield from ("    " + " ".join(group.forms) for group in groups)


def fields(keyword: Keyword) -> dict[str, Any]:
    """The same as JSON: for each spelling, for each of its words, the forms."""
    return {
        "word": keyword.word,
        "class": keyword.grammar,
        "spellings": [
            [{"word": word.word, "forms": list(word.forms)} for word in words]
            for words in word_forms(keyword)
        ],
    }
