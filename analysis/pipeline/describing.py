"""The descriptions that a plan asks for, carried out on its completed data sets."""

from collections.abc import Callable
from dataclasses import replace

from analysis.pipeline.designs import design_of
from analysis.pipeline.names_of_firms import refuse_list_of_firms
from analysis.pipeline.prepared import Prepared, Worlds
from analysis.refusals import Refusal
from analysis.specification.composing import all_described, refuse_composed_of_imputed
from analysis.specification.describing import Result, described
from analysis.specification.imputing import refuse_cross_tabulation
from analysis.specification.model import Described, Plan
from analysis.specification.pooling import pooled_result
from analysis.tables.estimates_document import Unestimated


def all_descriptions(
    prepared: Prepared, worlds: Worlds, on_each: Callable[[int, Described], object]
) -> tuple[Result | Unestimated, ...]:
    """Every description that the plan asks for, or why there is none of it.

    `on_each` hears of each before.
    """
    found: list[Result | Unestimated] = []
    for place, asked in enumerate(prepared.plan.descriptives):
        on_each(place, asked)
        try:
            refuse_list_of_firms(prepared, asked)
            found += _of_entry(asked, place + 1, prepared, worlds)
        except Refusal as refusal:
            found.append(_undescribed(asked, place + 1, refusal))
    return tuple(found)


def refuse_nothing_but_unpooled(plan: Plan) -> None:
    """Answers are not imputed for a plan of which nothing could come of it.

    Raises: Refusal of the first description, if the plan imputes and asks for nothing but
    descriptions that are not pooled over imputations.
    """
    if plan.imputation is None or plan.specifications or plan.curve is not None:
        return
    refusals = [(asked, _unpooled(asked)) for asked in plan.descriptives]
    if refusals and all(refusal for _, refusal in refusals):
        asked, refusal = refusals[0]
        assert refusal is not None  # noqa: S101 -- all of them are
        raise named(_undescribed(asked, 1, refusal))


def named(refused: Unestimated) -> Refusal:
    """The refusal of a description, as that of a run of which nothing else could be made."""
    return Refusal(refused.code, f"Description “{refused.name}”: {refused.message}", refused.remedy)


def _unpooled(asked: Described) -> Refusal | None:
    try:
        refuse_cross_tabulation(asked)
        refuse_composed_of_imputed(asked)
    except Refusal as refusal:
        return refusal
    return None


def _undescribed(asked: Described, place: int, refusal: Refusal) -> Unestimated:
    of = asked.outcome or ", ".join(asked.variables)
    name = asked.name or f"{asked.statistic.replace('_', ' ')} of {of}"
    return Unestimated(place, name, refusal.code, refusal.message, refusal.remedy)


def _of_entry(
    asked: Described, place: int, prepared: Prepared, worlds: Worlds
) -> tuple[Result, ...]:
    """One description, or several where the entry makes a table. Raises: Refusal."""
    design = design_of(asked.design, prepared.dataset, asked.covariance)
    if prepared.plan.imputation is None:
        (known,) = worlds.vocabularies
        return all_described(asked, place, known, design, prepared.firms, prepared.against_frame)
    refuse_cross_tabulation(asked)
    refuse_composed_of_imputed(asked)
    each = [described(asked, known, design, prepared.firms) for known in worlds.vocabularies]
    found = each[0] if len(each) == 1 else pooled_result(each)
    return (replace(found, description=found.description.noted(*worlds.notes)),)
