"""The operators' commands and buttons: who may, and what is answered."""

from dataclasses import dataclass

import structlog

from alerts.message import Message
from alerts.telegram.editing import Editing, discarded
from alerts.telegram.keywords import OwnKeywords
from alerts.telegram.operating import Operating
from alerts.telegram.people import Speaker
from alerts.telegram.presses import Broadcast, DiscardEdit, SaveEdit, UndoEdit, is_number
from alerts.telegram.room import Room
from alerts.telegram.texts.operators import operator_texts
from alerts.telegram.texts.talk import talk_texts
from models.text import Language

log = structlog.get_logger(__name__)

# Rules are edited where only the operator reads along.
_PRIVATE = ("edit", "undo", "dryrun")
OPERATOR_COMMANDS = (
    "stats",
    "sites",
    "pause",
    "resume",
    "broadcast",
    "invite",
    "allow",
    "deny",
    *_PRIVATE,
)

OperatorPress = Broadcast | SaveEdit | DiscardEdit | UndoEdit


@dataclass(frozen=True, slots=True)
class Desk:
    room: Room
    operating: Operating
    keywords: OwnKeywords
    editing: Editing | None

    async def operate(self, speaker: Speaker, command: str, text: str) -> None:
        """To others than operators the command does not exist; subscribers see the sites."""
        language = await self.room.language(speaker)
        if command == "sites" and not self.room.is_operator(speaker):
            if await self.room.admitted(speaker) is not None:
                sites = await self.operating.sites(language, self.room.rules.sites())
                await self.room.say(speaker, sites)
            return
        answer = await self._answer(speaker, language, command, text)
        if answer is not None:
            await self.room.say(speaker, answer)
        elif speaker.private:
            unknown = talk_texts(language).unknown
            await self.room.point(speaker, language, unknown, "help")

    async def _answer(
        self, speaker: Speaker, language: Language, command: str, text: str
    ) -> Message | None:
        if not self.room.is_operator(speaker):
            return None
        if command in _PRIVATE:
            return await self._edited(speaker, language, command, text)
        act = self.operating
        match command:
            case "stats":
                return await act.stats(language)
            case "sites":
                return await act.sites(language)
            case "pause" | "resume":
                paused = command == "pause"
                log.warning("delivery paused or resumed", paused=paused, by=speaker.user_id)
                return await act.pause(language, speaker.user_id, paused=paused)
            case "allow" | "deny":
                chat_id = int(text) if is_number(text.strip()) else None
                return await self.keywords.allow(language, chat_id, granted=command == "allow")
            case "broadcast":
                return await act.ask_to_broadcast(language, text)
            case _:
                return await act.invite(language)

    async def _edited(
        self, speaker: Speaker, language: Language, command: str, text: str
    ) -> Message | None:
        if self.editing is None or not speaker.private:
            return None
        match command:
            case "edit":
                return await self.editing.edit(language, text)
            case "undo":
                return await self.editing.undo(language, None, speaker.user_id)
            case _:
                return await self.editing.dry_run(language, text)

    async def press(self, speaker: Speaker, press: OperatorPress, query_id: str) -> None:
        """The sender is checked again, whoever has the message."""
        language = await self.room.language(speaker)
        if not self.room.is_operator(speaker):
            await self.room.talk.acknowledge(query_id, operator_texts(language).operators_only)
            return
        done = await self._pressed(speaker, language, press)
        await self.room.talk.acknowledge(query_id)
        if done is not None:
            await self.room.change(speaker, done)

    async def _pressed(
        self, speaker: Speaker, language: Language, press: OperatorPress
    ) -> Message | None:
        match press:
            case Broadcast():
                return await self.operating.broadcast(language, press)
            case DiscardEdit():
                return discarded(language)
            case SaveEdit() if self.editing is not None and speaker.private:
                return await self.editing.save(language, press, speaker.user_id)
            case UndoEdit(key) if self.editing is not None and speaker.private:
                return await self.editing.undo(language, key, speaker.user_id)
            case _:
                return None
