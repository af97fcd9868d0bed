"""What a plan is asked to estimate, and how precisely its own draw will."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.sampling.allocation import expected_cvs
from surveys.sampling.arrays import Flags
from surveys.sampling.designs.design import Design, PrecisionTarget
from surveys.sampling.designs.expected import expected_cv, stages
from surveys.sampling.designs.sizing import Sized, by_stratum, domains_of, estimand_of
from surveys.sampling.designs.stratifying import Stratified

SURE = 1e-9
"""Of a target, by how much arithmetic may miss it."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is to be estimated in one domain, and how precisely, if that was stated."""

    target: PrecisionTarget
    domain: str
    inside: Flags
    wanted: float | None

    @property
    def named(self) -> tuple[str, str]:
        """The variable and the domain in words."""
        return self.target.named, self.domain

    def is_missed(self, cv: float) -> bool:
        """Whether that coefficient of variation is more than the target allows."""
        return self.wanted is not None and not cv <= self.wanted * (1 + SURE)


def questions_of(targets: Sequence[PrecisionTarget], on: Stratified) -> list[Question]:
    """A question for every domain of every target."""
    return [
        Question(target, domain, inside, target.cv)
        for target in targets
        for domain, inside in domains_of(target, on).items()
    ]


def is_simple(design: Design) -> bool:
    """Whether firms are drawn with equal chances within strata, as allocations take them to be."""
    return design.selection.method == "simple" and not design.selection.groups


def cvs(
    questions: Sequence[Question], design: Design, on: Stratified, size: Sized
) -> Sequence[float]:
    """Under simple sampling of firms from strata alone, otherwise unit by unit."""
    if is_simple(design):
        answering = by_stratum(design.allocation.response_rate, on, use="Response rate")
        estimands = [
            estimand_of(each.target, on, inside=each.inside, domain=each.domain)
            for each in questions
        ]
        found: Sequence[float] = expected_cvs(
            estimands, on.strata.population, size.allocation.drawn, answering
        ).tolist()
        return found
    by = stages(design, on, size)
    return [
        expected_cv(each.target, each.inside.astype(float), design, on, by) for each in questions
    ]
