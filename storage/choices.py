"""What chats do not want to hear of, and what they say of alerts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import and_, delete, exists, select, update

from models.delivery import DeliveryState
from storage.alerts import stored_alert
from storage.dialect import insert
from storage.errors import UnknownChat
from storage.schema import alerts, articles, chats, deliveries, is_open, labels, mutes, stories


def mute(connection: sa.Connection, chat_id: int, kind: str, name: str, now: datetime) -> None:
    """`kind` is 'site' (name: the site's) or 'story' (name: its id). Raises UnknownChat."""
    _require_chat(connection, chat_id)
    names = {name}
    if kind == "story":
        # the button may be under what was told before the story became part of another
        whole = connection.scalar(select(stories.c.merged_into).where(stories.c.id == int(name)))
        names |= set() if whole is None else {str(whole)}
    connection.execute(
        insert(connection, mutes)
        .values([{"chat_id": chat_id, "kind": kind, "name": n, "created": now} for n in names])
        .on_conflict_do_nothing()
    )
    of_site = select(alerts.c.id).where(alerts.c.site == name)
    of_story = deliveries.c.story_id.in_([int(n) for n in names] if kind == "story" else [])
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.chat_id == chat_id,
            is_open(),
            deliveries.c.state != DeliveryState.IN_FLIGHT.value,
            of_story if kind == "story" else deliveries.c.alert_id.in_(of_site),
        )
        .values(
            state=DeliveryState.CANCELLED.value,
            reason=f"the chat muted the {kind}",
            settled_at=now,
            lease_owner=None,
            lease_until=None,
        )
    )


def unmute(connection: sa.Connection, chat_id: int, kind: str, name: str) -> None:
    connection.execute(
        delete(mutes).where(
            and_(mutes.c.chat_id == chat_id, mutes.c.kind == kind, mutes.c.name == name)
        )
    )


def muted_sites(connection: sa.Connection, chat_id: int) -> Sequence[str]:
    return connection.scalars(
        select(mutes.c.name)
        .where(mutes.c.chat_id == chat_id, mutes.c.kind == "site")
        .order_by(mutes.c.name)
    ).all()


def label(
    connection: sa.Connection, chat_id: int, alert_id: int, relevant: bool, now: datetime
) -> None:
    """The last word counts; an alert that is not known is ignored. Raises UnknownChat."""
    _require_chat(connection, chat_id)
    if not connection.execute(select(exists().where(alerts.c.id == alert_id))).scalar_one():
        return
    connection.execute(
        insert(connection, labels)
        .values(chat_id=chat_id, alert_id=alert_id, relevant=relevant, created=now)
        .on_conflict_do_update(
            index_elements=["chat_id", "alert_id"], set_={"relevant": relevant, "created": now}
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An article that was alerted and how many chats found it relevant, and how many did not.
    `topics` are those of the alert."""

    url: str
    site: str
    title: str
    text: str
    topics: tuple[str, ...]
    relevant: int
    irrelevant: int


def judged(connection: sa.Connection) -> Iterator[Judged]:
    """What readers say of alerts, by alert; who said what is not told."""
    votes = (
        select(
            labels.c.alert_id,
            sa.func.sum(sa.case((labels.c.relevant, 1), else_=0)).label("relevant"),
            sa.func.count().label("votes"),
        )
        .group_by(labels.c.alert_id)
        .subquery()
    )
    rows = connection.execute(
        select(alerts, articles.c.title, articles.c.text, votes.c.relevant, votes.c.votes)
        .join(votes, votes.c.alert_id == alerts.c.id)
        .join(articles, articles.c.id == alerts.c.article_id)
        .order_by(alerts.c.id)
    )
    for row in rows:
        alert = stored_alert(row._mapping).alert
        yield Judged(
            url=alert.url,
            site=alert.site,
            title=row.title,
            text=row.text,
            topics=tuple(match.topic for match in alert.topics),
            relevant=int(row.relevant),
            irrelevant=int(row.votes - row.relevant),
        )


def _require_chat(connection: sa.Connection, chat_id: int) -> None:
    if not connection.execute(select(exists().where(chats.c.id == chat_id))).scalar_one():
        raise UnknownChat(chat_id)
