"""All the problems of a plan together, each with its place."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from analysis.refusals import Refusal

MOST_PROBLEMS = 200
LONGEST_SHOWN = 60


def shown(value: Any) -> str:
    """A value of a plan as its writer would know it again: yes and no, and not too long."""
    if value is None or isinstance(value, bool):
        return "empty" if value is None else "yes" if value else "no"
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """One thing wrong with a plan: a stable code, the place, what is wrong, the way out."""

    code: str
    where: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.remedy}".strip()

    def document(self) -> dict[str, str]:
        return {
            "code": self.code,
            "where": self.where,
            "message": self.message,
            "remedy": self.remedy,
        }


class PlanRefusal(Refusal):
    """A plan that cannot be used, with every problem found."""

    def __init__(self, problems: Iterable[PlanProblem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        several = f" There are {len(self.problems)} problems." if len(self.problems) > 1 else ""
        super().__init__(first.code, f"{first.where}: {first.message}{several}", first.remedy)

    def document(self) -> dict[str, Any]:
        problems = [problem.document() for problem in self.problems]
        return super().document() | {"problems": problems}


@dataclass(slots=True)
class Ledger:
    """Problems in the order in which they were met; after MOST_PROBLEMS it keeps no more."""

    problems: list[PlanProblem] = field(default_factory=list)

    def note(self, where: str, code: str, message: str, remedy: str = "") -> None:
        problem = PlanProblem(code, where, message, remedy)
        if not self.is_full and problem not in self.problems:
            self.problems.append(problem)

    @property
    def is_full(self) -> bool:
        return len(self.problems) >= MOST_PROBLEMS

    def keep(self, where: str, refusal: Refusal) -> None:
        self.note(where, refusal.code, refusal.message, refusal.remedy)

    def only(self, where: str, data: dict[str, Any], known: Iterable[str]) -> None:
        """Note every key that is not known here."""
        words = sorted(known)
        for key in data:
            if key not in words and not self.is_full:
                close = difflib.get_close_matches(str(key), words, n=1)
                remedy = (
                    f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(words)}."
                )
                self.note(where, "unknown_key", f"The key {key!r} is not known.", remedy)

    def raise_if_any(self) -> None:
        if self.problems:
            raise PlanRefusal(self.problems)
