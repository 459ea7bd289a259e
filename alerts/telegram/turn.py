"""Whose turn it is: one update after the other, except while the database takes no writes.

A command that only reads is answered from a snapshot, whoever writes. One that writes waits for its
write; while another process holds the database's lock, other chats are not made to wait too. The
updates of one chat keep their order: /stop after /start has to see what /start did.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from time import monotonic

import structlog
from telegram import Update

log = structlog.get_logger(__name__)

# What only reads is answered sooner; who has to wait is told while it still seems at once.
_PATIENCE_SECONDS = 0.015
_LOOK_SECONDS = 0.005


@dataclass(slots=True)
class Turn:
    """Of one update. `answered`: something has been said to it, perhaps by `reassure`."""

    answered: bool = False
    reassured: bool = False


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


def answering() -> Turn:
    """The turn of the update that is being processed; outside of one, a new turn."""
    turn = _turn.get()
    if turn is None:
        return Turn()
    turn.answered = True
    return turn


class Turns:
    def __init__(
        self,
        process: Callable[[Update], Awaitable[None]],
        held: Callable[[], bool],
        reassure: Callable[[Update], Awaitable[None]],
    ) -> None:
        """`held`: whether writes wait for somebody else. `reassure` tells the person that it will
        take a moment."""
        self._process = process
        self._held = held
        self._reassure = reassure
        # Of each chat, the update taken last, while it is processed.
        self._newest: dict[int, asyncio.Task[None]] = {}

    async def take(self, update: Update) -> "asyncio.Task[None]":
        """The processing of the update: done, or waiting for the database or for what its chat
        sent before."""
        turn = Turn()
        context = copy_context()
        context.run(_turn.set, turn)
        before = self._before(update)
        task = asyncio.create_task(self._processed(update, before), context=context)
        self._keep(update, task)
        began = monotonic()
        while not (await asyncio.wait({task}, timeout=_LOOK_SECONDS))[0]:
            if monotonic() - began >= _PATIENCE_SECONDS and self._held():
                await self._tell(update, turn)
                break
            if before is not None and not before.done():
                break
        return task

    def _before(self, update: Update) -> "asyncio.Task[None] | None":
        chat = update.effective_chat
        return None if chat is None else self._newest.get(chat.id)

    def _keep(self, update: Update, task: "asyncio.Task[None]") -> None:
        chat = update.effective_chat
        if chat is None:
            return
        self._newest[chat.id] = task

        def forget(_done: "asyncio.Task[None]") -> None:
            if self._newest.get(chat.id) is task:
                del self._newest[chat.id]

        task.add_done_callback(forget)

    async def _tell(self, update: Update, turn: Turn) -> None:
        if turn.answered:
            return
        turn.answered = turn.reassured = True
        log.warning("the database takes no writes; a person is told to wait")
        await self._reassure(update)

    async def _processed(self, update: Update, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await self._process(update)
        except Exception:
            log.exception("update failed", update=update.update_id)
