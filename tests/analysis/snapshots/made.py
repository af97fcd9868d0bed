"""Data sets of every shape that a snapshot has to hold."""

import io
import json
import math
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from analysis import snapshots
from analysis.dataset import Dataset, Roster, Variable
from mathematics.replicates import ReplicateWeights

NUMBERS = st.one_of(st.just(math.nan), st.floats(allow_nan=False), st.sampled_from([0.0, -0.0]))
WORDS = st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["", "nan", "None", "ä"]))


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    firms = draw(st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=7))
    index = pd.Index(firms, dtype=object)
    variables = tuple(
        Variable(f"control.made[{at}]", "control.made", measure, f"Made {at}", (("at", str(at)),))
        for at, measure in enumerate(draw(st.lists(st.sampled_from(["category", "numeric"]))))
    )
    columns = {each.name: _column(draw, each.measure, index) for each in variables}
    design = {
        "weight": pd.Series([draw(st.floats(0.1, 9)) for _ in firms], index=index, dtype=float),
        "stratum": pd.Series(draw(_many(st.text(max_size=3), index)), index=index, dtype=object),
    }
    made = Dataset(
        frame=pd.DataFrame(columns, index=index),
        variables=variables,
        design=pd.DataFrame(design, index=index),
        provenance={"survey": draw(st.text()), "n_sampled": len(firms), "made_data": True},
        replicates=draw(st.one_of(st.none(), _replicates(len(firms)))) if firms else None,
        rosters=tuple(draw(st.lists(_roster(index), max_size=2))),
    )
    return known(made)


def known(made: Dataset) -> Dataset:
    """With its fingerprint."""
    fingerprint = snapshots.fingerprint_of(made)
    return Dataset(**{name: getattr(made, name) for name in FIELDS} | {"fingerprint": fingerprint})


FIELDS = (
    "frame", "variables", "design", "provenance", "fingerprint", "replicates", "rosters",
)  # fmt: skip


def _many(values: st.SearchStrategy[Any], index: pd.Index) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=len(index), max_size=len(index))


def _column(draw: st.DrawFn, measure: str, index: pd.Index) -> pd.Series:
    if measure == "category":
        return pd.Series(draw(_many(WORDS, index)), index=index, dtype=object)
    return pd.Series(draw(_many(NUMBERS, index)), index=index, dtype=float)


@st.composite
def _replicates(draw: st.DrawFn, firms: int) -> ReplicateWeights:
    count = draw(st.integers(1, 4))
    seed = draw(st.integers(0, 99))
    weights = np.random.default_rng(seed).uniform(0.5, 2, (firms, count))
    return ReplicateWeights(weights, 0.5, np.ones(count), mse=draw(st.booleans()), method="JK1")


@st.composite
def _roster(draw: st.DrawFn, index: pd.Index) -> Roster:
    firms = tuple(index)
    named = draw(st.lists(st.sampled_from(firms), max_size=6)) if firms else []
    entries = pd.DataFrame(
        {
            "unit": pd.Series([f"2024/{firm}" for firm in named], dtype=object),
            "tie.social": pd.Series([1.5 for _ in named], dtype=float),
            "networking.partners[scale]": pd.Series([None for _ in named], dtype=object),
        }
    )
    entries.index = pd.Index(named, dtype=object)
    return Roster("partners", firms, tuple(f"2024/{firm}" for firm in firms), entries)


def written(dataset: Dataset) -> io.BytesIO:
    target = io.BytesIO()
    snapshots.write(dataset, target)
    return target


def with_part(snapshot: io.BytesIO, name: str, change: Any) -> io.BytesIO:
    """The snapshot with one part changed and nothing else."""
    import zipfile

    changed = io.BytesIO()
    with zipfile.ZipFile(snapshot) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            held = old.read(part)
            new.writestr(part, change(held) if part == name else held)
    return changed


def resealed(snapshot: io.BytesIO, change: Any) -> io.BytesIO:
    """The snapshot with a changed manifest and the right hash of it."""
    import hashlib

    found: list[bytes] = []

    def changed(held: bytes) -> bytes:
        found.append(json.dumps(json.loads(held) | change).encode())
        return found[-1]

    other = with_part(snapshot, "manifest.json", changed)
    return with_part(other, "manifest.sha256", lambda _: hashlib.sha256(found[0]).hexdigest())
