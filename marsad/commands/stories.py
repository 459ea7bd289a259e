"""Stories of files."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marsad.commands.options import Sentence, parse_age, refuse_alone

if TYPE_CHECKING:
    from alerts.stories.meaning import Meaning
    from marsad.rows import Row

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--eval",
    "labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labels (JSON lines with id and cluster; .gz too): print how the stories agree with them.",
)
@click.option(
    "--shuffles",
    type=click.IntRange(min=0),
    default=0,
    help="With --eval: group in so many other orders of arrival too.",
)
@click.option(
    "--wrong",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="With --eval: show so many wrong pairs, and why.",
)
@click.option("--semantic", is_flag=True, help="Compare meanings too (the extra `semantic`).")
@click.option("--copies", is_flag=True, help="Join copies of one text only.")
@click.option("--reasons", is_flag=True, help="Add to each line why the article is in its story.")
@click.option(
    "--window",
    callback=parse_age,
    metavar="AGE",
    help="Join what was published within this time [default: 72h].",
)
def stories(
    file: str,
    labels: Path | None,
    shuffles: int,
    wrong: int,
    semantic: bool,
    copies: bool,
    reasons: bool,
    window: timedelta | None,
) -> None:
    """Group the articles of a JSON-lines file ('-': standard input) into stories: one line with id
    and story a row.

    Example: marsad stories articles.jsonl --eval labels.jsonl --shuffles 20
    """
    from marsad.rows import write_row

    refuse_alone(labels, "--eval", "shuffles", "wrong")
    from marsad.storyfile import articles, evaluate, read_labels, report, shuffled
    from marsad.storygroups import WINDOW, StoryGroups

    meaning = _meaning() if semantic else None

    def groups() -> StoryGroups:
        return StoryGroups(window or WINDOW, events=not copies)

    rows, bad = _rows(file)
    found = articles(rows, meaning)
    if labels is not None:
        clusters = read_labels(str(labels))
        evaluation = evaluate(found, clusters, groups())
        orders = shuffled(found, clusters, groups, shuffles)
        for line in report(evaluation, orders, wrong):
            click.echo(line)
    else:
        joined = groups()
        placed = [joined.place(article.row, article.told) for article in found]
        for row, (story, placement) in zip(rows, placed, strict=True):
            fields: dict[str, Any] = {"id": row.id, "story": joined.story(story)}
            if reasons:
                fields |= {"score": round(placement.score, 3), "reason": placement.reason}
            click.echo(write_row(fields))
    if bad:
        raise Sentence(f"{bad} lines of {file} are not rows; the others were grouped")


def _rows(file: str) -> tuple[list["Row"], int]:
    from marsad.rows import BadRow, read_rows

    rows, bad = [], 0
    for row in read_rows(file):
        if isinstance(row, BadRow):
            bad += 1
            click.echo(f"marsad: {file}: {row}", err=True)
        else:
            rows.append(row)
    return rows, bad


def _meaning() -> "Meaning":
    from alerts.stories.meaning import E5Meaning, installed

    if not installed():
        raise Sentence("--semantic needs the extra 'semantic': docs/stories.md says how to add it")
    return E5Meaning()
