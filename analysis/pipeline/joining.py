"""What the pieces of a plan's work found, as tables and as plain data.

A function of the pieces in their order: whoever carried them out, when, and how often somebody
was interrupted leaves no trace.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from analysis.estimation.estimates import Fit, Floats
from analysis.estimation.resampling import permutation_p, spread
from analysis.pipeline.designs import design_of
from analysis.pipeline.estimating import Finding, Found, Replicated, place_of
from analysis.pipeline.pieces import Piece
from analysis.pipeline.prepared import Prepared
from analysis.refusals import Refusal
from analysis.specification.describing import Result, described
from analysis.specification.imputing import pooled_result, refuse_cross_tabulation
from analysis.specification.model import Described, Plan, Specification
from analysis.tables.curve import Shown, Unshown, curve_document, curve_table
from analysis.tables.descriptives import descriptives_table
from analysis.tables.estimates_document import (
    Estimated,
    Unestimated,
    estimates_document,
    sample_note,
)
from analysis.tables.refused import blank_like, with_blanks
from analysis.tables.regression import regression_table
from analysis.tables.regression_notes import source_notes
from analysis.tables.resampled_words import resampled_words
from analysis.tables.table import Table

Findings = Sequence[tuple[Piece, Finding | Refusal]]


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What a run gives.

    `table` shows coefficients, the curve of a plan without models, or the descriptions of a
    plan without either; `margins_table` average marginal effects, None if no model has them;
    `descriptives_table` and `curve_table` those of a plan whose table is another, None if it
    asks for none; `estimates_document` is the content of estimates.json. `fits` are of the
    models that could be estimated.
    """

    specifications: tuple[Specification, ...]
    fits: tuple[Fit, ...]
    table: Table
    margins_table: Table | None
    descriptives_table: Table | None
    curve_table: Table | None
    estimates_document: dict[str, Any]


def joined(
    prepared: Prepared,
    findings: Findings,
    descriptions: tuple[Result, ...],
    *,
    fingerprint: str = "",
    stars: bool = False,
) -> Results:
    """The results of all pieces.

    Raises: Refusal of the first model if none could be estimated; a model that was refused
    beside others has an empty column and its reason in the notes.
    """
    plan, dataset = prepared.plan, prepared.dataset
    estimated, refused = _models(plan, findings)
    if refused and not estimated:
        raise _named(refused[0])
    curve = _curve(plan, findings)
    document = estimates_document(
        dataset, plan, estimated, descriptions, fingerprint, refused=refused, curve=curve
    )
    notes = source_notes(dataset.provenance)
    firms = partial(descriptives_table, descriptions, notes=notes, fingerprint=fingerprint)
    shown = (
        None if curve is None else partial(curve_table, curve, notes=notes, fingerprint=fingerprint)
    )
    if not estimated and shown is None:
        return Results((), (), firms(title=plan.title), None, None, None, document)
    about_firms = firms(title=f"{plan.title}: the firms") if descriptions else None
    if not estimated:
        assert shown is not None  # noqa: S101 -- or there would be nothing to show
        return Results((), (), shown(title=plan.title), None, about_firms, None, document)
    table = partial(_regression_table, plan, estimated, refused, notes, fingerprint, stars)
    return Results(
        specifications=plan.specifications,
        fits=tuple(each.fit for each in estimated),
        table=table("coefficients"),
        margins_table=table("margins")
        if any(each.fit.margins is not None for each in estimated)
        else None,
        descriptives_table=about_firms,
        curve_table=None if shown is None else shown(title=f"{plan.title}: the curve"),
        estimates_document=document,
    )


def describe_all(prepared: Prepared, on_each: Any) -> tuple[Result, ...]:
    """Every description that the plan asks for; `on_each` hears of it before. Raises: Refusal."""
    found = []
    for place, asked in enumerate(prepared.plan.descriptives):
        on_each(place, asked)
        found.append(_describe(asked, prepared))
    return tuple(found)


def _describe(asked: Described, prepared: Prepared) -> Result:
    worlds = prepared.worlds
    try:
        if prepared.plan.imputation is not None:
            refuse_cross_tabulation(asked)
        design = design_of(asked.design, prepared.dataset, asked.covariance)
        each = [described(asked, known, design, prepared.firms) for known in worlds.vocabularies]
        found = each[0] if len(each) == 1 else pooled_result(each)
    except Refusal as refusal:
        title = asked.name or f"{asked.statistic} of {asked.outcome}"
        raise Refusal(
            refusal.code, f"Description “{title}”: {refusal.message}", refusal.remedy
        ) from None
    return Result(
        found.asked, found.title, found.description.noted(*worlds.notes), found.table, found.codes
    )


def _named(refused: Unestimated) -> Refusal:
    return Refusal(refused.code, f"Model “{refused.name}”: {refused.message}", refused.remedy)


def _models(
    plan: Plan, findings: Findings
) -> tuple[tuple[Estimated, ...], tuple[Unestimated, ...]]:
    estimated, refused = [], []
    for piece, found in findings:
        if piece.kind != "model":
            continue
        specification, place = plan.specifications[piece.place], piece.place + 1
        if isinstance(found, Refusal):
            refused.append(
                Unestimated(place, specification.name, found.code, found.message, found.remedy)
            )
            continue
        assert isinstance(found, Found)  # noqa: S101 -- what such a piece finds
        estimated.append(
            Estimated(
                specification=specification,
                wording=found.wording,
                fit=found.fit,
                outcome_label=found.outcome_label,
                has_population=found.has_population,
                tests=found.tests,
                place=place,
                resampled=_resampled(specification, found, piece.place, findings),
            )
        )
    return tuple(estimated), tuple(refused)


def _resampled(
    specification: Specification, found: Found, place: int, findings: Findings
) -> dict[str, Any]:
    """Bootstrap and permutation of a model as plain data, each with why it failed, if it did."""
    told: dict[str, Any] = {}
    for kind, tell in (("bootstrap", _bootstrap), ("permutation", _permutation)):
        parts = [each for piece, each in findings if (piece.kind, piece.place) == (kind, place)]
        if not parts:
            continue
        try:
            told[kind] = {**tell(specification, found, _values(parts)), "refusal": None}
        except Refusal as refusal:
            told[kind] = {"refusal": refusal.document()}
    return told


def _values(parts: Iterable[Finding | Refusal]) -> Floats:
    """(R, k) of all replicates in the order of their numbers. Raises: the first Refusal."""
    values = []
    for part in parts:
        if isinstance(part, Refusal):
            raise part
        assert isinstance(part, Replicated)  # noqa: S101 -- what such a piece finds
        values.append(part.values)
    return np.vstack(values)


def _bootstrap(specification: Specification, found: Found, values: Floats) -> dict[str, Any]:
    assert specification.bootstrap is not None  # noqa: S101 -- its pieces were cut from it
    made = spread(values)
    return {
        "replicates": len(values),
        "failed": made.failed,
        "seed": specification.bootstrap.seed,
        "terms": [
            {"term": term, "std_error": error, "conf_low": low, "conf_high": high}
            for term, error, (low, high) in zip(
                found.fit.estimates.terms,
                made.std_errors.tolist(),
                made.intervals.tolist(),
                strict=True,
            )
        ],
    }


def _permutation(specification: Specification, found: Found, values: Floats) -> dict[str, Any]:
    asked = specification.permutation
    assert asked is not None  # noqa: S101 -- its pieces were cut from it
    estimates = found.fit.estimates
    observed = float(estimates.statistics[place_of(asked.of, estimates)])
    failed = int((~np.isfinite(values[:, 0])).sum())
    if failed == len(values) or not np.isfinite(observed):
        raise Refusal(
            "no_permutation",
            f"{asked.of} has no t in the model or in any of its {len(values)} permutations, so "
            "there is nothing to hold against each other.",
            "Leave out what fits the outcome perfectly, or the permutation.",
        )
    return {
        "of": asked.of,
        "replicates": len(values),
        "failed": failed,
        "seed": asked.seed,
        "statistic": observed,
        "p_value": permutation_p(observed, values[:, 0]),
    }


def _curve(plan: Plan, findings: Findings) -> dict[str, Any] | None:
    if plan.curve is None:
        return None
    shown: list[Shown] = []
    for piece, found in findings:
        if piece.kind != "curve":
            continue
        if isinstance(found, Refusal):
            shown += [Unshown(found.code, found.message, found.remedy)] * piece.size
        elif isinstance(found, tuple):
            shown += found
    permuted = [found for piece, found in findings if piece.kind == "curve_permutation"]
    worked = [found for found in permuted if isinstance(found, Replicated)]
    return curve_document(plan.curve, shown, _values(worked) if worked else None)


def _regression_table(
    plan: Plan,
    estimated: tuple[Estimated, ...],
    refused: tuple[Unestimated, ...],
    notes: Sequence[str],
    fingerprint: str,
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
        notes=(*(f"({each.place}) {each.name}: {each.sentence}" for each in refused), *notes),
        fingerprint=fingerprint,
        stars=stars,
        what=what,
    )
    return with_blanks(table, {each.place - 1 for each in refused})


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
