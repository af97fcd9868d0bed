"""Disclosure control over all that a plan's work found, before any document or table is made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.disclosure.judging import counted
from analysis.disclosure.models import FittedModel, safe_models
from analysis.disclosure.rules import WHY, DisclosurePolicy, Finding
from analysis.disclosure.safe import safe
from analysis.disclosure.unanswered import without_few_unanswered
from analysis.disclosure.words import without_few
from analysis.estimation.after.shape import BEYOND
from analysis.estimation.estimates import Fit
from analysis.estimation.regression import Model, assembled
from analysis.pipeline.earlier import models_out, tables_out
from analysis.pipeline.names_of_firms import RULE, has_terms_of_firms
from analysis.pipeline.prepared import Known, Prepared
from analysis.refusals import Refusal
from analysis.specification.describing import Result
from analysis.specification.hypotheses import Tested
from analysis.specification.matrix import Equation, equation
from analysis.specification.model import Curve, Specification
from analysis.tables.curve import Effect
from analysis.tables.drawings import Drawing
from analysis.tables.estimates_document import Estimated, Unestimated

REMEDY = "Take more firms: widen the subpopulation, join categories, or leave terms out."
_WITHHELD_TEST = "withheld, because it is about a term that few firms have."


@dataclass(frozen=True, slots=True)
class Passed:
    """What of the models may be shown, what not, and why."""

    estimated: tuple[Estimated, ...]
    refused: tuple[Unestimated, ...]
    findings: tuple[Finding, ...]


def safe_estimated(
    prepared: Prepared,
    known: Known,
    estimated: tuple[Estimated, ...],
    refused: tuple[Unestimated, ...],
) -> Passed:
    """The models without what must not be shown; `known` is what they were estimated on."""
    policy = prepared.policy
    if policy is None:
        return Passed(estimated, refused, ())
    failed, findings = _refused_already(prepared, known, refused, policy)
    judged: list[Estimated] = []
    for each in estimated:
        name = each.specification.name
        if has_terms_of_firms(prepared, each.specification, known):
            findings.append(Finding(name, RULE, WHY[RULE], "refused"))
            failed.append(_unestimated(each.place, name, RULE))
        else:
            judged.append(each)
    fits, found = safe_models(
        [_fitted(each, known, prepared) for each in judged],
        policy,
        holdings=prepared.holdings,
        published=models_out(prepared, [each.specification for each in judged]),
    )
    kept = []
    for each, fit in zip(judged, fits, strict=True):
        if fit is None:
            failed.append(_unestimated(each.place, each.specification.name, _why(found, each)))
        else:
            kept.append(_with(each, fit, policy))
    failed.sort(key=lambda each: each.place)
    return Passed(tuple(kept), tuple(failed), (*findings, *found))


def _refused_already(
    prepared: Prepared, known: Known, refused: Sequence[Unestimated], policy: DisclosurePolicy
) -> tuple[list[Unestimated], list[Finding]]:
    """Models that could not be estimated, with reasons that may be told, and what was found."""
    failed: list[Unestimated] = []
    findings: list[Finding] = []
    for one in refused:
        specification = prepared.plan.specifications[one.place - 1]
        if _is_of_few(specification, known, prepared, policy):
            findings.append(Finding(one.name, "few_firms", WHY["few_firms"], "refused"))
            failed.append(_unestimated(one.place, one.name, "few_firms"))
        else:
            failed.append(_in_safe_words(one, policy))
    return failed, findings


def safe_descriptions(
    prepared: Prepared, results: tuple[Result, ...]
) -> tuple[tuple[Result, ...], tuple[Finding, ...]]:
    """The descriptions without what must not be shown, and what was found."""
    policy = prepared.policy
    if policy is None or not results:
        return results, ()
    cleaned, findings = safe(results, policy, prepared.holdings, tables_out(prepared, policy))
    cleaned, unanswered = without_few_unanswered(cleaned, policy, prepared.holdings)
    told = tuple(_noted_safely(each, policy) for each in cleaned)
    return told, (*findings, *unanswered)


def refuse_unsafe_effect(
    prepared: Prepared,
    curve: Curve,
    number: int,
    *,
    ready: Equation,
    model: Model,
) -> tuple[str, ...]:
    """Rules by which a person must look at the effect of a model of the curve.

    Raises: Refusal of an effect that must not be shown, by the name of the rule.
    """
    policy = prepared.policy
    if policy is None:
        return ()
    specification = curve.specification(number)
    if has_terms_of_firms(prepared, specification, prepared.known):
        raise Refusal(RULE, WHY[RULE], REMEDY)
    fit = assembled(model, margins=False)
    judged = FittedModel(
        "", specification.outcome, fit, ready.y, ready.X, ready.domain, _others(ready)
    )
    (left,), findings = safe_models([judged], policy, holdings=prepared.holdings)
    for finding in findings:
        if finding.action == "refused":
            raise Refusal(finding.rule, finding.why, REMEDY)
    term = curve.term(number)
    for finding in findings:
        if finding.action == "withheld" and finding.where.endswith(f": {term}"):
            raise Refusal(finding.rule, finding.why, REMEDY)
    assert left is not None  # noqa: S101 -- what is refused was raised
    return tuple(dict.fromkeys(each.rule for each in findings if each.action == "review"))


def refused_safely(refusal: Refusal, policy: DisclosurePolicy | None) -> Refusal:
    """The refusal without small numbers of firms and single answers."""
    if policy is None:
        return refusal
    least = policy.least_firms
    return Refusal(
        refusal.code, without_few(refusal.message, least), without_few(refusal.remedy, least)
    )


def curve_findings(title: str, shown: Sequence[Any]) -> Iterator[Finding]:
    """What was found of the curve's models, each rule once."""
    rules: dict[tuple[str, str], None] = {}
    for each in shown:
        if isinstance(each, Effect):
            rules |= {(rule, "review"): None for rule in each.review}
        elif each.code in WHY:
            rules[each.code, "withheld"] = None
    for rule, action in rules:
        yield Finding(f"{title}: models of the curve", rule, WHY[rule], action)  # type: ignore[arg-type]


def terms_withheld(fit: Fit) -> set[str]:
    """Terms that stand in the model without an estimate."""
    lost = ~np.isfinite(fit.estimates.coefficients)
    return {term for term, is_lost in zip(fit.estimates.terms, lost, strict=True) if is_lost}


def _is_of_few(
    specification: Specification, known: Known, prepared: Prepared, policy: DisclosurePolicy
) -> bool:
    """Whether a model that was refused is about few firms: then not even why is told."""
    try:
        ready = equation(specification, known, prepared.firms)
    except Refusal:
        return False
    return counted(ready.domain, prepared.holdings) < policy.least_firms


def _fitted(each: Estimated, known: Known, prepared: Prepared) -> FittedModel:
    ready = equation(each.specification, known, prepared.firms)
    return FittedModel(
        each.specification.name,
        each.specification.outcome,
        each.fit,
        ready.y,
        ready.X,
        ready.domain,
        _others(ready),
    )


def _others(ready: Equation) -> tuple[Any, ...]:
    return tuple(ready.parts.matrices.values())


def _why(findings: Sequence[Finding], each: Estimated) -> str:
    return next(
        finding.rule
        for finding in findings
        if finding.action == "refused" and finding.where == each.specification.name
    )


def _unestimated(place: int, name: str, rule: str) -> Unestimated:
    return Unestimated(place, name, rule, f"Withheld: {WHY[rule]}", REMEDY)


def _in_safe_words(each: Unestimated, policy: DisclosurePolicy) -> Unestimated:
    told = refused_safely(Refusal(each.code, each.message, each.remedy), policy)
    return replace(each, message=told.message, remedy=told.remedy)


def _with(each: Estimated, fit: Fit, policy: DisclosurePolicy) -> Estimated:
    """The model with what is left of its fit, of its tests and of its replicates."""
    least, lost = policy.least_firms, terms_withheld(fit) - terms_withheld(each.fit)
    notes = tuple(without_few(note, least) for note in fit.notes)
    dropped = tuple((term, without_few(reason, least)) for term, reason in fit.dropped)
    return replace(
        each,
        fit=replace(fit, notes=notes, dropped=dropped),
        tests=tuple(_test(test, lost, least) for test in each.tests),
        resampled=_resampled(each.resampled, lost),
        curves=tuple(_curve(drawing, fit.n, lost, policy) for drawing in each.curves),
        least_told=least,
    )


def _test(test: Tested, lost: set[str], least: int) -> Tested:
    """The test, or that it is withheld: one that names no term that was lost may be shown."""
    if any(_names(test.asked, term) for term in lost):
        return replace(
            test,
            statistic=np.nan,
            numerator_df=None,
            denominator_df=np.nan,
            p_value=np.nan,
            sentence=f"{test.asked}: {_WITHHELD_TEST}",
        )
    return replace(test, sentence=without_few(test.sentence, least))


def _curve(drawing: Drawing, n: int, lost: set[str], policy: DisclosurePolicy) -> Drawing:
    """The curve, or that it is withheld: of a term that was lost, or whose ends few firms reach."""
    rule = ""
    if any(_names(f"{drawing.of} {drawing.by}", term) for term in lost):
        rule = "few_in_level"
    elif drawing.lines and min(BEYOND, n // BEYOND) < policy.least_beyond:
        rule = "extremes"
    if not rule:
        return replace(drawing, refusal=without_few(drawing.refusal, policy.least_firms))
    return replace(drawing, lines=(), turning=None, refusal=f"Withheld: {WHY[rule]}")


def _names(asked: str, term: str) -> bool:
    """Whether what a test is of may be this term: the variable of an indicator, too."""
    column = term.rpartition("|")[2]
    return any(part.partition("[")[0].strip() in asked for part in (column, *column.split(":")))


def _resampled(made: Mapping[str, Any], lost: set[str]) -> dict[str, Any]:
    """Bootstrap and permutation without the terms that were lost."""
    left = dict(made)
    if "terms" in (bootstrap := left.get("bootstrap", {})):
        terms = [each for each in bootstrap["terms"] if each["term"] not in lost]
        left["bootstrap"] = {**bootstrap, "terms": terms}
    permutation = left.get("permutation", {})
    if any(_names(permutation.get("of", ""), term) for term in lost):
        refusal = Refusal("few_in_level", f"Withheld: {WHY['few_in_level']}", REMEDY)
        left["permutation"] = {"refusal": refusal.document()}
    return left


def _noted_safely(result: Result, policy: DisclosurePolicy) -> Result:
    """Notes without small numbers of firms."""
    least = policy.least_firms
    notes = tuple(without_few(note, least) for note in result.description.notes)
    table = result.table
    if table is not None:
        told = tuple(without_few(note, least) for note in table.notes)
        table = replace(table, notes=told) if told != table.notes else table
    if notes == result.description.notes and table is result.table:
        return result
    return replace(result, description=replace(result.description, notes=notes), table=table)
