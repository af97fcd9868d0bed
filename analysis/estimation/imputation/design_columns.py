"""The survey design among the predictors."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.imputation.encoding import indicators, stacked
from analysis.estimation.imputation.recipe import DesignUse
from analysis.estimation.labels import Codes

# More strata than this, or fewer donors in one, and their effects are shrunken.
FEW_STRATA = 20
DONORS_EACH = 10
# Units beyond which indicators cost too much.
MOST_UNITS = 200


@dataclass(frozen=True, slots=True, eq=False)
class DesignColumns:
    """Columns of all n rows.

    Attributes
    ----------
    names : of the free columns
    free : (n, c) floats
    shrunken : (n, s) indicators of strata, then of clusters
    sizes : how many of each
    notes : sentences on what was chosen
    """

    names: tuple[str, ...]
    free: Floats
    shrunken: Floats
    sizes: tuple[int, ...]
    notes: tuple[str, ...]


def design_columns(use: DesignUse | None, count: int, donors: list[Codes]) -> DesignColumns:
    """What the recipe asks for; `donors` are the rows with an answer of each variable."""
    if use is None:
        return DesignColumns((), np.empty((count, 0)), np.empty((count, 0)), (), ())
    names, free, shrunken, notes = [], [], [], []
    strata, how = len(use.design.stratum_labels), _stratum(use, donors)
    if how == "effects":
        names += [f"stratum {label}" for label in use.design.stratum_labels[1:]]
        free.append(indicators(use.design.stratum_codes, strata)[:, 1:])
    if use.weight in ("predictor", "both") and _says_more(use.design, how):
        names.append("log weight")
        free.append(_log_weight(use.design)[:, None])
    if how == "shrunken":
        shrunken.append(indicators(use.design.stratum_codes, strata))
        notes.append(f"The {strata} strata enter the imputation models with shrunken effects.")
    clusters, drawn_in = int(use.design.cluster_codes.max()) + 1, _cluster(use)
    if drawn_in == "shrunken":
        shrunken.append(indicators(use.design.cluster_codes, clusters))
        notes.append(f"The {clusters} clusters enter the imputation models with shrunken effects.")
    for what, many, chosen in (("strata", strata, how), ("clusters", clusters, drawn_in)):
        if chosen == "too many":
            notes.append(
                f"The {many} {what} are too many for the imputation models and were left out: "
                "imputed values vary too little between them. Add variables that describe them."
            )
    return DesignColumns(
        names=tuple(names),
        free=stacked(free, count),
        shrunken=stacked(shrunken, count),
        sizes=tuple(each.shape[1] for each in shrunken),
        notes=tuple(notes),
    )


def _says_more(design: SurveyDesign, how: str) -> bool:
    """True if weights differ, and not between strata alone where strata have effects."""
    groups = design.stratum_codes if how == "effects" else np.zeros(len(design.weight), dtype=int)
    has = design.weight > 0
    first = np.zeros(groups.max() + 1)
    first[groups[has][::-1]] = design.weight[has][::-1]
    return bool(np.any(design.weight[has] != first[groups[has]]))


def _log_weight(design: SurveyDesign) -> Floats:
    """(n,) in standard deviations from its mean; 0 for firms without weight."""
    has = design.weight > 0
    result = np.zeros(len(design.weight))
    logarithm = np.log(design.weight[has])
    result[has] = (logarithm - logarithm.mean()) / (logarithm.std() or 1.0)
    return result


def _stratum(use: DesignUse, donors: list[Codes]) -> str:
    strata = len(use.design.stratum_labels)
    if use.stratum != "auto":
        return use.stratum
    if strata == 1:
        return "none"
    codes = use.design.stratum_codes
    each = [int(np.bincount(codes[rows], minlength=strata).min()) for rows in donors]
    if strata <= FEW_STRATA and min(each, default=0) >= DONORS_EACH:
        return "effects"
    return "shrunken" if strata <= MOST_UNITS else "too many"


def _cluster(use: DesignUse) -> str:
    clusters = int(use.design.cluster_codes.max()) + 1
    if use.cluster != "auto":
        return use.cluster
    if clusters in (1, len(use.design.weight)):
        return "none"
    return "shrunken" if clusters <= MOST_UNITS else "too many"
