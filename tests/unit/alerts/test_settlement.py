"""What becomes of a delivery after each outcome."""

from datetime import timedelta

import pytest

from alerts.notifier import (
    Ambiguous,
    Gone,
    Migrated,
    NotSent,
    Outcome,
    Rejected,
    Sent,
    ThreadGone,
    Wait,
)
from alerts.settlement import settlement
from models.delivery import (
    Delivery,
    Joined,
    MarkDead,
    MarkGone,
    MarkMigrated,
    MarkRetry,
    MarkSent,
    MarkThreadGone,
    Settlement,
)
from tests.unit.alerts.builders import NOW, delivery, stored_alert


def retry(
    seconds: float,
    attempts: int,
    reason: str,
    *,
    maybe_sent: bool = False,
    lost: int = 0,
    alone: bool = False,
) -> MarkRetry:
    return MarkRetry(
        not_before=NOW + timedelta(seconds=seconds),
        attempts=attempts,
        reason=reason,
        maybe_sent=maybe_sent,
        lost=lost,
        alone=alone,
    )


@pytest.mark.parametrize(
    ("outcome", "before", "expected"),
    [
        (Sent(message_id=9), delivery(), MarkSent(message_id=9)),
        (
            Wait(seconds=30, scope="chat"),
            delivery(attempts=2),
            retry(30, 2, "told to wait 30 s (chat)"),
        ),
        (NotSent(reason="no net"), delivery(attempts=1), retry(1, 1, "no net")),
        (Ambiguous(reason="lost"), delivery(), retry(5, 1, "lost", maybe_sent=True, lost=1)),
        (
            Ambiguous(reason="lost"),
            delivery(attempts=7, maybe_sent=True),
            retry(5, 8, "lost", maybe_sent=True, lost=1),
        ),
        (
            Ambiguous(reason="lost"),
            delivery(attempts=1, maybe_sent=True, lost=1),
            MarkDead(reason="may have arrived, attempt 2: lost"),
        ),
        (
            Ambiguous(reason="5xx", answered=True),
            delivery(attempts=3, maybe_sent=True),
            retry(40, 4, "5xx", maybe_sent=True),
        ),
        (
            Ambiguous(reason="5xx", answered=True),
            delivery(attempts=11, maybe_sent=True),
            MarkDead(reason="may have arrived, attempt 12: 5xx"),
        ),
        (Rejected(reason="bad"), delivery(), retry(10, 1, "bad")),
        (
            Rejected(reason="bad"),
            delivery(joined=(Joined(id=2, alert=stored_alert(2)),)),
            retry(0, 1, "bad", alone=True),
        ),
        (
            Rejected(reason="message to edit not found", final=True),
            delivery(),
            MarkDead(reason="refused, attempt 1: message to edit not found"),
        ),
        (
            Rejected(reason="bad"),
            delivery(attempts=2),
            MarkDead(reason="refused, attempt 3: bad"),
        ),
        (Gone(reason="blocked"), delivery(), MarkGone(reason="blocked")),
        (Migrated(new_chat_id=-100), delivery(), MarkMigrated(new_chat_id=-100)),
        (ThreadGone(reason="deleted"), delivery(), MarkThreadGone(reason="deleted")),
    ],
    ids=[
        "sent",
        "told to wait",
        "never sent",
        "answer lost",
        "answer lost after other failures",
        "answer lost again",
        "server failed",
        "server failed to the end",
        "refused",
        "refused together",
        "refused for good",
        "refused three times",
        "blocked",
        "became a supergroup",
        "its topic of the forum is gone",
    ],
)
def test_every_outcome_is_settled(outcome: Outcome, before: Delivery, expected: Settlement) -> None:
    assert settlement(outcome, before, NOW) == expected


def test_without_a_connection_the_pause_grows_to_five_minutes_and_never_ends() -> None:
    pauses = [
        result.not_before - NOW
        for unsent in (0, 1, 3, 8, 9, 5000)
        if isinstance(
            result := settlement(NotSent(reason="x"), delivery(), NOW, unsent=unsent), MarkRetry
        )
    ]

    assert [pause.total_seconds() for pause in pauses] == [1, 2, 8, 256, 300, 300]


def test_waiting_does_not_forget_that_it_may_have_arrived() -> None:
    result = settlement(Wait(seconds=1, scope="all"), delivery(maybe_sent=True), NOW)

    assert isinstance(result, MarkRetry)
    assert result.maybe_sent
