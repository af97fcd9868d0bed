"""Tables of answers that others have published, typed in as patterns and their frequencies.

values: Stouffer & Toby (1951), 216 respondents, four situations. carcinoma: seven pathologists
on 118 slides (Agresti 2002, table 13.1). cheating: four questions to 319 students (Dayton 1998).
"""

import itertools

import numpy as np

_VALUES = (42, 23, 6, 25, 6, 24, 7, 38, 1, 4, 1, 6, 2, 9, 2, 20)
_CARCINOMA = {
    "1111111": 34, "1111211": 2, "1211111": 6, "1211112": 1, "1211211": 4, "1211212": 5,
    "2111111": 2, "2121212": 1, "2211111": 2, "2211112": 1, "2211211": 2, "2211212": 7,
    "2211222": 1, "2212112": 1, "2212212": 2, "2212222": 3, "2221212": 13, "2221222": 5,
    "2222212": 10, "2222222": 16,
}  # fmt: skip
_CHEATING = {
    "0000": 207, "1000": 10, "0100": 13, "1100": 11, "0010": 7, "1010": 1, "0110": 1, "1110": 1,
    "0001": 46, "1001": 3, "0101": 4, "1101": 4, "0011": 5, "1011": 2, "0111": 2, "1111": 2,
}  # fmt: skip


def values():
    patterns = ["".join(pattern) for pattern in itertools.product("21", repeat=4)]
    return _columns(dict(zip(patterns, _VALUES, strict=True)))


def carcinoma():
    return _columns(_CARCINOMA)


def cheating():
    return _columns(_CHEATING)


def _columns(frequencies):
    table = np.array(
        [[int(c) for c in pattern] for pattern, count in frequencies.items() for _ in range(count)],
        dtype=float,
    )
    return {name: table[:, place] for place, name in enumerate("ABCDEFG"[: table.shape[1]])}
