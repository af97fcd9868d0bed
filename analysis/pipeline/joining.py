"""What the pieces of a plan's work found, as tables and as plain data.

A function of the pieces in their order: whoever carried them out, when, and how often somebody
was interrupted leaves no trace.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis.disclosure.rules import Finding as Withheld
from analysis.estimation.estimates import Fit
from analysis.pipeline.describing import all_descriptions
from analysis.pipeline.estimating import Replicated
from analysis.pipeline.imputed import Found, Imputed, pooled_models
from analysis.pipeline.over_waves import unasked_notes
from analysis.pipeline.prepared import Prepared
from analysis.pipeline.resampled import Findings, resampled, values_of
from analysis.pipeline.withholding import (
    Passed,
    curve_findings,
    safe_descriptions,
    safe_estimated,
)
from analysis.refusals import Refusal
from analysis.specification.describing import Result
from analysis.specification.model import Plan, Specification
from analysis.tables.composed import stands_alone
from analysis.tables.composed_table import composed_table
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
    passed = _passed(prepared, findings)
    estimated, refused = passed.estimated, passed.refused
    if refused and not estimated:
        raise _named(refused[0])
    descriptions, told = safe_descriptions(prepared, descriptions)
    curve = _curve(plan, findings)
    withheld = (*passed.findings, *told, *_of_curve(plan, findings))
    document = estimates_document(
        dataset, plan, estimated, descriptions, fingerprint, refused=refused, curve=curve
    )
    notes = (*unasked_notes(prepared), *source_notes(dataset.provenance))
    alone = [each for each in descriptions if stands_alone(each)]
    firms = _firms_table(alone, document["tables"], notes, fingerprint)
    shown = (
        None if curve is None else partial(curve_table, curve, notes=notes, fingerprint=fingerprint)
    )
    if not estimated and shown is None:
        return Results((), (), firms(title=plan.title), None, None, None, document, withheld)
    about_firms = firms(title=f"{plan.title}: the firms") if alone else None
    if not estimated:
        assert shown is not None  # noqa: S101 -- or there would be nothing to show
        return Results((), (), shown(title=plan.title), None, about_firms, None, document, withheld)
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
        withheld=withheld,
    )


def _firms_table(
    alone: Sequence[Result],
    entries: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
    fingerprint: str,
) -> Callable[..., Table]:
    """What makes the table of the firms: the lines of the descriptions, or the first table."""
    if alone or not entries:
        return partial(descriptives_table, alone, notes=notes, fingerprint=fingerprint)

    def first(*, title: str) -> Table:  # noqa: ARG001 -- such a table has a title of its own
        return composed_table(entries[0], notes=notes, fingerprint=fingerprint)

    return first


def describe_all(prepared: Prepared, findings: Findings, on_each: Any) -> tuple[Result, ...]:
    """Every description that the plan asks for; `on_each` hears of it before.

    Raises: Refusal of a description, or of the imputation that it would be of.
    """
    if not prepared.plan.descriptives:
        return ()
    worlds = prepared.worlds([each.chain for each in imputations(prepared.plan, findings)])
    return all_descriptions(prepared, worlds, on_each)


def imputations(plan: Plan, findings: Findings) -> list[Imputed]:
    """Those of a plan that imputes, in their order; none of another.

    Raises: the Refusal of the first that could not be made.
    """
    found = []
    for _, each in findings if plan.imputation is not None else ():
        if isinstance(each, Refusal):
            raise each
        assert isinstance(each, Imputed)  # noqa: S101 -- what such a piece finds
        found.append(each)
    return found


def _passed(prepared: Prepared, findings: Findings) -> Passed:
    """The models, without what must not be shown of single firms."""
    estimated, refused = _models(prepared, findings)
    chains = imputations(prepared.plan, findings) if estimated else []
    known = prepared.known_with(chains[0].chain) if chains else prepared.known
    return safe_estimated(prepared, known, estimated, refused)


def _named(refused: Unestimated) -> Refusal:
    return Refusal(refused.code, f"Model “{refused.name}”: {refused.message}", refused.remedy)


def _models(
    prepared: Prepared, findings: Findings
) -> tuple[tuple[Estimated, ...], tuple[Unestimated, ...]]:
    estimated, refused = [], []
    for number, found in _found_models(prepared, findings):
        specification, place = prepared.plan.specifications[number], number + 1
        if isinstance(found, Refusal):
            refused.append(
                Unestimated(place, specification.name, found.code, found.message, found.remedy)
            )
            continue
        estimated.append(
            Estimated(
                specification=specification,
                wording=found.wording,
                fit=found.fit,
                outcome_label=found.outcome_label,
                has_population=found.has_population,
                tests=found.tests,
                curves=found.curves,
                place=place,
                resampled=resampled(specification, found, number, findings),
            )
        )
    return tuple(estimated), tuple(refused)


def _found_models(prepared: Prepared, findings: Findings) -> Iterator[tuple[int, Found | Refusal]]:
    """What was found of each model, by its place from 0."""
    if prepared.plan.imputation is not None:
        each = imputations(prepared.plan, findings)
        yield from enumerate(pooled_models(prepared, each))
        return
    for piece, found in findings:
        if piece.kind == "model":
            assert isinstance(found, Found | Refusal)  # noqa: S101 -- what such a piece finds
            yield piece.place, found


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
    return curve_document(plan.curve, shown, values_of(worked) if worked else None)


def _of_curve(plan: Plan, findings: Findings) -> tuple[Withheld, ...]:
    """What disclosure control found of the curve's models."""
    found = [each for piece, each in findings if piece.kind == "curve" and isinstance(each, tuple)]
    return tuple(curve_findings(plan.title, [one for each in found for one in each]))


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
