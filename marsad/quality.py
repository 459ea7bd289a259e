"""`marsad quality`: how good rules and word forms are, on what people have judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alerts.matching.matcher import Matcher
from alerts.matching.quality import (
    Labelled,
    Quality,
    Ratio,
    by_source,
    label_columns,
    labelled,
    measured,
)
from marsad.rows import BadRow, read_json_lines

_OWN = Path(__file__).parent.parent / "tests" / "quality"
_SAID = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The labelled articles of a file, and the lines that are none."""

    file: Path
    rows: tuple[Labelled, ...]
    bad: tuple[BadRow, ...]


def judged(file: Path, columns: Mapping[str, str]) -> Judged:
    """The articles of a labelled JSON-lines file (.gz too). A label stands under the topic's
    column (`columns`: topic -> column) or its name, in the row or in its object `labels`."""
    rows, bad = [], []
    for number, value in read_json_lines(str(file)):
        if isinstance(value, BadRow):
            bad.append(value)
            continue
        try:
            row = labelled({**value, **_labels(value, columns)}, columns)
        except ValueError as error:
            bad.append(BadRow(number, str(error)))
            continue
        if row.labels:
            rows.append(row)
        else:
            known = ", ".join(sorted(columns.values()))
            bad.append(BadRow(number, f"no label of a topic; its columns are {known}"))
    return Judged(file=file, rows=tuple(rows), bad=tuple(bad))


def _labels(value: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The labels of a row by column. Raises ValueError."""
    nested = value.get("labels", {})
    if not isinstance(nested, dict):
        raise ValueError("labels is an object, as in {'iran-russia': 2}")
    found: dict[str, Any] = {}
    for topic, column in columns.items():
        for place in (nested, value):
            for name in (topic, column):
                if name in place:
                    found.setdefault(column, place[name])
    return found


def judged_files(columns: Mapping[str, str], evaluation: Path | None) -> Iterator[Path]:
    """The project's own labelled set, in a checkout, and the labelled files under a folder of
    evaluation data: those whose first row has a label."""
    files = sorted(_OWN.glob("*.jsonl*"))
    if evaluation is not None:
        files += sorted(path for path in evaluation.rglob("*.jsonl*") if path.is_file())
    yield from (path for path in files if _is_labelled(path, columns))


def _is_labelled(path: Path, columns: Mapping[str, str]) -> bool:
    for _, value in read_json_lines(str(path)):
        try:
            return not isinstance(value, BadRow) and bool(_labels(value, columns))
        except ValueError:
            return False
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileQuality:
    """The figures of one labelled file by topic, and of each of its sources where wanted."""

    judged: Judged
    topics: tuple[Quality, ...]
    sources: Mapping[str, tuple[Quality, ...]]


def quality_of(
    matcher: Matcher, file: Path, topics: Sequence[str], *, sources: bool
) -> FileQuality:
    """The figures of these topics on a labelled file. Raises UnreadableFile."""
    known = label_columns(matcher)
    found = judged(file, {topic: known[topic] for topic in topics})
    return FileQuality(
        judged=found,
        topics=measured(matcher, found.rows),
        sources=by_source(matcher, found.rows) if sources else {},
    )


def quality_lines(found: FileQuality) -> Iterator[str]:
    """The account of a file, in words."""
    rows = found.judged.rows
    yield f"{found.judged.file}: {len(rows):,} labelled articles"
    for quality in found.topics:
        yield ""
        yield f"{quality.topic}"
        yield from (f"  {line}" for line in figures(quality))
        for wrong in quality.wrong:
            kind = "false " if wrong.fired else "missed"
            source = f" ({wrong.source})" if wrong.source else ""
            yield f"  {kind} {wrong.id} «{' '.join(wrong.title.split())}»{source}: {wrong.reason}"
        for source, qualities in found.sources.items():
            yield from (f"  {source}: {_short(q)}" for q in qualities if q.topic == quality.topic)


def figures(quality: Quality) -> Iterator[str]:
    """Precision, recall and F1 of a topic, with counts and 95 % intervals."""
    yield f"precision {quality.precision}"
    yield f"recall    {quality.recall}"
    yield "F1        " + ("none to judge" if quality.f1 is None else f"{quality.f1:.3f}")
    if quality.borderline.whole:
        part, whole = quality.borderline.part, quality.borderline.whole
        yield f"left out  {whole} borderline, of which {part} fire"


def _short(quality: Quality) -> str:
    border = quality.borderline
    left_out = f", left out {border.whole} of which {border.part} fire" if border.whole else ""
    return f"precision {quality.precision}, recall {quality.recall}{left_out}"


def quality_fields(found: FileQuality) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "file": str(found.judged.file),
        "articles": len(found.judged.rows),
        "bad_lines": len(found.judged.bad),
        "topics": {quality.topic: _quality_fields(quality) for quality in found.topics},
        "sources": {
            source: {quality.topic: _quality_fields(quality) for quality in qualities}
            for source, qualities in found.sources.items()
        },
    }


def _quality_fields(quality: Quality) -> dict[str, Any]:
    return {
        "precision": _ratio_fields(quality.precision),
        "recall": _ratio_fields(quality.recall),
        "f1": quality.f1,
        "borderline": _ratio_fields(quality.borderline),
        "wrong": [
            {
                "id": wrong.id,
                "title": wrong.title,
                "source": wrong.source,
                "fired": wrong.fired,
                "reason": wrong.reason,
            }
            for wrong in quality.wrong
        ],
    }


def _ratio_fields(ratio: Ratio) -> dict[str, Any]:
    return {
        "value": ratio.value,
        "part": ratio.part,
        "whole": ratio.whole,
        "interval": list(ratio.interval) if ratio.whole else None,
    }
