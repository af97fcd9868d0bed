"""The descriptions that a plan asks for, carried out on its completed data sets."""

from collections.abc import Callable
from dataclasses import replace

from analysis.pipeline.designs import design_of
from analysis.pipeline.prepared import Prepared, Worlds
from analysis.refusals import Refusal
from analysis.specification.composing import all_described, refuse_composed_of_imputed
from analysis.specification.describing import Result, described
from analysis.specification.imputing import refuse_cross_tabulation
from analysis.specification.model import Described
from analysis.specification.pooling import pooled_result


def all_descriptions(
    prepared: Prepared, worlds: Worlds, on_each: Callable[[int, Described], object]
) -> tuple[Result, ...]:
    """Every description that the plan asks for; `on_each` hears of it before. Raises: Refusal."""
    found: list[Result] = []
    for place, asked in enumerate(prepared.plan.descriptives):
        on_each(place, asked)
        found += _of_entry(asked, place + 1, prepared, worlds)
    return tuple(found)


def _of_entry(
    asked: Described, place: int, prepared: Prepared, worlds: Worlds
) -> tuple[Result, ...]:
    """One description, or several where the entry makes a table."""
    try:
        design = design_of(asked.design, prepared.dataset, asked.covariance)
        if prepared.plan.imputation is None:
            (known,) = worlds.vocabularies
            return all_described(
                asked, place, known, design, prepared.firms, prepared.against_frame
            )
        refuse_cross_tabulation(asked)
        refuse_composed_of_imputed(asked)
        each = [described(asked, known, design, prepared.firms) for known in worlds.vocabularies]
        found = each[0] if len(each) == 1 else pooled_result(each)
    except Refusal as refusal:
        title = asked.name or f"{asked.statistic} of {asked.outcome or ', '.join(asked.variables)}"
        raise Refusal(
            refusal.code, f"Description “{title}”: {refusal.message}", refusal.remedy
        ) from None
    return (replace(found, description=found.description.noted(*worlds.notes)),)
