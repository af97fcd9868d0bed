"""What of a regression may be shown: estimates of many firms, and no cells in disguise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg

from analysis.disclosure.judging import counted
from analysis.disclosure.rules import WHY, Action, DisclosurePolicy, Finding
from analysis.estimation.design import Labels, Rows
from analysis.estimation.design_matrix import Column, DesignMatrix
from analysis.estimation.estimates import Estimates, Fit, Floats
from analysis.refusals import Refusal

# Leverage of a group of firms beyond which the model fits their mean and nothing else.
FITS_EXACTLY = 0.9
INDEPENDENT = 1e-9
MODEL_NOTE = (
    "Estimates of terms that few firms have are withheld so that nothing can be learnt about a "
    "single firm."
)
SINGLE_FIRM = {
    "minimum": "extremes",
    "maximum": "extremes",
    "range": "extremes",
    "residuals": "single_firm",
    "leverages": "single_firm",
    "fitted_values": "single_firm",
    "influence": "single_firm",
    "membership": "single_firm",
    "scatter": "single_firm",
    "rows": "single_firm",
}
# How many firms have an outcome of a kind: parts of all firms of the model, so one gives others.
COUNTS_OF_FIRMS = (
    "n_at_lower_limit",
    "n_at_upper_limit",
    "n_exact",
    "n_between_limits",
    "n_with_one_limit",
    "rd_performers",
)
_SHARES_OF_FIRMS = ("share_of_rd_performers",)
_NEAR_PERFECT = ("r_squared", "weighted_r_squared", "within_r_squared", "overall_r_squared")


@dataclass(frozen=True, slots=True, eq=False)
class FittedModel:
    """A fit and the firms it rests on.

    Attributes
    ----------
    name : as it is called in the table
    outcome : name of the outcome
    fit : Fit
    y : (n,) floats
    X : DesignMatrix of the n firms, as the main equation has it
    domain : (n,) firms that were estimated on
    others : DesignMatrix of each further equation, of the same n firms
    """

    name: str
    outcome: str
    fit: Fit
    y: Floats
    X: DesignMatrix
    domain: Rows
    others: tuple[DesignMatrix, ...] = ()

    @property
    def rows(self) -> Rows:
        """(n,) firms of the domain with everything answered."""
        complete: Rows = self.domain & np.isfinite(self.X.X).all(axis=1) & np.isfinite(self.y)
        return complete

    @property
    def columns(self) -> list[tuple[int, Column]]:
        """Columns of the main equation that the model kept, with their places."""
        kept = {column_of(term) for term in self.fit.estimates.terms}
        return [
            (place, column) for place, column in enumerate(self.X.columns) if column.name in kept
        ]

    @property
    def equations(self) -> tuple["FittedModel", ...]:
        """The model as each of its equations has it; the outcome is that of the main one."""
        none = np.full(len(self.y), 0.5)
        further = (replace(self, y=none, X=matrix, others=()) for matrix in self.others)
        return (self, *further)

    @property
    def asked(self) -> frozenset[str]:
        """Names of the columns of all its equations, whether they were kept or not."""
        matrices = (self.X, *self.others)
        return frozenset(column.name for matrix in matrices for column in matrix.columns)


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """A result that has gone out before: outcome, columns asked for, and of which firms."""

    outcome: str
    terms: frozenset[str]
    rows: Rows


def safe_models(
    models: Sequence[FittedModel],
    policy: DisclosurePolicy,
    *,
    holdings: Labels | None = None,
    published: Sequence[Published] = (),
) -> tuple[tuple[Fit | None, ...], tuple[Finding, ...]]:
    """The fits without what must not be shown, and what was found.

    A fit that is refused is None: not even its number of firms is told. A term that is withheld
    has NaN. `published` are results of the same firms that went out before.
    """
    fits: list[Fit | None] = []
    findings: list[Finding] = []
    seen = list(published)
    for model in models:
        found, gone = _examined(model, policy, holdings)
        found += _differences(model, seen, policy)
        if any(finding.action == "refused" for finding in found):
            fits.append(None)
        else:
            seen.append(Published(model.outcome, model.asked, model.rows))
            fit, of_counts = _counting_few(model, policy)
            fits.append(_without(fit, gone))
            found += of_counts
        findings += found
    return tuple(fits), tuple(findings)


def column_of(term: str) -> str:
    """``size`` of ``selection|size``: terms of further equations are led by their names."""
    return term.rpartition("|")[2]


def refuse_single_firms(statistic: str) -> None:
    """Refuse what is of single firms by nature. Raises: ``extremes``, ``single_firm``."""
    if statistic in SINGLE_FIRM:
        raise Refusal(
            SINGLE_FIRM[statistic],
            f"{statistic.replace('_', ' ').capitalize()}: {WHY[SINGLE_FIRM[statistic]]}",
            "Show quantiles with enough firms on either side, or a summary of groups.",
        )


def _examined(
    model: FittedModel, policy: DisclosurePolicy, holdings: Labels | None
) -> tuple[list[Finding], set[str]]:
    found: list[Finding] = []
    gone: set[str] = set()

    def note(rule: str, action: Action, term: str = "") -> None:
        where = f"{model.name}: {term}" if term else model.name
        found.append(Finding(where, rule, WHY[rule], action))
        if action == "withheld":
            gone.add(term)

    rows = model.rows
    if min(counted(rows, holdings), model.fit.n) < policy.least_firms:
        note("few_firms", "refused")
        return found, gone
    if model.fit.n - len(model.fit.estimates.terms) < policy.least_residual_df:
        note("few_df", "refused")
    exact, leverage = _fitted_exactly(model, policy, holdings)
    if exact:
        note("saturated", "refused")
    if leverage > policy.most_leverage:
        note("leverage", "review")
    for measure in _NEAR_PERFECT:
        if model.fit.fit_measures.get(measure, 0.0) > policy.most_fit:
            note("near_perfect_fit", "review")
            break
    levels = [each for part in model.equations for each in _levels(part, policy, holdings)]
    for term, rule, action in dict.fromkeys(levels):
        note(rule, action, term)
    return found, gone


def _levels(
    model: FittedModel, policy: DisclosurePolicy, holdings: Labels | None
) -> list[tuple[str, str, Action]]:
    """Terms that tell of few firms: indicators and their interactions, and base levels."""
    found: list[tuple[str, str, Action]] = []
    rows = model.rows
    binary = bool(np.isin(model.y[rows], (0.0, 1.0)).all())
    for place, column in model.columns:
        values = model.X.X[:, place]
        if place == 0 or not np.isin(values[rows], (0.0, 1.0)).all():
            continue
        having, without = rows & (values == 1), rows & (values == 0)
        if min(counted(having, holdings), counted(without, holdings)) < policy.least_firms:
            found.append((column.name, "few_in_level", "withheld"))
        elif binary and _one_sided(model.y, having, policy, holdings):
            found.append((column.name, "one_outcome", "review"))
    for variable in _categories(model):
        base = rows & ~_with_indicator(model, variable)
        intercept = model.X.columns[0].name
        if 0 < counted(base, holdings) < policy.least_firms:
            found.append((intercept, "few_in_level", "withheld"))
    return list(dict.fromkeys(found))


def _one_sided(y: Floats, rows: Rows, policy: DisclosurePolicy, holdings: Labels | None) -> bool:
    sides = [counted(rows & (y == outcome), holdings) for outcome in (0.0, 1.0)]
    return min(sides) < policy.least_firms


def _categories(model: FittedModel) -> list[str]:
    """Variables that enter as indicators."""
    names = [
        column.factors[0].variable
        for _, column in model.columns
        if len(column.factors) == 1 and column.factors[0].transform == "indicator"
    ]
    return list(dict.fromkeys(names))


def _with_indicator(model: FittedModel, variable: str) -> Rows:
    places = [
        place
        for place, column in model.columns
        if len(column.factors) == 1
        and column.factors[0].transform == "indicator"
        and column.factors[0].variable == variable
    ]
    result: Rows = (model.X.X[:, places] == 1).any(axis=1)
    return result


def _fitted_exactly(
    model: FittedModel, policy: DisclosurePolicy, holdings: Labels | None
) -> tuple[bool, float]:
    """Whether few firms alike in all regressors have a mean that the model gives; the highest
    leverage of a firm.

    The leverages of firms with the same regressors add up to 1 if the model fits their mean
    exactly, as a saturated model does with every cell (Belsley, Kuh & Welsch 1980, section 2.1).
    """
    places = [place for place, _ in model.columns]
    if not places:
        return False, 0.0
    rows = np.flatnonzero(model.rows)
    X = model.X.X[rows][:, places]
    basis, triangle, _ = scipy.linalg.qr(X, mode="economic", pivoting=True)
    size = np.abs(np.diag(triangle))
    leverage = (basis[:, size > INDEPENDENT * size[0]] ** 2).sum(axis=1)
    # Alike are few, so that one of them has much leverage; or they are of one enterprise group.
    if holdings is None:
        likely = leverage > FITS_EXACTLY / policy.least_firms
        rows, X = rows[likely], X[likely]
    else:
        likely = np.ones(len(rows), dtype=bool)
    _, pattern = np.unique(X, axis=0, return_inverse=True)
    pattern = pattern.ravel()
    together = np.bincount(pattern, leverage[likely])
    for place in np.flatnonzero(together > FITS_EXACTLY):
        alike = np.zeros(len(model.y), dtype=bool)
        alike[rows[pattern == place]] = True
        if counted(alike, holdings) < policy.least_firms:
            return True, float(leverage.max())
    return False, float(leverage.max())


def _differences(
    model: FittedModel, published: Sequence[Published], policy: DisclosurePolicy
) -> list[Finding]:
    """The same model on almost the same firms tells of the few."""
    terms, rows = model.asked, model.rows
    for other in published:
        if other.outcome != model.outcome or other.terms != terms:
            continue
        apart = int((rows ^ other.rows).sum())
        nested = not (rows & ~other.rows).any() or not (other.rows & ~rows).any()
        if nested and 0 < apart < policy.least_difference:
            return [Finding(model.name, "difference", WHY["difference"], "refused")]
    return []


def _counting_few(model: FittedModel, policy: DisclosurePolicy) -> tuple[Fit, list[Finding]]:
    """The fit without its numbers of firms by outcome, if one is of few or of all but a few.

    All of them go: what is left of the firms would give the few away.
    """
    fit = model.fit
    counts = [fit.fit_measures[name] for name in COUNTS_OF_FIRMS if name in fit.fit_measures]
    if not any(0 < min(each, fit.n - each) < policy.least_firms for each in counts):
        return fit, []
    lost = (*COUNTS_OF_FIRMS, *_SHARES_OF_FIRMS)
    kept = {name: value for name, value in fit.fit_measures.items() if name not in lost}
    where = f"{model.name}: numbers of firms by their outcome"
    finding = Finding(where, "few_in_category", WHY["few_in_category"], "withheld")
    return replace(fit, fit_measures=kept), [finding]


def _without(fit: Fit, gone: set[str]) -> Fit:
    if not gone:
        return fit
    return replace(
        fit,
        estimates=_blank(fit.estimates, gone),
        margins=None if fit.margins is None else _blank(fit.margins, gone),
        derived=None if fit.derived is None else _blank(fit.derived, gone),
        notes=(*fit.notes, MODEL_NOTE),
    )


def _blank(estimates: Estimates, gone: set[str]) -> Estimates:
    lost = np.array([column_of(term) in gone for term in estimates.terms], dtype=bool)
    covariance = estimates.covariance.copy()
    covariance[lost] = covariance[:, lost] = np.nan
    return replace(
        estimates,
        coefficients=np.where(lost, np.nan, estimates.coefficients),
        covariance=covariance,
    )
