"""A rulebook in memory: what it is asked is remembered, what it answers is arranged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from alerts.telegram.rulebook import Done, DryRun, Edit, Effect, Page, Proposal, Refused
from models.text import Localized

EFFECT = Effect(
    title=Localized("قناة السويس", "Suez Canal"),
    before=2,
    after=5,
    gained=("سفن الشحن تعود إلى باب المندب",),
    lost=("افتتاح متحف في السويس",),
    more_gained=3,
)


@dataclass
class MemoryRulebook:
    """Fits alerts.telegram.rulebook.Rulebook."""

    edits: list[Edit] = field(default_factory=list)
    saved: list[tuple[str, int]] = field(default_factory=list)
    undone: list[tuple[str | None, int]] = field(default_factory=list)
    times: list[timedelta] = field(default_factory=list)
    refusal: Refused | None = None
    effects: tuple[Effect, ...] = (EFFECT,)
    cut: bool = False

    async def names(self) -> Sequence[str]:
        return ["suez", "ships"]

    async def page(self, name: str) -> Page | Refused:
        if name != "suez":
            return Refused(trouble="unknown", known=("suez",))
        return Page(
            name="suez",
            title=Localized("قناة السويس", "Suez Canal"),
            words=("قناة السويس", "باب المندب"),
            forbidden=("رياضة",),
            numbers=(("any[2].within", "8"),),
            lists=("ships",),
        )

    async def propose(self, edit: Edit) -> Proposal | Refused:
        self.edits.append(edit)
        return self.refusal or Proposal(
            key="k1",
            file="topics/suez.yaml",
            removed=("within: 8",) if edit.operation == "set" else (),
            added=(f"- {edit.value}",),
            articles=300,
            effects=self.effects,
        )

    async def save(self, key: str, by_user: int) -> Done | Refused:
        self.saved.append((key, by_user))
        return self.refusal or Done(file="topics/suez.yaml", key="u1")

    async def undo(self, key: str | None, by_user: int) -> Done | Refused:
        self.undone.append((key, by_user))
        return self.refusal or Done(file="topics/suez.yaml")

    async def dry_run(self, since: timedelta) -> DryRun:
        self.times.append(since)
        return DryRun(articles=1200, cut=self.cut, topics=self.effects)
