"""Receipts: what the local Bot API accepted. The only judge of what was delivered."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One message that a chat received, or one edit of it; `time` is the server's clock."""

    time: float
    method: str
    chat_id: int
    message_id: int
    text: str
    entities: tuple[dict[str, object], ...]
    reply_markup: dict[str, object] | None
    preview: dict[str, object] | None
    silent: bool
    thread_id: int | None = None


class Receipts:
    """An append-only list and, if wanted, a file of JSON lines, flushed line by line."""

    def __init__(self, path: Path | None = None) -> None:
        self._receipts: list[Receipt] = []
        self._file: TextIO | None = path.open("a", encoding="utf-8") if path else None

    def append(self, receipt: Receipt) -> None:
        self._receipts.append(receipt)
        if self._file is not None:
            self._file.write(json.dumps(asdict(receipt), ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __iter__(self) -> Iterator[Receipt]:
        return iter(tuple(self._receipts))

    def __len__(self) -> int:
        return len(self._receipts)

    def __getitem__(self, index: int) -> Receipt:
        return self._receipts[index]

    def sent(self, chat_id: int | None = None) -> tuple[Receipt, ...]:
        """The messages sent (no edits), to one chat or to all."""
        return tuple(
            receipt
            for receipt in self._receipts
            if receipt.method == "sendMessage" and chat_id in (None, receipt.chat_id)
        )


def read_receipts(path: Path) -> list[Receipt]:
    """The receipts of a file; a last line that was cut off in writing is left out."""
    receipts = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            receipts.append(receipt_of(json.loads(line)))
    return receipts


def receipt_of(row: dict[str, Any]) -> Receipt:
    """A receipt that was written as JSON."""
    return Receipt(**row | {"entities": tuple(row["entities"])})
