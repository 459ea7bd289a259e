"""What is read from pages: extract, quality-pages, date, feed."""

import asyncio
import json
from pathlib import Path

import click

from marsad.commands.options import (
    Sentence,
    config_option,
    configuration_from,
    refuse_unknown,
    settings_from,
    web_address,
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--url", callback=web_address, help="The address that the page came from.")
@click.option("--site", "site_name", help="Use this site's selectors and time zone.")
@click.option("--content-type", help="The Content-Type header that came with the page.")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="JSON lines with id, file and url: extract each, one JSON line a row.",
)
@config_option
def extract(
    file: Path | None,
    url: str | None,
    site_name: str | None,
    content_type: str | None,
    manifest: Path | None,
    config: Path | None,
) -> None:
    """Extract the article of a saved page as JSON, with the reason for what is missing.

    Example: marsad extract page.html --url https://example.org/news/1
    """
    from marsad.extracts import extract_file, extract_manifest

    settings = settings_from(config)
    site = None
    if site_name is not None:
        sites = configuration_from(settings).sites
        refuse_unknown([site_name], sites, "site")
        site = sites[site_name]
    if manifest is not None:
        bad = 0
        for line in extract_manifest(manifest, site):
            bad += "error" in line
            click.echo(json.dumps(line, ensure_ascii=False))
        if bad:
            raise Sentence(f"{bad} rows of {manifest} could not be read")
        return
    if file is None or url is None:
        raise click.UsageError("give a FILE and --url URL, or --manifest M.jsonl")
    try:
        row = extract_file(file, url, content_type, site)
    except OSError as error:
        raise Sentence(f"cannot read {file}: {error.strerror}") from error
    click.echo(json.dumps(row, ensure_ascii=False, indent=2))


@click.command("quality-pages")
@click.argument("manifest", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--jsonl", is_flag=True, help="One JSON line a page instead of the account.")
def quality_pages(manifest: Path, jsonl: bool) -> None:
    """Say how well articles are extracted from saved pages whose articles are known: JSON lines
    with id, site, file, url, title, text and date.

    Example: marsad quality-pages pages/manifest.jsonl
    """
    from dataclasses import asdict

    from marsad.clock import utc_now
    from marsad.pagequality import account, judge, read_pages
    from marsad.rows import BadRow

    marks = []
    for page in read_pages(manifest):
        if isinstance(page, BadRow):
            raise Sentence(f"{manifest}: {page}")
        try:
            marks.append(judge(page, utc_now()))
        except OSError as error:
            raise Sentence(f"{manifest}: cannot read {page.file}: {error.strerror}") from error
    for line in (json.dumps(asdict(m), ensure_ascii=False) for m in marks) if jsonl else ():
        click.echo(line)
    for line in account(marks):
        click.echo(line, err=jsonl)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
def date(file: str) -> None:
    """Say what the dates of a file tell ('-': standard input), or why they tell none. A line is
    string, time zone and now, parted by tabs, or a JSON object with these names.

    Example: marsad date dates.tsv
    """
    from marsad.clock import utc_now
    from marsad.datefile import read_date_file

    bad = 0
    for row in read_date_file(file, utc_now()):
        bad += "error" in row
        click.echo(json.dumps(row, ensure_ascii=False))
    if bad:
        raise Sentence(f"{bad} lines of {file} are no rows; the others were read")


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option(
    "--url",
    callback=web_address,
    help="The address that the feeds came from, for relative links.",
)
@click.option("--site", "site_name", help="Use this site's time zone.")
@click.option("--content-type", help="The Content-Type header that came with the feeds.")
@config_option
def feed(
    files: tuple[Path, ...],
    url: str | None,
    site_name: str | None,
    content_type: str | None,
    config: Path | None,
) -> None:
    """List the entries of saved feeds as JSON lines; a feed of comments gives the one line
    `"comments": true`.

    Example: marsad feed feed.xml --url https://example.org/feed/
    """
    from marsad.clock import utc_now
    from marsad.feedfile import read_feed_files

    settings = settings_from(config)
    site = None
    if site_name is not None:
        sites = configuration_from(settings).sites
        refuse_unknown([site_name], sites, "site")
        site = sites[site_name]

    async def show() -> int:
        bad = 0
        async for found in read_feed_files(
            files, url=url, content_type=content_type, site=site, now=utc_now()
        ):
            for row in found.rows:
                click.echo(json.dumps(row, ensure_ascii=False))
            for problem in found.problems:
                click.echo(f"marsad: {found.file}: {problem}", err=True)
            if found.error:
                bad += 1
                click.echo(json.dumps({"file": str(found.file), "error": found.error}))
        return bad

    if bad := asyncio.run(show()):
        raise Sentence(f"{bad} of {len(files)} files are no feeds")
