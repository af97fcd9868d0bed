"""Register identifiers that stand in a file more than once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class Identifiers:
    """The identifiers met so far: 12 bytes a firm, however long they are and however many repeat.

    Each is kept as 64 bits of its BLAKE2b hash. Two different ones of a million agree in them
    once in 37 million files.
    """

    hashes: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    rows: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))

    def repeats(self, identifiers: Sequence[str], rows: Sequence[int]) -> list[tuple[int, int]]:
        """Take in a chunk; pairs of a position in it and the row that had the identifier first."""
        hashes, where = _hashes(identifiers), np.asarray(rows, np.uint32)
        _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        place = np.searchsorted(self.hashes, hashes[first])
        inside = place < len(self.hashes)
        known = np.zeros(len(first), bool)
        known[inside] = self.hashes[place[inside]] == hashes[first][inside]
        first_rows = where[first].copy()
        first_rows[known] = self.rows[place[known]]
        is_repeat = known[inverse] | (first[inverse] != np.arange(len(hashes)))
        self._keep(hashes[first][~known], where[first][~known])
        positions = np.flatnonzero(is_repeat)
        return list(zip(positions.tolist(), first_rows[inverse][positions].tolist(), strict=True))

    def _keep(self, hashes: NDArray[np.uint64], rows: NDArray[np.uint32]) -> None:
        together = np.concatenate([self.hashes, hashes])
        order = np.argsort(together, kind="stable")
        self.hashes = together[order]
        self.rows = np.concatenate([self.rows, rows])[order]


def _hashes(identifiers: Sequence[str]) -> NDArray[np.uint64]:
    digests = b"".join(blake2b(each.encode(), digest_size=8).digest() for each in identifiers)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)
