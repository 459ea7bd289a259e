"""Where subscribing takes an invitation, others get one answer a day, whatever they write."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.telegram.operating import Operating
from alerts.telegram.people import Speaker
from alerts.telegram.room import LET_IN, Room
from alerts.telegram.texts.talk import talk_texts

_AGAIN_AFTER = timedelta(days=1)
_MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Door:
    room: Room
    operating: Operating
    # When each stranger got its answer; a restart forgets it. Nothing else is kept of them.
    _answered: dict[int, datetime] = field(default_factory=dict)

    async def opens(self, speaker: Speaker, argument: str | None) -> bool:
        """Whether to listen to them; `argument` is that of /start. They are answered if not."""
        if self.room.rules.access() != "invite" or self.room.is_operator(speaker):
            return True
        subscriber = await self.room.store.subscriber(speaker.chat_id)
        if subscriber is not None and subscriber.chat.status in LET_IN:
            return True
        if argument is not None and self.operating.is_ours(argument):
            return True
        if self._answers(speaker.chat_id):
            invited_only = talk_texts(speaker.language).invited_only
            await self.room.answer(speaker, speaker.language, invited_only)
        return False

    def _answers(self, chat_id: int) -> bool:
        now = self.room.now()
        answered = self._answered.get(chat_id)
        if answered is not None and now - answered < _AGAIN_AFTER:
            return False
        if len(self._answered) >= _MOST_REMEMBERED:
            self._answered = {
                known: at for known, at in self._answered.items() if now - at < _AGAIN_AFTER
            }
        if len(self._answered) >= _MOST_REMEMBERED:
            # so many strangers on one day are no people
            return False
        self._answered[chat_id] = now
        return True
