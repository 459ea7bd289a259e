"""What goes wrong on purpose: which call of the local Bot API fails, and how."""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Kind = Literal["reset", "hang", "status", "slow", "flood"]


class Fault(BaseModel):
    """One fault and the calls it hits.

    reset: the connection is reset. hang: no answer for `seconds`, then a reset. status: an HTML
    page with `status` (500 or 502, as a proxy gives it). slow: `seconds` later. flood: 429 with
    retry_after `seconds`. With `accepted` the call is carried out first: the message is
    delivered, its answer is lost.

    It hits calls of `method` (and to `chat_id`, if given): the `nth` ones (from 1), or each with
    `probability`; at most `times` of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    method: str = "sendMessage"
    chat_id: int | None = None
    nth: tuple[Annotated[int, Field(ge=1)], ...] = ()
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    times: int | None = None
    accepted: bool = False
    seconds: float = 1.0
    status: Literal[500, 502, 503, 504] = 502


_FAULTS = TypeAdapter(tuple[Fault, ...])


def read_faults(path: Path) -> tuple[Fault, ...]:
    """A JSON list of faults. Raises pydantic.ValidationError or OSError."""
    return _FAULTS.validate_json(path.read_bytes())


class FaultPlan:
    """Decides call by call; the same seed and calls give the same faults."""

    def __init__(self, faults: Sequence[Fault] = (), seed: int = 0) -> None:
        self._faults = tuple(faults)
        self._random = random.Random(seed)  # noqa: S311  (repeatable, not secret)
        self._calls: Counter[int] = Counter()
        self.struck: Counter[int] = Counter()

    def next(self, method: str, chat_id: int | None) -> Fault | None:
        """The first fault that hits this call."""
        hit = None
        for index, fault in enumerate(self._faults):
            if fault.method not in ("*", method) or fault.chat_id not in (None, chat_id):
                continue
            self._calls[index] += 1
            if hit is None and self._strikes(index, fault):
                self.struck[index] += 1
                hit = fault
        return hit

    def _strikes(self, index: int, fault: Fault) -> bool:
        if fault.times is not None and self.struck[index] >= fault.times:
            return False
        if fault.nth:
            return self._calls[index] in fault.nth
        return self._random.random() < fault.probability
