"""One piece of a plan's work carried out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.constructs import Measured
from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.labels import Rows
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.regression import Model, assembled
from analysis.estimation.resampling import bootstrap_estimates, generator, shuffled
from analysis.pipeline.designs import design_of
from analysis.pipeline.drawing import drawings
from analysis.pipeline.imputed import Found, Imputed, imputed
from analysis.pipeline.over_waves import counted_by_firm
from analysis.pipeline.pieces import Piece
from analysis.pipeline.prepared import Known, Prepared
from analysis.pipeline.solving import solved
from analysis.pipeline.withholding import refuse_unsafe_effect, refused_safely
from analysis.refusals import Refusal
from analysis.specification.hypotheses import ranges_of, tested
from analysis.specification.model import Curve, Specification
from analysis.tables.curve import Effect, Unshown, curve_statistics
from analysis.tables.estimates_document import wording


@dataclass(frozen=True, slots=True, eq=False)
class Replicated:
    """(R, k) values of some replicates, NaN where there is none, and what the k are."""

    terms: tuple[str, ...]
    values: Floats


Finding = Found | Imputed | Replicated | tuple[Effect | Unshown, ...]


def worked(prepared: Prepared, piece: Piece) -> Finding:
    """What the piece finds. The same piece on the same data finds the same, to the last bit.

    Raises: Refusal of the model; models of a curve are refused one by one.
    """
    match piece.kind:
        case "imputed":
            return imputed(prepared, piece.first)
        case "curve":
            return tuple(_effects(prepared, _curve(prepared), range(piece.first, piece.stop)))
        case "curve_permutation":
            return _curve_shuffled(prepared, piece)
        case "bootstrap":
            return _bootstrapped(prepared, piece)
        case "permutation":
            return _permuted(prepared, piece)
        case _:
            return _estimated(prepared, prepared.plan.specifications[piece.place])


def _estimated(prepared: Prepared, specification: Specification) -> Found:
    design = design_of(specification.design, prepared.dataset, specification.covariance)
    ready, model = solved(specification, prepared.known, design)
    fit = counted_by_firm(prepared, ready, assembled(model, margins=specification.margins))
    ranges = ranges_of(specification.tests, model.fitted.sample.variables)
    return Found(
        fit=fit,
        wording=wording(ready, fit),
        outcome_label=prepared.known[specification.outcome].label,
        has_population=design.population is not None,
        tests=tuple(tested(asked, fit.estimates, [ranges], None) for asked in specification.tests),
        curves=drawings(specification, ready, model),
    )


def _bootstrapped(prepared: Prepared, piece: Piece) -> Replicated:
    specification = prepared.plan.specifications[piece.place]
    assert specification.bootstrap is not None  # noqa: S101 -- the piece was cut from it
    design = design_of(specification.design, prepared.dataset, specification.covariance)
    _, model = solved(specification, prepared.known, design)
    numbers = range(piece.first, piece.stop)
    values = bootstrap_estimates(model, seed=specification.bootstrap.seed, numbers=numbers)
    return Replicated(model.estimates.terms, values)


def _permuted(prepared: Prepared, piece: Piece) -> Replicated:
    """T of the term after each shuffling of its variables among the firms of the model."""
    specification = prepared.plan.specifications[piece.place]
    asked = specification.permutation
    assert asked is not None  # noqa: S101 -- the piece was cut from it
    design = design_of(specification.design, prepared.dataset, specification.covariance)
    ready, model = solved(specification, prepared.known, design)
    place_of(asked.of, model.estimates)
    names = variables_of(asked.of, specification)
    values = []
    for number in range(piece.first, piece.stop):
        order = shuffled(ready.domain, design, generator(asked.seed, number))
        try:
            _, again = solved(specification, _reordered(prepared.known, names, order), design)
            values.append(again.estimates.statistics[place_of(asked.of, again.estimates)])
        except Refusal:
            values.append(np.nan)
    return Replicated((asked.of,), np.array(values, dtype=float)[:, None])


def place_of(term: str, estimates: Estimates) -> int:
    """Where the term stands. Raises: Refusal ``term_not_estimated``."""
    if term in estimates.terms:
        return estimates.terms.index(term)
    raise Refusal(
        "term_not_estimated",
        f"The model has no estimate of “{term}”.",
        f"It has {', '.join(estimates.terms)}.",
    )


def variables_of(term: str, specification: Specification) -> tuple[str, ...]:
    """The variables of a term of the formula; those of all its indicators for a factor's."""
    for each in specification.formula.terms:
        if str(each) == term:
            return tuple(dict.fromkeys(part.variable for part in each.parts))
    named = [name for name in specification.formula.variables if name in term]
    return tuple(sorted(named, key=len)[-1:])


def _reordered(
    known: Known, names: tuple[str, ...], order: npt.NDArray[np.intp]
) -> dict[str, Measured]:
    """The vocabulary, in which firms have each other's values of these variables."""
    return {
        **known,
        **{name: replace(known[name], values=known[name].values[order]) for name in names},
    }


def _curve(prepared: Prepared) -> Curve:
    assert prepared.plan.curve is not None  # noqa: S101 -- the piece was cut from it
    return prepared.plan.curve


def _effects(
    prepared: Prepared, curve: Curve, numbers: range, known: Known | None = None
) -> Iterator[Effect | Unshown]:
    """The effect that each of these models shows, or why it has none."""
    designs: dict[bool, SurveyDesign] = {}
    for number in numbers:
        specification = curve.specification(number)
        weighted = specification.design.weights
        try:
            if weighted not in designs:
                designs[weighted] = design_of(
                    specification.design, prepared.dataset, specification.covariance
                )
            ready, model = solved(specification, known or prepared.known, designs[weighted])
            effect = _effect(curve, number, model)
            review = refuse_unsafe_effect(prepared, curve, number, ready=ready, model=model)
            yield replace(effect, review=review)
        except Refusal as refusal:
            told = refused_safely(refusal, prepared.policy)
            yield Unshown(told.code, told.message, told.remedy)


def _effect(curve: Curve, number: int, model: Model) -> Effect:
    term = curve.term(number)
    estimates = model.estimates
    if curve.effect == "margin":
        place_of(term, estimates)
        estimates = average_marginal_effects(model.margins()) or Estimates(
            (), np.empty(0), np.empty((0, 0)), float("inf")
        )
    place = place_of(term, estimates)
    if not np.isfinite(estimates.coefficients[place]):
        raise Refusal("not_finite", f"The effect of {term} is no number.", "Leave a term out.")
    low, high = estimates.intervals()[place].tolist()
    return Effect(
        estimate=float(estimates.coefficients[place]),
        std_error=float(estimates.std_errors[place]),
        statistic=float(estimates.statistics[place]),
        p_value=float(estimates.p_values[place]),
        conf_low=low,
        conf_high=high,
        df=float(estimates.degrees_of_freedom[place]),
        n=int(model.fitted.n),
    )


def _curve_shuffled(prepared: Prepared, piece: Piece) -> Replicated:
    """Statistics of the whole curve after each joint shuffling of its measures."""
    curve = _curve(prepared)
    design = design_of(curve.specification(0).design, prepared.dataset, curve.covariance)
    known = prepared.known
    rows: Rows = np.ones(prepared.firms, dtype=bool)
    for name in curve.permuted:
        rows = rows & ~known[name].missing if name in known else rows
    values = []
    for number in range(piece.first, piece.stop):
        order = shuffled(rows, design, generator(curve.seed, number))
        again = _reordered(known, tuple(n for n in curve.permuted if n in known), order)
        shown = tuple(_effects(prepared, curve, range(curve.count), again))
        values.append(list(curve_statistics(shown).values()))
    return Replicated(tuple(curve_statistics(())), np.array(values, dtype=float))
