"""The three steps of a Crepon-Duguet-Mairesse model, each by the estimator it would have alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg
from scipy import special

from analysis.estimation.blocks import Block, ancillary
from analysis.estimation.design_matrix import Column
from analysis.estimation.estimates import Floats
from analysis.estimation.glm import FRACTIONAL_PROBIT_MODEL, LINEAR_MODEL, PROBIT_MODEL
from analysis.estimation.likelihood.bivariate import BIVARIATE_PROBIT, bivariate_likelihood
from analysis.estimation.likelihood.engine import Derivatives
from analysis.estimation.likelihood.selection import HECKMAN
from analysis.estimation.likelihood.two_step import HECKMAN_TWO_STEP
from analysis.estimation.outcomes import variation
from analysis.estimation.responses import PROBIT
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

PREDICTED = "predicted"
OUTPUTS = ("product", "process")
WORDS: Mapping[str, str] = {"product": "product innovation", "process": "process innovation"}
# Of its variation, what a predicted value must have beyond the other terms of an equation.
OF_ITS_OWN = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Research:
    """Selection and intensity of R&D, and the intensity predicted for every firm.

    Attributes
    ----------
    solution : blocks intensity, selection and two single parameters
    predicted : (m,) latent intensity x'b, performers and not
    """

    solution: Solution
    predicted: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """Innovation equations with the predicted intensity as the last column of each.

    Attributes
    ----------
    blocks : M linear predictors; after those of the outputs, perhaps a correlation
    coefficients : (k,) of them, one after the other
    derivatives : of the log-likelihood by the linear predictors
    outputs : names of the outputs, in order
    """

    blocks: tuple[Block, ...]
    coefficients: Floats
    derivatives: Derivatives
    outputs: tuple[str, ...]

    @property
    def parts(self) -> tuple[Floats, ...]:
        """Coefficients of each block."""
        ends = np.cumsum([each.width for each in self.blocks])[:-1]
        return tuple(np.split(self.coefficients, ends))

    @property
    def predictors(self) -> Floats:
        """(q, m) linear predictors of the outputs."""
        pairs = list(zip(self.blocks, self.parts, strict=True))[: len(self.outputs)]
        return np.vstack([block.Z @ part for block, part in pairs])

    @property
    def slopes(self) -> Floats:
        """(M,) coefficients of the predicted intensity; 0 where a block does not read it."""
        count = len(self.outputs)
        return np.array(
            [part[-1] if place < count else 0.0 for place, part in enumerate(self.parts)]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Productivity:
    """Least squares on the firm's terms and predicted innovation.

    Attributes
    ----------
    Z : (m, k + q) floats
    coefficients : (k + q,)
    residual : (m,)
    measures : of the fit
    """

    Z: Floats
    coefficients: Floats
    residual: Floats
    measures: Mapping[str, float]


def outputs_of(sample: Sample) -> tuple[str, ...]:
    """Innovation outputs that were given: product alone, or product and process."""
    return tuple(name for name in OUTPUTS if name in sample.outcomes)


def research(sample: Sample, start: Floats | None) -> Research:
    """Step 1: Heckman's model of R&D intensity, by likelihood or in two steps."""
    estimator = HECKMAN_TWO_STEP if sample.words.get("research") == "two_steps" else HECKMAN
    words = sample.wording.labels.get("rd_intensity", "R&D intensity")
    performer = sample.outcomes["rd_performer"]
    step = replace(
        sample.seen_as("intensity", np.where(performer == 1, sample.outcomes["rd_intensity"], 0.0)),
        outcomes={"selected": performer},
        blocks={"selection": sample.blocks["selection"]},
        wording=replace(sample.wording, outcome=words),
        estimator=estimator.name,
    )
    solution = estimator.solve(step, start)
    intensity = sample.blocks["intensity"]
    return Research(solution, intensity.Z @ solution.coefficients[: intensity.width])


def knowledge(sample: Sample, predicted: Floats, start: Floats | None) -> Knowledge:
    """Step 2: innovation on the firm's terms and the predicted intensity of R&D."""
    if start is None:
        _refuse_nothing_new(sample, sample.blocks["knowledge"], predicted)
    outputs, kind = outputs_of(sample), sample.words.get("knowledge_as", "probits")
    block = widened(sample.blocks["knowledge"], predicted[:, None], ("predicted R&D intensity",))
    if kind == "bivariate_probit":
        return _jointly(sample, block, outputs, start)
    found = []
    for position, name in enumerate(outputs):
        share = kind == "share" and name == "product"
        estimator = FRACTIONAL_PROBIT_MODEL if share else PROBIT_MODEL
        here = slice(position * block.width, (position + 1) * block.width)
        step = replace(_innovating(sample, name, block), estimator=estimator.name)
        found.append(estimator.solve(step, None if start is None else start[here]).coefficients)
    gradient = np.empty((len(outputs), len(sample.y)))
    hessian = np.zeros((len(outputs), len(outputs), len(sample.y)))
    for position, (name, coefficients) in enumerate(zip(outputs, found, strict=True)):
        predictor = block.Z @ coefficients
        gradient[position] = PROBIT.score(sample.outcomes[name], predictor)
        hessian[position, position] = -PROBIT.observed(sample.outcomes[name], predictor)
    derivatives = Derivatives(np.zeros(len(sample.y)), gradient, hessian)
    return Knowledge((block,) * len(outputs), np.concatenate(found), derivatives, outputs)


def _jointly(
    sample: Sample, block: Block, outputs: tuple[str, ...], start: Floats | None
) -> Knowledge:
    product, process = sample.outcomes["product"], sample.outcomes["process"]
    step = replace(
        _innovating(sample, "product", block),
        outcomes={"second_outcome": process},
        blocks={"second": block},
        estimator=BIVARIATE_PROBIT.name,
    )
    coefficients = BIVARIATE_PROBIT.solve(step, start).coefficients
    blocks = (block, block, ancillary("atanh_rho_innovation", len(sample.y)))
    parts = np.split(coefficients, np.cumsum([each.width for each in blocks])[:-1])
    eta = np.vstack([each.Z @ part for each, part in zip(blocks, parts, strict=True)])
    derivatives = bivariate_likelihood(product, process, eta)
    return Knowledge(blocks, coefficients, derivatives, outputs)


def _innovating(sample: Sample, name: str, block: Block) -> Sample:
    words = sample.wording.labels.get(name, WORDS[name])
    return replace(
        sample,
        main=block,
        y=sample.outcomes[name],
        wording=replace(sample.wording, outcome=words),
    )


def productivity(sample: Sample, innovation: Floats, *, is_first: bool) -> Productivity:
    """Step 3: least squares of the outcome on the firm's terms and predicted innovation.

    `innovation` is (q, m) predicted probabilities or shares.
    """
    names = tuple(f"{PREDICTED} {WORDS[name]}" for name in outputs_of(sample))
    if is_first:
        for place, name in enumerate(names):
            _refuse_nothing_new(sample, sample.main, innovation[place], name)
    block = widened(sample.main, innovation.T, names)
    step = replace(sample, main=block, estimator="linear")
    solution = LINEAR_MODEL.solve(step, None if is_first else np.zeros(block.width))
    residual = sample.y - block.Z @ solution.coefficients
    return Productivity(block.Z, solution.coefficients, residual, solution.fit_measures)


def widened(block: Block, columns: Floats, names: tuple[str, ...]) -> Block:
    """The block as a main equation with (m, q) further columns."""
    return Block(
        "",
        (*block.columns, *(Column(name) for name in names)),
        np.column_stack([block.X, columns]),
        np.column_stack([block.Z, columns]),
        scipy.linalg.block_diag(block.back, np.eye(len(names))),
    )


def probabilities(predictors: Floats) -> tuple[Floats, Floats]:
    """Normal distribution function and density."""
    value: Floats = special.ndtr(predictors)
    return value, PROBIT.slope(predictors)


def _refuse_nothing_new(
    sample: Sample, block: Block, predicted: Floats, name: str = "predicted R&D intensity"
) -> None:
    """Refuse a predicted value that follows from the terms of the equation it enters."""
    root = np.sqrt(sample.weight)
    fitted = block.Z @ scipy.linalg.lstsq(root[:, None] * block.Z, root * predicted)[0]
    left = sample.weight @ (predicted - fitted) ** 2
    if left <= OF_ITS_OWN * variation(replace(sample, y=predicted)):
        raise Refusal(
            "nothing_excluded",
            f"The {name} follows from the other terms of the equation that it enters, so its "
            "effect cannot be told from theirs.",
            "Leave out of that equation at least one term of the equation that predicts it.",
        )
