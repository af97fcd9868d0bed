"""A plan tried on a few firms before anything is queued: does every model come through?

What is found are no findings: a few hundred firms of the sample are too few, and the numbers
are not handed on.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.dataset import Dataset
from analysis.pipeline.estimating import worked
from analysis.pipeline.imputed import Found
from analysis.pipeline.pieces import Piece
from analysis.pipeline.prepared import Prepared
from analysis.refusals import Refusal
from analysis.specification.model import DesignChoice, ImputationChoice, Plan, Specification
from mathematics.replicates import ReplicateWeights

FIRMS = 200
SEED = 2026
MOST_MODELS = 12
SECONDS = 8.0
# Enough to see whether replicates can be made at all.
REPLICATES = 20
IMPUTATIONS = 2
CURVE_MODELS = 4

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Tried:
    """How one model went.

    Attributes
    ----------
    n : firms it was estimated on; None if it was refused
    refusal : why it could not be estimated on these firms
    dropped : terms that were dropped, with why
    notes : sentences on what was set aside; they hold no estimates
    """

    name: str
    estimator: str
    seconds: float
    n: int | None = None
    terms: int = 0
    refusal: Refusal | None = None
    dropped: tuple[tuple[str, str], ...] = ()

    def document(self) -> dict[str, object]:
        return {
            "name": self.name,
            "estimator": self.estimator,
            "converged": self.refusal is None,
            "n": self.n,
            "terms": self.terms,
            "seconds": round(self.seconds, 3),
            "dropped": [list(pair) for pair in self.dropped],
            "refusal": None if self.refusal is None else self.refusal.document(),
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan tried on `firms` of `of` firms, drawn from `seed`.

    `left` models were not tried: there are more than a trial takes, or its time was over.
    """

    firms: int
    of: int
    seed: int
    models: tuple[Tried, ...]
    left: int
    notes: tuple[str, ...]

    def document(self) -> dict[str, object]:
        return {
            "trial": True,
            "firms": self.firms,
            "of": self.of,
            "seed": self.seed,
            "models": [each.document() for each in self.models],
            "left": self.left,
            "notes": list(self.notes),
        }


def trial(
    dataset: Dataset,
    plan: Plan,
    *,
    firms: int = FIRMS,
    seed: int = SEED,
    most: int = MOST_MODELS,
    seconds: float = SECONDS,
) -> Trial:
    """Every model of the plan on a few firms, drawn within the strata of the sample.

    No model is begun after `seconds`. Raises: Refusal ``no_responses``, and that of a
    definition.
    """
    rows = drawn(dataset, firms, seed)
    few = subset(dataset, rows)
    tried_plan, notes = _lightened(plan, few, dataset)
    prepared = Prepared(few, tried_plan)
    prepared.refuse_empty()
    _ = prepared.known
    models = tuple(_tried(prepared, most, seconds))
    left = len(tried_plan.specifications) - len(models)
    counts = len(set(few.units)), len(set(dataset.units))
    return Trial(*counts, seed, models, left, notes)


def drawn(dataset: Dataset, firms: int, seed: int) -> Rows:
    """(m,) rows, about as many of each stratum as its share, two or more where there are two.

    Ascending. All rows if there are no more than `firms`; more than `firms` only where two of
    each stratum are more. Of a panel firms are drawn, each with the rows of all its waves.
    """
    if dataset.waves:
        return _drawn_with_all_waves(dataset, firms, seed)
    count = len(dataset.frame)
    if count <= firms:
        return np.arange(count)
    order = np.random.default_rng(seed).permutation(count)
    stratum = dataset.design["stratum"].to_numpy()[order]
    _, codes, sizes = np.unique(stratum.astype(str), return_inverse=True, return_counts=True)
    wanted = np.minimum(np.maximum(np.round(sizes * firms / count).astype(int), 2), sizes)
    if wanted.sum() > 2 * firms:
        return np.sort(order[:firms])
    by_stratum = np.argsort(codes, kind="stable")
    within = np.arange(count) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    taken = by_stratum[within < wanted[codes[by_stratum]]]
    return np.sort(order[taken])


def _drawn_with_all_waves(panel: Dataset, firms: int, seed: int) -> Rows:
    """A firm in one wave alone would have nothing before, and models over waves no firms."""
    _, first, unit = np.unique(np.array(panel.units), return_index=True, return_inverse=True)
    once = replace(subset(panel, first), provenance={})
    taken = np.isin(unit, unit[first[drawn(once, firms, seed)]])
    return np.flatnonzero(taken)


def subset(dataset: Dataset, rows: Rows) -> Dataset:
    """The data set of these rows alone."""
    names = dataset.frame.index[rows]
    known = set(names)
    replicates = dataset.replicates
    return replace(
        dataset,
        frame=dataset.frame.iloc[rows],
        design=dataset.design.iloc[rows],
        replicates=None
        if replicates is None
        else ReplicateWeights(
            weights=replicates.weights[rows],
            scale=replicates.scale,
            rscales=replicates.rscales,
            mse=replicates.mse,
            method=replicates.method,
        ),
        rosters=tuple(
            replace(
                roster,
                firms=tuple(firm for firm in roster.firms if firm in known),
                units=tuple(
                    unit
                    for firm, unit in zip(roster.firms, roster.units, strict=True)
                    if firm in known
                ),
                entries=roster.entries[roster.entries.index.isin(known)],
            )
            for roster in dataset.rosters
        ),
    )


def _lightened(plan: Plan, few: Dataset, dataset: Dataset) -> tuple[Plan, tuple[str, ...]]:
    """The plan with as few replicates as show whether it works, and what was left out."""
    notes = []
    models = list(plan.specifications)
    if any(each.bootstrap or each.permutation for each in models):
        notes.append("Bootstrap and permutation were not tried.")
    if plan.curve is not None:
        numbers = list(dict.fromkeys(plan.curve.probes()))[:CURVE_MODELS]
        models += [plan.curve.specification(number) for number in numbers]
        notes.append(f"Of the {plan.curve.count} models of the curve {len(numbers)} are tried.")
    if plan.descriptives:
        notes.append("Descriptives were not tried.")
    if plan.imputation is not None:
        notes.append(f"Imputed {IMPUTATIONS} times instead of {plan.imputation.count}.")
    lonely = _lonely_by_chance(few, dataset)
    if lonely and any(_has_strata(each) for each in models):
        notes.append(
            "Strata of which the trial holds one firm count as others do on average; in a run "
            "they hold more."
        )
    light = tuple(_light(each, spare_lonely=lonely) for each in models)
    imputation = None if plan.imputation is None else _fewer(plan.imputation)
    tried = replace(plan, specifications=light, curve=None, descriptives=(), imputation=imputation)
    return tried, tuple(notes)


def _has_strata(specification: Specification) -> bool:
    return specification.design.strata and specification.covariance == "design"


def _fewer(imputation: ImputationChoice) -> ImputationChoice:
    count = min(imputation.count, IMPUTATIONS)
    return replace(imputation, count=count, iterations=min(imputation.iterations, 2))


def _light(specification: Specification, *, spare_lonely: bool) -> Specification:
    design: DesignChoice = replace(
        specification.design, count=min(specification.design.count, REPLICATES)
    )
    if spare_lonely:
        design = replace(design, lonely="average")
    return replace(
        specification, bootstrap=None, permutation=None, tests=(), margins=False, design=design
    )


def _lonely_by_chance(few: Dataset, dataset: Dataset) -> bool:
    """Whether a stratum has one sampled unit in the trial, and no stratum has in the data."""
    return _has_lonely(few) and not _has_lonely(dataset)


def _has_lonely(dataset: Dataset) -> bool:
    units = dataset.design.groupby("stratum", sort=False)["cluster"].nunique()
    return bool((units == 1).any())


def _tried(prepared: Prepared, most: int, seconds: float) -> Iterator[Tried]:
    begun = time.monotonic()
    for place, specification in enumerate(prepared.plan.specifications[:most]):
        if time.monotonic() - begun > seconds:
            return
        yield _model(prepared, place, specification)


def _model(prepared: Prepared, place: int, specification: Specification) -> Tried:
    begun = time.monotonic()
    piece = Piece("model", place, 0, 1, 0.0, "", "")
    try:
        found = worked(prepared, piece)
    except Refusal as refusal:
        spent = time.monotonic() - begun
        return Tried(specification.name, specification.estimator, spent, refusal=refusal)
    assert isinstance(found, Found)  # noqa: S101 -- what such a piece finds
    return Tried(
        name=specification.name,
        estimator=specification.estimator,
        seconds=time.monotonic() - begun,
        n=found.fit.n,
        terms=len(found.fit.estimates.terms),
        dropped=found.fit.dropped,
    )
