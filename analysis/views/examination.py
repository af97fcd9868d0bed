"""A plan held against a wave before anything is estimated: names it may use, what bars it."""

from dataclasses import dataclass

from analysis import extracts, pipeline
from analysis.constructs import Measured, vocabulary
from analysis.constructs.entry import range_words
from analysis.dataset import Dataset
from analysis.extracts import Wave
from analysis.refusals import Refusal
from analysis.specification.model import Plan
from analysis.specification.plan import read_plan
from analysis.specification.problems import PlanProblem


@dataclass(frozen=True, slots=True)
class NameLine:
    """One name that a plan may use, for the codebook beside the editor."""

    name: str
    label: str
    kind: str
    scale: str
    definition: str
    source: str
    range: str
    missing_rule: str
    missing: int
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """`problems` is empty and `is_plan` false for a text that is no plan at all."""

    firms: int
    measures: tuple[NameLine, ...]
    answers: tuple[NameLine, ...]
    problems: tuple[PlanProblem, ...]
    is_plan: bool
    models: int


def examine(wave: Wave, source: str) -> Examination:
    plan = _read(source)
    dataset = extracts.dataset_for_pages(wave)
    names = _names(dataset, plan)
    answered = {variable.name for variable in dataset.variables}
    return Examination(
        firms=len(dataset.frame),
        measures=tuple(line for line in names if line.name not in answered),
        answers=tuple(line for line in names if line.name in answered),
        problems=_problems(dataset, plan),
        is_plan=plan is not None,
        models=len(plan.specifications) if plan else 0,
    )


def _read(source: str) -> Plan | None:
    try:
        return read_plan(source)
    except Refusal:
        return None


def _problems(dataset: Dataset, plan: Plan | None) -> tuple[PlanProblem, ...]:
    if plan is None:
        return ()
    if dataset.frame.empty:
        return (
            PlanProblem(
                "no_responses",
                "wave",
                "The wave has no submitted responses yet.",
                "Wait for the first firms, then request the run.",
            ),
        )
    return pipeline.check(dataset, plan)


def _names(dataset: Dataset, plan: Plan | None) -> tuple[NameLine, ...]:
    """Every name with how many firms miss it; with the plan's coarse scales where it has any."""
    try:
        known = vocabulary(dataset, dict(plan.scales) if plan else {})
    except Refusal:
        known = vocabulary(dataset)
    return tuple(_line(measured) for measured in known.values())


def _line(measured: Measured) -> NameLine:
    return NameLine(
        name=measured.name,
        label=measured.label,
        kind=measured.kind,
        scale=measured.scale,
        definition=measured.definition,
        source=measured.source,
        range=range_words(measured.range),
        missing_rule=measured.missing_rule,
        missing=int(measured.missing.sum()),
        codes=measured.codes,
    )
