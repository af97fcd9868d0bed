"""The ascent to the summit of a generalised linear model's weighted likelihood.

Newton steps, halved where they would not rise; they stop on the scaled step, never on the
likelihood alone.
"""

import numpy as np

from analysis.estimation.coordinates import inverse_information
from analysis.estimation.estimates import Floats
from analysis.estimation.responses import CLOGLOG, LINEAR, POISSON, Response
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

# Largest Newton step, in standard errors of a coefficient, at which a fit has converged.
SCALED_STEP = 1e-10
# Scaled step so short that the likelihood is a parabola over it.
SURELY_UPWARDS = 1e-2
STEPS = 200
REFINEMENTS = 3
# Change of a linear predictor over which a gently bending likelihood rises by Newton's step.
SURELY_SHORT = 1.79
HALVINGS = 40
# Of a log-likelihood: what rounding alone may take away from one step to the next.
LEVEL = 1e-13
# Residual of a firm below which it may be predicted without error.
SURE = 1e-8
# Firms from which a start is found, where there are many times more.
FOR_A_START = 10_000
MANY = 5
# Linear predictor, or residual, of a start that is of no use.
FAR = 20.0


class Climb:
    """Where an ascent stands: everything at one vector of coefficients."""

    def __init__(
        self, y: Floats, Z: Floats, weight: Floats, offset: Floats | float, response: Response
    ) -> None:
        self.y, self.Z, self.weight, self.offset, self.response = y, Z, weight, offset, response

    def stand(self, coefficients: Floats) -> float:
        """Go there; the height reached."""
        self.go(coefficients)
        return self.height

    def go(self, coefficients: Floats) -> None:
        self.coefficients = coefficients
        self.predictor = self.Z @ coefficients + self.offset
        self.known_height: float | None = None

    @property
    def height(self) -> float:
        """The weighted log-likelihood here."""
        if self.known_height is None:
            density = self.response.log_density(self.y, self.predictor)
            self.known_height = float(self.weight @ density)
        return self.known_height

    def step(self) -> tuple[Floats, float]:
        """Newton's step from here, and its largest part in standard errors."""
        self.residual, curvature = self.response.score_and_observed(self.y, self.predictor)
        gradient = self.Z.T @ (self.weight * self.residual)
        self.inverse = inverse_information(self.Z, self.weight * curvature)
        step = self.inverse @ gradient
        self.decrement = max(float(gradient @ step), 0.0) ** 0.5
        return step, float(np.max(np.abs(step) / np.sqrt(np.diag(self.inverse))))

    def refine(self) -> None:
        """Newton steps on a parabola: one leads to its summit, two more mend the rounding."""
        for _ in range(REFINEMENTS):
            self.stand(self.coefficients + self.step()[0])
        self.residual = self.response.score(self.y, self.predictor)

    def climb(self) -> bool:
        """Newton steps to the summit; False if none is reached."""
        for _ in range(STEPS):
            step, scaled = self.step()
            if not np.isfinite(scaled):
                return False
            if scaled < SCALED_STEP:
                # The last step is free: its curvature is that of the step before.
                self.go(self.coefficients + step)
                self.residual = self.response.score(self.y, self.predictor)
                return True
            if scaled < SURELY_UPWARDS:
                self.go(self.coefficients + step)
            elif not self._strode(step) and not self._rise(step):
                return False
        return False

    def _strode(self, step: Floats) -> bool:
        """Take a step that leads upwards whatever the likelihood's height at its end.

        Where the third derivative by the linear predictor is at most the second, a Newton step
        that changes no predictor by more than 1.79 cannot lead downwards: there
        (exp(d) - d - 1) / d^2 is one (Bach 2010, 3.2).
        """
        if not self.response.bends_gently:
            return False
        change = self.Z @ step
        if max(change.max(), -change.min()) >= SURELY_SHORT:
            return False
        self.coefficients = self.coefficients + step
        self.predictor = self.predictor + change
        self.known_height = None
        return True

    def climb_again(self) -> bool:
        """To a summit nearby, under the curvature where it starts.

        The curvature of a replicate differs little from there to its summit, so each step leaves
        some hundredths of the way; where it leaves more than half, Newton's steps take over.
        """
        step, last = self.step()[0], np.inf
        spread = np.sqrt(np.diag(self.inverse))
        for _ in range(STEPS):
            scaled = float(np.max(np.abs(step) / spread))
            if not scaled < last / 2:
                return self.climb()
            self.go(self.coefficients + step)
            if scaled < SCALED_STEP:
                return True
            residual = self.response.score(self.y, self.predictor)
            step, last = self.inverse @ (self.Z.T @ (self.weight * residual)), scaled
        return False

    def _rise(self, step: Floats) -> bool:
        here, height = self.coefficients, self.height
        for _ in range(HALVINGS):
            if self.stand(here + step) >= height - LEVEL * abs(height):
                return True
            step = step / 2
        self.go(here)
        return False


def climbed(sample: Sample, response: Response, start: Floats | None) -> tuple[Climb, bool]:
    """Where the ascent ends, from the start given or one of its own, and if that is a summit."""
    offset = offset_of(sample)
    climb = Climb(sample.y, sample.Z, sample.weight, offset, response)
    if response is LINEAR:
        climb.stand(np.zeros(sample.Z.shape[1]))
        climb.refine()
        return climb, True
    with np.errstate(all="ignore"):
        if start is not None:
            climb.go(start)
            return climb, climb.climb()
        null = _null(sample.y, sample.Z, sample.weight, offset, response)
        first = _start(sample, response, offset, null)
        climb.go(first)
        has_summit = climb.climb()
        if not has_summit and first is not null:
            climb.go(null)
            has_summit = climb.climb()
        return climb, has_summit


def _start(sample: Sample, response: Response, offset: Floats | float, null: Floats) -> Floats:
    """The model of an intercept alone; where firms are very many, the fit on some of them."""
    if sample.near is not None:
        return sample.near
    every = len(sample.y) // FOR_A_START
    if every < MANY:
        return null
    some = slice(None, None, every)
    few = Climb(
        sample.y[some],
        np.ascontiguousarray(sample.Z[some]),
        sample.weight[some],
        offset if isinstance(offset, float) else offset[some],
        response,
    )
    few.go(null)
    try:
        is_near = few.climb() and _is_moderate(few)
    except np.linalg.LinAlgError:
        # A rare level may have no firm among these.
        is_near = False
    return few.coefficients if is_near else null


def _is_moderate(few: Climb) -> bool:
    """Whether no firm is predicted so surely that the whole sample could not lead back."""
    return bool(np.max(np.abs(few.residual)) < FAR and np.max(np.abs(few.predictor)) < FAR)


def _null(
    y: Floats, Z: Floats, weight: Floats, offset: Floats | float, response: Response
) -> Floats:
    """(k,) coefficients of the model of an intercept alone, exact without an offset."""
    null = np.zeros(Z.shape[1])
    exposure = np.exp(offset)
    mean = np.average(y, weights=weight) / np.average(exposure * np.ones_like(y), weights=weight)
    null[0] = response.predictor(np.array([mean]))[0] / Z[0, 0]
    return null


def null_height(sample: Sample, response: Response) -> float:
    """Log-likelihood of the model of an intercept alone."""
    one = np.ones((len(sample.y), 1))
    offset = offset_of(sample)
    if response is not POISSON:
        # Of 0 and 1, and of shares, the log-density is linear in the outcome.
        ones, total = float(sample.weight @ sample.y), float(sample.weight.sum())
        predictor = response.predictor(np.array([ones / total]))
        has, has_not = (float(response.log_density(np.array([y]), predictor)[0]) for y in (1, 0))
        return ones * has + (total - ones) * has_not
    alone = Climb(sample.y, one, sample.weight, offset, response)
    alone.go(_null(sample.y, one, sample.weight, offset, response))
    if not isinstance(offset, float):
        alone.climb()
    return alone.height


def proves_overlap(climb: Climb) -> bool:
    """True if these estimates are a proof that the outcomes are not separated.

    Were d a direction of separation, the score along d would be the sum of w |r| |x'd|:
    every firm pulls the same way. That sum is at least min|r| sqrt(min w / max c) times the
    length of d in the metric of the information, whose curvatures are at most c; and the score
    along d is at most the Newton decrement times that length. Where a firm is predicted almost
    surely the information is too nearly singular for rounded numbers to prove anything.
    """
    weakest = float(np.min(np.abs(climb.residual)))
    most = 1.0
    if climb.response is CLOGLOG:
        most = max(most, float(np.max(CLOGLOG.observed(climb.y, climb.predictor))))
    bound = weakest * np.sqrt(np.min(climb.weight) / most)
    return bool(weakest > SURE and climb.decrement < bound)


def offset_of(sample: Sample) -> Floats | float:
    """Logarithm of the exposure, 0 without one.

    Raises: Refusal ``exposure_not_positive``.
    """
    exposure = sample.outcomes.get("exposure")
    if exposure is None:
        return 0.0
    if np.any(exposure <= 0):
        raise Refusal(
            "exposure_not_positive",
            f"The exposure is zero or negative for {int(np.sum(exposure <= 0))} of "
            f"{len(exposure)} firms.",
            "Give every firm a positive exposure, such as years of activity.",
        )
    result: Floats = np.log(exposure)
    return result
