"""The contact protocol that a wave is offered: its steps, and words for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Standing = Literal["any", "not_opened", "opened", "partial", "submitted"]

STANDINGS: Mapping[str, str] = {
    "any": "Firms that have not submitted",
    "not_opened": "Firms that have never opened the questionnaire",
    "opened": "Firms that opened it and have not submitted",
    "partial": "Firms that have saved answers and not submitted",
    "submitted": "Firms that have submitted",
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Which cases a step is for. No strata: all of them; no least priority: any."""

    standing: str = "any"
    strata: tuple[str, ...] = ()
    least_priority: float | None = None

    @classmethod
    def read(cls, document: Mapping[str, object]) -> "Audience":
        """From what `ContactStep.audience` holds."""
        strata = document.get("strata") or ()
        least = document.get("least_priority")
        return cls(
            standing=str(document.get("standing") or "any"),
            strata=tuple(str(each) for each in strata) if isinstance(strata, list | tuple) else (),
            least_priority=float(least) if isinstance(least, int | float) else None,
        )

    def document(self) -> dict[str, object]:
        return {
            "standing": self.standing,
            "strata": list(self.strata),
            "least_priority": self.least_priority,
        }


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a body, with fills."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step as a person gives it: when, how, to whom, and its words by language."""

    kind: str
    channel: str = "email"
    day_from: str = "start"
    offset_days: int = 0
    on: object = None
    audience: Audience = field(default_factory=Audience)
    words: Mapping[str, Words] = field(default_factory=dict)


OFFERED: tuple[StepPlan, ...] = (
    StepPlan("invitation", offset_days=0),
    StepPlan("reminder", offset_days=14, audience=Audience("not_opened")),
    StepPlan("reminder", offset_days=21, audience=Audience("any")),
    StepPlan("nudge", day_from="end", offset_days=-7, audience=Audience("partial")),
    StepPlan("last_call", day_from="end", offset_days=-2, audience=Audience("any")),
    StepPlan("thank_you", offset_days=1, audience=Audience("submitted")),
)
"""Two reminders, one for who has begun, a last call, and thanks to who has submitted."""
