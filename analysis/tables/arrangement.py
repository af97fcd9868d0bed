"""The lines of the body: which there are, under which headings, in which order.

First as they come by themselves, then as a layout wants them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from analysis.estimation.estimates import Fit
from analysis.tables.estimate_columns import Column
from analysis.tables.layout import Layout, Line
from analysis.tables.scales import near_to_far, scale_named
from analysis.tables.term_words import (
    INTERCEPTS,
    PREDICTED,
    equation_of,
    heading,
    parameter_words,
    term_words,
)

FACTOR = "@"


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of the body: a term, or several in one line that says "yes".

    Attributes
    ----------
    key : the term; ``@`` and the factor's name for a folded factor
    group : the heading it stands under; empty for none
    group_scale : geographic scale of that heading
    is_of_equation : whether it belongs to a further equation
    """

    key: str
    label: str
    terms: tuple[str, ...]
    group: str = ""
    scale: str = ""
    group_scale: str = ""
    is_folded: bool = False
    is_of_equation: bool = False


@dataclass(frozen=True, slots=True)
class Arranged:
    """Lines in their order; headings whose lines were made one; labels of lines left out."""

    units: tuple[Unit, ...]
    folded: tuple[tuple[str, tuple[str, ...]], ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What the models hold, and what its terms are called and belong to."""

    columns: tuple[Column, ...]
    labels: Mapping[str, str]
    scales: Mapping[str, str]
    factors: Mapping[str, str]
    fold: bool
    parameters: frozenset[str]

    def units(self) -> tuple[Unit, ...]:
        """Scales from near to far, controls, factors, intercept, further equations, parameters."""
        terms = self._terms()
        main = [term for term in terms if not equation_of(term)]
        return (
            *self._of_scales(main),
            *self._of_controls(main),
            *self._of_factors(main),
            *self._units(term for term in main if term in INTERCEPTS),
            *self._of_equations(terms),
            *self._of_parameters(terms),
        )

    def folded_factors(self) -> tuple[str, ...]:
        return tuple(self._by_factor(self._terms())) if self.fold else ()

    def _terms(self) -> tuple[str, ...]:
        """Every term once, as first met; what a model left out comes after."""
        met = [term for column in self.columns for term in column.numbers]
        omitted = [term for column in self.columns for term in column.omitted]
        return tuple(dict.fromkeys([*met, *omitted]))

    def _of_scales(self, main: Sequence[str]) -> list[Unit]:
        """Under a heading each, unless every scale has one term: its label says enough."""
        terms = [term for term in main if term in self.scales]
        by_scale = {
            scale: [term for term in terms if self.scales[term] == scale]
            for scale in near_to_far(self.scales[term] for term in terms)
        }
        with_headings = any(len(members) > 1 for members in by_scale.values())
        return [
            unit
            for scale, members in by_scale.items()
            for unit in self._units(
                members,
                scale_named(scale).label if with_headings else "",
                scale if with_headings else "",
            )
        ]

    def _of_controls(self, main: Sequence[str]) -> list[Unit]:
        apart = {*self.scales, *self.factors, *INTERCEPTS, *self.parameters}
        terms = [term for term in main if term not in apart]
        has_scales = any(term in self.scales for term in main)
        return self._units(terms, "Controls" if has_scales else "")

    def _of_equations(self, terms: Sequence[str]) -> list[Unit]:
        """Under the heading of each further equation: its terms, factors and intercept."""
        units: list[Unit] = []
        by_equation: dict[str, list[str]] = {}
        for term in terms:
            if equation_of(term) and term not in self.parameters:
                by_equation.setdefault(equation_of(term), []).append(term)
        for equation, members in by_equation.items():
            words = heading(equation, self.labels, self._own(members))
            intercept = [term for term in members if _name_of(term) in INTERCEPTS]
            levels = [term for term in members if _name_of(term) in self.factors]
            plain = [term for term in members if term not in {*intercept, *levels}]
            of_equation = [
                *self._units(plain, words),
                *self._of_factors(levels, words),
                *self._units(intercept, words),
            ]
            units += [replace(unit, is_of_equation=True) for unit in of_equation]
        return units

    def _of_parameters(self, terms: Sequence[str]) -> list[Unit]:
        """Thresholds, variances and what follows from them."""
        return self._units((term for term in terms if term in self.parameters), "Other parameters")

    def _by_factor(self, terms: Iterable[str]) -> dict[str, list[str]]:
        by_factor: dict[str, list[str]] = {}
        for term in terms:
            if _name_of(term) in self.factors and term not in self.scales:
                by_factor.setdefault(self.factors[_name_of(term)], []).append(term)
        return by_factor

    def _of_factors(self, terms: Iterable[str], group: str = "") -> list[Unit]:
        units: list[Unit] = []
        for factor, levels in self._by_factor(terms).items():
            if not self.fold:
                units += self._units(levels, factor)
                continue
            equation = equation_of(levels[0])
            key = f"{equation}|{FACTOR}{factor}" if equation else f"{FACTOR}{factor}"
            units.append(Unit(key, factor, tuple(levels), group, is_folded=True))
        return units

    def _units(self, terms: Iterable[str], group: str = "", group_scale: str = "") -> list[Unit]:
        return [
            Unit(
                term,
                self._label(term),
                (term,),
                group,
                self.scales.get(term, ""),
                group_scale,
            )
            for term in terms
        ]

    def _own(self, terms: Sequence[str]) -> list[Mapping[str, str]]:
        """Words of the models that have one of the terms."""
        return [column.words for column in self.columns if {*terms} & {*column.terms}]

    def _label(self, term: str) -> str:
        own = self._own([term])
        if term in self.parameters:
            return parameter_words(term, self.labels, own)
        return term_words(term, self.labels, own)


def standing_apart(fits: Sequence[Fit]) -> frozenset[str]:
    """Terms of no regressor; a coefficient of something predicted is a term as any."""
    apart: set[str] = set()
    for fit in fits:
        of_equations = {term for term in fit.estimates.terms if equation_of(term)}
        apart |= {
            name
            for name in fit.parameters
            if name not in of_equations and not name.startswith(PREDICTED)
        }
    return frozenset(apart)


def arranged(units: Sequence[Unit], layout: Layout) -> Arranged:
    """The lines as the layout wants them.

    Lines under one heading stay together, where the first of them stands. A line of a further
    equation that is taken from under its heading keeps the equation in its label.
    """
    chosen = {line.key: line for line in layout.lines}
    places = {key: place for place, key in enumerate(chosen)}
    in_order = sorted(units, key=lambda unit: places.get(unit.key, len(places)))
    changed = [_changed(unit, chosen.get(unit.key)) for unit in in_order]
    left_out = [
        unit.label for unit in changed if unit.key in chosen and not chosen[unit.key].is_shown
    ]
    shown = [unit for unit in changed if unit.key not in chosen or chosen[unit.key].is_shown]
    together = _together(shown) if layout.lines else shown
    units, folded = _folded(together, layout.folded)
    return Arranged(tuple(units), folded, tuple(left_out))


def _changed(unit: Unit, line: Line | None) -> Unit:
    if line is None:
        return unit
    label = line.label or unit.label
    if line.group is None or line.group == unit.group:
        return replace(unit, label=label)
    if unit.is_of_equation and not line.label:
        label = f"{unit.group.removeprefix('Equation: ')}: {label}"
    return replace(unit, label=label, group=line.group, group_scale="")


def _together(units: Sequence[Unit]) -> list[Unit]:
    """Lines of one heading follow the first of them; lines without one stay where they are."""
    rest, together = list(units), []
    while rest:
        first = rest.pop(0)
        together.append(first)
        if first.group:
            together += [unit for unit in rest if unit.group == first.group]
            rest = [unit for unit in rest if unit.group != first.group]
    return together


def _folded(
    units: Sequence[Unit], headings: Sequence[str]
) -> tuple[list[Unit], tuple[tuple[str, tuple[str, ...]], ...]]:
    """The lines with those of the named headings made one each, and what these hold."""
    result: list[Unit] = []
    told = []
    for group, members in groupby(units, key=lambda unit: unit.group):
        held = list(members)
        if not group or group not in headings:
            result += held
            continue
        terms = tuple(term for unit in held for term in unit.terms)
        result.append(Unit(f"{FACTOR}{group}", group, terms, is_folded=True))
        told.append((group, tuple(unit.label for unit in held)))
    return result, tuple(told)


def _name_of(term: str) -> str:
    """The term within its equation."""
    return term.rpartition("|")[2]
