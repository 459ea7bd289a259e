"""Coming and going: subscribing, an operator's yes or no, stopping, being thrown out."""

from dataclasses import dataclass, field

import structlog

from alerts.telegram import replies
from alerts.telegram.operating import Operating
from alerts.telegram.people import Speaker
from alerts.telegram.presses import Admit
from alerts.telegram.room import LET_IN, Room
from alerts.telegram.texts.operators import operator_texts
from alerts.telegram.texts.talk import talk_texts
from models.subscriber import Chat, ChatStatus, Subscriber

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Entrance:
    room: Room
    operating: Operating
    # Chats whose request reached no operator; it is repeated when they ask again.
    _unheard: set[int] = field(default_factory=set)

    async def start(self, speaker: Speaker, argument: str | None = None) -> None:
        """`argument`: that of a link t.me/BOT?start=ARGUMENT; a topic is followed at once."""
        room = self.room
        if not await room.may_change(speaker):
            return
        known = await room.store.subscriber(speaker.chat_id)
        if known is None and room.rules.access() == "invite" and not room.is_operator(speaker):
            # nothing is kept of who comes with an invitation that holds no more
            if not await self.operating.admits(argument, speaker.chat_id):
                spent = talk_texts(speaker.language).invitation_spent
                await room.answer(speaker, speaker.language, spent)
                return
            await room.store.register(speaker.chat(ChatStatus.ACTIVE, room.now()))
        chat = await room.store.register(speaker.chat(ChatStatus.WAITING, room.now()))
        refused = chat.status is ChatStatus.REFUSED
        if argument and argument in room.rules.topics() and not refused:
            await room.store.subscribe(chat.id, argument, room.now())
        if self._lets_in(speaker, chat) or await self.operating.admits(argument, chat.id):
            await self._let_in(speaker, chat)
        elif refused:
            await room.answer(speaker, chat.language, talk_texts(chat.language).refused)
        elif known is None or chat.id in self._unheard:
            await room.say(speaker, replies.waiting(chat.language))
            await self._ask_operators(chat)
        else:
            await room.answer(speaker, chat.language, talk_texts(chat.language).still_waiting)

    def _lets_in(self, speaker: Speaker, chat: Chat) -> bool:
        rules = self.room.rules
        if speaker.user_id in rules.operators or chat.status in LET_IN:
            return True
        return rules.access() == "open" and chat.status is ChatStatus.WAITING

    async def _let_in(self, speaker: Speaker, chat: Chat) -> None:
        room = self.room
        if chat.status is not ChatStatus.ACTIVE:
            await room.store.set_status(chat.id, ChatStatus.ACTIVE, room.now())
        subscriber = await room.store.subscriber(chat.id)
        if subscriber is not None:
            await room.say(speaker, replies.welcome(subscriber, room.rules.topics()))

    async def _ask_operators(self, chat: Chat) -> None:
        """One message to each operator; the chat need not ask twice."""
        if await self.room.ask_operators(lambda to: replies.approval_request(to, chat)):
            self._unheard.discard(chat.id)
        else:
            self._unheard.add(chat.id)
            log.error("no operator could be asked; operators must /start the bot", chat=chat.id)

    async def stop(self, speaker: Speaker) -> None:
        room = self.room
        if not await room.may_change(speaker):
            return
        subscriber = await room.known(speaker)
        if subscriber is None:
            return
        language = subscriber.chat.language
        texts = talk_texts(language)
        if subscriber.chat.status not in LET_IN:
            await room.answer(speaker, language, texts.stop_before_approval)
            return
        await room.store.set_status(speaker.chat_id, ChatStatus.STOPPED, room.now())
        await room.say(speaker, replies.pointer(language, texts.stopped, "start"))

    async def admit(self, speaker: Speaker, press: Admit, query_id: str) -> None:
        """Approve or refuse: the sender is checked again, whoever has the message."""
        room, language = self.room, await self.room.language(speaker)
        texts = operator_texts(language)
        if not room.is_operator(speaker):
            log.warning("approval by somebody else refused", user=speaker.user_id)
            await room.talk.acknowledge(query_id, texts.operators_only)
            return
        known = await room.store.subscriber(press.chat_id)
        if known is None:
            await room.talk.acknowledge(query_id, texts.gone_meanwhile)
            return
        was_let_in = known.chat.status in LET_IN
        if not was_let_in:
            await self._record_answer(known, admitted=press.admitted)
        await room.talk.acknowledge(query_id)
        admitted = was_let_in or press.admitted
        await room.change(speaker, replies.approval_result(language, known.chat, admitted=admitted))

    async def _record_answer(self, known: Subscriber, *, admitted: bool) -> None:
        room, chat = self.room, known.chat
        if not admitted and chat.status is ChatStatus.REFUSED:
            return
        status = ChatStatus.ACTIVE if admitted else ChatStatus.REFUSED
        await room.store.set_status(chat.id, status, room.now())
        log.info("request answered", chat=chat.id, status=str(status))
        told = (
            replies.approved(known, room.rules.topics())
            if admitted
            else replies.sentence(chat.language, talk_texts(chat.language).refused)
        )
        await room.talk.say(chat.id, told, chat.thread_id)

    # The bot was blocked, thrown out, unblocked or added again

    async def lost(self, chat_id: int) -> None:
        store = self.room.store
        subscriber = await store.subscriber(chat_id)
        if subscriber is not None and subscriber.chat.status is ChatStatus.ACTIVE:
            await store.set_status(chat_id, ChatStatus.GONE, self.room.now())

    async def back(self, chat_id: int) -> None:
        store = self.room.store
        subscriber = await store.subscriber(chat_id)
        if subscriber is not None and subscriber.chat.status is ChatStatus.GONE:
            await store.set_status(chat_id, ChatStatus.ACTIVE, self.room.now())
