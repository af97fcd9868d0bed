"""A plan held against a wave while it is written: what bars a run, what each model would be."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from analysis import actions, extracts, pipeline
from analysis.constructs import Measured
from analysis.constructs.ties_over_waves import ENTRIES
from analysis.dataset import Dataset
from analysis.extracts import Wave
from analysis.linking import UNIT, WAVE, YEAR
from analysis.pipeline.naming import nameable
from analysis.pipeline.outlook import ModelOutlook, outlook
from analysis.refusals import Refusal
from analysis.specification.matrix import with_definitions
from analysis.specification.model import Plan
from analysis.specification.plan import read_plan
from analysis.specification.problems import PlanProblem
from analysis.views.plan_lines import problems_of

# No further model is looked at after so many seconds.
SECONDS = 2.0
_MOST_HELD = 2
_OF_WAVES = frozenset(entry.stem for entry in ENTRIES)
_KNOWN: dict[tuple[str, object], dict[str, Measured]] = {}

Known = dict[str, Measured]


@dataclass(frozen=True, slots=True)
class Examination:
    """What a text is as a plan, and as a plan of this wave.

    Attributes
    ----------
    unreadable : why the text is no plan; `problems` is then empty
    problems : what bars a run
    cautions : what single models would be refused for; the others still come
    outlooks : of as many models as there was time for; `models` is the number of all
    own : names that only this plan has, with what they mean
    is_checked : whether the answers were looked at; those of a large wave are not at once
    """

    firms: int
    unreadable: tuple[PlanProblem, ...] = ()
    problems: tuple[PlanProblem, ...] = ()
    cautions: tuple[PlanProblem, ...] = ()
    outlooks: tuple[ModelOutlook, ...] = ()
    own: tuple[Measured, ...] = ()
    models: int = 0
    is_plan: bool = False
    is_checked: bool = True

    @property
    def left(self) -> int:
        """Models that there was no time for."""
        return 0 if self.problems else self.models - len(self.outlooks)


def examine(wave: Wave, source: str, *, at_once: bool = False) -> Examination:
    """What the text is on the wave; `at_once` without reading the answers of a large wave."""
    firms = extracts.firms_answered(wave)
    try:
        plan = read_plan(source)
    except Refusal as refusal:
        return Examination(firms, unreadable=problems_of(refusal))
    models = len(plan.specifications)
    if firms == 0:
        return Examination(0, problems=(_NO_RESPONSES,), models=models, is_plan=True)
    if at_once and not actions.is_quick(wave):
        return Examination(firms, models=models, is_plan=True, is_checked=False)
    try:
        dataset = dataset_of(wave, plan)
    except Refusal as refusal:
        problem = PlanProblem(refusal.code, "waves", refusal.message, refusal.remedy)
        return Examination(firms, problems=(problem,), models=models, is_plan=True)
    return _against(dataset, plan)


def dataset_of(wave: Wave, plan: Plan) -> Dataset:
    """The wave's answers, or those of all the waves that the plan names.

    Raises: Refusal of waves that make no panel.
    """
    return extracts.dataset_over(wave, plan.waves, read=_answers)


def _answers(wave: Wave) -> Dataset:
    """From the wave's snapshot where there is one, which takes a fraction of reading answers."""
    held = actions.current_snapshot(wave)
    if held is not None:
        with suppress(Refusal):
            found = _of_snapshot(held.fingerprint)
            if found is not None:
                return found
    return extracts.dataset_for_pages(wave)


@lru_cache(maxsize=_MOST_HELD)
def _of_snapshot(fingerprint: str) -> Dataset | None:
    return actions.snapshot_dataset(fingerprint)


def _against(dataset: Dataset, plan: Plan) -> Examination:
    firms, models = len(dataset.frame), len(plan.specifications)
    known = known_under(dataset, plan)
    problems = pipeline.check(dataset, plan, known)
    try:
        defined = with_definitions(plan, known, firms)
    except Refusal:
        # The check has it among its problems.
        return Examination(firms, problems=problems, models=models, is_plan=True)
    found = tuple(
        outlook(dataset, plan, defined, least_firms=actions.LEAST_FIRMS, until=over(SECONDS))
    )
    said = {(each.where, each.message) for each in problems}
    cautions = (
        PlanProblem(each.code, f"model {model.name}", each.message, each.remedy)
        for model in found
        for each in model.cautions
    )
    return Examination(
        firms=firms,
        problems=problems,
        cautions=tuple(each for each in cautions if (each.where, each.message) not in said),
        outlooks=found,
        own=_own(plan, defined),
        models=models,
        is_plan=True,
    )


def known_under(dataset: Dataset, plan: Plan) -> Known:
    """The vocabulary under the plan's scales, kept while the plan is being written."""
    key = (dataset.fingerprint, plan.scales)
    if key not in _KNOWN:
        try:
            made = nameable(dataset, dict(plan.scales))
        except Refusal:
            made = nameable(dataset, {})
        for oldest in list(_KNOWN)[: len(_KNOWN) - _MOST_HELD + 1]:
            _KNOWN.pop(oldest, None)
        _KNOWN[key] = made
    return _KNOWN[key]


def _own(plan: Plan, known: Known) -> tuple[Measured, ...]:
    """Definitions, and the measures of the plan's coarse scales."""
    scales = {scale for scale, _ in plan.scales}
    names = [name for name, _ in plan.definitions]
    names += [name for name in known if name.partition(".")[2] in scales]
    if plan.waves:
        names += [
            UNIT,
            WAVE,
            YEAR,
            *(name for name in known if name.partition(".")[0] in _OF_WAVES),
        ]
    return tuple(known[name] for name in names if name in known)


def over(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds have gone by since now."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


_NO_RESPONSES = PlanProblem(
    "no_responses",
    "wave",
    "The wave has no submitted responses yet.",
    "Wait for the first firms, then request the run.",
)
