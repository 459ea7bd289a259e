"""What `marsad doctor` looks at; the judgements are in marsad.doctor."""

from alerts.telegram.errors import TelegramFailure
from marsad.check import check
from marsad.clock import utc_now
from marsad.configuration import Configuration, load
from marsad.doctor import (
    Finding,
    access_problem,
    file_findings,
    line_findings,
    settings_findings,
    site_findings,
    webhook_findings,
)
from marsad.room import disk_of, scarcity
from marsad.settings import Settings
from marsad.wiring import ask_bot
from models.configfile import ConfigErrors
from storage import outbox, sites
from storage.connection import file_of
from storage.database import Database
from storage.errors import DatabaseError, IndexStale


async def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order: settings, configuration, token, database, sites, deliveries."""
    findings = settings_findings(settings)
    findings += file_findings(
        {file: file.stat().st_mode for file in settings.secret_files if file.exists()}
    )
    configuration, configuration_findings = _configuration(settings)
    findings += configuration_findings
    if configuration is not None:
        problem = access_problem(settings, configuration)
        if problem is not None:
            findings.append(Finding("error", problem))
    findings += await _token(settings)
    findings += _room(settings)
    try:
        database = Database.open(settings.database_url.get_secret_value())
    except DatabaseError as error:
        return [*findings, Finding("error", str(error), "see MARSAD_DATABASE_URL")]
    try:
        findings += _database(database)
        if configuration is not None:
            findings += _sites(database, configuration)
    finally:
        await database.close()
    return findings


def _room(settings: Settings) -> list[Finding]:
    """Looked at before the database, which a full disk may keep from being opened."""
    file = file_of(settings.database_url.get_secret_value())
    if file is None or not file.parent.is_dir():
        return []
    disk = disk_of(file)
    if not disk.is_scarce:
        return []
    remedy = "delete what is not needed there; marsad.yaml's `retention` keeps the archive small"
    return [Finding("error", scarcity(disk, file.parent), remedy)]


def _configuration(settings: Settings) -> tuple[Configuration | None, list[Finding]]:
    result = check(settings.config)
    findings = [Finding("error", str(problem), "correct the file") for problem in result.problems]
    findings += [Finding("warning", warning) for warning in result.warnings]
    try:
        configuration = load(settings.config)
    except ConfigErrors:
        return None, findings
    if not findings:
        findings.append(Finding("ok", result.summary))
    return configuration, findings


async def _token(settings: Settings) -> list[Finding]:
    if settings.bot_token is None:
        return []
    try:
        card = await ask_bot(settings)
    except TelegramFailure as error:
        return [Finding("error", str(error), "see MARSAD_BOT_TOKEN, MARSAD_BOT_API and the proxy")]
    answers = Finding("ok", f"the Bot API answers; the bot is @{card.name}")
    return [answers, *webhook_findings(settings, card)]


def _database(database: Database) -> list[Finding]:
    findings = [_problem(problem) for problem in database.check()]
    if any(finding.level == "error" for finding in findings):
        return findings
    findings.append(Finding("ok", f"database {database.url_without_secret}"))
    counts = database.read_now(outbox.counts)
    dead = counts.get("dead", 0)
    if dead:
        findings.append(
            Finding("warning", f"{dead} messages could not be delivered", "the log says why")
        )
    waiting = sum(counts.get(state, 0) for state in ("pending", "retry", "in flight"))
    if waiting:
        findings.append(Finding("ok", f"{waiting} messages wait to be delivered"))
    return findings


def _problem(sentence: str) -> Finding:
    """An index that is to be built anew is no damage, and its sentence says how."""
    if sentence == str(IndexStale()):
        return Finding("warning", sentence)
    return Finding("error", f"database: {sentence}", "restore a backup")


def _sites(database: Database, configuration: Configuration) -> list[Finding]:
    states = {state.site: state for state in database.read_now(sites.site_states)}
    now = utc_now()
    enabled = {name for name, site in configuration.sites.items() if site.enabled}
    return line_findings([state for name, state in states.items() if name in enabled]) + [
        finding
        for name, site in sorted(configuration.sites.items())
        for finding in site_findings(site, states.get(name), now)
    ]
