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
    "manufacturing": _words("Tooling Castings Foods Plastics Instruments Textiles Metals Bearings"),
    "information": _words("Software Networks Data Systems Digital Platforms Interactive Signals"),
    "business_services": _words(
        "Engineering Consulting Design Testing Research Architects Labs Audit"
    ),
    "logistics": _words("Freight Shipping Storage Haulage Terminals Forwarding Couriers Transport"),
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
