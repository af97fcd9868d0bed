"""What the pieces of a plan's work found, as tables and as plain data.

A function of the pieces in their order: whoever carried them out, when, and how often somebody
was interrupted leaves no trace.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.disclosure.rules import Finding as Withheld
from analysis.pipeline.describing import all_descriptions, named
from analysis.pipeline.estimating import Replicated
from analysis.pipeline.imputed import Found, Imputed, pooled_models
from analysis.pipeline.prepared import Prepared
from analysis.pipeline.resampled import Findings, resampled, values_of
from analysis.pipeline.tabling import Results, tabled
from analysis.pipeline.withholding import (
    Passed,
    curve_findings,
    safe_descriptions,
    safe_estimated,
)
from analysis.pipeline.withholding_refusals import safe_undescribed
from analysis.refusals import Refusal
from analysis.specification.describing import Result
from analysis.specification.model import Plan
from analysis.tables.curve import Shown, Unshown, curve_document
from analysis.tables.estimates_document import Estimated, Unestimated, estimates_document


def joined(
    prepared: Prepared,
    findings: Findings,
    descriptions: tuple[Result | Unestimated, ...],
    *,
    fingerprint: str = "",
    stars: bool = False,
) -> Results:
    """The results of all pieces.

    What was refused beside others is named with its reason in the notes of a table: a model,
    whose column is empty, and a description.

    Raises: Refusal of the first model, or else of the first description, if nothing of the plan
    could be made.
    """
    plan, curve = prepared.plan, _curve(prepared.plan, findings)
    passed = _passed(prepared, findings)
    results, told = safe_descriptions(prepared, _made(descriptions))
    undescribed, unsaid = safe_undescribed(prepared, _not_made(descriptions))
    if not passed.estimated and not results and not _says_something(curve, passed.refused):
        raise _first(passed.refused, undescribed)
    document = estimates_document(
        prepared.dataset, plan, passed.estimated, results, fingerprint,
        refused=passed.refused, undescribed=undescribed, curve=curve,
    )  # fmt: skip
    return tabled(
        prepared,
        passed.estimated,
        results,
        document,
        withheld=(*passed.findings, *told, *unsaid, *_of_curve(plan, findings)),
        stars=stars,
    )


def describe_all(
    prepared: Prepared, findings: Findings, on_each: Any
) -> tuple[Result | Unestimated, ...]:
    """Every description that the plan asks for, or why there is none of it.

    `on_each` hears of each before. Raises: Refusal of the imputation that they would be of.
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


def _says_something(curve: Mapping[str, Any] | None, refused: Sequence[Unestimated]) -> bool:
    """A curve without an effect is shown where the plan has no models that could say why."""
    return curve is not None and (bool(curve["summary"]["estimated"]) or not refused)


def _made(descriptions: Sequence[Result | Unestimated]) -> tuple[Result, ...]:
    return tuple(each for each in descriptions if isinstance(each, Result))


def _not_made(descriptions: Sequence[Result | Unestimated]) -> tuple[Unestimated, ...]:
    return tuple(each for each in descriptions if isinstance(each, Unestimated))


def _first(refused: Sequence[Unestimated], undescribed: Sequence[Unestimated]) -> Refusal:
    """Of a plan of which nothing could be made."""
    if not refused:
        return named(undescribed[0])
    first = refused[0]
    return Refusal(first.code, f"Model “{first.name}”: {first.message}", first.remedy)


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
