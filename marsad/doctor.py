"""`marsad doctor`: checks what a running Marsad needs; one sentence and one remedy a finding."""

import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from crawler.wishes import forbidden_rhythm
from marsad.configuration import Configuration
from marsad.settings import Settings
from models.access import Access, Proof
from models.crawl import CrawlOutcome, SiteState
from models.site import Site

if TYPE_CHECKING:
    from alerts.telegram.identity import BotCard

Level = Literal["ok", "warning", "error"]

# A site is late when it has been due for this many of its intervals.
LATE_INTERVALS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        sign = {"ok": "ok     ", "warning": "warning", "error": "error  "}[self.level]
        return f"{sign}  {self.what}" + (f"\n         -> {self.remedy}" if self.remedy else "")


def settings_findings(settings: Settings) -> list[Finding]:
    findings = [
        Finding("warning", sentence, "correct or remove it") for sentence in settings.unknown
    ]
    if settings.bot_token is None:
        findings.append(
            Finding(
                "warning",
                "no bot token is set: alerts are shown in the terminal only",
                "set MARSAD_BOT_TOKEN or MARSAD_BOT_TOKEN_FILE",
            )
        )
    if settings.allow_private.everything:
        findings.append(
            Finding(
                "warning",
                "sites may lead to private networks (MARSAD_ALLOW_PRIVATE_NETWORKS=yes)",
                "name the host:port pairs that are needed instead",
            )
        )
    if settings.webhook_url and not _is_loopback(settings.webhook_listen[0]):
        findings.append(
            Finding(
                "warning",
                f"updates are waited for on {settings.webhook_listen[0]}, which others may reach "
                "without TLS",
                "let a proxy speak TLS and set MARSAD_WEBHOOK_LISTEN to 127.0.0.1 and its port",
            )
        )
    return findings


def file_findings(modes: Mapping[Path, int]) -> list[Finding]:
    """Of the files that hold secrets, by their modes."""
    return [
        Finding("warning", f"{file} holds secrets and every user may read it", f"chmod 600 {file}")
        for file, mode in modes.items()
        if mode & stat.S_IROTH
    ]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def webhook_findings(settings: Settings, card: "BotCard") -> list[Finding]:
    """Whether Telegram sends updates to where they are taken."""
    if settings.webhook_url is None:
        if not card.webhook_url:
            return []
        return [
            Finding(
                "warning",
                f"Telegram posts the bot's updates to {_host(card.webhook_url)}, and none are "
                "given to who asks for them",
                "marsad run takes that webhook away; set MARSAD_WEBHOOK_URL if it is meant",
            )
        ]
    if card.webhook_url != settings.webhook_url:
        where = _host(card.webhook_url) if card.webhook_url else "nowhere"
        return [
            Finding(
                "warning",
                f"Telegram posts the bot's updates to {where}, not to "
                f"{_host(settings.webhook_url)}",
                "marsad run sets the webhook; is another program using the same token?",
            )
        ]
    if card.webhook_problem:
        return [
            Finding(
                "warning",
                f"Telegram could not reach {_host(settings.webhook_url)}: {card.webhook_problem} "
                f"({card.waiting} updates wait)",
                "is marsad run running, and does the proxy pass the address on to it?",
            )
        ]
    return [Finding("ok", f"Telegram posts the bot's updates to {_host(settings.webhook_url)}")]


def _host(url: str) -> str:
    """Not the path, which may be meant to be unknown."""
    return urlsplit(url).netloc.rpartition("@")[2]


def access_problem(settings: Settings, configuration: Configuration) -> str | None:
    """Why Marsad must not start: with a token, somebody must be able to say who subscribes, and
    what is posted to programs must be signed."""
    hooks = [name for name, webhook in configuration.webhooks.items() if webhook.enabled]
    if hooks and settings.signing_key is None:
        return (
            f"the webhook '{hooks[0]}' is to get signed posts, but there is no key: set "
            "MARSAD_SIGNING_KEY to at least 16 characters that only its program knows, too"
        )
    if (
        settings.bot_token is not None
        and not settings.operators
        and configuration.general.access != "open"
    ):
        return (
            "a bot token is set, but nobody can approve or invite others: set MARSAD_OPERATORS "
            "to your numeric Telegram user id, or `access: open` in "
            f"{configuration.directory / 'marsad.yaml'} to let everybody subscribe"
        )
    return None


def line_findings(states: Collection[SiteState]) -> list[Finding]:
    """Sites that were tried (two at least) and of which none could ever be read have something in
    common: the machine that asks."""
    tried = [state for state in states if state.last_finished is not None]
    if len(tried) < 2 or any(state.last_success is not None for state in tried):
        return []
    return [
        Finding(
            "error",
            f"none of {len(tried)} sites could be read from here so far",
            "look at this machine's network, name server and MARSAD_CRAWL_PROXY before the sites",
        )
    ]


def site_findings(site: Site, state: SiteState | None, now: datetime) -> list[Finding]:
    """What the last crawls say about one site."""
    slow = forbidden_rhythm(site, state.crawl_delay) if state is not None else None
    if not site.enabled:
        return [Finding("ok", f"{site.name}: switched off in its file")]
    if state is None or state.last_finished is None:
        return [Finding("warning", f"{site.name}: not crawled yet", "marsad run, or marsad crawl")]
    if state.access is not None:
        findings = [_blocked(site, state, state.access, now)]
    elif state.proof is not None and not state.proof.passed:
        findings = [_unproven(site, state.proof, now)]
    elif state.health.blind_since is not None or state.last_outcome is CrawlOutcome.FAILED:
        findings = [_blind(site, state, now)]
    elif state.last_problem and state.last_problem != slow:
        findings = [
            Finding(
                "warning",
                f"{site.name}: read {_ago(now, state.last_success)}, but: {state.last_problem}",
                f"marsad crawl {site.name} shows it again",
            )
        ]
    else:
        read = f"{site.name}: {state.articles} articles, read {_ago(now, state.last_success)}"
        findings = [Finding("ok", read + _slower(state))]
    if slow is not None:
        remedy = f"make `every` longer in config/sites/{site.name}.yaml"
        findings.append(Finding("warning", f"{site.name}: {slow}", remedy))
    late = max(site.every * LATE_INTERVALS, timedelta(minutes=1))
    if now - state.due_at > late:
        findings.append(
            Finding(
                "warning",
                f"{site.name}: due since {_ago(now, state.due_at)}, last read "
                f"{_ago(now, state.last_success)}",
                "is marsad run (or its cron line) running?",
            )
        )
    return findings


def _blocked(site: Site, state: SiteState, access: Access, now: datetime) -> Finding:
    """A site that refuses programs; nothing is evaded."""
    what = f"{site.name}: blocked since {_ago(now, access.since)}: {access.reason}"
    again = (
        f"its own ways are asked again at {max(access.again_at, state.due_at):%Y-%m-%d %H:%M} UTC"
    )
    if access.fallback is not None and state.last_outcome is CrawlOutcome.OK:
        return Finding("warning", f"{what}; its fallback {access.fallback} is read; {again}")
    failed = "none of its fallbacks can be read" if site.fallbacks else "it declares no fallback"
    remedy = "ask its owner, or declare `fallbacks` (docs/add-a-site.md)"
    return Finding("error", f"{what}; {failed}; {again}", remedy)


def _unproven(site: Site, proof: Proof, now: datetime) -> Finding:
    what = f"its ways have not worked yet, tried {_ago(now, proof.tried_at)}: {proof.how}"
    return Finding(
        "error",
        f"{site.name}: unproven: {what}",
        f"correct config/sites/{site.name}.yaml, then: marsad probe {site.name}",
    )


def _blind(site: Site, state: SiteState, now: datetime) -> Finding:
    health = state.health
    since = f" since {_ago(now, health.blind_since)}" if health.blind_since else ""
    if state.last_outcome is CrawlOutcome.FAILED:
        times = f", {state.failures} times in a row" if state.failures > 1 else ""
        what = f"the last crawl failed{times}: {state.last_problem}"
    else:
        what = health.reason or "its crawls give no news"
    last = f"; last success {_ago(now, state.last_success)}" if state.last_success else ""
    blind = f"blind{since}: " if since else ""
    return Finding(
        "error",
        f"{site.name}: {blind}{what}{last}{_slower(state)}",
        f"see the addresses in config/sites/{site.name}.yaml with a browser, "
        f"then: marsad crawl {site.name}",
    )


def _slower(state: SiteState) -> str:
    if state.rhythm is None:
        return ""
    return f"; next look at {state.due_at:%H:%M} UTC, as {state.rhythm}"


def _ago(now: datetime, then: datetime | None) -> str:
    if then is None:
        return "never"
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // (24 * 60)} days ago"
