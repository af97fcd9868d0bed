"""Which firm and which wave each row is, and which row is the same firm some waves earlier."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, Labels, Rows, named
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

UNIT = Role("unit", "labels", "the firm, named alike in all its waves")
WAVE = Role("wave", "labels", "the wave: a number, or a name that sorts in time")
STEP = Role(
    "step",
    "number",
    "how far apart consecutive waves are, where waves are numbers; otherwise the least distance",
    is_needed=False,
)
WAVE_EFFECTS = Role("wave_effects", "word", "yes: an effect of each wave", is_needed=False)
PANEL = (UNIT, WAVE, STEP, WAVE_EFFECTS)

OF_UNITS = frozenset({"model", "cluster", "design", "replicate"})
"""HC0 to HC3 take a firm's waves for independent, which they are not: clusters of units do not."""

# Of a step: how far from a whole number of steps two waves may lie.
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class FirmWaves:
    """m rows, each of one firm in one wave.

    Attributes
    ----------
    unit : (m,) numbers of the firms, in order of appearance
    units : what the firms are called
    wave : (m,) number of waves since the first, those in which nobody answered counted
    waves : what the waves are called, from number to name
    """

    unit: Codes
    units: Labels
    wave: Codes
    waves: dict[int, str]

    @property
    def count(self) -> int:
        return len(self.units)

    @property
    def rows_of_unit(self) -> Codes:
        """(units,) in how many waves each firm is."""
        return np.bincount(self.unit, minlength=self.count)

    def earlier(self, lag: int) -> Codes:
        """(m,) the row of the same firm exactly `lag` waves earlier; -1 where there is none.

        A wave that the firm left out leaves a gap: the row before the gap is not taken for it.
        """
        width = int(self.wave.max()) + 1
        key = self.unit.astype(np.int64) * width + self.wave
        order = np.argsort(key, kind="stable")
        wanted = np.where(self.wave >= lag, key - lag, -1)
        place = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
        found = order[place]
        return np.where(key[found] == wanted, found, -1)

    def counts_note(self, rows: Rows | None = None) -> str:
        """What n counts, and of how many firms; `rows` are those used, if not all."""
        units = self.unit if rows is None else self.unit[rows]
        return f"n counts firm-waves: {len(units)}, of {len(np.unique(units))} firms."

    @property
    def note(self) -> str:
        """The waves in their order, for the table."""
        return f"Waves in order: {', '.join(self.waves[number] for number in sorted(self.waves))}."


def firm_waves(sample: Sample) -> FirmWaves:
    """The firms and waves of the sample's rows.

    Raises: Refusal ``duplicate_unit_wave``, ``waves_irregular``, ``one_wave``.
    """
    return as_firm_waves(sample.labels["unit"], sample.labels["wave"], sample.numbers.get("step"))


def as_firm_waves(unit: Labels, wave: Labels, step: float | None = None) -> FirmWaves:
    """The firms and waves of rows with these labels, (m,) each, none of them missing.

    Raises: Refusal ``duplicate_unit_wave``, ``waves_irregular``, ``one_wave``.
    """
    codes, units = pd.factorize(np.asarray(unit, dtype=object))
    numbers, waves = _numbered(wave, step)
    if len(waves) < 2:
        raise Refusal(
            "one_wave",
            f"All rows are of one wave, {named(waves.values())}: a panel needs two or more.",
            "Use the estimator for one cross-section, or widen the subpopulation.",
        )
    panel = FirmWaves(codes, np.asarray(units), numbers, waves)
    _refuse_duplicates(panel)
    return panel


def _numbered(wave: Labels, step: float | None) -> tuple[Codes, dict[int, str]]:
    numbers = pd.to_numeric(pd.Series(np.asarray(wave, dtype=object)), errors="coerce")
    if numbers.isna().any():
        names, codes = np.unique(np.asarray(wave).astype(str), return_inverse=True)
        return codes.astype(np.intp), {number: str(name) for number, name in enumerate(names)}
    times = numbers.to_numpy(dtype=float)
    seen = np.unique(times)
    least = float(np.diff(seen).min(initial=np.inf)) if step is None else step
    if len(seen) == 1:
        return np.zeros(len(times), dtype=np.intp), {0: f"{seen[0]:g}"}
    _refuse_irregular(seen, least)
    codes = np.rint((times - seen[0]) / least).astype(np.intp)
    return codes, {round((time - seen[0]) / least): f"{time:.10g}" for time in seen}


def _refuse_irregular(seen: Floats, step: float) -> None:
    steps = (seen - seen[0]) / step if step > 0 else np.full(len(seen), np.nan)
    apart = np.abs(steps - np.rint(steps))
    if not np.all(apart <= ROUNDING * np.maximum(steps, 1)):
        raise Refusal(
            "waves_irregular",
            f"The waves {named([f'{time:.10g}' for time in seen])} are not a whole number of "
            f"steps of {step:g} apart, so which wave follows which is not clear.",
            "Number the waves 1, 2, 3, or say how far apart consecutive waves are (step).",
        )


def _refuse_duplicates(panel: FirmWaves) -> None:
    pairs = pd.DataFrame({"unit": panel.unit, "wave": panel.wave})
    again = pairs.duplicated().to_numpy()
    if again.any():
        twice = dict.fromkeys(
            f"{panel.units[unit]} in {panel.waves[wave]}"
            for unit, wave in pairs[again].itertuples(index=False)
        )
        raise Refusal(
            "duplicate_unit_wave",
            f"{len(twice)} firms have more than one row in a wave: {named(twice)}.",
            "Keep one row for each firm and wave, or correct the firm's name or the wave.",
        )


def wants_wave_effects(sample: Sample) -> bool:
    """Whether the plan asks for an effect of each wave."""
    word = sample.words.get("wave_effects", "no")
    if word not in ("yes", "no"):
        raise Refusal(
            "unknown_word",
            f"wave_effects is '{word}'.",
            "Write yes for an effect of each wave, or no.",
        )
    return word == "yes"


def wave_indicators(panel: FirmWaves, rows: Rows) -> tuple[tuple[str, ...], Floats]:
    """Names and (m, W - 1) indicators of the waves of the rows, the first of them left out."""
    numbers = np.unique(panel.wave[rows])[1:]
    indicators = (panel.wave[:, None] == numbers).astype(float)
    return tuple(f"wave|{panel.waves[int(number)]}" for number in numbers), indicators


def lag_asked(sample: Sample) -> int:
    """How many waves back, 1 unless the plan says otherwise.

    Raises: Refusal ``lag_not_whole``.
    """
    lag = sample.numbers.get("lag", 1.0)
    if lag < 1 or lag != int(lag):
        raise Refusal(
            "lag_not_whole",
            f"The lag is {lag:g}; it counts waves.",
            "Write a whole number from 1.",
        )
    return int(lag)


def refuse_no_pairs(rows: Rows, lag: int) -> None:
    """Refuse if no row has one of the same firm `lag` waves earlier."""
    if not np.any(rows):
        raise Refusal(
            "no_earlier_wave",
            f"No firm is in the sample with complete answers both in a wave and {lag} "
            f"{'wave' if lag == 1 else 'waves'} earlier.",
            "Look whether firms are named alike in all waves, shorten the lag, or leave out the "
            "terms that one of the waves did not ask.",
        )


def pairs_note(rows: Rows, lag: int) -> str:
    """How many rows have an earlier one, for the table."""
    apart = "one wave" if lag == 1 else f"{lag} waves"
    return f"{int(rows.sum())} of {len(rows)} firm-waves have the same firm {apart} earlier."
