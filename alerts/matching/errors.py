"""What can be wrong with rules."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleProblem:
    """One thing wrong in a rule file. `path` leads into the YAML: ('any', 0, 'near', 1)."""

    kind: Literal["topic", "lexicon"]
    name: str
    path: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return f"{self.kind} {self.name}{': ' if not where else ' ' + where.lstrip('.') + ': '}" + (
            self.message
        )


class RuleErrors(Exception):
    """The rules cannot be used; `problems` holds all that is wrong with them."""

    def __init__(self, problems: tuple[RuleProblem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
