"""The data set that specifications are estimated on: columns, codebook, design."""

from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt
import pandas as pd

from mathematics.replicates import ReplicateWeights


@dataclass(frozen=True, slots=True)
class Variable:
    """One column, in construct space.

    `name` is the construct, with coordinates in brackets where it has dimensions:
    ``control.employment``, ``networking.cooperation[suppliers,local]``.
    """

    name: str
    construct: str
    measure: str
    label: str
    coordinates: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Roster:
    """What firms said of each thing that they named in one roster, such as a partner.

    Attributes
    ----------
    name : str
        The roster's item.
    firms : tuple of str
        Pseudonyms of those who were asked, whether they named any or none.
    units : tuple of str
        The same firms by a key that is the same in every wave of the survey.
    entries : DataFrame
        One row an entry, indexed by the pseudonym of its firm. ``unit`` is the firm and
        ``entry`` the thing named, each the same in every wave of the survey; ``wave``; then a
        column for each answer that is bound: ``tie.social`` (floats, NaN for missing),
        ``networking.partners[scale]`` (code strings, None for missing) for the answer that
        stands for a dimension of a construct.
    """

    name: str
    firms: tuple[str, ...]
    units: tuple[str, ...]
    entries: pd.DataFrame


@dataclass(frozen=True, eq=False)
class FrameVariable:
    """One variable of the sampling frame.

    Attributes
    ----------
    name, label : ``size_class`` and its words
    levels : (code, label) that units of the frame have, sorted by code
    on_frame : units of the frame by code
    of_drawn : (m,) codes of the firms that were drawn, in the order of `SampleAgainstFrame`
    """

    name: str
    label: str
    levels: tuple[tuple[str, str], ...]
    on_frame: dict[str, int]
    of_drawn: npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class SampleAgainstFrame:
    """The m eligible firms that were drawn, and the frame that they were drawn from.

    Attributes
    ----------
    name, total : of the frame, and its units
    weight, stratum : (m,) design weight and stratum of each firm
    responded : (m,) whether it is one of the data set's firms
    row_of_firm : (n,) where each of the data set's firms stands among the m
    variables : of the frame
    """

    name: str
    total: int
    weight: npt.NDArray[Any]
    stratum: npt.NDArray[Any]
    responded: npt.NDArray[Any]
    row_of_firm: npt.NDArray[Any]
    variables: tuple[FrameVariable, ...]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Responding firms of one wave as columns; of several, see `analysis.linking`.

    Attributes
    ----------
    frame : (n, p) DataFrame
        One row a firm, indexed by pseudonym. Binary, ordinal and numeric columns are
        float64 with NaN for missing; categories are object columns of code strings with
        None for missing.
    variables : tuple of Variable
        The codebook, in the order of the columns.
    design : (n, 4) DataFrame
        ``weight`` (floats > 0), ``stratum`` and ``cluster`` (strings; the pseudonym where
        firms were not drawn in clusters), ``population`` (N_h of the row's stratum as
        float, NaN where unknown); same index as `frame`.
    provenance : dict
        survey, wave, reference_period, instrument (fingerprint), made_data, n_sampled.
    fingerprint : str
        SHA-256 over columns, codebook and design.
    replicates : ReplicateWeights or None
        Those that were published with the wave's weights, of the same firms.
    rosters : tuple of Roster
        Those that are bound to constructs; empty where a wave has counts of entries only.
    """

    frame: pd.DataFrame
    variables: tuple[Variable, ...]
    design: pd.DataFrame
    provenance: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    replicates: ReplicateWeights | None = None
    rosters: tuple[Roster, ...] = ()

    def variables_of(self, construct: str) -> tuple[Variable, ...]:
        """Every column of the construct, in codebook order; empty if it was not asked."""
        return tuple(variable for variable in self.variables if variable.construct == construct)

    @property
    def units(self) -> tuple[str, ...]:
        """(n,) the firm of each row: of a panel the same in all its waves, else the pseudonym."""
        of_rows = self.design["unit"] if "unit" in self.design.columns else self.frame.index
        return tuple(str(unit) for unit in of_rows)

    @property
    def waves(self) -> tuple[dict[str, Any], ...]:
        """Provenance of each wave of a panel, in their order; empty where there is one wave."""
        return tuple(self.provenance.get("waves", ()))
