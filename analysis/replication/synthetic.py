"""Firms that do not exist, with answers that go together as those of the firms that do.

Variables are drawn one after the other, each from what a tree tells of it by those before
(sequential trees: Reiter 2005; as in synthpop: Nowok, Raab and Dibben 2016, section 2). A tree
is grown on the real firms; a synthetic firm falls into a leaf by its own synthetic answers, and
takes the answer of a firm of that leaf. Numbers are smoothed, so that no firm's own number goes
out, and cut off at the first and the last hundredth.

The sampling design is as it was: weight, stratum, cluster, population and replicate weights of
each place in the sample are kept, without any answer of the firm that had it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.constructs import Measured
from analysis.dataset import Dataset, Variable
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal
from analysis.replication.contents import Contents
from analysis.replication.layout import variables_of_expressions
from analysis.replication.trees import grown
from analysis.specification.expressions import names_in
from mathematics.replicates import ReplicateWeights

Objects = npt.NDArray[np.object_]
LEAST_IN_LEAF = 8
MANY_VALUES = 20
"""Distinct numbers beyond which a number may point to a firm."""
FEW_FIRMS = 3
"""Firms up to which a number that they alone have may point to one of them."""
MASS = 0.02
"""Share of firms beyond which a single number, such as 0, is a word and not smoothed."""
MOST_STRATA = 30
_STRUCTURE = ("unit", "wave")


@dataclass(frozen=True, slots=True, eq=False)
class Synthesised:
    """A data set of synthetic firms, and the variables of the plan on it."""

    dataset: Dataset
    known: dict[str, Measured]


def synthesised(contents: Contents, key: bytes) -> Synthesised:
    """Synthetic answers for every variable that the plan reads.

    Raises: Refusal ``synthetic_too_close`` where answers are so few and so peculiar that
    synthetic firms cannot be kept apart from real ones.
    """
    rng = np.random.default_rng(int.from_bytes(sha256(b"synthetic" + key).digest()[:8]))
    names = _variables(contents)
    real = {name: contents.known[name] for name in names}
    kept = {
        each.columns[role]
        for each in contents.recipes
        for role in _STRUCTURE
        if role in each.columns
    }
    drawn = _drawn([real[name] for name in names if name not in kept], contents.dataset, rng)
    drawn = _apart(drawn, real, rng)
    known = {
        name: replace(measured, values=drawn[name]) if name in drawn else measured
        for name, measured in real.items()
    }
    order = rng.permutation(len(contents.dataset.frame))
    known = {name: replace(each, values=each.values[order]) for name, each in known.items()}
    return Synthesised(_dataset(contents.dataset, known, order), known)


def _variables(contents: Contents) -> tuple[str, ...]:
    named = [*contents.layout.columns, *variables_of_expressions(contents.recipes)]
    for _, asked, _ in contents.described:
        named += [] if asked.subpopulation is None else names_in(asked.subpopulation)
    return tuple(dict.fromkeys(named))


def _drawn(
    variables: Sequence[Measured], dataset: Dataset, rng: np.random.Generator
) -> dict[str, Objects | Floats]:
    """Synthetic values, those of few values first, as trees tell them best."""
    least = max(LEAST_IN_LEAF, len(dataset.frame) // 100)
    real, made = _design_columns(dataset), _design_columns(dataset)
    found: dict[str, Objects | Floats] = {}
    for each in sorted(variables, key=_variety):
        values = np.asarray(each.values)
        tree = grown(real, _explained(each), least)
        fallen = tree.leaves_of(made)
        donors = _donors(tree.leaf, fallen, rng)
        drawn = values[donors]
        if _is_smoothed(each):
            drawn = _smoothed(values.astype(float), drawn.astype(float), tree.leaf, fallen, rng)
        found[each.name] = drawn
        real = np.column_stack([real, *_told_apart(each, values)])
        made = np.column_stack([made, *_told_apart(each, drawn)])
    return found


def _variety(measured: Measured) -> tuple[int, int]:
    return measured.kind == "continuous", len(pd.unique(pd.Series(measured.values)))


def _design_columns(dataset: Dataset) -> Floats:
    """(n, s) the weight, and an indicator for each of the larger strata."""
    stratum = dataset.design["stratum"].astype(str)
    largest = stratum.value_counts().index[:MOST_STRATA]
    columns = [dataset.design["weight"].to_numpy(dtype=float)]
    columns += [(stratum == each).to_numpy(dtype=float) for each in largest]
    return np.column_stack(columns)


def _explained(measured: Measured) -> Floats:
    """(n, q) a number with whether it is missing, or an indicator for each level."""
    if measured.kind == "category":
        codes, levels = pd.factorize(pd.Series(measured.values, dtype=object).fillna("\0"))
        return np.eye(len(levels))[codes]
    values = np.asarray(measured.values, dtype=float)
    missing = np.isnan(values)
    if missing.all():
        return np.zeros((len(values), 1))
    filled = np.where(missing, np.nanmean(values), values)
    spread = float(filled.std()) or 1.0
    columns = np.column_stack([(filled - filled.mean()) / spread, missing.astype(float)])
    return np.asarray(columns, dtype=float)


def _told_apart(measured: Measured, values: Objects | Floats) -> list[Floats]:
    """Columns by which later trees tell firms apart: missing lies below every number."""
    if measured.kind == "category":
        levels = sorted({str(each) for each in measured.values if each is not None})
        return [np.array([each == level for each in values], dtype=float) for level in levels]
    numbers = np.asarray(values, dtype=float)
    known = np.asarray(measured.values, dtype=float)
    lowest = float(np.nanmin(known)) - 1.0 if not np.isnan(known).all() else 0.0
    return [np.where(np.isnan(numbers), lowest, numbers)]


def _donors(
    leaf: npt.NDArray[np.intp], fallen: npt.NDArray[np.intp], rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """(n,) a real firm of the leaf that each synthetic firm fell into."""
    donors = np.zeros(len(fallen), dtype=np.intp)
    for each in np.unique(fallen):
        rows = np.flatnonzero(fallen == each)
        donors[rows] = rng.choice(np.flatnonzero(leaf == each), len(rows))
    return donors


def _masses(values: Floats) -> set[float]:
    """Numbers that so many firms share that they point to none."""
    numbers, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    return set(numbers[counts > max(MASS * len(values), FEW_FIRMS)].tolist())


def _is_smoothed(measured: Measured) -> bool:
    if measured.kind != "continuous":
        return False
    values = np.asarray(measured.values, dtype=float)
    numbers, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    return len(numbers) > MANY_VALUES or bool((counts <= FEW_FIRMS).any())


def _smoothed(
    real: Floats,
    drawn: Floats,
    leaf: npt.NDArray[np.intp],
    fallen: npt.NDArray[np.intp],
    rng: np.random.Generator,
) -> Floats:
    """Each number moved by a normal draw whose spread is a third of that in its leaf."""
    masses = _masses(real)
    moving = np.array([not (np.isnan(each) or each in masses) for each in drawn])
    width = np.zeros(len(drawn))
    overall = float(np.nanstd(real))
    for each in np.unique(fallen):
        told = real[(leaf == each) & ~np.isnan(real)]
        spread = float(told.std()) if len(told) else 0.0
        width[fallen == each] = max(spread / 3, overall / 50)
    moved = drawn + np.where(moving, width * rng.normal(size=len(drawn)), 0.0)
    known = real[~np.isnan(real)]
    low, high = np.quantile(known, [0.01, 0.99])
    moved = np.where(moving, np.clip(moved, low, high), moved)
    return np.round(moved) if np.all(known == np.round(known)) else moved


def _apart(
    drawn: dict[str, Objects | Floats], real: dict[str, Measured], rng: np.random.Generator
) -> dict[str, Objects | Floats]:
    """No synthetic firm that is like a firm which is like no other.

    Compared are all variables, and those that may point to a firm: categories, and numbers of
    many values. A synthetic firm that is like such a one gets the answers of another synthetic.

    Raises: Refusal ``synthetic_too_close``.
    """
    telling = [n for n in drawn if real[n].kind == "category" or _is_smoothed(real[n])]
    close = np.zeros(len(next(iter(drawn.values()), np.empty(0))), dtype=bool)
    for names in filter(None, (list(drawn), telling)):
        firms = pd.Series(_rows([real[name].values for name in names]))
        alone = set(firms[~firms.duplicated(keep=False)])
        close |= np.array([row in alone for row in _rows([drawn[name] for name in names])])
    if close.all() and len(close):
        raise Refusal(
            "synthetic_too_close",
            "Every synthetic firm would be like a firm that exists: the plan reads too few "
            "variables of too few firms.",
            "Ask the owner of the survey whether pseudonymised answers may go out.",
        )
    source = np.arange(len(close))
    source[close] = rng.choice(np.flatnonzero(~close), int(close.sum())) if close.any() else 0
    return {name: values[source] for name, values in drawn.items()}


def _rows(columns: Sequence[Objects | Floats]) -> list[tuple[str, ...]]:
    texts = [[_text(value) for value in column.tolist()] for column in columns]
    return list(zip(*texts, strict=True))


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _dataset(real: Dataset, known: dict[str, Measured], order: npt.NDArray[np.intp]) -> Dataset:
    """A data set whose columns are the variables of the plan themselves."""
    index = pd.Index([f"S{number}" for number in range(len(order))], dtype=object)
    design = real.design.iloc[order].set_axis(index)
    singles = bool(real.design["cluster"].is_unique)
    design = design.assign(cluster=list(index)) if singles else design
    return Dataset(
        frame=pd.DataFrame({name: each.values for name, each in known.items()}, index=index),
        variables=tuple(_variable(each) for each in known.values()),
        design=design,
        provenance={**real.provenance, "synthetic": True},
        fingerprint="",
        replicates=_reordered(real.replicates, order),
    )


def _variable(each: Measured) -> Variable:
    measure = {"category": "category", "binary": "binary"}.get(each.kind, "number")
    scale = (("scale", each.scale),) if each.scale else ()
    return Variable(each.name, "synthetic", measure, each.label, scale, codes=each.codes)


def _reordered(
    replicates: ReplicateWeights | None, order: npt.NDArray[np.intp]
) -> ReplicateWeights | None:
    if replicates is None:
        return None
    return ReplicateWeights(
        weights=replicates.weights[order],
        scale=replicates.scale,
        rscales=replicates.rscales,
        mse=replicates.mse,
        method=replicates.method,
        degrees_of_freedom=replicates.degrees_of_freedom,
    )
