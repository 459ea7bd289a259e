"""Edits: a message that was sent is brought up to date. Deliveries of the lowest lane, one a
message and story: only what the alert says now is kept, never what it said in between."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import and_, case, exists, func, literal, or_, select, update

from models.alert import AlsoTold, Changes, StoredAlert
from models.delivery import Delivery, DeliveryKind, DeliveryState
from models.subscriber import Channel, ChatStatus
from models.text import Marked
from storage.alerts import stored_alert
from storage.codec import changes_to_json
from storage.dialect import alone, insert
from storage.lanes import EDITS
from storage.schema import alerts, articles, chats, deliveries
from storage.stories import whole

# Articles are asked again within 48 hours of their alert (storage.decisions.RECHECKS).
_CORRECTED_WITHIN = timedelta(hours=72)
_MOST_ALSO = 8
_IN_FLIGHT: Final = DeliveryState.IN_FLIGHT.value


def add_source(
    connection: sa.Connection, story_id: int, source: AlsoTold, site: str | None = None
) -> int:
    """Another source tells the story: its alerts name it from now on, and messages that told one
    of them alone are edited. How many alerts changed; one that names eight names no more.
    `site`: its own alerts do not name it."""
    changed = 0
    of_story = alerts.c.story_id.in_(whole(story_id))
    others = of_story if site is None else and_(of_story, alerts.c.site != site)
    for stored in _alerts_where(connection, others):
        also = stored.changes.also
        if source.url == stored.alert.url or source.url in (told.url for told in also):
            continue
        if len(also) < _MOST_ALSO:
            _change(connection, stored, replace(stored.changes, also=(*also, source)))
            changed += 1
    return changed


def correct(connection: sa.Connection, now: datetime) -> int:
    """Take over what crawls found out about articles that were alerted: a headline that the site
    corrected, an article that it withdrew or brought back. How many alerts changed."""
    withdrawn = articles.c.withdrawn_at.is_not(None)
    rows = connection.execute(
        select(alerts, articles.c.title, articles.c.version, withdrawn.label("withdrawn"))
        .join(articles, articles.c.id == alerts.c.article_id)
        .where(
            alerts.c.created > now - _CORRECTED_WITHIN,
            or_(
                and_(articles.c.version > 1, alerts.c.seen_version < articles.c.version),
                alerts.c.seen_withdrawn != withdrawn,
            ),
        )
        .order_by(alerts.c.id)
    ).all()
    return sum(_correct_one(connection, row) for row in rows)


def _correct_one(connection: sa.Connection, row: Any) -> bool:
    stored = stored_alert(row._mapping)
    was = stored.changes.title or stored.alert.title
    title = stored.changes.title
    if row.title != was.text and row.title.strip():
        title = _marked(row.title, stored.alert.words)
    connection.execute(
        update(alerts)
        .where(alerts.c.id == stored.id)
        .values(seen_version=row.version, seen_withdrawn=bool(row.withdrawn))
    )
    changes = replace(stored.changes, title=title, withdrawn=bool(row.withdrawn))
    if changes == stored.changes:
        return False
    _change(connection, stored, replace(changes, corrected=stored.revision + 1))
    return True


def _marked(title: str, words: Iterable[str]) -> Marked:
    """The words of the alert, where the new headline still has them."""
    spans: list[tuple[int, int]] = []
    for word in words:
        start = title.find(word)
        end = start + len(word)
        if start >= 0 and word and all(end <= a or b <= start for a, b in spans):
            spans.append((start, end))
    return Marked(title, tuple(sorted(spans)))


def _alerts_where(
    connection: sa.Connection, condition: sa.ColumnElement[bool]
) -> Sequence[StoredAlert]:
    rows = connection.execute(select(alerts).where(condition).order_by(alerts.c.id)).all()
    return [stored_alert(row._mapping) for row in rows]


def _change(connection: sa.Connection, stored: StoredAlert, changes: Changes) -> None:
    connection.execute(
        update(alerts)
        .where(alerts.c.id == stored.id)
        .values(
            changes=changes_to_json(changes),
            revision=stored.revision + 1,
            editing=True,
            edited_to=None,
        )
    )


def expand(connection: sa.Connection, now: datetime, limit: int = 1000) -> bool:
    """Write the edits of at most `limit` messages of the oldest alert that changed; False: none
    did. A message that told several alerts is edited for corrections only."""
    alone(connection, "expansion")
    row = connection.execute(
        select(alerts).where(alerts.c.editing).order_by(alerts.c.id).limit(1)
    ).one_or_none()
    if row is None:
        return False
    stored = stored_alert(row._mapping)
    told = _outdated(stored, row.edited_to)
    page = told.with_only_columns(deliveries.c.id).limit(limit).subquery()
    count, last = connection.execute(select(func.count(), func.max(page.c.id))).one()
    if count:
        _write(connection, stored, told.where(deliveries.c.id <= last), now)
    connection.execute(
        update(alerts)
        .where(alerts.c.id == stored.id)
        .values(editing=count == limit, edited_to=last if count else row.edited_to)
    )
    return True


def _outdated(stored: StoredAlert, after: int | None) -> sa.Select[Any]:
    """Messages that show an earlier revision, in chats that can be written to."""
    other = deliveries.alias("other")
    together = exists().where(
        other.c.chat_id == deliveries.c.chat_id,
        other.c.message_id == deliveries.c.message_id,
        other.c.kind == DeliveryKind.ALERT.value,
        other.c.id != deliveries.c.id,
    )
    return (
        select(deliveries)
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .where(
            deliveries.c.alert_id == stored.id,
            deliveries.c.kind == DeliveryKind.ALERT.value,
            deliveries.c.state == DeliveryState.SENT.value,
            deliveries.c.message_id.is_not(None),
            deliveries.c.revision < stored.revision,
            chats.c.status == ChatStatus.ACTIVE.value,
            # What stands on the terminal stands there.
            deliveries.c.channel != Channel.TERMINAL.value,
            sa.true() if after is None else deliveries.c.id > after,
            or_(~together, deliveries.c.revision < stored.changes.corrected),
        )
        .order_by(deliveries.c.id)
    )


def _write(
    connection: sa.Connection, stored: StoredAlert, told: sa.Select[Any], now: datetime
) -> None:
    source = told.with_only_columns(
        deliveries.c.chat_id, deliveries.c.channel, deliveries.c.message_id
    ).subquery()
    values: dict[str, Any] = {
        "kind": DeliveryKind.EDIT.value,
        "state": DeliveryState.PENDING.value,
        "story_id": stored.story_id,
        "alert_id": stored.id,
        "attempts": 0,
        "maybe_sent": False,
        "lane": EDITS,
        "rank_at": now,
        "due_at": now,
        "silent": True,
        "digest": False,
        "lost": 0,
        "alone": True,
        "revision": stored.revision,
        "created": now,
    }
    columns = {name: source.c[name] for name in ("chat_id", "channel", "message_id")} | {
        name: literal(value, deliveries.c[name].type) for name, value in values.items()
    }
    statement = insert(connection, deliveries).from_select(
        list(columns), select(*columns.values()).where(sa.true())
    )
    # One that is in flight ends first; then it is seen that there is something newer.
    in_flight = deliveries.c.state == _IN_FLIGHT
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["story_id", "chat_id", "kind"],
            set_={
                "state": case((in_flight, deliveries.c.state), else_=new.state),
                "attempts": case((in_flight, deliveries.c.attempts), else_=new.attempts),
                "lost": new.lost,
                "alert_id": new.alert_id,
                "message_id": new.message_id,
                "revision": new.revision,
                "rank_at": new.rank_at,
                "due_at": new.due_at,
                "reason": None,
                "settled_at": None,
            },
        )
    )


def edited(connection: sa.Connection, edit: Delivery, now: datetime) -> None:
    """The message shows what the edit said; if there is something newer, it is edited again."""
    shown(connection, _message_rows(connection, edit), edit.alerts)
    row = connection.execute(
        select(deliveries.c.revision, alerts.c.id, deliveries.c.state)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(deliveries.c.id == edit.id)
    ).one_or_none()
    if row is None:
        return
    now_shown = next((told.revision for told in edit.alerts if told.id == row.id), row.revision)
    newer = row.revision > now_shown and row.state == _IN_FLIGHT
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == edit.id)
        .values(
            state=(DeliveryState.PENDING if newer else DeliveryState.SENT).value,
            settled_at=None if newer else now,
            reason=None,
            lease_owner=None,
            lease_until=None,
        )
    )


def _message_rows(connection: sa.Connection, edit: Delivery) -> Sequence[int]:
    return connection.scalars(
        select(deliveries.c.id).where(
            deliveries.c.chat_id == edit.chat.id,
            deliveries.c.message_id == edit.message_id,
            deliveries.c.kind == DeliveryKind.ALERT.value,
        )
    ).all()


def shown(
    connection: sa.Connection, delivery_ids: Sequence[int], told: Iterable[StoredAlert]
) -> None:
    """These deliveries show these alerts as they are given here. An alert that changed while its
    message was on its way is looked at again."""
    for stored in told:
        connection.execute(
            update(alerts)
            .where(alerts.c.id == stored.id, alerts.c.revision > stored.revision)
            .values(editing=True, edited_to=None)
        )
        if stored.revision:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(delivery_ids), deliveries.c.alert_id == stored.id)
                .values(revision=stored.revision)
            )
