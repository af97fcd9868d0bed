"""The firms of a package: only the columns that the plan reads, under names of this package."""

import csv
import gzip
import hmac
import io
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import pandas as pd

from analysis.constructs import Measured
from analysis.replication.contents import Contents
from analysis.specification.expressions import Expression
from analysis.specification.matrix import subpopulation_of


class Pseudonyms:
    """Names of firms that nobody without the key can lead back, or to another package's."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __call__(self, name: object) -> str:
        return hmac.new(self._key, str(name).encode(), sha256).hexdigest()[:16].upper()


def extract_frame(contents: Contents, key: bytes) -> pd.DataFrame:
    """(n, p) texts and numbers of all firms, in the order of their names in this package."""
    names, design = contents.layout, contents.dataset.design
    pseudonym = Pseudonyms(key)
    frame = pd.DataFrame({"firm": [pseudonym(each) for each in contents.dataset.frame.index]})
    frame["weight"] = design["weight"].to_numpy(dtype=float)
    frame["stratum"] = design["stratum"].astype(str).to_numpy()
    frame["cluster"] = [pseudonym(each) for each in design["cluster"]]
    frame["population"] = design["population"].to_numpy(dtype=float)
    units = _units(contents)
    for name, column in names.columns.items():
        measured = contents.known[name]
        frame[column] = (
            [None if each is None else pseudonym(each) for each in measured.values]
            if name in units
            else _values(measured)
        )
    for column, asked in _subpopulations(contents):
        inside = subpopulation_of(asked, contents.known, len(frame))
        frame[column] = inside.astype(float)
    for key_of, column in names.samples.items():
        (recipe,) = [each for each in contents.recipes if each.key == key_of]
        frame[column] = recipe.firms.astype(float)
    return frame


def _units(contents: Contents) -> frozenset[str]:
    """Variables that name the firms of a panel, in whichever role."""
    firms = set(contents.dataset.design.get("unit", ()))
    return frozenset(
        name
        for each in contents.recipes
        for role, name in each.columns.items()
        if role == "unit" or firms.intersection(contents.known[name].values)
    )


def _subpopulations(contents: Contents) -> list[tuple[str, Expression]]:
    asked = [each.subpopulation for each in contents.recipes]
    asked += [each.subpopulation for _, each, _ in contents.described]
    by_text = {str(each): each for each in asked}
    return [
        (column, expression)
        for text, column in contents.layout.subpopulations.items()
        if (expression := by_text[text]) is not None
    ]


def _values(measured: Measured) -> list[str | None] | list[float]:
    if measured.kind == "category":
        missing = measured.missing
        return [
            None if is_missing else str(value)
            for value, is_missing in zip(measured.values, missing, strict=True)
        ]
    numbers: list[float] = np.asarray(measured.values, dtype=float).tolist()
    return numbers


def order_of(frame: pd.DataFrame) -> Sequence[int]:
    """Rows in the order of their names in the package, which says nothing of any other order."""
    order: list[int] = np.argsort(frame["firm"].to_numpy(dtype=str), kind="stable").tolist()
    return order


def csv_of(frame: pd.DataFrame) -> str:
    """Numbers in full precision, whole ones without a point; nothing for what is missing."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    columns = [[_cell(value) for value in frame[name].tolist()] for name in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue()


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def replicates_csv(weights: np.ndarray) -> bytes:
    """Replicate weights, a row a firm, compressed; the same bytes for the same numbers."""
    header = ",".join(f"r{number + 1}" for number in range(weights.shape[1]))
    lines = [",".join(_cell(value) for value in row) for row in weights.tolist()]
    return gzip.compress("\n".join([header, *lines, ""]).encode(), mtime=0)
