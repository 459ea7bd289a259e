"""From undecided articles to deliveries: match, group into stories, decide, record, expand."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import structlog

from alerts.decide import FIRST_CRAWL_ALERTS, decide
from alerts.reping import SoFar, reason_to_repeat
from alerts.stories.telling import Telling
from marsad.configuration import Configuration
from marsad.personal import PersonalMatcher, PersonalRules
from marsad.storydesk import StoryDesk
from models.alert import Alert, AlsoTold, Decision, Skip
from models.article import StoredArticle
from models.match import Document, Verdict
from models.text import Localized
from storage import articles, decisions, edits, outbox, stories
from storage.database import Connection, Database, DriverError
from storage.errors import ArticleMoved, DatabaseError, DatabaseFailed

log = structlog.get_logger(__name__)

# A slice is matched in one go in a thread and recorded in one transaction: small enough that the
# interpreter's lock and the writer are free again within tens of milliseconds.
SLICE = 20
_DATABASE_ASKED_AGAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """An article and the topics that fired, or why the rules could not be evaluated. `personal`:
    keywords of subscribers that it has, with their texts by topic; `told`: what tells its story, if
    anything fired."""

    stored: StoredArticle
    fired: tuple[Verdict, ...]
    personal: tuple[Verdict, ...] = ()
    keywords: Mapping[str, str] = field(default_factory=dict)
    told: Telling | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    articles: int = 0
    alerts: int = 0


class Pipeline:
    """Decides what is stored undecided, each article once, and fans alerts out to chats."""

    def __init__(
        self,
        database: Database,
        current: Callable[[], Configuration],
        now: Callable[[], datetime],
        personal: PersonalRules | None = None,
    ) -> None:
        self._database = database
        self._current = current
        self._now = now
        self._personal = personal
        self._desk = StoryDesk()

    async def run(self, stop: asyncio.Event, wake: asyncio.Event, expanded: asyncio.Event) -> None:
        """Work whenever `wake` is set; set `expanded` when there is something to deliver. While the
        database is away, or its disk full, the articles wait where they are. What is waiting at
        `stop` waits for the next start."""
        while not stop.is_set():
            wake.clear()
            try:
                await self.decide_waiting(stop)
                if await self.expand(stop):
                    expanded.set()
                await self._wait(wake)
            except DatabaseFailed as error:
                log.error("deciding waits for the database", reason=str(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _DATABASE_ASKED_AGAIN_SECONDS)

    async def _wait(self, wake: asyncio.Event) -> None:
        """For more work, or until an alert has been held for long enough."""
        held_until = await self._database.read(outbox.next_held)
        if held_until is None:
            await wake.wait()
            return
        seconds = max(0.0, (held_until - self._now()).total_seconds())
        with suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), seconds)

    async def decide_waiting(self, stop: asyncio.Event | None = None) -> Decided:
        """Until nothing waits, or `stop`."""
        total, stop = Decided(), stop or asyncio.Event()
        while not stop.is_set() and (
            waiting := await self._database.read(lambda c: articles.undecided(c, SLICE))
        ):
            configuration = self._current()
            personal = None if self._personal is None else await self._personal.current()
            evaluated = await asyncio.to_thread(
                evaluate, configuration, waiting, self._now(), self._desk, personal
            )
            try:
                alerts = await self._database.write(
                    partial(
                        record,
                        configuration=configuration,
                        desk=self._desk,
                        evaluated=evaluated,
                        now=self._now(),
                    ),
                    later=True,
                )
            except ArticleMoved:
                # A crawl changed an article of the slice meanwhile; it comes again as it is now.
                continue
            total = Decided(articles=total.articles + len(waiting), alerts=total.alerts + alerts)
        return total

    async def expand(self, stop: asyncio.Event | None = None) -> bool:
        """Write the deliveries of every alert that is not fanned out yet, until `stop`; True if
        there was one."""
        worked, stop = False, stop or asyncio.Event()
        while not stop.is_set() and await self._database.write(
            lambda c: outbox.expand(c, self._now())
        ):
            worked = True
        return worked


def evaluate(
    configuration: Configuration,
    waiting: Sequence[StoredArticle],
    now: datetime,
    desk: StoryDesk,
    personal: PersonalMatcher | None = None,
) -> tuple[Evaluated, ...]:
    personal = personal or PersonalMatcher()
    return tuple(_evaluate(configuration, stored, now, desk, personal) for stored in waiting)


def _evaluate(
    configuration: Configuration,
    stored: StoredArticle,
    now: datetime,
    desk: StoryDesk,
    personal: PersonalMatcher,
) -> Evaluated:
    try:
        fired = configuration.matcher.matching(document(stored), now)
        # What a site's first crawl brings is no news to anybody.
        found = () if stored.backlog else personal.matching(document(stored), now)
        told = _told(configuration, stored, desk, fired) if fired or found else None
    except Exception as error:
        log.exception("article could not be matched", article=stored.id, url=stored.article.url)
        return Evaluated(stored=stored, fired=(), failure=f"{type(error).__name__}: {error}")
    return Evaluated(
        stored=stored,
        fired=fired,
        personal=found,
        keywords={verdict.topic: personal.texts[verdict.topic] for verdict in found},
        told=told,
    )


def _told(
    configuration: Configuration,
    stored: StoredArticle,
    desk: StoryDesk,
    fired: Sequence[Verdict],
) -> Telling:
    topics = frozenset(verdict.topic for verdict in fired)
    return desk.read(stored, topics, configuration.general.stories_by_meaning)


def document(stored: StoredArticle) -> Document:
    article = stored.article
    return Document(
        title=article.title,
        text=article.text,
        source=article.site,
        language=article.language,
        published=article.published or stored.first_seen,
        url=article.url,
    )


def record(
    connection: Connection,
    configuration: Configuration,
    desk: StoryDesk,
    evaluated: Sequence[Evaluated],
    now: datetime,
) -> int:
    """Decide and write a slice inside the caller's transaction; how many alerts it made."""
    return sum(_record_one(connection, configuration, desk, item, now) for item in evaluated)


def _record_one(
    connection: Connection,
    configuration: Configuration,
    desk: StoryDesk,
    item: Evaluated,
    now: datetime,
) -> bool:
    """One article may fail alone: it is decided with the reason instead of stopping the rest."""
    try:
        with connection.begin_nested():
            return _decide_one(connection, configuration, desk, item, now)
    except (DatabaseError, DriverError):
        raise  # not the article's fault
    except Exception as error:
        log.exception("article could not be decided", article=item.stored.id)
        failed = replace(
            item, fired=(), personal=(), told=None, failure=f"{type(error).__name__}: {error}"
        )
        return _decide_one(connection, configuration, desk, failed, now)


def _decide_one(
    connection: Connection,
    configuration: Configuration,
    desk: StoryDesk,
    item: Evaluated,
    now: datetime,
) -> bool:
    stored = item.stored
    story_id: int | None = None
    decision: Decision
    if item.failure is not None:
        decision = Skip(f"the rules could not be evaluated: {item.failure}")
    elif item.told is None:
        decision = Skip("no topic matched")
    else:
        window = configuration.general.story_window
        story_id = desk.place(connection, stored, item.told, window, now)
        so_far = _so_far(connection, story_id, stored.id)
        decision = _decide(connection, configuration, item, story_id, so_far, now)
    decisions.record(
        connection,
        article_id=stored.id,
        story_id=story_id,
        verdicts=item.fired,
        decision=decision,
        rules_version=configuration.matcher.version,
        now=now,
        version=stored.version,
        held_until=_held_until(configuration, decision, now),
    )
    if story_id is not None:
        _alert_personally(connection, configuration, item, story_id, now)
        name_sources(connection, configuration, story_id)
    if isinstance(decision, Alert):
        log.info(
            "alert decided",
            article=stored.id,
            story=story_id,
            topics=[match.topic for match in decision.topics],
            url=stored.article.url,
        )
        return True
    return False


def _alert_personally(
    connection: Connection,
    configuration: Configuration,
    item: Evaluated,
    story_id: int,
    now: datetime,
) -> None:
    """An alert for each keyword of subscribers, after that on the topics: who gets the story by a
    topic does not get it again, and nobody is shown what others watch for."""
    site = configuration.sites.get(item.stored.article.site)
    if site is None:
        return
    for verdict in item.personal:
        decision = decide(
            article=item.stored,
            verdicts=(verdict,),
            site=site,
            topics={verdict.topic: Localized(item.keywords[verdict.topic])},
            already_alerted=stories.alerted_topics(connection, story_id),
            backlog_alerts=FIRST_CRAWL_ALERTS,
            now=now,
        )
        if isinstance(decision, Alert):
            decisions.add_alert(connection, story_id, decision, now)


def _decide(
    connection: Connection,
    configuration: Configuration,
    item: Evaluated,
    story_id: int,
    so_far: SoFar,
    now: datetime,
) -> Decision:
    site = configuration.sites.get(item.stored.article.site)
    if site is None:
        return Skip(f"its site {item.stored.article.site!r} is not configured any more")
    return decide(
        article=item.stored,
        verdicts=item.fired,
        site=site,
        topics={name: topic.title.localized() for name, topic in configuration.topics.items()},
        already_alerted=so_far.topics,
        repeats=_repeats(configuration, item, so_far),
        backlog_alerts=decisions.backlog_alerts(connection, site.name),
        now=now,
    )


def _so_far(connection: Connection, story_id: int, article_id: int) -> SoFar:
    """What the other articles of the story tell of it."""
    others = [
        article
        for articles_ in stories.of_articles(connection, [article_id]).values()
        for article in articles_
        if article.article_id != article_id
    ]
    return SoFar(
        sites=frozenset(article.site for article in others),
        articles=tuple((article.title, article.text) for article in others),
        topics=stories.alerted_topics(connection, story_id),
    )


def _repeats(configuration: Configuration, item: Evaluated, so_far: SoFar) -> dict[str, str]:
    """The topics on which who has the story is told again, with the reason."""
    article = item.stored.article
    found = {}
    for verdict in item.fired:
        reason = reason_to_repeat(
            configuration.topics[verdict.topic].reping,
            topic=verdict.topic,
            site=article.site,
            title=article.title,
            so_far=so_far,
        )
        if reason is not None:
            found[verdict.topic] = reason
    return found


def _held_until(configuration: Configuration, decision: Decision, now: datetime) -> datetime | None:
    """The first alert of a story waits for its copies as long as the most patient topic wants."""
    if not isinstance(decision, Alert) or decision.repeats is not None:
        return None
    waits = [configuration.topics[match.topic].group_wait for match in decision.topics]
    longest = max((wait for wait in waits if wait is not None), default=None)
    return None if longest is None else now + longest


def name_sources(connection: Connection, configuration: Configuration, story_id: int) -> None:
    """The alerts of a story name all sites that tell it, each by its first article."""
    told = stories.first_of_sites(connection, story_id)
    for article in told if len(told) > 1 else ():
        site = configuration.sites.get(article.site)
        if site is not None:
            source = AlsoTold(
                source=site.title.localized(), url=article.url, published=article.published
            )
            edits.add_source(connection, story_id, source, site=article.site)
