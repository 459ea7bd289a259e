"""Whose turn it is: the updates of one chat one after the other, those of others meanwhile.

Who is answered at once makes nobody wait. A search, a write behind others, an answer that Telegram
wants later takes longer; then other chats go on. Those of one chat keep their order: /stop after
/start has to see what /start did.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass

import structlog
from telegram import Update

log = structlog.get_logger(__name__)

# Most are answered sooner. After it, who has to wait for another process that holds the database is
# told so, while it still seems at once.
_PATIENCE_SECONDS = 0.012
# After so much more the next is taken; Telegram gives this one again at each look until it is done.
_REST_SECONDS = 0.02
_LOOK_SECONDS = 0.005
# Fewer than the connections to the Bot API (alerts.telegram.application), which alerts need, too.
_MOST_AT_ONCE = 4


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
        self._under_way: set[asyncio.Task[None]] = set()
        self._watches: set[asyncio.Task[None]] = set()

    async def take(self, update: Update) -> "asyncio.Task[None]":
        """The processing of the update: done, or taking longer."""
        turn = Turn()
        context = copy_context()
        context.run(_turn.set, turn)
        before = self._before(update)
        task = asyncio.create_task(self._processed(update, before), context=context)
        self._keep(update, task)
        if not (await asyncio.wait({task}, timeout=_PATIENCE_SECONDS))[0]:
            await self._go_on(update, turn, task)
        return task

    async def _go_on(self, update: Update, turn: Turn, task: "asyncio.Task[None]") -> None:
        """Return when another update may be taken."""
        watch = asyncio.create_task(self._watch(update, turn, task))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)
        first = asyncio.FIRST_COMPLETED
        await asyncio.wait({task, watch}, timeout=_REST_SECONDS, return_when=first)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        while len(self._under_way) >= _MOST_AT_ONCE and not self._held():
            await asyncio.wait(self._under_way, timeout=_LOOK_SECONDS, return_when=first)

    async def _watch(self, update: Update, turn: Turn, task: "asyncio.Task[None]") -> None:
        """Tell the person to wait, if it is for another process."""
        while not task.done():
            if self._held():
                await self._tell(update, turn)
                return
            await asyncio.wait({task}, timeout=_LOOK_SECONDS)

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
