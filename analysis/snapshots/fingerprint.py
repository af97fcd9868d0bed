"""By what a data set is known: the same on every database and machine."""

import hashlib
import json

import numpy as np
import pandas as pd

from analysis.dataset import Dataset


def fingerprint_of(dataset: Dataset) -> str:
    """SHA-256 over columns, codebook, design, provenance and rosters.

    Replicate weights are known by the version of the weights, which provenance names.
    """
    digest = hashlib.sha256()
    codebook = [
        [each.name, each.measure, each.label, each.coordinates, each.unit, each.codes]
        for each in dataset.variables
    ]
    told = [codebook, dataset.provenance]
    digest.update(json.dumps(told, sort_keys=True, default=str).encode())
    for frame in (dataset.frame, dataset.design):
        digest.update(json.dumps([str(label) for label in frame.index]).encode())
        for name in frame.columns:
            digest.update(name.encode())
            digest.update(_column_bytes(frame[name]))
    for each in dataset.rosters:
        digest.update(json.dumps([each.name, each.firms, list(each.entries.index)]).encode())
        # The unit is left out: which wave had a firm first changes with waves that are added,
        # and no measure of one wave rests on it.
        for name in (name for name in each.entries.columns if name != "unit"):
            digest.update(name.encode())
            digest.update(_column_bytes(each.entries[name]))
    return digest.hexdigest()


def _column_bytes(column: pd.Series) -> bytes:
    if column.dtype == object:
        return json.dumps([None if value is None else str(value) for value in column]).encode()
    if isinstance(column.dtype, pd.StringDtype):
        return _column_bytes(column.astype(object).where(column.notna(), None))
    return np.ascontiguousarray(column.to_numpy(dtype="<f8")).tobytes()
