"""The tables of what a plan's work found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis.disclosure.rules import Finding as Withheld
from analysis.estimation.estimates import Fit
from analysis.pipeline.over_waves import unasked_notes
from analysis.pipeline.prepared import Prepared
from analysis.specification.describing import Result
from analysis.specification.model import Plan, Specification
from analysis.tables.composed import stands_alone
from analysis.tables.composed_table import composed_table
from analysis.tables.curve import curve_table
from analysis.tables.descriptives import descriptives_table
from analysis.tables.estimates_document import Estimated, sample_note
from analysis.tables.refused import (
    blank_like,
    description_notes,
    model_notes,
    notes_beside,
    with_blanks,
)
from analysis.tables.regression import regression_table
from analysis.tables.regression_notes import source_notes
from analysis.tables.resampled_words import resampled_words
from analysis.tables.table import Table


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What a run gives.

    `table` shows coefficients, the curve of a plan without models, or the descriptions of a
    plan without either; `margins_table` average marginal effects, None if no model has them;
    `descriptives_table` and `curve_table` those of a plan whose table is another, None if it
    asks for none; `estimates_document` is the content of estimates.json. `fits` are of the
    models that could be estimated. `withheld` is what disclosure control took out or leaves to
    a person, and why; nothing else holds it any more.
    """

    specifications: tuple[Specification, ...]
    fits: tuple[Fit, ...]
    table: Table
    margins_table: Table | None
    descriptives_table: Table | None
    curve_table: Table | None
    estimates_document: dict[str, Any]
    withheld: tuple[Withheld, ...] = ()


def tabled(
    prepared: Prepared,
    estimated: tuple[Estimated, ...],
    described: Sequence[Result],
    document: dict[str, Any],
    *,
    withheld: tuple[Withheld, ...],
    stars: bool,
) -> Results:
    """The results with a table of each kind of what was made; `document` is estimates.json.

    Without models the first table is that of the curve, and without either that of the firms.
    """
    plan, curve, fingerprint = prepared.plan, document["curve"], document["fingerprint"]
    notes = (*unasked_notes(prepared), *source_notes(prepared.dataset.provenance))
    beside = (*notes_beside(document), *notes)
    alone = [each for each in described if stands_alone(each)]
    first = () if estimated else model_notes(document)
    if not estimated and curve is None:
        table = _firms_table(plan.title, alone, document, (*first, *notes))
        return Results((), (), table, None, None, None, document, withheld)
    about_firms = None
    if alone:
        about_firms = _firms_table(f"{plan.title}: the firms", alone, document, notes)
    shown = partial(curve_table, curve, fingerprint=fingerprint)
    if not estimated:
        table = shown(title=plan.title, notes=(*first, *beside))
        return Results((), (), table, None, about_firms, None, document, withheld)
    about_curve = None if curve is None else shown(title=f"{plan.title}: the curve", notes=notes)
    of_models = partial(_regression_table, plan, estimated, document, beside, stars)
    return Results(
        specifications=plan.specifications,
        fits=tuple(each.fit for each in estimated),
        table=of_models("coefficients"),
        margins_table=of_models("margins") if _have_margins(estimated) else None,
        descriptives_table=about_firms,
        curve_table=about_curve,
        estimates_document=document,
        withheld=withheld,
    )


def _have_margins(estimated: Sequence[Estimated]) -> bool:
    return any(each.fit.margins is not None for each in estimated)


def _firms_table(
    title: str, alone: Sequence[Result], document: Mapping[str, Any], notes: Sequence[str]
) -> Table:
    """The table of the firms: the lines of the descriptions, or the first table of its own."""
    told, fingerprint = (*description_notes(document), *notes), document["fingerprint"]
    if alone or not document["tables"]:
        return descriptives_table(alone, title=title, notes=told, fingerprint=fingerprint)
    return composed_table(document["tables"][0], notes=told, fingerprint=fingerprint)


def _regression_table(
    plan: Plan,
    estimated: tuple[Estimated, ...],
    document: Mapping[str, Any],
    notes: Sequence[str],
    stars: bool,
    what: Any,
) -> Table:
    """One column a model, in the plan's order; those of refused models are empty."""
    columns = _columns(plan, estimated)
    table = regression_table(
        title=plan.title,
        names=[each.name for each in plan.specifications],
        outcomes=[_outcome(plan, place, columns) for place in range(len(columns))],
        fits=[blank_like(estimated[0].fit) if each is None else each.fit for each in columns],
        labels=_merged(each.wording.labels for each in estimated),
        scales=_merged(each.wording.scales for each in estimated),
        factors=_merged(each.wording.factors for each in estimated),
        words=[{} if each is None else each.wording.own for each in columns],
        specification_notes=[_note(each) for each in columns],
        notes=(*model_notes(document), *notes),
        fingerprint=document["fingerprint"],
        stars=stars,
        what=what,
    )
    return with_blanks(table, {each["place"] - 1 for each in document["not_estimated"]})


def _columns(plan: Plan, estimated: tuple[Estimated, ...]) -> list[Estimated | None]:
    by_place = {each.place: each for each in estimated}
    return [by_place.get(place) for place in range(1, len(plan.specifications) + 1)]


def _outcome(plan: Plan, place: int, columns: Sequence[Estimated | None]) -> str:
    """The outcome's label; of a refused model that of another of the same outcome, or its name."""
    name = plan.specifications[place].outcome
    labels = {each.specification.outcome: each.outcome_label for each in columns if each}
    return labels.get(name, name)


def _note(each: Estimated | None) -> str:
    if each is None:
        return ""
    sentences = [
        sample_note(each),
        *(test.sentence for test in each.tests),
        resampled_words(each.resampled),
    ]
    return " ".join(filter(None, sentences))


def _merged(mappings: Iterable[Mapping[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for mapping in mappings:
        merged |= mapping
    return merged
