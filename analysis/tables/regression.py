"""Estimates side by side: fits to one Table value."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.estimation.estimates import Estimates, Fit
from analysis.tables import numerals
from analysis.tables.regression_notes import regression_notes
from analysis.tables.scales import near_to_far, scale_named
from analysis.tables.statistics_block import statistics_block
from analysis.tables.table import Cell, Row, Spanner, Table
from analysis.tables.term_words import (
    INTERCEPTS,
    PREDICTED,
    equation_of,
    heading,
    parameter_words,
    term_words,
)

What = Literal["coefficients", "margins"]

_ABSENT = Cell(numerals.DASH)
_NOTHING = Cell("")
_OMITTED = Cell("omitted")


def regression_table(
    *,
    title: str,
    names: Sequence[str],
    outcomes: Sequence[str],
    fits: Sequence[Fit],
    labels: Mapping[str, str],
    scales: Mapping[str, str] | None = None,
    factors: Mapping[str, str] | None = None,
    words: Sequence[Mapping[str, str]] = (),
    specification_notes: Sequence[str] = (),
    notes: Sequence[str] = (),
    fingerprint: str = "",
    what: What = "coefficients",
    fold_factors: bool = True,
    stars: bool = False,
) -> Table:
    """Coefficients, or average marginal effects, of several models with their fit.

    Terms that belong to a geographic scale come first, nearest scale first, then the other
    terms in the order of the models, then factors, then the intercept; then each further
    equation under its heading, and last what belongs to no regressor.

    `names`, `outcomes` and, if given, `words` and `specification_notes` have one entry for
    each fit; adjacent equal outcomes share a spanner. `words` are those of one model alone: of
    its equations, levels and thresholds. `labels` maps terms to the words of the stub; a
    term that is missing there is shown as it is. `scales` maps terms to the name of their
    geographic scale, `factors` maps the indicators of a factor to the factor's name, such
    as ``Industry``; both leave out the terms they do not concern. `notes` hold for the whole
    table: source and wave, made data, units. With ``what="margins"`` the estimates are
    `Fit.margins`. A folded factor is one line, "yes" where the model holds it; otherwise
    its levels stand under its name. `stars` are at 10, 5 and 1 per cent.
    """
    chosen = [fit.estimates if what == "coefficients" else fit.margins for fit in fits]
    columns = tuple(
        _Column.of(fit, part, fit.derived if what == "coefficients" else None, own)
        for fit, part, own in zip(fits, chosen, words or [{}] * len(fits), strict=True)
    )
    body = _Body(
        columns,
        labels,
        scales or {},
        factors or {},
        fold_factors,
        stars,
        frozenset(name for fit in fits for name in _standing_apart(fit)),
    )
    told = regression_notes(
        fits=fits,
        what=what,
        labels=labels,
        words=words,
        folded=body.folded(),
        specification_notes=specification_notes,
        stars=stars,
    )
    return Table(
        title=title if what == "coefficients" else f"{title}: average marginal effects",
        columns=tuple(f"({place}) {name}".strip() for place, name in enumerate(names, start=1)),
        rows=(*body.rows(), *statistics_block(fits)),
        spanners=_spanners(outcomes),
        notes=(*told, *notes),
        fingerprint=fingerprint,
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """One model's estimate, standard error and p-value by term, what it left out, its words."""

    estimates: dict[str, tuple[float, float, float]]
    omitted: tuple[str, ...]
    words: Mapping[str, str]

    @classmethod
    def of(
        cls,
        fit: Fit,
        estimates: Estimates | None,
        derived: Estimates | None,
        words: Mapping[str, str],
    ) -> "_Column":
        if estimates is None:
            return cls({}, (), words)
        found = _numbers_of(estimates) | ({} if derived is None else _numbers_of(derived))
        return cls(found, tuple(name for name, _ in fit.dropped if name not in found), words)

    @property
    def terms(self) -> tuple[str, ...]:
        return (*self.estimates, *self.omitted)


def _numbers_of(estimates: Estimates) -> dict[str, tuple[float, float, float]]:
    lines = zip(
        estimates.coefficients.tolist(),
        estimates.std_errors.tolist(),
        estimates.p_values.tolist(),
        strict=True,
    )
    return dict(zip(estimates.terms, lines, strict=True))


@dataclass(frozen=True, slots=True)
class _Body:
    """The lines of the estimates."""

    columns: tuple[_Column, ...]
    labels: Mapping[str, str]
    scales: Mapping[str, str]
    factors: Mapping[str, str]
    fold: bool
    stars: bool
    parameters: frozenset[str]

    def rows(self) -> list[Row]:
        main = [term for term in self._terms() if not equation_of(term)]
        return [
            *self._of_scales(main),
            *self._of_controls(main),
            *self._of_factors(main),
            *self._lines(term for term in main if term in INTERCEPTS),
            *self._of_equations(),
            *self._of_parameters(),
        ]

    def folded(self) -> tuple[str, ...]:
        return tuple(self._by_factor(self._terms())) if self.fold else ()

    def _terms(self) -> tuple[str, ...]:
        """Every term once, as first met; what a model left out comes after."""
        met = [term for column in self.columns for term in column.estimates]
        omitted = [term for column in self.columns for term in column.omitted]
        return tuple(dict.fromkeys([*met, *omitted]))

    def _of_scales(self, main: Sequence[str]) -> list[Row]:
        """A heading for each scale, unless every scale has one term: its label says enough."""
        terms = [term for term in main if term in self.scales]
        by_scale = {
            scale: [term for term in terms if self.scales[term] == scale]
            for scale in near_to_far(self.scales[term] for term in terms)
        }
        with_headings = any(len(members) > 1 for members in by_scale.values())
        rows: list[Row] = []
        for scale, members in by_scale.items():
            if with_headings:
                rows.append(Row(scale_named(scale).label, (), "group", scale))
            rows += self._lines(members)
        return rows

    def _of_controls(self, main: Sequence[str]) -> list[Row]:
        apart = {*self.scales, *self.factors, *INTERCEPTS, *self.parameters}
        rows = self._lines(term for term in main if term not in apart)
        has_scales = any(term in self.scales for term in main)
        return [Row("Controls", (), "group"), *rows] if rows and has_scales else rows

    def _of_equations(self) -> list[Row]:
        """A heading for each further equation, and its terms, factors and intercept."""
        rows: list[Row] = []
        by_equation: dict[str, list[str]] = {}
        for term in self._terms():
            if equation_of(term) and term not in self.parameters:
                by_equation.setdefault(equation_of(term), []).append(term)
        for equation, terms in by_equation.items():
            intercept = [term for term in terms if _name_of(term) in INTERCEPTS]
            levels = [term for term in terms if _name_of(term) in self.factors]
            rows += [
                Row(heading(equation, self.labels, self._own(terms)), (), "group"),
                *self._lines(term for term in terms if term not in {*intercept, *levels}),
                *self._of_factors(levels),
                *self._lines(intercept),
            ]
        return rows

    def _own(self, terms: Sequence[str]) -> list[Mapping[str, str]]:
        """Words of the models that have one of the terms."""
        return [column.words for column in self.columns if {*terms} & {*column.terms}]

    def _of_parameters(self) -> list[Row]:
        """Thresholds, variances and what follows from them."""
        rows = self._lines(term for term in self._terms() if term in self.parameters)
        return [Row("Other parameters", (), "group"), *rows] if rows else []

    def _by_factor(self, terms: Iterable[str]) -> dict[str, list[str]]:
        by_factor: dict[str, list[str]] = {}
        for term in terms:
            if _name_of(term) in self.factors and term not in self.scales:
                by_factor.setdefault(self.factors[_name_of(term)], []).append(term)
        return by_factor

    def _of_factors(self, terms: Iterable[str]) -> list[Row]:
        rows: list[Row] = []
        for factor, levels in self._by_factor(terms).items():
            if not self.fold:
                rows += [Row(factor, (), "group"), *self._lines(levels)]
                continue
            held = (any(level in column.estimates for level in levels) for column in self.columns)
            rows.append(Row(factor, tuple(Cell("yes") if h else _ABSENT for h in held)))
        return rows

    def _lines(self, terms: Iterable[str]) -> list[Row]:
        return [row for term in terms for row in self._line(term)]

    def _line(self, term: str) -> list[Row]:
        """The estimates of one term and, beneath, their standard errors, if there are any."""
        found = [column.estimates.get(term) for column in self.columns]
        decimals = numerals.decimals_for(std_error for _, std_error, _ in filter(None, found))
        above, beneath = [], []
        for column, numbers in zip(self.columns, found, strict=True):
            if numbers is None:
                above.append(_OMITTED if term in column.omitted else _ABSENT)
                beneath.append(_NOTHING)
                continue
            estimate, std_error, p = numbers
            marks = numerals.asterisks(p) if self.stars else ""
            above.append(Cell(numerals.fixed(estimate, decimals) + marks, _finite(estimate)))
            text = numerals.in_parentheses(numerals.fixed(std_error, decimals))
            beneath.append(Cell(text, _finite(std_error)))
        scale = self.scales.get(term, "")
        line = Row(self._label(term), tuple(above), "estimate", scale)
        return [line, Row("", tuple(beneath), "uncertainty", scale)] if any(found) else [line]

    def _label(self, term: str) -> str:
        own = self._own([term])
        if term in self.parameters:
            return parameter_words(term, self.labels, own)
        return term_words(term, self.labels, own)


def _standing_apart(fit: Fit) -> set[str]:
    """Terms of no regressor; a coefficient of something predicted is a term as any."""
    of_equations = {term for term in fit.estimates.terms if equation_of(term)}
    return {
        name
        for name in fit.parameters
        if name not in of_equations and not name.startswith(PREDICTED)
    }


def _name_of(term: str) -> str:
    """The term within its equation."""
    return term.rpartition("|")[2]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _spanners(outcomes: Sequence[str]) -> tuple[Spanner, ...]:
    """One heading over each run of adjacent models with the same outcome."""
    spanners: list[Spanner] = []
    for place, outcome in enumerate(outcomes):
        if spanners and spanners[-1].text == outcome:
            spanners[-1] = Spanner(outcome, spanners[-1].first, place)
        else:
            spanners.append(Spanner(outcome, place, place))
    return tuple(spanners)
