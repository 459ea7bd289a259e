"""Keywords of a list whose every form is a form of another one: they add nothing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerts.matching.folding import fold_key
from alerts.matching.grammar import has_article
from marsad.wordforms import WordForms, word_forms
from models.lexicon import Keyword

_ANY = "…"


@dataclass(frozen=True, slots=True)
class Shadow:
    """The entry at `index` adds nothing beside those of `by`. `variant`: only this variant of it
    does not, beside the rest of the entry itself."""

    index: int
    by: tuple[str, ...]
    variant: int | None = None


def shadows(entries: Sequence[Keyword]) -> Iterator[Shadow]:
    """The entries that another one, or several, make superfluous; of two that are equal the
    later one. One with a reason stays."""
    spellings = [word_forms(entry) for entry in entries]
    known = _Forms(entries, spellings)
    for index, entry in enumerate(entries):
        if entry.reason is None:
            by: dict[int, None] = {}
            if all(known.covers(index, words, by) for words in spellings[index]):
                yield Shadow(index, tuple(entries[other].word for other in by))
            else:
                yield from _variants(index, entry, spellings[index])


def _variants(
    index: int, entry: Keyword, spellings: Sequence[tuple[WordForms, ...]]
) -> Iterator[Shadow]:
    """The variants that are forms of the word, or of an earlier variant."""
    if entry.grammar == "regex":
        return
    for number in range(1, len(spellings)):
        one, words = spellings[number], (entry.word, *entry.variants)
        for earlier in range(number):
            if len(one) == 1 == len(spellings[earlier]) and set(one[0].forms) <= set(
                spellings[earlier][0].forms
            ):
                yield Shadow(index, (words[earlier],), number - 1)
                break


class _Forms:
    """Which entries stand for a form."""

    def __init__(
        self, entries: Sequence[Keyword], spellings: Sequence[Sequence[tuple[WordForms, ...]]]
    ) -> None:
        self._entries = entries
        self._own: list[set[str]] = []
        self._owners: Mapping[str, set[int]] = defaultdict(set)
        self._prefixes: Mapping[str, set[int]] = defaultdict(set)
        self._phrases: Mapping[tuple[str, ...], list[tuple[int, list[set[str]]]]] = defaultdict(
            list
        )
        for index, (entry, found) in enumerate(zip(entries, spellings, strict=True)):
            removed = set(map(fold_key, entry.not_forms))
            own: set[str] = set()
            for words in found:
                if len(words) > 1:
                    self._phrases[_bare(words)].append((index, [set(w.forms) for w in words]))
                else:
                    own |= set(words[0].forms) - removed
            self._own.append(own)
            for form in own:
                if form.endswith(_ANY):
                    self._prefixes[form[:-1]].add(index)
                else:
                    self._owners[form].add(index)

    def covers(self, index: int, words: tuple[WordForms, ...], by: dict[int, None]) -> bool:
        """Whether others stand for all of this spelling; they are added to `by`."""
        if len(words) > 1:
            owners = [self._phrase_owners(index, words)]
        else:
            removed = set(map(fold_key, self._entries[index].not_forms))
            owners = [self._form_owners(index, f) for f in words[0].forms if f not in removed]
        if not owners or not all(owners):
            return False
        common = set.intersection(*owners)
        chosen = [min(common)] if common else [min(found) for found in owners]
        by.update(dict.fromkeys(chosen))
        return True

    def _form_owners(self, index: int, form: str) -> set[int]:
        stem = form.removesuffix(_ANY)
        owners = set() if form.endswith(_ANY) else set(self._owners.get(form, ()))
        for length in range(4, len(stem) + 1):
            owners |= self._prefixes.get(stem[:length], set())
        return {
            other
            for other in owners
            if self._is_no_stricter(other, index)
            and (other < index or not self._own[other] <= self._own[index])
        }

    def _phrase_owners(self, index: int, words: tuple[WordForms, ...]) -> set[int]:
        forms, slop = [set(word.forms) for word in words], self._entries[index].slop
        owners = set()
        for other, others in self._phrases[_bare(words)]:
            pairs = list(zip(forms, others, strict=True))
            wider = self._entries[other].slop
            equal = slop == wider and all(one == more for one, more in pairs)
            covers = slop <= wider and all(one <= more for one, more in pairs)
            if covers and (other < index or not equal) and self._is_no_stricter(other, index):
                owners.add(other)
        return owners

    def _is_no_stricter(self, other: int, index: int) -> bool:
        """Another entry that matches whenever this one does, if it has the form."""
        if other == index:
            return False
        one, more = self._entries[index], self._entries[other]
        return (
            set(more.not_next) <= set(one.not_next)
            and set(more.not_prev) <= set(one.not_prev)
            and set(more.not_in) <= set(one.not_in)
        )


def _bare(words: Sequence[WordForms]) -> tuple[str, ...]:
    """The words of a phrase without their articles."""
    return tuple(fold_key(word.word[2:] if has_article(word.word) else word.word) for word in words)
