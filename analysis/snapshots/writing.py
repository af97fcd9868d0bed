"""A data set into a file."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import numpy as np
import pandas as pd

from analysis.dataset import Dataset, Roster
from analysis.snapshots import contents
from analysis.snapshots.columns import write_frame
from analysis.snapshots.profile import Profile, profile_of
from mathematics.replicates import ReplicateWeights

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class _Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


class _Sealing:
    """Passes bytes on, and knows how many there were and their SHA-256."""

    def __init__(self, target: _Sink) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self._size = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self._size += len(data)
        return self._target.write(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """What was passed on is the target's to flush."""

    def close(self) -> None:
        self.closed = True

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class _Parts:
    """The parts of a snapshot, written one after the other without a date."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.sha256: dict[str, str] = {}

    def add(self, name: str, write: Callable[[Any], object]) -> None:
        entry = zipfile.ZipInfo(name, date_time=_LONG_AGO)
        entry.external_attr = 0o600 << 16
        with self._archive.open(entry, "w", force_zip64=True) as target:
            sealing = _Sealing(target)
            write(sealing)
        self.sha256[name] = sealing.sha256

    def add_frame(self, name: str, frame: pd.DataFrame) -> None:
        self.add(name, lambda target: write_frame(frame, target))

    def add_document(self, name: str, document: object) -> None:
        text = json.dumps(document, sort_keys=True, ensure_ascii=True, indent=1)
        self.add(name, lambda target: target.write(text.encode()))


def write(dataset: Dataset, target: BinaryIO, profile: Profile | None = None) -> Profile:
    """Write the data set as a snapshot; the profile that lies in it.

    The same data set gives the same bytes. `profile` is given by whoever has it already.
    Raises: TypeError for values that a snapshot cannot hold, errors of the target.
    """
    made = profile_of(dataset) if profile is None else profile
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        parts = _Parts(archive)
        variables = [contents.variable_document(each) for each in dataset.variables]
        parts.add_document(contents.CODEBOOK, variables)
        parts.add_document(contents.PROFILE, made.document())
        parts.add_frame(contents.ANSWERS, dataset.frame)
        parts.add_frame(contents.DESIGN, dataset.design)
        manifest = _manifest(dataset, parts)
        parts.add_document(contents.MANIFEST, manifest | {"parts": dict(parts.sha256)})
        seal = parts.sha256[contents.MANIFEST]
        parts.add(contents.SEAL, lambda target: target.write(seal.encode()))
    return made


def _manifest(dataset: Dataset, parts: _Parts) -> dict[str, Any]:
    return {
        "format": contents.FORMAT,
        "fingerprint": dataset.fingerprint,
        "rows": len(dataset.frame),
        "columns": dataset.frame.shape[1],
        "provenance": dataset.provenance,
        "replicates": _add_replicates(dataset.replicates, parts),
        "rosters": [
            _add_roster(roster, number, parts) for number, roster in enumerate(dataset.rosters)
        ],
    }


def _add_replicates(found: ReplicateWeights | None, parts: _Parts) -> dict[str, Any] | None:
    if found is None:
        return None
    names = [f"replicate.{number}" for number in range(1, found.weights.shape[1] + 1)]
    parts.add_frame(contents.REPLICATES, pd.DataFrame(found.weights, columns=names))
    return {
        "scale": float(found.scale),
        "rscales": [float(each) for each in np.asarray(found.rscales)],
        "mse": bool(found.mse),
        "method": found.method,
        "degrees_of_freedom": int(found.degrees_of_freedom),
        "is_counted": bool(found.is_counted),
    }


def _add_roster(roster: Roster, number: int, parts: _Parts) -> str:
    firms = pd.DataFrame({"firm": list(roster.firms), "unit": list(roster.units)}, dtype=object)
    parts.add_frame(contents.firms_part(number), firms)
    parts.add_frame(contents.entries_part(number), roster.entries)
    return roster.name
