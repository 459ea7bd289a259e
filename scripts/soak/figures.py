"""What a row of the soak found, and what it had to find."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from marsad.demo.receipts import Receipt
from scripts.soak.arrange import title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`holds`: the floor is met."""

    what: str
    found: str
    floor: str
    holds: bool


@dataclass(slots=True)
class Row:
    """The findings of one row; it passes if all of them hold."""

    name: str
    findings: list[Finding] = field(default_factory=list)

    def at_most(self, what: str, found: float, most: float) -> None:
        self._add(what, found, f"<= {_shown(most)}", found <= most)

    def at_least(self, what: str, found: float, least: float) -> None:
        self._add(what, found, f">= {_shown(least)}", found >= least)

    def note(self, what: str, found: float) -> None:
        self._add(what, found, "", True)

    def tell(self, what: str) -> None:
        """What is to be read beside the figures."""
        self.findings.append(Finding(what=what, found="", floor="", holds=True))

    def _add(self, what: str, found: float, floor: str, holds: bool) -> None:
        self.findings.append(Finding(what=what, found=_shown(found), floor=floor, holds=holds))

    @property
    def passes(self) -> bool:
        return all(finding.holds for finding in self.findings)

    def __str__(self) -> str:
        lines = [f"{self.name}: {'holds' if self.passes else 'DOES NOT HOLD'}"]
        for one in self.findings:
            mark = "  " if one.holds else "! "
            lines.append(f"  {mark}{one.what}: {one.found} {one.floor}".rstrip(": "))
        return "\n".join(lines)


def _shown(value: float) -> str:
    if math.isinf(value):
        return "any"
    return str(int(value)) if value == int(value) else f"{value:.2f}"


def copies(receipts: Iterable[Receipt], alerts: int) -> Counter[tuple[int, int]]:
    """How often each chat received each alert, by their numbers."""
    titles = {number: title_of(number) for number in range(alerts)}
    counted: Counter[tuple[int, int]] = Counter()
    for receipt in receipts:
        if receipt.method == "sendMessage":
            for number, title in titles.items():
                if title in receipt.text:
                    counted[receipt.chat_id, number] += 1
    return counted
