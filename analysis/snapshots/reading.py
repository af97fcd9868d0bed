"""A data set out of a file, held to the hashes that were written with it."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from typing import IO, Any, TypeVar

import numpy as np
import pandas as pd

from analysis.dataset import Dataset, Roster
from analysis.snapshots import contents
from analysis.snapshots.columns import read_frame
from analysis.snapshots.fingerprint import fingerprint_of
from analysis.snapshots.profile import Profile
from mathematics.replicates import ReplicateWeights

Taken = TypeVar("Taken")


class _Parts:
    """The parts of a snapshot by name, each held to its hash as it is read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest: dict[str, Any] = {}
        sealed = self._bytes(contents.MANIFEST)
        if hashlib.sha256(sealed).hexdigest() != self._bytes(contents.SEAL).decode():
            raise contents.damaged("its manifest has another hash")
        self.manifest = json.loads(sealed)
        if self.manifest["format"] > contents.FORMAT:
            raise contents.newer(self.manifest["format"])

    def content(self, name: str) -> bytes:
        data = self._bytes(name)
        if hashlib.sha256(data).hexdigest() != self.manifest["parts"].get(name):
            raise contents.damaged(f"{name} has another hash")
        return data

    def document(self, name: str) -> Any:
        return json.loads(self.content(name))

    def frame(self, name: str) -> pd.DataFrame:
        return read_frame(self.content(name))

    def _bytes(self, name: str) -> bytes:
        try:
            return self._archive.read(name)
        except KeyError:
            raise contents.damaged(f"{name} is not there") from None


def read(source: IO[bytes], *, fingerprint: str = "") -> Dataset:
    """The data set that was written, bit for bit.

    With a `fingerprint`, the snapshot must be the one of that fingerprint.
    Raises: Refusal ``snapshot_damaged``, ``snapshot_newer``; errors of the source.
    """
    return _from(source, lambda parts: _dataset(parts, fingerprint))


def read_profile(source: IO[bytes]) -> Profile:
    """The codebook with a summary of each variable, without reading the data.

    Raises: as `read`.
    """
    return _from(source, lambda parts: Profile.again(parts.document(contents.PROFILE)))


def verified(source: IO[bytes], *, fingerprint: str = "") -> Dataset:
    """As `read`, after all of it was held to its hashes and to the fingerprint it is known by.

    Raises: as `read`.
    """
    dataset = read(source, fingerprint=fingerprint)
    if fingerprint_of(dataset) != dataset.fingerprint:
        raise contents.damaged("its data have another fingerprint")
    return dataset


def _from(source: IO[bytes], take: Callable[[_Parts], Taken]) -> Taken:
    """What is taken of the snapshot; what a damaged file makes a reader fail with is told so."""
    try:
        with zipfile.ZipFile(source) as archive:
            return take(_Parts(archive))
    except (zipfile.BadZipFile, EOFError, KeyError, TypeError, ValueError) as error:
        raise contents.damaged(f"it cannot be read ({type(error).__name__})") from None


def _dataset(parts: _Parts, fingerprint: str) -> Dataset:
    manifest = parts.manifest
    if fingerprint and manifest["fingerprint"] != fingerprint:
        raise contents.damaged("it is the snapshot of other data")
    codebook = parts.document(contents.CODEBOOK)
    return Dataset(
        frame=parts.frame(contents.ANSWERS),
        variables=tuple(contents.variable_again(each) for each in codebook),
        design=parts.frame(contents.DESIGN),
        provenance=manifest["provenance"],
        fingerprint=manifest["fingerprint"],
        replicates=_replicates(parts),
        rosters=tuple(
            _roster(parts, number, name) for number, name in enumerate(manifest["rosters"])
        ),
    )


def _replicates(parts: _Parts) -> ReplicateWeights | None:
    about = parts.manifest["replicates"]
    if about is None:
        return None
    found = ReplicateWeights(
        weights=np.ascontiguousarray(parts.frame(contents.REPLICATES).to_numpy(dtype=float)),
        scale=about["scale"],
        rscales=np.array(about["rscales"], dtype=float),
        mse=about["mse"],
        method=about["method"],
        degrees_of_freedom=about["degrees_of_freedom"],
    )
    # They were counted as the snapshot was made, which takes long where there are many firms.
    object.__setattr__(found, "is_counted", about["is_counted"])
    return found


def _roster(parts: _Parts, number: int, name: str) -> Roster:
    firms = parts.frame(contents.firms_part(number))
    return Roster(
        name,
        tuple(firms["firm"]),
        tuple(firms["unit"]),
        parts.frame(contents.entries_part(number)),
    )
