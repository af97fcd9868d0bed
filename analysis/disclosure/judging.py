"""Which of the lines of a description of firms must be withheld, and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis.disclosure.additive import AdditiveTable, Protection
from analysis.disclosure.complementary import suppress
from analysis.disclosure.firm_sets import FirmSets, Line, families, union
from analysis.disclosure.primary import (
    Contributions,
    broken_by_count,
    broken_by_magnitude,
)
from analysis.disclosure.rules import WHY, Action, DisclosurePolicy, Finding
from analysis.estimation.design import Labels, Rows

Reasons = dict[int, list[str]]
# Second moments of many firms, of which how many there are says enough.
BY_COUNT = frozenset({"correlation", "standard_deviation", "variance"})
KNOWN = frozenset({"share", "mean", "total", "ratio", "quantile", *BY_COUNT})


def judged(
    lines: Sequence[Line], policy: DisclosurePolicy, holdings: Labels | None = None
) -> tuple[Reasons, tuple[Finding, ...]]:
    """Reasons by position of the lines to withhold; everything found, in the order of the lines.

    Raises: Refusal ``cannot_protect``, ``table_too_large``.
    """
    reasons: Reasons = defaultdict(list)
    _unknown(lines, reasons)
    _quantiles(lines, policy, reasons)
    _counts(lines, policy, holdings, reasons)
    for name in dict.fromkeys(name for line in lines for name, _ in line.basis.contributions):
        _magnitudes(lines, name, policy, holdings, reasons)
    _differences(lines, policy, reasons)
    findings = [
        _finding(line, rule, "withheld")
        for place, line in enumerate(lines)
        if not line.is_out
        for rule in dict.fromkeys(reasons.get(place, ()))
    ]
    reviews = [
        _finding(line, rule, "review")
        for place, line in enumerate(lines)
        if place not in reasons and not line.is_out
        for rule in _to_look_at(line)
    ]
    withheld = {place: why for place, why in reasons.items() if not lines[place].is_out}
    return withheld, (*findings, *reviews)


def _finding(line: Line, rule: str, action: Action) -> Finding:
    return Finding(line.where, rule, WHY[rule], action)


def _to_look_at(line: Line) -> list[str]:
    basis = line.basis
    if basis.having is not None and basis.rows.any() and (basis.having == basis.rows).all():
        return ["everyone_alike"]
    if basis.statistic == "ratio" and not basis.contributions:
        return ["unknown_parts"]
    return []


def _unknown(lines: Sequence[Line], reasons: Reasons) -> None:
    """What is new is withheld until a rule says what it tells of a single firm."""
    for place, line in enumerate(lines):
        if line.basis.statistic not in KNOWN:
            reasons[place].append("unknown_statistic")


def _quantiles(lines: Sequence[Line], policy: DisclosurePolicy, reasons: Reasons) -> None:
    for place, line in enumerate(lines):
        quantile, n = line.basis.quantile, int(line.basis.rows.sum())
        if quantile is not None and n * min(quantile, 1 - quantile) < policy.least_beyond:
            reasons[place].append("beyond_quantile")


def counted(rows: Rows, holdings: Labels | None) -> int:
    """Firms, those of one enterprise group as one."""
    if holdings is None:
        return int(rows.sum())
    ones = np.ones(int(rows.sum()))
    return Contributions(ones, ones, np.asarray(holdings, dtype=object)[rows]).count()


def _counts(
    lines: Sequence[Line], policy: DisclosurePolicy, holdings: Labels | None, reasons: Reasons
) -> None:
    """Firms that lines are of, and firms with the answers that shares are of."""
    sets, shows = FirmSets(), defaultdict(set)
    partitions = []
    for family in families(lines):
        bases = [lines[place].basis for place in family]
        sets.place(union(basis.rows for basis in bases))
        for place, basis in zip(family, bases, strict=True):
            shows[sets.place(basis.rows)].add(place)
            if basis.having is not None:
                shows[sets.place(basis.having)].add(place)
        partitions.append([sets.place(basis.rows) for basis in bases])
        partitions.append([sets.place(b.having) for b in bases if b.having is not None])
    protections = []
    for place, rows in enumerate(sets.members):
        for broken in broken_by_count(counted(rows, holdings), policy):
            protections.append(Protection(place, broken.protection))
            for line in shows[place]:
                own = (lines[line].basis.rows == rows).all()
                reasons[line].append("few_firms" if own else "few_in_category")
    protections += _almost_all(lines, policy, holdings, reasons, sets)
    table = AdditiveTable(
        tuple(map(str, range(len(sets.members)))),
        (sets.sizes,),
        sets.sums(partition for partition in partitions if len(partition) > 1),
    )
    _hide_others(table, protections, sets, shows, reasons, lines, holdings)


def _almost_all(
    lines: Sequence[Line],
    policy: DisclosurePolicy,
    holdings: Labels | None,
    reasons: Reasons,
    sets: FirmSets,
) -> list[Protection]:
    """A share that all but a few firms have tells the few, if it can be bounded from below."""
    protections = []
    for place, line in enumerate(lines):
        basis = line.basis
        if basis.having is None:
            continue
        without = counted(basis.rows & ~basis.having, holdings)
        if 0 < without < policy.least_firms:
            reasons[place].append("few_in_category")
            lower = float(policy.least_firms - without)
            protections.append(Protection(sets.place(basis.having), 0.0, lower))
    return protections


def _hide_others(
    table: AdditiveTable,
    protections: Sequence[Protection],
    sets: FirmSets,
    shows: Mapping[int, set[int]],
    reasons: Reasons,
    lines: Sequence[Line],
    holdings: Labels | None,
) -> None:
    """Withhold the lines that would give the withheld away. A set is hidden with all its lines.

    What a line shows that has gone out before cannot be withheld any more; a set that no line
    shows is known or not of the table.
    """
    out = {
        place
        for place in range(len(sets.members))
        if not shows.get(place) or any(lines[line].is_out for line in shows[place])
    }
    exposed = [each for each in protections if each.cell not in out]
    gone = {place for place, seen in shows.items() if all(line in reasons for line in seen)}
    alone = {place for place, rows in enumerate(sets.members) if counted(rows, holdings) == 1}
    found = suppress(
        table,
        [*exposed, *_against_insiders(table, exposed, alone - out)],
        always_shown=out,
        withheld=gone - out,
    )
    for place in found.complementary:
        for line in shows[place]:
            if line not in reasons:
                reasons[line].append("complementary")


def _against_insiders(
    table: AdditiveTable, protections: Sequence[Protection], alone: set[int]
) -> list[Protection]:
    """A firm that is alone in a withheld set knows its own number (Hundepool et al. 2012)."""
    return [
        replace(each, knows=frozenset({insider}))
        for each in protections
        for row in table.sums_of_cell[each.cell]
        for insider in sorted(alone.intersection((table.sums[row][0], *table.sums[row][1])))
        if insider != each.cell
    ]


def _magnitudes(
    lines: Sequence[Line],
    name: str,
    policy: DisclosurePolicy,
    holdings: Labels | None,
    reasons: Reasons,
) -> None:
    """Totals of one quantity. A mean is as telling as its total: how many firms is no secret.

    A total that is not shown is not known, other than a number of firms.
    """
    sets, shows = FirmSets(), defaultdict(set)
    partitions, values, weights = [], np.empty(0), np.empty(0)
    for family in families(lines):
        places = []
        for line in family:
            known = dict(lines[line].basis.contributions)
            if name in known:
                place = sets.place(lines[line].basis.rows)
                shows[place].add(line)
                places.append(place)
                rows, weights = lines[line].basis.rows, lines[line].basis.weights
                values = np.where(rows, known[name], values if len(values) else 0.0)
        partitions.append(places)
    protections = []
    for place, rows in enumerate(sets.members):
        group = None if holdings is None else np.asarray(holdings, dtype=object)[rows]
        given = Contributions(values[rows], weights[rows], group)
        broken = broken_by_magnitude(given, policy)
        if not broken or not shows[place]:
            continue
        width = max(each.protection for each in broken)
        protections.append(Protection(place, width, width))
        for line in shows[place]:
            reasons[line] += [each.rule for each in broken]
    totals = np.array([float(weights[rows] @ values[rows]) for rows in sets.members])
    shown = values[union(sets.members)]
    table = AdditiveTable(
        tuple(map(str, range(len(sets.members)))),
        (totals,),
        sets.sums(partition for partition in partitions if len(partition) > 1),
        lowest=0.0 if shown.min(initial=0.0) >= 0 else -np.inf,
        cost=np.maximum(np.abs(totals), 1e-6 * (1 + np.abs(totals).max(initial=0.0))),
    )
    _hide_others(table, protections, sets, shows, reasons, lines, holdings)


def _differences(lines: Sequence[Line], policy: DisclosurePolicy, reasons: Reasons) -> None:
    """Of two results on the same, of which one has but few firms more, the smaller is withheld."""
    alike = defaultdict(list)
    for place, line in enumerate(lines):
        if place not in reasons:
            alike[line.basis.statistic, line.basis.outcome, line.basis.quantile].append(place)
    for places in alike.values():
        for one in filter(lambda place: not lines[place].is_out, places):
            for other in places:
                inner, outer = lines[one].basis.rows, lines[other].basis.rows
                apart = int((outer & ~inner).sum())
                nested = not (inner & ~outer).any()
                if lines[other].is_out and not nested:
                    apart, nested = int((inner & ~outer).sum()), not (outer & ~inner).any()
                if nested and 0 < apart < policy.least_difference:
                    reasons[one].append("difference")
