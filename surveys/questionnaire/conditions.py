"""Conditions on answers: the universe of a page, and when an edit speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Answers = Mapping[str, Any]


class Condition(Protocol):
    """A yes-or-no question about answers; blank answers make comparisons false."""

    def holds(self, answers: Answers) -> bool: ...

    @property
    def reads(self) -> frozenset[str]:
        """Names of the items that the condition looks at."""
        ...


@dataclass(frozen=True, slots=True)
class Always:
    def holds(self, answers: Answers) -> bool:
        return True

    @property
    def reads(self) -> frozenset[str]:
        return frozenset()


ALWAYS = Always()
