"""The share e of cases of unknown eligibility that are taken as eligible."""

from dataclasses import dataclass
from typing import Literal, Protocol

from mathematics.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Eligibility:
    """e in [0, 1], how it came about, and the sentence that is published with it."""

    e: float
    method: Literal["proportional", "stated"]
    sentence: str


class Counted(Protocol):
    """Cases whose eligibility is known."""

    @property
    def known_eligible(self) -> float: ...
    @property
    def not_eligible(self) -> float: ...


def proportional(counts: Counted) -> Eligibility:
    """The share of eligible cases among those known: (I+P+R+NC+O) / (I+P+R+NC+O+NE).

    The proportional allocation of the Council of American Survey Research Organizations (1982),
    which AAPOR's calculator takes unless told otherwise. Of sums of weights, the weighted share.

    Raises: Refusal ``eligibility_unknown`` where no case's eligibility is known.
    """
    known = counts.known_eligible + counts.not_eligible
    if known <= 0:
        raise Refusal(
            "eligibility_unknown",
            "No case is known to be eligible or not, so that nothing can be said of the others.",
            "State a share with its source.",
        )
    e = counts.known_eligible / known
    return Eligibility(
        e,
        "proportional",
        f"{counts.known_eligible:,.10g} of {known:,.10g} cases of known eligibility are eligible",
    )


def stated(e: float, source: str) -> Eligibility:
    """An e from elsewhere, with its source.

    Raises: Refusal ``eligibility_share`` outside [0, 1] or without a source.
    """
    if not 0 <= e <= 1 or not source.strip():
        raise Refusal(
            "eligibility_share",
            f"The share of eligible cases is given as {e:g}, with the source '{source.strip()}'.",
            "Give a share between 0 and 1 and say where it comes from.",
        )
    return Eligibility(e, "stated", source.strip())
