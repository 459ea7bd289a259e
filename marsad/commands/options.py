"""What commands share: options, and problems told in a sentence."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from marsad.configuration import Configuration, SiteFiles
    from marsad.settings import Settings
    from marsad.sweep import Advance, Articles, Tally
    from storage.database import Database


# sysexits.h: try again later.
EXIT_ALREADY_RUNNING = 75

F = TypeVar("F", bound=Callable[..., Any])


class Sentence(click.ClickException):
    """A problem that the person who typed the command can act on: one sentence, no traceback."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(f"marsad: {self.message}", err=True)


def config_option(command: F) -> F:
    return click.option(
        "--config",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of the configuration (default: MARSAD_CONFIG, or ./config).",
    )(command)


def files_argument(command: F) -> F:
    """JSON-lines files of articles, .gz too; without one a command reads the archive."""
    path = click.Path(exists=True, dir_okay=False, allow_dash=True)
    return click.argument("files", nargs=-1, type=path, metavar="[FILE.jsonl]...")(command)


def parse_age(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    from models.duration import parse_duration

    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r}: {error}") from error


def parse_day(context: click.Context, parameter: click.Parameter, value: str) -> Any:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no day, as in 2024-01-31") from error


def since_option(command: F) -> F:
    return click.option(
        "--since",
        callback=parse_age,
        metavar="AGE",
        help="Only articles of this age at most, as in 30d: in the archive since they were first "
        "seen, in a file since they were published.",
    )(command)


def samples_option(command: F) -> F:
    return click.option(
        "--samples",
        type=click.IntRange(min=0),
        default=5,
        show_default=True,
        help="Show so many headlines a topic.",
    )(command)


def web_address(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    if value is not None and not re.match(r"https?://[^\s/]", value):
        raise click.BadParameter(f"{value!r} is no address that begins with http:// or https://")
    return value


def refuse_alone(given: object, needed: str, *names: str) -> None:
    """Options that mean nothing without the option `needed` are refused, not ignored."""
    context = click.get_current_context()
    for name in names:
        if not given and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} needs {needed}")


def settings_from(config: Path | None) -> "Settings":
    from dataclasses import replace

    from marsad.logs import configure_logs
    from marsad.settings import SettingsError, read_settings

    try:
        settings = read_settings()
    except SettingsError as error:
        raise Sentence(str(error)) from error
    configure_logs(settings.log_level, settings.secrets)
    return settings if config is None else replace(settings, config=config.resolve())


def configuration_from(settings: "Settings") -> "Configuration":
    from marsad.configuration import load
    from models.configfile import ConfigErrors

    try:
        return load(settings.config)
    except ConfigErrors as errors:
        raise Sentence(f"the configuration cannot be used:\n{errors}") from errors


def site_files_from(settings: "Settings") -> "SiteFiles":
    """For commands that begin a configuration: topics may be missing."""
    from marsad.configuration import load_site_files
    from models.configfile import ConfigErrors

    try:
        return load_site_files(settings.config)
    except ConfigErrors as errors:
        raise Sentence(f"the configuration cannot be used:\n{errors}") from errors


def database_from(settings: "Settings") -> "Database":
    from marsad.wiring import open_database
    from storage.errors import DatabaseError

    try:
        return open_database(settings)
    except DatabaseError as error:
        raise Sentence(str(error)) from error


@contextmanager
def articles_from(
    settings: "Settings", files: tuple[str, ...], since: timedelta | None
) -> Iterator[tuple["Articles", "Advance"]]:
    """The articles of the files, or else of the archive, with a progress bar on a terminal."""
    from marsad.clock import utc_now
    from marsad.progress import progress
    from marsad.sweep import ArchiveArticles, FileArticles

    start = None if since is None else utc_now() - since
    articles: Articles
    if files:
        articles = FileArticles(files, start)
    else:
        articles = ArchiveArticles(settings.database_url.get_secret_value(), start)
    with progress(articles.size) as advance:
        yield articles, advance


def refuse_unknown(names: Iterable[str], known: Iterable[str], noun: str) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise Sentence(f"no {noun} is named {unknown[0]!r}; known: {', '.join(sorted(known))}")


def complain(tally: "Tally") -> None:
    """Name the lines that could not be read; the others were."""
    for complaint in tally.complaints:
        click.echo(f"marsad: {complaint}", err=True)
    if tally.bad:
        raise Sentence(f"{tally.bad} lines are not rows; the others were read")


@contextmanager
def sentences() -> Iterator[None]:
    """Turns the errors that carry a sentence for the person into a Sentence."""
    try:
        yield
    except click.ClickException:
        raise
    except Exception as error:
        from alerts.telegram.errors import TelegramFailure
        from marsad.rows import UnreadableFile
        from marsad.settings import SettingsError
        from marsad.sitefile import ProbeFailed
        from marsad.sweep import SweepFailed
        from models.configfile import ConfigErrors
        from storage.errors import DatabaseError

        known = SettingsError | DatabaseError | TelegramFailure | UnreadableFile
        if isinstance(error, ConfigErrors):
            raise Sentence(f"the configuration cannot be used:\n{error}") from error
        if isinstance(error, known | SweepFailed | ProbeFailed):
            raise Sentence(str(error)) from error
        if isinstance(error, OSError) and error.filename is not None:
            # A file or folder that the person named, or that the settings name.
            raise Sentence(f"{error.filename}: {error.strerror}") from error
        raise
