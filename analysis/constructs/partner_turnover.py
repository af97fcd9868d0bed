"""Partners kept, lost and won between two waves, from the entries of the same roster in each."""

import numpy as np
import pandas as pd

from analysis.constructs.measured import ratio
from analysis.dataset import Roster

COLUMNS = ("before", "after", "kept", "kept_share", "new_share", "turnover")


def partner_turnover(before: Roster, after: Roster) -> pd.DataFrame:
    """Turnover of the partners of firms that were asked in both waves.

    Parameters
    ----------
    before, after : Roster
        The roster in the earlier and in the later wave; a partner is the same if its entry has
        the same key within the same unit.

    Returns
    -------
    (firms, 6) DataFrame indexed by unit
        ``before``, ``after``: partners named, a and b. ``kept``: named in both, k.
        ``kept_share``: k / a, missing if a = 0. ``new_share``: (b - k) / b, missing if b = 0.
        ``turnover``: 1 - k / (a + b - k), the Jaccard distance; missing if nobody was named
        in either wave.
    """
    first, then = _keys(before), _keys(after)
    units = sorted(set(before.units) & set(after.units))
    a, b, k = (
        np.array([float(count) for count in counts])
        for counts in (
            [len(first.get(unit, ())) for unit in units],
            [len(then.get(unit, ())) for unit in units],
            [len(first.get(unit, set()) & then.get(unit, set())) for unit in units],
        )
    )
    either = a + b - k
    shares = (ratio(k, a), ratio(b - k, b), 1.0 - ratio(k, either))
    columns = dict(zip(COLUMNS, (a, b, k, *shares), strict=True))
    return pd.DataFrame(columns, index=pd.Index(units, name="unit", dtype=object))


def _keys(roster: Roster) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for unit, entry in zip(roster.entries["unit"], roster.entries["entry"], strict=True):
        found.setdefault(unit, set()).add(entry)
    return found
