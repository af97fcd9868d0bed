"""A plan cut into pieces of work that can be done apart and in any order."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from analysis.estimation.glm import GENERALISED_LINEAR
from analysis.specification.model import Curve, ImputationChoice, Plan, Specification

Kind = Literal["model", "imputed", "bootstrap", "permutation", "curve", "curve_permutation"]
# Firms times fits: about a second of a generalised linear model.
FITS_OF_A_PIECE = 320_000
REFITS_OF_A_PIECE = 1_000_000
# Up to here one process is done before several have heard of the work.
SMALL = 1_000_000
# How many times longer than a generalised linear model the others take, roughly.
_OTHERS = 20
_CELLS_OF_A_CONSTRUCT = 4
_SIMPLE = {each.name for each in GENERALISED_LINEAR}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a run's work, the same whoever does it, and when.

    Attributes
    ----------
    kind : what is done: a model estimated, replicates of one, models of the curve, and so on
    place : which model of the plan, from 0
    first, stop : which models of the curve, or replicates
    cost : firms times fits, in those of a generalised linear model
    title : for people
    content : SHA-256 of all that the result depends on, besides data and code
    """

    kind: Kind
    place: int
    first: int
    stop: int
    cost: float
    title: str
    content: str

    @property
    def size(self) -> int:
        """How many estimations it is."""
        return self.stop - self.first


def fingerprint(piece: Piece, *, extract: str, code: str) -> str:
    """SHA-256 that two pieces share if, and only if, they must give the same result."""
    return hashlib.sha256(f"{piece.content}\n{extract}\n{code}".encode()).hexdigest()


def divided(plan: Plan, firms: int, rules: str = "") -> tuple[Piece, ...]:
    """The plan's work; how it is cut depends on the plan and the number of firms alone.

    `rules` say which effects of a curve must not be shown.
    """
    pieces: list[Piece] = []
    if plan.imputation is not None:
        return tuple(_of_imputation(plan, plan.imputation, firms))
    for place, specification in enumerate(plan.specifications):
        pieces += _of_model(plan, place, specification, firms)
    if plan.curve is not None:
        pieces += _of_curve(plan, plan.curve, firms, rules)
    return tuple(pieces)


def is_small(pieces: tuple[Piece, ...]) -> bool:
    """Whether to hand the pieces out would cost more than it saves."""
    return len(pieces) < 2 or sum(piece.cost for piece in pieces) <= SMALL


def _of_imputation(plan: Plan, asked: ImputationChoice, firms: int) -> Iterator[Piece]:
    """Each imputation with all models on it: a chain costs as much as many of them."""
    bare = tuple(replace(each, name="") for each in plan.specifications)
    models = sum(_cost(each, firms) for each in plan.specifications)
    chain = firms * asked.iterations * len(asked.variables) * _CELLS_OF_A_CONSTRUCT
    for index in range(asked.count):
        title = f"Imputation {index + 1} of {asked.count}"
        content = _content(plan, bare, "imputed", index)
        yield Piece("imputed", 0, index, index + 1, models + chain, title, content)


def _of_model(plan: Plan, place: int, specification: Specification, firms: int) -> Iterator[Piece]:
    name, bootstrap, permutation = (
        specification.name, specification.bootstrap, specification.permutation,
    )  # fmt: skip
    plain = replace(specification, name="", bootstrap=None, permutation=None)
    cost = _cost(specification, firms)
    yield Piece("model", place, 0, 1, cost, f"Estimating {name}", _content(plan, plain))
    # Beside the model itself, of which a replicate needs no margins and no tests.
    bare = replace(plain, margins=False, tests=(), drawn=())
    if bootstrap is not None:
        size = min(max(REFITS_OF_A_PIECE // max(firms, 1), 25), 500)
        for first, stop in _portions(bootstrap.replicates, size):
            content = _content(plan, bare, "bootstrap", bootstrap.seed, first, stop)
            each = cost * (1 + (stop - first) / 3)
            title = f"Drawing the sample of {name} anew"
            yield Piece("bootstrap", place, first, stop, each, title, content)
    if permutation is not None:
        size = min(max(FITS_OF_A_PIECE // max(firms, 1), 16), 500)
        for first, stop in _portions(permutation.replicates, size):
            content = _content(
                plan, bare, "permutation", permutation.of, permutation.seed, first, stop
            )
            each = cost * (1 + stop - first)
            title = f"Shuffling {permutation.of} in {name}"
            yield Piece("permutation", place, first, stop, each, title, content)


def _of_curve(plan: Plan, curve: Curve, firms: int, rules: str) -> Iterator[Piece]:
    each = _cost(curve.specification(0), firms)
    size = min(max(FITS_OF_A_PIECE // max(firms, 1), 16), 64)
    for first, stop in _portions(curve.count, size):
        models = [
            (curve.specification(number), curve.term(number)) for number in range(first, stop)
        ]
        title = f"Models {first + 1} to {stop} of the curve"
        content = _content(plan, models, "curve", rules)
        yield Piece("curve", 0, first, stop, each * (stop - first), title, content)
    size = max(1, FITS_OF_A_PIECE // max(1, firms * curve.count))
    for first, stop in _portions(curve.permutations, size):
        title = f"The curve after shuffling, {first + 1} to {stop}"
        content = _content(plan, curve, "curve_permutation", first, stop, rules)
        cost = each * curve.count * (stop - first)
        yield Piece("curve_permutation", 0, first, stop, cost, title, content)


def _portions(count: int, size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, size):
        yield first, min(first + size, count)


def _cost(specification: Specification, firms: int) -> float:
    replicates = specification.design.count if specification.covariance == "replicate" else 0
    slowness = 1 if specification.estimator in _SIMPLE else _OTHERS
    return float(firms * (1 + replicates / 3) * slowness)


def _content(plan: Plan, *what: object) -> str:
    """Every value is frozen, and its `repr` says all of it."""
    context = (plan.definitions, plan.scales, plan.labels, plan.imputation)
    return hashlib.sha256(repr((context, what)).encode("utf-8", "surrogatepass")).hexdigest()
