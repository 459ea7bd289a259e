"""Sites: probe, backfill, import-opml, export-opml."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marsad.commands.options import (
    EXIT_ALREADY_RUNNING,
    Sentence,
    config_option,
    configuration_from,
    parse_day,
    refuse_unknown,
    sentences,
    settings_from,
    site_files_from,
)

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.argument("target", metavar="[URL|SITE]", required=False)
@click.option("--write", is_flag=True, help="Write the site file into the configuration.")
@click.option("--name", help="The site's name (default: from its address).")
@click.option("--timezone", "zone", help="The newsroom's time zone, as in Asia/Beirut.")
@config_option
def probe(
    target: str | None, write: bool, name: str | None, zone: str | None, config: Path | None
) -> None:
    """Find out how a site publishes, show its newest articles, and write its site file; or try
    the ways of a site that is configured; without an argument, of all of them, in one table.

    Example: marsad probe https://shore.example --write
    """
    from marsad.logs import leave_out
    from marsad.probes import probe_all, probe_target, write_probed
    from marsad.reactor import run_on_reactor

    settings = settings_from(config)
    leave_out("crawler.crawl")  # the probe says itself what its crawl gave
    configuration = site_files_from(settings)
    with sentences():
        if target is None:
            if not run_on_reactor(lambda: probe_all(settings, configuration)):
                raise Sentence("no site passed its probe")
            return
        site = run_on_reactor(
            lambda: probe_target(settings, configuration, target, name=name, zone=zone)
        )
        if site is None:
            raise Sentence(
                f"no way to read {target} was found; docs/add-a-site.md (step 1) says how to look "
                "for one by hand"
            )
        if target not in configuration.sites:
            click.echo(write_probed(configuration, site, target, write=write))


@click.command()
@click.argument("name", metavar="SITE")
@click.option(
    "--since",
    callback=parse_day,
    metavar="DAY",
    required=True,
    help="Back to this day (UTC), as in 2024-01-01.",
)
@config_option
def backfill(name: str, since: "datetime", config: Path | None) -> None:
    """Store a site's older articles, from its sitemaps or WordPress; never alert on them. Run it
    again to go on where it stopped.

    Example: marsad backfill hespress --since 2024-01-01
    """
    from crawler.errors import FetchFailed, ParseFailed
    from marsad.backfill import NoArchive, until
    from marsad.backfills import run_backfill
    from marsad.clock import utc_now
    from marsad.lock import AlreadyRunning
    from marsad.reactor import run_on_reactor

    settings = settings_from(config)
    configuration = configuration_from(settings)
    refuse_unknown([name], configuration.sites, "site")
    site = configuration.sites[name]
    if since >= (end := until(site, utc_now())):
        raise Sentence(
            f"--since {since:%Y-%m-%d} leaves nothing to walk: what is newer than "
            f"{end:%Y-%m-%d %H:%M} UTC (max_age) is left to the crawls, which may alert on it"
        )
    try:
        with sentences():
            done = run_on_reactor(lambda: run_backfill(settings, configuration, site, since))
    except (FetchFailed, ParseFailed, NoArchive) as error:
        raise Sentence(f"the archive of {name} cannot be read: {error}") from error
    except AlreadyRunning as error:
        click.echo(f"marsad: {error}", err=True)
        sys.exit(EXIT_ALREADY_RUNNING)
    for problem in done.problems[:20]:
        click.echo(f"marsad: {problem}", err=True)
    click.echo(f"{name}: {done.stored} articles stored, {done.failed} pages failed")
    if done.stopped is not None:
        raise Sentence(f"stopped early ({done.stopped}); run it again later to go on")
    if done.problems and not done.parts:
        raise Sentence(f"no part of the archive of {name} could be read")


@click.command("import-opml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_option
def import_opml(file: Path, config: Path | None) -> None:
    """Write a site file for each feed of an OPML file that no site has yet.

    Example: marsad import-opml feeds.opml
    """
    from marsad.opml import BadOpml, import_outlines, read_opml

    configuration = site_files_from(settings_from(config))
    try:
        outlines = read_opml(file.read_bytes())
    except BadOpml as error:
        raise Sentence(f"{file} is no OPML file: {error}") from error
    written = 0
    folder = configuration.directory / "sites"
    for each in import_outlines(outlines, configuration.sites, folder):
        if each.path is not None:
            written += 1
            click.echo(f"wrote {each.path}")
        else:
            click.echo(f"left out {each.outline.feed}: {each.reason}", err=True)
    hint = "; marsad probe NAME tries one, marsad probe all of them" if written else ""
    click.echo(f"{written} of {len(outlines)} feeds imported{hint}")


@click.command("export-opml")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@config_option
def export_opml(file: str, config: Path | None) -> None:
    """Write the feeds of all sites as OPML ('-': standard output), for a feed reader.

    Example: marsad export-opml feeds.opml
    """
    from marsad.opml import write_opml

    content = write_opml(configuration_from(settings_from(config)).sites.values())
    with click.open_file(file, "wb") as stream:
        stream.write(content)
