"""Tools for topics, on articles of the archive or of files."""

import time
from datetime import timedelta
from pathlib import Path

import click

from marsad.commands.options import (
    Sentence,
    articles_from,
    complain,
    config_option,
    configuration_from,
    files_argument,
    refuse_unknown,
    samples_option,
    settings_from,
    since_option,
)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--all", "show_all", is_flag=True, help="Add the topics that did not fire, and why.")
@config_option
def match(file: str, show_all: bool, config: Path | None) -> None:
    """Match the articles of a JSON-lines file ('-': standard input) against all topics.

    Example: marsad match articles.jsonl --all
    """
    from marsad.rows import BadRow, match_row, read_rows, write_row

    matcher = configuration_from(settings_from(config)).matcher
    bad = 0
    for row in read_rows(file):
        if isinstance(row, BadRow):
            bad += 1
            click.echo(f"marsad: {file}: {row}", err=True)
            continue
        if show_all:
            verdicts = matcher.evaluate(row.document)
            fired = tuple(v for v in verdicts if v.fired)
            others = tuple(v for v in verdicts if not v.fired)
            click.echo(write_row(match_row(row.id, fired, others)))
        else:
            click.echo(write_row(match_row(row.id, matcher.matching(row.document), None)))
    if bad:
        raise Sentence(f"{bad} lines of {file} are not rows; the others were matched")


@click.command()
@files_argument
@since_option
@click.option("--topic", "topics", multiple=True, help="Only this topic (default: all).")
@samples_option
@click.option("--jsonl", is_flag=True, help="One JSON line a match instead of the account.")
@config_option
def replay(
    files: tuple[str, ...],
    since: timedelta | None,
    topics: tuple[str, ...],
    samples: int,
    jsonl: bool,
    config: Path | None,
) -> None:
    """Say what the rules as they are would have alerted on: in the archive, or in JSON-lines
    files (.gz too).

    Example: marsad replay --since 30d --topic caspian
    """
    from marsad.replay import Replay, Report, fired_fields, read_line
    from marsad.rows import write_row

    settings = settings_from(config)
    configuration = configuration_from(settings)
    alerting = configuration.alerting
    chosen = topics or alerting
    refuse_unknown(chosen, alerting, "alerting topic")
    run = Replay(configuration.matcher, chosen, configuration.general.story_window)
    report = Report(chosen, samples)
    started = time.monotonic()
    with articles_from(settings, files, since) as (articles, advance):
        for fired in run.run(articles, advance):
            if jsonl:
                click.echo(write_row(fired_fields(fired)))
            else:
                report.add(fired)
    click.echo(read_line(run.tally, time.monotonic() - started), err=jsonl)
    if not jsonl:
        for line in report.lines(run.tally):
            click.echo(line)
    complain(run.tally)


@click.command()
@click.argument("new", type=click.Path(path_type=Path, exists=True, file_okay=False))
@files_argument
@since_option
@click.option(
    "--labels",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Labelled JSON lines, as `marsad quality` reads them (default: those that it takes).",
)
@samples_option
@config_option
def diff(
    new: Path,
    files: tuple[str, ...],
    since: timedelta | None,
    labels: tuple[Path, ...],
    samples: int,
    config: Path | None,
) -> None:
    """Say which alerts the rules of the configuration NEW would add and take away, and by which
    clause: in the archive, or in JSON-lines files (.gz too).

    Example: marsad diff edited-config --since 30d
    """
    from dataclasses import replace

    from alerts.matching.quality import label_columns
    from marsad.diff import Diff, labelled_diff, labelled_lines, lines
    from marsad.quality import judged_files
    from marsad.replay import read_line

    settings = settings_from(config)
    configuration = configuration_from(settings)
    old, changed = configuration.matcher, configuration_from(replace(settings, config=new)).matcher
    run = Diff(old, changed, configuration.general.story_window)
    started = time.monotonic()
    with articles_from(settings, files, since) as (articles, advance):
        run.run(articles, advance)
    click.echo(read_line(run.tally, time.monotonic() - started))
    for line in lines(run, samples):
        click.echo(line)
    columns = label_columns(old) | label_columns(changed)
    for file in labels or judged_files(columns, settings.eval_data):
        click.echo()
        for line in labelled_lines(labelled_diff(old, changed, file)):
            click.echo(line)
    complain(run.tally)


@click.command()
@click.argument(
    "file",
    required=False,
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
)
@click.option("--topic", "topics", multiple=True, help="Only this topic (default: all).")
@click.option("--by-source", is_flag=True, help="Add the figures of each source apart.")
@click.option(
    "--forms",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Judge word forms: a table of keyword, class, surface form, yes or no, between tabs.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a file.")
@config_option
def quality(
    file: Path | None,
    topics: tuple[str, ...],
    by_source: bool,
    forms: str | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Give precision, recall and F1 of each topic on labelled articles, with the wrong ones and
    why. FILE holds JSON lines (.gz too) with id, title, text and a label a topic: 2 must alert,
    1 borderline (left out), 0 must not. Without FILE: Marsad's own labelled articles, and those
    under MARSAD_EVAL_DATA.

    Example: marsad quality labelled.jsonl --by-source
    """
    from alerts.matching.quality import label_columns
    from marsad.quality import judged_files, quality_fields, quality_lines, quality_of
    from marsad.rows import write_row

    if forms is not None:
        if file is not None:
            raise click.UsageError("give a FILE or --forms TABLE, not both")
        _form_quality(forms, as_json, config)
        return
    settings = settings_from(config)
    matcher = configuration_from(settings).matcher
    columns = label_columns(matcher)
    refuse_unknown(topics, columns, "topic")
    files = [file] if file is not None else list(judged_files(columns, settings.eval_data))
    if not files:
        raise Sentence(
            "no FILE is given, this installation has no labelled articles of its own, and there "
            "are none under MARSAD_EVAL_DATA"
        )
    bad = 0
    for number, path in enumerate(files):
        found = quality_of(matcher, path, topics or tuple(columns), sources=by_source)
        bad += len(found.judged.bad)
        if as_json:
            click.echo(write_row(quality_fields(found)))
        else:
            click.echo("\n" if number else "", nl=False)
            for line in quality_lines(found):
                click.echo(line)
        for problem in found.judged.bad[:10]:
            click.echo(f"marsad: {path}: {problem}", err=True)
    if bad:
        raise Sentence(f"{bad} lines are not labelled articles; the others were judged")


def _form_quality(path: str, as_json: bool, config: Path | None) -> None:
    from marsad.formquality import form_fields, form_lines, form_quality
    from marsad.rows import write_row

    settings = settings_from(config)
    lexicons = configuration_from(settings).lexicons if settings.config.is_dir() else {}
    found = form_quality(path, lexicons.values())
    if as_json:
        click.echo(write_row(form_fields(path, found)))
    else:
        for line in form_lines(path, found):
            click.echo(line)
    for problem in found.bad[:10]:
        click.echo(f"marsad: {path}: {problem}", err=True)
    if found.bad:
        raise Sentence(f"{len(found.bad)} lines of {path} are not judged; the others were")


@click.command()
@files_argument
@since_option
@click.option("--json", "as_json", is_flag=True, help="One JSON line with all findings.")
@config_option
def lint(
    files: tuple[str, ...], since: timedelta | None, as_json: bool, config: Path | None
) -> None:
    """Warn of keywords that never hit, that another one makes superfluous, or whose forms are
    rather other words, and of clauses that never decide: in the archive, or in JSON-lines files
    (.gz too). Exits 0: a warning is something to look at.

    Example: marsad lint articles.jsonl.gz
    """
    from marsad.configuration import load_with_sources
    from marsad.lint import Lint, finding_fields
    from marsad.rows import write_row

    settings = settings_from(config)
    run = Lint(load_with_sources(settings.config))
    with articles_from(settings, files, since) as (articles, advance):
        run.run(articles, advance)
    findings, unjudged = run.findings(), list(run.unjudged())
    if as_json:
        fields = [finding_fields(finding) for finding in findings]
        counts = {"articles": run.tally.articles, "findings": fields, "unjudged": unjudged}
        click.echo(write_row(counts))
    else:
        for line in (*findings, *(f"not judged: {sentence}" for sentence in unjudged)):
            click.echo(str(line))
        click.echo(f"{len(findings)} warnings, on {run.tally.articles:,} articles")
    complain(run.tally)


@click.command()
@click.argument("word")
@click.option(
    "--class",
    "word_class",
    help="name, place, noun, nisba, exact, phrase, prefix or regex (default: noun, and phrase "
    "for several words).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def forms(word: str, word_class: str | None, as_json: bool) -> None:
    """List the forms of WORD that count as it, grouped by article and ending.

    Example: marsad forms روسي --class nisba
    """
    from pydantic import ValidationError

    from marsad.rows import write_row
    from marsad.wordforms import fields, lines
    from models.faults import faults_of
    from models.lexicon import Keyword

    try:
        keyword = Keyword.model_validate({"word": word, "class": word_class})
        for line in (write_row(fields(keyword)),) if as_json else lines(keyword):
            click.echo(line)
    except ValidationError as error:
        faults = "; ".join(fault.message for fault in faults_of(error, Keyword))
        raise Sentence(f"{word or 'WORD'}: {faults}") from error
    except ValueError as error:
        raise Sentence(str(error)) from error


@click.command("import-rule")
@click.argument("query")
def import_rule(query: str) -> None:
    """Print the YAML of a topic for a boolean QUERY: AND, OR, NOT, parentheses, "phrases",
    NEAR/n, ONEAR/n (in this order), title:, and * at the end of a word.

    Example: marsad import-rule '(إيران AND روسيا) NEAR/12 NOT title:"كأس"'
    """
    from marsad.boolean import QueryError
    from marsad.importrule import topic_yaml

    try:
        click.echo(topic_yaml(query), nl=False)
    except QueryError as error:
        arrow = " " * (error.column - 1) + "^"
        raise Sentence(f"{error}\n{query}\n{arrow}" if "\n" not in query else str(error)) from error
