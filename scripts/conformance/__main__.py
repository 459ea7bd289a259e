"""python -m scripts.conformance: is the local Bot API what python-telegram-bot expects?"""

import asyncio
import base64
import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import click

from scripts.conformance.report import Result, page, read_results
from scripts.conformance.suite import PACKAGE, NoSuite, files_with_requests, suite
from scripts.conformance.suite import fetch as fetch_suite
from scripts.conformance.world import IDENTITY, RESOLVES_TO, server

_ROOT = Path(__file__).parents[2]
_INI = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = session
asyncio_default_test_loop_scope = session
"""
_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(tempfile.gettempdir()) / "marsad-conformance",
    show_default=True,
    help="Where the tests are kept.",
)


@click.group(help=__doc__)
def main() -> None: ...


@main.command()
@_folder
def fetch(folder: Path) -> None:
    """Set up: bring the tests of the installed version, by pip."""
    click.echo(f"tests in {fetch_suite(folder)}")


@main.command()
@_folder
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Publish the list.")
def run(folder: Path, write: Path | None) -> None:
    """Run the tests; ends with 1 unless all pass."""
    try:
        results = asyncio.run(_run(suite(folder)))
    except NoSuite as error:
        raise click.ClickException(str(error)) from error
    for result in results:
        if result.outcome != "passed":
            click.echo(f"{result.outcome}: {result.file} {result.test}: {result.reason}")
    passed = sum(result.outcome == "passed" for result in results)
    click.echo(f"{passed} of {len(results)} tests of {PACKAGE} {version(PACKAGE)} pass")
    if write is not None:
        write.write_text(page(results, version(PACKAGE)), encoding="utf-8")
    if passed < len(results) or not results:
        sys.exit(1)


async def _run(source: Path) -> list[Result]:
    """The local Bot API here, the tests in a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        junit, ini = Path(folder) / "junit.xml", Path(folder) / "pytest.ini"
        ini.write_text(_INI, encoding="utf-8")
        async with server() as api:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "pytest", *files_with_requests(source)),
                *("-c", str(ini), "--rootdir", str(source), "--junitxml", str(junit)),
                *("-p", "scripts.conformance.plugin"),
                *("-p", "no:randomly", "-p", "no:cacheprovider"),
                *("-q", "--tb=short", "-W", "ignore"),
                cwd=source,
                env=_environment(source, api.base_url),
            )
            await process.wait()
        return read_results(junit)


def _environment(source: Path, base_url: str) -> dict[str, str]:
    """The tests' own switches: who the bot is, and that optional dependencies are not there."""
    bots = base64.b64encode(json.dumps([IDENTITY, IDENTITY]).encode()).decode()
    return os.environ | {
        "PYTHONPATH": f"{source}{os.pathsep}{_ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GITHUB_ACTIONS": "true",
        "TEST_WITH_OPT_DEPS": "false",
        "BOTS": bots,
        "JOB_INDEX": "1",
        "CONFORMANCE_BASE_URL": base_url,
        "CONFORMANCE_RESOLVES_TO": RESOLVES_TO,
    }


if __name__ == "__main__":
    main()
