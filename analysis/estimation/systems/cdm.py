"""From R&D to innovation to productivity: Crepon, Duguet and Mairesse (1998).

In the form of Griffith, Huergo, Mairesse and Peters (2006): selection and intensity of R&D;
product and process innovation on the intensity predicted for every firm, performers or not;
productivity on predicted innovation. The estimating equations of all steps are stacked, which
is the generalisation of Murphy and Topel (1985) to any covariance; replicates refit the whole.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import scipy.linalg

from analysis.estimation.blocks import Block, ancillary, copied
from analysis.estimation.design import Rows
from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import TWO_STEPS, Estimator
from analysis.estimation.parts import Parts, Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Derived, Prediction, Solution
from analysis.estimation.systems.needs import refuse_unfit
from analysis.estimation.systems.steps import (
    PREDICTED,
    WORDS,
    Knowledge,
    Productivity,
    Research,
    knowledge,
    outputs_of,
    probabilities,
    productivity,
    research,
)

# Correlation of two predicted outputs beyond which their effects are hardly told apart.
ALIKE = 0.95
# Of blocks of the first step: intensity, selection and two single parameters.
OF_RESEARCH = 4


def complete(y: Floats, matrix: DesignMatrix, parts: Parts) -> Rows:
    """(n,) firms with all answers; the intensity of R&D of those only that do R&D."""
    performer, intensity = parts.outcomes["rd_performer"], parts.outcomes["rd_intensity"]
    known: Rows = ~np.isnan(y) & ~np.isnan(performer) & (~np.isnan(intensity) | (performer == 0))
    for each in (matrix, *parts.matrices.values()):
        known &= ~np.isnan(each.X).any(axis=1)
    for name in WORDS:
        if name in parts.outcomes:
            known &= ~np.isnan(parts.outcomes[name])
    return known


def _solve(sample: Sample, start: Floats | None) -> Solution:
    if start is None:
        refuse_unfit(sample)
    count = sample.main.width + len(outputs_of(sample))
    of_research = sample.blocks["intensity"].width + sample.blocks["selection"].width + 2
    known = (None, None) if start is None else np.split(start[count:], [of_research])
    first = research(sample, known[0])
    second = knowledge(sample, first.predicted, known[1])
    innovation, _ = probabilities(second.predictors)
    third = productivity(sample, innovation, is_first=start is None)
    scores, minus = _stacked(sample, first, second, third)
    blocks = _blocks(sample, first, second)
    solution = Solution(
        coefficients=np.concatenate(
            [third.coefficients, first.solution.coefficients, second.coefficients]
        ),
        scores=scores,
        bread=scipy.linalg.inv(minus),
        blocks=blocks,
        predictions=_predictions(second.outputs),
        derived=_derived(first, second, count, len(scores[0])),
        is_likelihood=False,
    )
    if start is not None:
        return solution
    return replace(
        solution,
        fit_measures=_measures(sample, third),
        notes=_notes(first, innovation),
    )


def _blocks(sample: Sample, first: Research, second: Knowledge) -> tuple[Block, ...]:
    """Productivity, R&D, innovation; a coefficient of something predicted is a block."""
    firms = len(sample.y)
    innovation: list[Block] = []
    for name in second.outputs:
        innovation += [
            copied(sample.blocks["knowledge"], name),
            ancillary(f"{name}|{PREDICTED}_rd_intensity", firms),
        ]
    return (
        sample.main,
        *(ancillary(f"{PREDICTED}_{name}", firms) for name in second.outputs),
        *first.solution.blocks,
        *innovation,
        *second.blocks[len(second.outputs) :],
    )


def _stacked(
    sample: Sample, first: Research, second: Knowledge, third: Productivity
) -> tuple[Floats, Floats]:
    """Estimating functions (m, k) and minus the derivative of their weighted sum, (k, k)."""
    width = third.Z.shape[1]
    middle = width + len(first.solution.coefficients)
    of_first, of_third = slice(width, middle), slice(0, width)
    intensity = first.solution.blocks[0]
    of_intensity = slice(width, width + intensity.width)
    places = _places(second, middle)
    size = places[-1].stop
    minus = np.zeros((size, size))
    minus[of_first, of_first] = scipy.linalg.inv(first.solution.bread)
    minus[of_third, of_third] = third.Z.T @ (sample.weight[:, None] * third.Z)
    _innovation_rows(minus, sample.weight, second, places, of_intensity, intensity.Z)
    _productivity_rows(minus, sample.weight, second, third, places, of_intensity, intensity.Z)
    pairs = zip(second.blocks, second.derivatives.gradient, strict=True)
    scores = np.hstack(
        [
            third.Z * third.residual[:, None],
            first.solution.scores,
            *(block.Z * part[:, None] for block, part in pairs),
        ]
    )
    return scores, minus


def _places(second: Knowledge, start: int) -> list[slice]:
    """Where the coefficients of each innovation predictor stand."""
    ends = start + np.cumsum([each.width for each in second.blocks])
    return [
        slice(int(end - each.width), int(end))
        for end, each in zip(ends, second.blocks, strict=True)
    ]


def _innovation_rows(
    minus: Floats,
    weight: Floats,
    second: Knowledge,
    places: list[slice],
    of_intensity: slice,
    Z: Floats,
) -> None:
    """The intensity moves each predictor by its slope, and is itself the last column."""
    hessian, gradient = second.derivatives.hessian, second.derivatives.gradient
    for i, (here, block) in enumerate(zip(places, second.blocks, strict=True)):
        for j, (there, other) in enumerate(zip(places, second.blocks, strict=True)):
            minus[here, there] = -block.Z.T @ ((weight * hessian[i, j])[:, None] * other.Z)
        moved = np.tensordot(second.slopes, hessian[i], axes=1)
        minus[here, of_intensity] = -block.Z.T @ ((weight * moved)[:, None] * Z)
        if i < len(second.outputs):
            minus[here.stop - 1, of_intensity] -= (weight * gradient[i]) @ Z


def _productivity_rows(
    minus: Floats,
    weight: Floats,
    second: Knowledge,
    third: Productivity,
    places: list[slice],
    of_intensity: slice,
    Z: Floats,
) -> None:
    """Predicted innovation moves with the coefficients of both steps before."""
    count = len(second.outputs)
    width = third.Z.shape[1]
    _, density = probabilities(second.predictors)
    for i in range(count):
        own = width - count + i
        effect = third.coefficients[own]
        for place, columns in (
            (places[i], second.blocks[i].Z),
            (of_intensity, second.slopes[i] * Z),
        ):
            moved = (weight * density[i])[:, None] * columns
            minus[:width, place] += effect * third.Z.T @ moved
            minus[own, place] -= third.residual @ moved


def _derived(first: Research, second: Knowledge, before: int, size: int) -> tuple[Derived, ...]:
    """Correlation and spread of the R&D equations, and of the two innovations."""
    found = []
    for each in first.solution.derived:
        gradient = np.zeros(size)
        gradient[before : before + len(each.gradient)] = each.gradient
        found.append(Derived(each.term, each.value, gradient))
    if len(second.blocks) > len(second.outputs):
        turned = second.coefficients[-1]
        gradient = np.zeros(size)
        gradient[-1] = 1 / np.cosh(turned) ** 2
        found.append(Derived("rho_innovation", float(np.tanh(turned)), gradient))
    return tuple(found)


def _measures(sample: Sample, third: Productivity) -> dict[str, float]:
    performer = sample.outcomes["rd_performer"]
    return {
        **third.measures,
        "rd_performers": float(performer.sum()),
        "share_of_rd_performers": float(np.average(performer, weights=sample.weight)),
    }


def _notes(first: Research, innovation: Floats) -> tuple[str, ...]:
    notes = tuple(f"R&D equations: {note}" for note in first.solution.notes)
    if len(innovation) == 2:
        correlation = float(np.asarray(np.corrcoef(innovation))[0, 1])
        if abs(correlation) > ALIKE:
            notes += (
                f"Predicted product and process innovation correlate at {correlation:.3f}: their "
                "effects on productivity are hardly told apart.",
            )
    return notes


def _predictions(outputs: tuple[str, ...]) -> dict[str, Prediction]:
    """Productivity first, then what comes before it."""
    count = len(outputs)

    def output(place: int) -> Callable[[Floats], Curve]:
        return lambda eta: _output(eta, place, count)

    innovation = {
        name: Prediction(name, f"Predicted {WORDS[name]}", output(place))
        for place, name in enumerate(outputs)
    }
    return {
        "mean": Prediction(
            "mean", "Expected productivity, through R&D and innovation", lambda e: _mean(e, count)
        ),
        **innovation,
        "rd_intensity": Prediction(
            "rd_intensity", "Predicted R&D intensity", lambda eta: _intensity(eta, count)
        ),
    }


def _intensity(eta: Floats, count: int) -> Curve:
    slope = np.zeros_like(eta)
    slope[1 + count] = 1.0
    return Curve(eta[1 + count], slope, np.zeros((len(eta), *eta.shape)))


def _output(eta: Floats, place: int, count: int) -> Curve:
    """Normal probability of an output's own terms and its slope times the intensity."""
    intensity, own = 1 + count, 1 + count + OF_RESEARCH + 2 * place
    index = eta[own] + eta[own + 1] * eta[intensity]
    value, density = probabilities(index)
    lean = np.zeros_like(eta)
    lean[own], lean[own + 1], lean[intensity] = 1.0, eta[intensity], eta[own + 1]
    bend: Floats = (-index * density) * lean[:, None] * lean[None]
    bend[own + 1, intensity] += density
    bend[intensity, own + 1] += density
    return Curve(value, density * lean, bend)


def _mean(eta: Floats, count: int) -> Curve:
    """The main predictor and the effect of each output times its prediction."""
    value, slope = eta[0].copy(), np.zeros_like(eta)
    bend = np.zeros((len(eta), *eta.shape))
    slope[0] = 1.0
    for place in range(count):
        part, effect = _output(eta, place, count), eta[1 + place]
        value += effect * part.value
        slope += effect * part.slope
        slope[1 + place] += part.value
        if part.bend is not None:
            bend += effect * part.bend
        bend[1 + place] += part.slope
        bend[:, 1 + place] += part.slope
    return Curve(value, slope, bend)


CDM = Estimator(
    "cdm",
    "Crepon-Duguet-Mairesse",
    "Productivity, as the logarithm of output per employee; with R&D and innovation of the same "
    "firms, those without either among them.",
    _solve,
    TWO_STEPS,
    roles=(
        Role("rd_performer", "outcome", "1 if the firm does R&D, else 0"),
        Role("rd_intensity", "outcome", "logarithm of R&D per employee of those that do"),
        Role("product", "outcome", "product innovation, yes or no; or a share of sales"),
        Role("process", "outcome", "process innovation, yes or no", is_needed=False),
        Role("selection", "matrix", "regressors of doing R&D"),
        Role("intensity", "matrix", "regressors of the intensity of R&D"),
        Role("knowledge", "matrix", "regressors of innovation besides predicted R&D"),
        Role("research", "word", "likelihood (default) or two_steps", is_needed=False),
        Role(
            "knowledge_as", "word", "probits (default), bivariate_probit or share", is_needed=False
        ),
    ),
    complete=complete,
)
