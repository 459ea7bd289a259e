"""`marsad quality --forms`: how well the word classes tell forms from look-alikes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from alerts.matching.folding import fold_key
from alerts.matching.quality import FormRow, Ratio, wrong_forms
from alerts.matching.vocabulary import check
from marsad.rows import BadRow, read_lines
from models.faults import faults_of
from models.lexicon import Keyword, Lexicon

_SAID = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormQuality:
    """`recall`: of the forms those that are found; `fires`: of the look-alikes those that are."""

    recall: Ratio
    fires: Ratio
    wrong: tuple[FormRow, ...]
    bad: tuple[BadRow, ...]


Listed = Mapping[str, tuple[Keyword, ...]]
"""The entries of lexicons by folded word."""


def form_quality(path: str, lexicons: Iterable[Lexicon] = ()) -> FormQuality:
    """The figures of a table with four columns between tabs: keyword, class, surface form, and
    yes or no. A first line that says neither is a heading. A keyword that a lexicon lists is judged
    with the variants and exceptions that it has there. Raises UnreadableFile."""
    rows, bad = [], []
    listed = _listed(lexicons)
    for number, line in read_lines(path):
        row = line if isinstance(line, BadRow) else _row(number, line, listed)
        if isinstance(row, BadRow):
            bad.append(row)
        elif row is not None:
            rows.append(row)
    wrong = wrong_forms(rows)
    forms = sum(row.expected for row in rows)
    missed = sum(row.expected for row in wrong)
    return FormQuality(
        recall=Ratio(forms - missed, forms),
        fires=Ratio(len(wrong) - missed, len(rows) - forms),
        wrong=wrong,
        bad=tuple(bad),
    )


def _listed(lexicons: Iterable[Lexicon]) -> Listed:
    listed: dict[str, tuple[Keyword, ...]] = {}
    for entry in (entry for lexicon in lexicons for entry in lexicon.entries):
        key = fold_key(entry.word)
        listed[key] = (*listed.get(key, ()), entry)
    return listed


def _row(number: int, line: bytes, listed: Listed) -> FormRow | BadRow | None:
    try:
        cells = [cell.strip() for cell in line.decode("utf-8-sig").rstrip("\r\n").split("\t")]
    except UnicodeDecodeError:
        return BadRow(number, "not UTF-8 text")
    said = _SAID.get(cells[-1].lower())
    if number == 1 and said is None:
        return None
    if len(cells) != 4 or said is None:
        return BadRow(number, "not keyword, class, surface form, and yes or no, between tabs")
    word, word_class, form, _ = cells
    try:
        keyword = Keyword.model_validate({"word": word, "class": word_class or None})
        check(keyword)
    except ValidationError as error:
        return BadRow(number, "; ".join(fault.message for fault in faults_of(error, Keyword)))
    except ValueError as error:
        return BadRow(number, str(error))
    of_class = {"word_class": keyword.grammar, "slop": 0}
    entries = tuple(
        entry if entry.grammar == keyword.grammar else entry.model_copy(update=of_class)
        for entry in listed.get(fold_key(word), ())
    )
    return FormRow(keyword=keyword, form=form, expected=said, listed=entries)


def form_lines(path: str, found: FormQuality) -> Iterator[str]:
    """The account of a table, in words."""
    yield f"{path}: {found.recall.whole:,} forms, {found.fires.whole:,} look-alikes"
    yield f"forms found       {found.recall}"
    yield f"look-alikes found {found.fires}"
    for row in found.wrong:
        kind = "missed" if row.expected else "false "
        yield f"  {kind} {row.form} for {row.keyword.word} ({row.keyword.grammar})"


def form_fields(path: str, found: FormQuality) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "file": path,
        "forms": {"part": found.recall.part, "whole": found.recall.whole},
        "look_alikes": {"part": found.fires.part, "whole": found.fires.whole},
        "recall": found.recall.value,
        "wrong": [
            {
                "keyword": row.keyword.word,
                "class": row.keyword.grammar,
                "form": row.form,
                "expected": row.expected,
            }
            for row in found.wrong
        ],
    }
