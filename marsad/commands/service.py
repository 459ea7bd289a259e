"""The service and its configuration: init, check, crawl, run, doctor, demo."""

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marsad.commands.options import (
    EXIT_ALREADY_RUNNING,
    Sentence,
    config_option,
    configuration_from,
    refuse_alone,
    refuse_unknown,
    sentences,
    settings_from,
)

if TYPE_CHECKING:
    from marsad.settings import Settings


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Write a commented starter configuration.

    Example: marsad init my-config
    """
    from marsad.initconfig import init as write_starter

    try:
        written = write_starter(directory)
    except FileExistsError as error:
        raise Sentence(str(error)) from error
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(
        f"\nNext:\n  1. marsad check --config {directory}\n"
        f"  2. edit {directory}/topics (docs/keywords.md)\n"
        f"     and {directory}/sites (docs/add-a-site.md)\n"
        f"  3. marsad run --config {directory}"
    )


@click.command()
@config_option
def check(config: Path | None) -> None:
    """Validate the whole configuration and run the examples of each topic.

    Example: marsad check --config config
    """
    from marsad.check import check as check_configuration
    from storage.peek import peek
    from storage.sites import crawl_delays

    settings = settings_from(config)
    delays = peek(settings.database_url.get_secret_value(), crawl_delays)
    result = check_configuration(settings.config, delays)
    for problem in result.problems:
        click.echo(str(problem), err=True)
    for warning in result.warnings:
        click.echo(f"warning: {warning}", err=True)
    if result.problems:
        count = len(result.problems)
        raise Sentence(f"{count} problem{'s' if count != 1 else ''}")
    click.echo(result.summary)


@click.command()
@click.argument("names", nargs=-1, metavar="[SITE]...")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the articles as JSON lines to this file instead of storing them.",
)
@config_option
def crawl(names: tuple[str, ...], output: Path | None, config: Path | None) -> None:
    """Crawl the named sites (all, if none is named) now, and store what is new.

    Example: marsad crawl rt-arabic --output rt.jsonl
    """
    from marsad.crawls import crawl_now
    from marsad.reactor import run_on_reactor

    settings = settings_from(config)
    configuration = configuration_from(settings)
    refuse_unknown(names, configuration.sites, "site")
    chosen = names or tuple(n for n, site in configuration.sites.items() if site.enabled)
    with sentences():
        failed = run_on_reactor(lambda: crawl_now(settings, configuration, chosen, output))
    if failed:
        raise Sentence(f"{len(failed)} of {len(chosen)} sites failed: {', '.join(failed)}")


@click.command()
@click.option("--once", is_flag=True, help="Do one round and exit, for cron.")
@click.option(
    "--max-seconds",
    type=click.FloatRange(min=1),
    default=240,
    show_default=True,
    help="With --once: stop after this long; the rest stays pending.",
)
@click.option(
    "--skip-if-running", is_flag=True, help="Exit 0 if another Marsad is at work, for crontabs."
)
@config_option
def run(once: bool, max_seconds: float, skip_if_running: bool, config: Path | None) -> None:
    """Crawl, match and alert: for good, or with --once for one round.

    Example: marsad run --once --skip-if-running
    """
    from marsad.lock import AlreadyRunning
    from marsad.reactor import run_on_reactor

    refuse_alone(once, "--once", "max_seconds")
    settings = settings_from(config)
    try:
        with sentences():
            if once:
                exit_code = run_on_reactor(lambda: _run_once(settings, max_seconds))
            else:
                exit_code = run_on_reactor(lambda: _run(settings))
    except AlreadyRunning as error:
        click.echo(f"marsad: {error}", err=True)
        exit_code = 0 if skip_if_running else EXIT_ALREADY_RUNNING
    except KeyboardInterrupt:
        # Told to stop before it had begun: it stops as it does later.
        exit_code = 0
    sys.exit(exit_code)


async def _run(settings: "Settings") -> int:
    from marsad.wiring import open_engine

    async with open_engine(settings) as (engine, lost):
        # What is there now stays for good: half a million objects. The collector would look at all
        # of them again and again, and leave what ended crawls leave until there is a quarter more.
        gc.collect()
        gc.freeze()
        await engine.run(lost)
    return 1 if lost.is_set() else 0


async def _run_once(settings: "Settings", max_seconds: float) -> int:
    from marsad.heartbeat import ping
    from marsad.wiring import open_engine

    async with open_engine(settings) as (engine, _):
        summary = await engine.run_once(max_seconds)
    click.echo(str(summary))
    if summary.reports and len(summary.failed_sites) == len(summary.reports):
        click.echo("marsad: every site failed; see marsad doctor", err=True)
        return 1
    if settings.heartbeat_url is not None:
        await ping(settings.heartbeat_url)
    return 0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line a finding.")
@config_option
def doctor(as_json: bool, config: Path | None) -> None:
    """Check database, configuration, token and the sites' health; say what to do. Exits with 1
    if there is an error.

    Example: marsad doctor --json
    """
    from dataclasses import asdict

    from marsad.examination import examine

    findings = asyncio.run(examine(settings_from(config)))
    for finding in findings:
        click.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else str(finding))
    errors = sum(finding.level == "error" for finding in findings)
    if errors:
        raise Sentence(f"{errors} errors")


@click.command()
@click.option(
    "--seconds",
    type=click.FloatRange(min=10, max=600),
    default=45,
    show_default=True,
    help="How long the demo runs.",
)
def demo(seconds: float) -> None:
    """Show the whole pipeline against local news sites and a local Bot API, without internet.

    Example: marsad demo
    """
    from marsad.demo.run import DemoFailed, run_demo

    started = time.monotonic()
    try:
        alerts = run_demo(seconds, click.echo)
    except DemoFailed as error:
        raise Sentence(f"the demo did not work; the end of its log:\n{error.log}") from error
    click.echo(f"\nmarsad demo: {alerts} alerts in {time.monotonic() - started:.0f} s")
    if not alerts:
        raise Sentence("the demo showed no alert")
