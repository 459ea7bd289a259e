"""Which part of the conversation a command or a button belongs to."""

from collections.abc import Callable
from datetime import datetime

import structlog

from alerts.telegram.choices import Choices
from alerts.telegram.desk import Desk
from alerts.telegram.door import Door
from alerts.telegram.editing import Editing
from alerts.telegram.entrance import Entrance
from alerts.telegram.keywords import OwnKeywords, TryOut
from alerts.telegram.operating import Operating
from alerts.telegram.people import Speaker
from alerts.telegram.presses import (
    Admit,
    AskKeywords,
    Broadcast,
    DiscardEdit,
    DropKeyword,
    Follow,
    Forget,
    GrantKeywords,
    HearSite,
    HearSource,
    Judge,
    MuteSite,
    MuteStory,
    Page,
    Press,
    SaveEdit,
    SearchPage,
    SetDigest,
    SetQuiet,
    SetZone,
    SourcesPage,
    Speak,
    Tell,
    UndoEdit,
)
from alerts.telegram.questions import Questions
from alerts.telegram.room import Room, Rules
from alerts.telegram.sources import Sources
from alerts.telegram.store import SubscriberStore
from alerts.telegram.talk import Talk

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
        editing: Editing | None,
    ) -> None:
        self.room = Room(talk, store, rules, now)
        self.door = Door(self.room, operating)
        self.entrance = Entrance(self.room, operating)
        self.questions = Questions(self.room)
        self.choices = Choices(self.room)
        self.sources = Sources(self.room)
        self.keywords = OwnKeywords(self.room, try_out)
        self.desk = Desk(self.room, operating, self.keywords, editing)

    async def press(self, speaker: Speaker, press: Press | None, query_id: str) -> None:
        questions, choices = self.questions, self.choices
        match press:
            case Follow():
                await choices.follow(speaker, press, query_id)
            case Speak(language):
                await choices.speak(speaker, language, query_id)
            case HearSource() | SourcesPage():
                await self.sources.press(speaker, press, query_id)
            case DropKeyword():
                await self.keywords.drop(speaker, press, query_id)
            case AskKeywords():
                await self.keywords.ask(speaker, query_id)
            case GrantKeywords():
                await self.keywords.grant(speaker, press, query_id)
            case Admit():
                await self.entrance.admit(speaker, press, query_id)
            case Broadcast() | SaveEdit() | DiscardEdit() | UndoEdit():
                await self.desk.press(speaker, press, query_id)
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
