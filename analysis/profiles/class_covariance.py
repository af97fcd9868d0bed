"""Covariance of latent classes: linearised, replicated, or of the model."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.replicates import failed_replicates, replicate_variance
from analysis.estimation.variance import linearized_variance
from analysis.profiles.curvature import jacobian, scores_and_information
from analysis.profiles.mixture import Classes, improved
from analysis.profiles.refinement import Maximum, refined
from analysis.profiles.responses import Patterns, Responses
from analysis.refusals import Refusal

# Steps of expectation and maximisation from the full sample's classes to a replicate's.
STEPS_OF_REPLICATE = 200
LEAST_CURVED = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Uncertain:
    """Covariance of shares and probabilities, with NaN for what is at a boundary; its df."""

    covariance: Floats
    df: float
    notes: tuple[str, ...] = ()


def uncertainty(
    maximum: Maximum,
    found: Patterns,
    given: Responses,
    design: SurveyDesign,
    scale: float,
    covariance: str,
) -> Uncertain:
    """Of (K + K L) shares and probabilities; `scale` took the weights to mean one."""
    if covariance == "replicate":
        made = _replicated(maximum, found, given, design)
    else:
        scores, information = scores_and_information(maximum.classes, found, given, maximum.free)
        if covariance == "design":
            made = _linearised(scores, information, found, design, scale)
        else:
            _refuse_weights(design)
            matrix = (
                information
                if covariance == "model"
                else scores.T @ (found.weight[:, None] * scores)
            )
            made = Uncertain(_inverse(matrix), np.inf)
        back = jacobian(maximum.classes, given, maximum.free)
        made = Uncertain(back @ made.covariance @ back.T, made.df, made.notes)
    return Uncertain(_without_boundary(made.covariance, maximum), made.df, made.notes)


def _linearised(
    scores: Floats, information: Floats, found: Patterns, design: SurveyDesign, scale: float
) -> Uncertain:
    """Binder (1983): the influence of a firm is its score times the inverse information."""
    per_pattern = scale * scores @ _inverse(information)
    takes_part = found.of_firm >= 0
    influence = np.zeros((len(found.of_firm), per_pattern.shape[1]))
    influence[takes_part] = per_pattern[found.of_firm[takes_part]]
    df = design.degrees_of_freedom(takes_part)
    if df <= 0:
        raise Refusal(
            "no_degrees_of_freedom",
            "The firms that take part lie in as many strata as clusters, so nothing says how much "
            "chance there is in the profiles.",
            "Join strata, or leave them out of the design.",
        )
    return Uncertain(linearized_variance(influence, design, takes_part), float(df))


def _replicated(
    maximum: Maximum, found: Patterns, given: Responses, design: SurveyDesign
) -> Uncertain:
    if design.replicates is None:
        raise Refusal(
            "no_replicates",
            "The design has no replicate weights.",
            "Make them with replicate_weights, or choose the covariance “design”.",
        )
    takes_part = found.of_firm >= 0
    count = len(found.weight)
    estimates = np.array(
        [
            _under(column, maximum.classes, found, given, count)
            for column in design.replicates.weights.T
        ]
    )
    full = np.concatenate([maximum.classes.share, maximum.classes.answer.ravel()])
    lost = failed_replicates(estimates)
    notes = (f"{lost} replicates without a maximum are left out.",) if lost else ()
    return Uncertain(
        replicate_variance(estimates, full, design.replicates),
        float(design.replicates.degrees_of_freedom_in(takes_part)),
        notes,
    )


def _under(
    weights: Floats, classes: Classes, found: Patterns, given: Responses, count: int
) -> Floats:
    """The parameters under one set of weights, classes matched to those of the full sample."""
    inside = found.of_firm >= 0
    weight = np.bincount(found.of_firm[inside], weights[inside], count)
    lost = np.full(classes.share.size + classes.answer.size, np.nan)
    if not np.isfinite(weight).all() or weight.sum() <= 0:
        return lost
    weight = weight * inside.sum() / weight.sum()
    reweighted = Patterns(found.chosen, found.answered, weight, found.of_firm)
    start = Classes(classes.share, np.maximum(classes.answer, 1e-6))
    near = refined(improved(start, reweighted, given, STEPS_OF_REPLICATE), reweighted, given)
    if not near.is_reached:
        return lost
    order = matched(classes, near.classes)
    return np.concatenate([near.classes.share[order], near.classes.answer[order].ravel()])


def matched(one: Classes, other: Classes) -> np.ndarray:
    """(K,) which class of `other` is each class of `one`: the nearest profiles, one to one."""
    distance = ((one.answer[:, None] - other.answer[None]) ** 2).sum(axis=-1)
    _, order = linear_sum_assignment(distance)
    return np.asarray(order)


def _inverse(information: Floats) -> Floats:
    scale = np.sqrt(np.diag(information))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < LEAST_CURVED:
        raise Refusal(
            "flat_likelihood",
            "The likelihood hardly changes along some direction of the parameters, so their "
            "uncertainty cannot be told.",
            "Ask for fewer classes, or name more items.",
        )
    result: Floats = (vectors / values) @ vectors.T / np.outer(scale, scale)
    return result


def _refuse_weights(design: SurveyDesign) -> None:
    if design.is_weighted:
        raise Refusal(
            "weights_in_model_covariance",
            "With weights the information of the model says nothing of the uncertainty.",
            "Choose the covariance “design” or “replicate”.",
        )


def at_boundary(maximum: Maximum) -> Rows:
    """(K + K L,) shares and probabilities that are 0 or 1 for good."""
    whole = np.isclose(maximum.classes.answer, 1.0, rtol=0, atol=1e-12)
    shares = np.zeros(len(maximum.classes.share), dtype=bool)
    return np.concatenate([shares, (maximum.at_nought | whole).ravel()])


def _without_boundary(covariance: Floats, maximum: Maximum) -> Floats:
    stuck = at_boundary(maximum)
    result = covariance.copy()
    result[stuck] = np.nan
    result[:, stuck] = np.nan
    return result
