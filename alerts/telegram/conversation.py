"""Which part of the conversation a command or a button belongs to."""

from collections.abc import Callable
from datetime import datetime

import structlog

from alerts.telegram.choices import Choices
from alerts.telegram.entrance import Entrance
from alerts.telegram.keywords import OwnKeywords, TryOut
from alerts.telegram.operating import Operating
from alerts.telegram.people import Speaker
from alerts.telegram.presses import (
    Admit,
    AskKeywords,
    Broadcast,
    DropKeyword,
    Follow,
    Forget,
    GrantKeywords,
    HearSite,
    Judge,
    MuteSite,
    MuteStory,
    Page,
    Press,
    SearchPage,
    SetDigest,
    SetQuiet,
    SetZone,
    Speak,
    Tell,
    is_number,
)
from alerts.telegram.questions import Questions
from alerts.telegram.room import Room, Rules
from alerts.telegram.store import SubscriberStore
from alerts.telegram.talk import Talk
from alerts.telegram.texts.operators import operator_texts

log = structlog.get_logger(__name__)


class Conversation:
    def __init__(
        self,
        talk: Talk,
        store: SubscriberStore,
        rules: Rules,
        now: Callable[[], datetime],
        operating: Operating,
        try_out: TryOut,
    ) -> None:
        self.room = Room(talk, store, rules, now)
        self.entrance = Entrance(self.room, operating)
        self.questions = Questions(self.room)
        self.choices = Choices(self.room)
        self.keywords = OwnKeywords(self.room, try_out)
        self._operating = operating

    async def operate(self, speaker: Speaker, command: str, text: str) -> None:
        """To others than operators the command does not exist."""
        if not self.room.is_operator(speaker):
            if speaker.private:
                await self.questions.unknown(speaker)
            return
        language, act = await self.room.language(speaker), self._operating
        match command:
            case "stats":
                answer = await act.stats(language)
            case "sites":
                answer = await act.sites(language)
            case "pause" | "resume":
                paused = command == "pause"
                answer = await act.pause(language, speaker.user_id, paused=paused)
                log.warning("delivery paused or resumed", paused=paused, by=speaker.user_id)
            case "allow" | "deny":
                chat_id = int(text) if is_number(text.strip()) else None
                answer = await self.keywords.allow(language, chat_id, granted=command == "allow")
            case "broadcast":
                answer = await act.ask_to_broadcast(language, text)
            case _:
                answer = await act.invite(language)
        await self.room.say(speaker, answer)

    async def _broadcast(self, speaker: Speaker, press: Broadcast, query_id: str) -> None:
        language = await self.room.language(speaker)
        if not self.room.is_operator(speaker):
            await self.room.talk.acknowledge(query_id, operator_texts(language).operators_only)
            return
        done = await self._operating.broadcast(language, press)
        await self.room.talk.acknowledge(query_id)
        await self.room.change(speaker, done)

    async def press(self, speaker: Speaker, press: Press | None, query_id: str) -> None:
        questions, choices = self.questions, self.choices
        match press:
            case Follow():
                await choices.follow(speaker, press, query_id)
            case Speak(language):
                await choices.speak(speaker, language, query_id)
            case DropKeyword():
                await self.keywords.drop(speaker, press, query_id)
            case AskKeywords():
                await self.keywords.ask(speaker, query_id)
            case GrantKeywords():
                await self.keywords.grant(speaker, press, query_id)
            case Admit():
                await self.entrance.admit(speaker, press, query_id)
            case Broadcast():
                await self._broadcast(speaker, press, query_id)
            case Page(skip):
                await questions.turn(speaker, questions.latest_page, skip, query_id)
            case SearchPage(skip):
                await questions.turn(speaker, questions.search_page, skip, query_id)
            case Judge() | MuteStory() | MuteSite():
                await choices.about_alert(speaker, press, query_id)
            case Tell() | SetQuiet() | SetDigest() | SetZone() | HearSite() | Forget():
                await choices.choose(speaker, press, query_id)
            case None:
                await self.room.talk.acknowledge(query_id)
