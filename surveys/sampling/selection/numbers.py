"""Permanent random numbers: one uniform number a unit keeps from wave to wave."""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

from surveys.sampling.arrays import Floats

_BITS = 53
"""As many as a float between 0 and 1 holds exactly."""


def permanent_random_numbers(identifiers: Iterable[str], *, origin: str, seed: int) -> Floats:
    """(N,) numbers in [0, 1), one for each register identifier, independent of the order.

    The number is the first 53 bits of the BLAKE2b hash of the identifier under a key made of
    `origin` and `seed`, divided by 2^53. Whoever knows the three computes it again.

    Parameters
    ----------
    identifiers : iterable of N str
        Of the register.
    origin : str
        Fingerprint of the frame on which the survey began. Later frames of the survey pass the
        same, so that a unit keeps its number and a new unit gets its own.
    seed : int
        Of the survey.
    """
    key = blake2b(f"{seed}\n{origin}".encode(), digest_size=32).digest()
    keyed = blake2b(key=key, digest_size=8)
    digests = bytearray()
    # A plain list is gone through several times as fast as an array of text.
    names = identifiers.tolist() if isinstance(identifiers, np.ndarray) else identifiers
    for identifier in names:
        each = keyed.copy()
        each.update(identifier.encode())
        digests += each.digest()
    whole = np.frombuffer(bytes(digests), dtype=">u8") >> np.uint64(64 - _BITS)
    return whole.astype(float) / 2.0**_BITS
