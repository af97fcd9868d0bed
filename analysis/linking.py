"""Waves of one survey as one data set, a row a firm and wave, and back into waves.

What the rows of a panel share is kept where every reader of a data set finds it: the firm and
the wave of a row as columns of the design, what each wave lacks in the provenance. Nothing else
of a `Dataset` knows that there are waves.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.dataset import Dataset, Roster, Variable
from analysis.refusals import Refusal

UNIT, WAVE, YEAR = "panel.unit", "panel.wave", "panel.year"
"""Variables of every panel: the firm, named alike in all its waves; the wave; its last year."""
OTHERWISE = "measured otherwise: another unit or other codes"

_SUMS = ("n_sampled", "n_responding", "n_strata", "n_strata_silent")


def stacked(
    datasets: Sequence[Dataset],
    *,
    units: Sequence[Sequence[str]],
    apart: Mapping[str, str] | None = None,
    longitudinal: Mapping[str, float] | None = None,
) -> Dataset:
    """The waves one below the other, in the order given, which is that of time.

    Parameters
    ----------
    datasets : sequence of Dataset
        One a wave, each with ``wave`` in its provenance.
    units : sequence of sequences of str
        Of each wave the firms of its rows, by a name that is the same in all of them.
    apart : mapping
        Variables that do not mean the same in all waves, each with the reason.
    longitudinal : mapping
        Weight of a firm as one that answered in every wave; of no others.

    Returns
    -------
    Dataset
        Rows are named wave/pseudonym. A variable that a wave did not ask is missing there and
        stands in ``not_asked`` of the wave's provenance. Variables that are `apart`, or whose
        unit, kind or codes differ, are in no column and stand in ``not_pooled``; codes that only
        some waves have are put together if no code has two meanings. The design has the weight
        of each wave, the firm as ``unit`` and the wave as ``wave``; stratum and cluster are
        those of the firm's first wave, and the firm is the cluster where firms were not drawn in
        clusters, so that a firm never stands in two. ``population`` is unknown: a panel is
        drawn from no single population. ``longitudinal_weight`` is 0 for firms that did not
        answer in every wave, and is there if any has one. There are no replicate weights. The
        provenance of each wave has the fingerprint of its data as ``extract``.

    Raises
    ------
    Refusal
        ``no_firm_in_two_waves``.
    """
    _refuse_no_pairs(datasets, units)
    variables, not_pooled = _pooled(datasets, apart or {})
    names = [variable.name for variable in variables]
    labels = [_row_labels(each) for each in datasets]
    frame = pd.concat(
        [_frame(each, variables, index) for each, index in zip(datasets, labels, strict=True)]
    )
    design = _design(datasets, units, labels, longitudinal or {})
    frame[UNIT], frame[WAVE] = design["unit"], design["wave"]
    years = {_slug(each): each.provenance.get("reference_last_year") for each in datasets}
    frame[YEAR] = design["wave"].map(years).astype(float)
    return Dataset(
        frame=frame,
        variables=(*variables, *_own_variables(datasets)),
        design=design,
        provenance=_provenance(datasets, design, names, not_pooled),
        rosters=_rosters(datasets, units),
    )


def names_firms(values: Iterable[object], panel: Dataset) -> bool:
    """Whether categories with these values are the firms of the panel, one by one."""
    return "unit" in panel.design.columns and not set(panel.design["unit"]).isdisjoint(values)


def waves_apart(panel: Dataset) -> Iterator[Dataset]:
    """The waves of a panel again, each with the variables that it asked."""
    for provenance in panel.waves:
        rows = (panel.design["wave"] == provenance["wave"]).to_numpy()
        left_out = {UNIT, WAVE, YEAR, *provenance["not_asked"]}
        kept = tuple(each for each in panel.variables if each.name not in left_out)
        frame = panel.frame.loc[rows, [each.name for each in kept]]
        yield Dataset(
            frame=frame,
            variables=kept,
            design=panel.design.loc[rows],
            provenance={key: value for key, value in provenance.items() if key != "not_asked"},
            rosters=tuple(_within(each, set(frame.index)) for each in panel.rosters),
        )


def restricted(wave: Dataset, names: frozenset[str]) -> Dataset:
    """The data set with these variables alone."""
    kept = tuple(each for each in wave.variables if each.name in names)
    return replace(wave, frame=wave.frame[[each.name for each in kept]], variables=kept)


def rows_earlier(
    unit: npt.ArrayLike, wave: npt.ArrayLike, order: Sequence[str], by: int = 1
) -> npt.NDArray[np.intp]:
    """(n,) the row of the same firm `by` waves earlier (later if negative), -1 if there is none.

    `order` has the names of the waves in time. A wave that the firm left out leaves a gap: the
    row before the gap is not taken for it.
    """
    place = {name: number for number, name in enumerate(order)}
    number = np.array([place[str(each)] for each in np.asarray(wave, dtype=object)], dtype=np.intp)
    firm, _ = pd.factorize(np.asarray(unit, dtype=object))
    width = len(order) + 2 * abs(by)
    key = firm.astype(np.int64) * width + number + abs(by)
    sorted_rows = np.argsort(key, kind="stable")
    wanted = key - by
    found = sorted_rows[np.minimum(np.searchsorted(key[sorted_rows], wanted), len(key) - 1)]
    return np.where(key[found] == wanted, found, -1)


def _slug(dataset: Dataset) -> str:
    return str(dataset.provenance["wave"])


def _row_labels(dataset: Dataset) -> pd.Index:
    names = [f"{_slug(dataset)}/{name}" for name in dataset.frame.index]
    return pd.Index(names, dtype=object)


def _refuse_no_pairs(datasets: Sequence[Dataset], units: Sequence[Sequence[str]]) -> None:
    counts = Counter(unit for each in units for unit in set(each))
    if not counts or max(counts.values()) < 2:
        slugs = " and ".join([", ".join(map(_slug, datasets[:-1])), _slug(datasets[-1])])
        raise Refusal(
            "no_firm_in_two_waves",
            f"No firm has answered in two of the waves {slugs}, so nothing can be followed.",
            "Wait for more answers, or take waves that were drawn from the survey's own frames "
            "with some of the same firms.",
        )


def _pooled(
    datasets: Sequence[Dataset], apart: Mapping[str, str]
) -> tuple[tuple[Variable, ...], dict[str, str]]:
    """Variables of the newest wave, then those of others; and what is not pooled, with why."""
    found: dict[str, list[Variable]] = {}
    for each in reversed(datasets):
        for variable in each.variables:
            found.setdefault(variable.name, []).append(variable)
    kept, left_out = [], {}
    for name, versions in found.items():
        codes = _united_codes(versions)
        if name in apart and len(versions) > 1:
            left_out[name] = apart[name]
        elif codes is None or len({(each.measure, each.unit) for each in versions}) > 1:
            left_out[name] = OTHERWISE
        else:
            kept.append(replace(versions[0], codes=codes))
    return tuple(kept), left_out


def _united_codes(versions: Sequence[Variable]) -> tuple[tuple[str, str], ...] | None:
    """The codes of all versions, the newest first; None if a code has two meanings."""
    united: dict[str, str] = {}
    for code, label in (pair for each in versions for pair in each.codes):
        if united.setdefault(code, label) != label:
            return None
    return tuple(united.items())


def _frame(dataset: Dataset, variables: Sequence[Variable], index: pd.Index) -> pd.DataFrame:
    columns = {}
    for each in variables:
        is_text = each.measure in ("category", "text")
        if each.name in dataset.frame.columns:
            column = dataset.frame[each.name]
            columns[each.name] = _texts(column) if is_text else column.to_numpy(dtype=float)
        else:
            blank: Any = None if is_text else np.nan
            columns[each.name] = np.full(len(index), blank, dtype=object if is_text else float)
    return pd.DataFrame(columns, index=index)


def _texts(column: "pd.Series[Any]") -> npt.NDArray[Any]:
    """(n,) texts, None for missing, however the column has them."""
    texts = column.astype(object)
    return np.asarray(texts.where(column.notna(), None), dtype=object)


def _design(
    datasets: Sequence[Dataset],
    units: Sequence[Sequence[str]],
    labels: Sequence[pd.Index],
    longitudinal: Mapping[str, float],
) -> pd.DataFrame:
    parts = []
    for dataset, of_rows, index in zip(datasets, units, labels, strict=True):
        own = dataset.design["cluster"].to_numpy() == dataset.frame.index.to_numpy()
        unit = np.array(list(of_rows), dtype=object)
        columns = {
            "weight": dataset.design["weight"].to_numpy(dtype=float),
            "stratum": dataset.design["stratum"].to_numpy(dtype=object),
            "cluster": np.where(own, unit, dataset.design["cluster"].to_numpy(dtype=object)),
            "population": np.full(len(index), np.nan),
            "unit": unit,
            "wave": np.full(len(index), _slug(dataset), dtype=object),
        }
        parts.append(pd.DataFrame(columns, index=index))
    design = pd.concat(parts)
    # A firm that changed its stratum or cluster stays where it was first drawn: one that stood
    # in two would be two, and its waves independent.
    first = design.drop_duplicates("unit").set_index("unit")
    for name in ("stratum", "cluster"):
        design[name] = first[name].reindex(design["unit"]).to_numpy()
    if longitudinal:
        design["longitudinal_weight"] = [longitudinal.get(unit, 0.0) for unit in design["unit"]]
    return design


def _own_variables(datasets: Sequence[Dataset]) -> tuple[Variable, ...]:
    codes = tuple(
        (_slug(each), str(each.provenance.get("wave_title") or _slug(each))) for each in datasets
    )
    return (
        Variable(UNIT, UNIT, "text", "Firm"),
        Variable(WAVE, WAVE, "category", "Wave", codes=codes),
        Variable(YEAR, YEAR, "number", "Year, last of the reference period"),
    )


def _provenance(
    datasets: Sequence[Dataset],
    design: pd.DataFrame,
    names: Sequence[str],
    not_pooled: Mapping[str, str],
) -> dict[str, Any]:
    """What holds of all waves, in the keys of one, and the provenance of each."""
    told = [each.provenance for each in datasets]
    newest = told[-1]
    in_waves = design["unit"].value_counts()
    joint = {
        key: "; ".join(dict.fromkeys(str(each[key]) for each in told if each.get(key)))
        for key in ("wave", "wave_title", "reference_period", "source")
    }
    return {
        "survey": newest.get("survey", ""),
        "survey_title": newest.get("survey_title", ""),
        **joint,
        "reference_last_year": newest.get("reference_last_year"),
        "instrument": ", ".join(
            dict.fromkeys(str(each["instrument"]) for each in told if each.get("instrument"))
        ),
        "made_data": any(each.get("made_data") for each in told),
        "origin": newest.get("origin", ""),
        **{key: sum(each.get(key) or 0 for each in told) for key in _SUMS},
        "n_firms": len(in_waves),
        "n_firms_in_every_wave": int((in_waves == len(datasets)).sum()),
        "n_firms_in_several_waves": int((in_waves > 1).sum()),
        "not_pooled": dict(not_pooled),
        "waves": [
            each.provenance
            | {"extract": each.fingerprint, "not_asked": _not_asked(each, names)}
            for each in datasets
        ],
    }  # fmt: skip


def _not_asked(dataset: Dataset, names: Sequence[str]) -> list[str]:
    asked = set(dataset.frame.columns)
    return [name for name in names if name not in asked]


def _rosters(
    datasets: Sequence[Dataset], units: Sequence[Sequence[str]]
) -> tuple[Roster, ...]:  # fmt: skip
    """Rosters by their name; answers that not every one of its waves has are left out."""
    found: dict[str, list[Roster]] = {}
    for dataset, of_rows in zip(datasets, units, strict=True):
        names = dict(zip(map(str, dataset.frame.index), of_rows, strict=True))
        for each in dataset.rosters:
            found.setdefault(each.name, []).append(_renamed(each, _slug(dataset), names))
    return tuple(_joined(each) for each in found.values())


def _renamed(roster: Roster, wave: str, units: Mapping[str, str]) -> Roster:
    """The roster with its firms named as the rows and units of the panel are."""
    entries = roster.entries.copy()
    entries["unit"] = [units.get(str(name), str(name)) for name in entries.index]
    entries.index = pd.Index([f"{wave}/{name}" for name in entries.index], dtype=object)
    firms = tuple(f"{wave}/{name}" for name in roster.firms)
    return Roster(roster.name, firms, tuple(units.get(n, n) for n in roster.firms), entries)


def _joined(rosters: Sequence[Roster]) -> Roster:
    common = [
        name
        for name in rosters[-1].entries.columns
        if all(name in each.entries.columns for each in rosters)
    ]
    return Roster(
        name=rosters[-1].name,
        firms=tuple(firm for each in rosters for firm in each.firms),
        units=tuple(unit for each in rosters for unit in each.units),
        entries=pd.concat([each.entries[common] for each in rosters]),
    )


def _within(roster: Roster, rows: set[Any]) -> Roster:
    kept = [place for place, firm in enumerate(roster.firms) if firm in rows]
    return Roster(
        name=roster.name,
        firms=tuple(roster.firms[place] for place in kept),
        units=tuple(roster.units[place] for place in kept),
        entries=roster.entries[roster.entries.index.isin(rows)],
    )
