"""Names of firms that do not exist, in no language in particular."""

from collections.abc import Sequence

import numpy as np


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_OPENINGS = _words("""
    Al Bren Cor Dal Es Fen Gar Hol Il Jar Kel Lun Mer Nor Or Pel Quil Ras Sol Tor Ul Var Wen Yr Zan
""")
_MIDDLES = _words("a e i o u an el in or ar en il os ad em")
_ENDINGS = _words("""
    bach berg dal dorf essa feld grund hald heim holt ino kil lund mark mont nesse rona sted stra
    tova vall vik wald wick zor
""")
_TRADES = {
    "high-tech goods": _words(
        "Instruments Optics Electronics Drives Sensors Pharma Robotics Valves"
    ),
    "other goods": _words("Tooling Castings Foods Plastics Textiles Timber Metals Furniture"),
    "knowledge services": _words(
        "Software Engineering Consulting Design Testing Data Labs Systems"
    ),
    "other services": _words("Freight Storage Builders Trading Couriers Hotels Transport Catering"),
}


def firm_names(seed: int, industries: Sequence[str]) -> list[str]:
    """A different name for every firm, with a trade of its industry in it."""
    random = np.random.default_rng([seed, 3])
    stems = [f"{o}{m}{e}" for o in _OPENINGS for m in _MIDDLES for e in _ENDINGS]
    picks = random.choice(8 * len(stems), size=len(industries), replace=False)
    return [
        f"{stems[pick // 8]} {_TRADES[industry][pick % 8]}"
        for pick, industry in zip(picks.tolist(), industries, strict=True)
    ]
