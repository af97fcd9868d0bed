"""Which of the lines of a description of firms must be withheld, and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

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


def judged(
    lines: Sequence[Line], policy: DisclosurePolicy, holdings: Labels | None = None
) -> tuple[Reasons, tuple[Finding, ...]]:
    """Reasons by position of the lines to withhold; everything found, in the order of the lines.

    Raises: Refusal ``cannot_protect``, ``table_too_large``.
    """
    reasons: Reasons = defaultdict(list)
    _quantiles(lines, policy, reasons)
    _counts(lines, policy, holdings, reasons)
    for name in dict.fromkeys(name for line in lines for name, _ in line.basis.contributions):
        _magnitudes(lines, name, policy, holdings, reasons)
    _differences(lines, policy, reasons)
    findings = [
        _finding(line, rule, "withheld")
        for place, line in enumerate(lines)
        for rule in dict.fromkeys(reasons.get(place, ()))
    ]
    reviews = [
        _finding(line, rule, "review")
        for place, line in enumerate(lines)
        if place not in reasons
        for rule in _to_look_at(line)
    ]
    return dict(reasons), (*findings, *reviews)


def _finding(line: Line, rule: str, action: Action) -> Finding:
    return Finding(line.where, rule, WHY[rule], action)


def _to_look_at(line: Line) -> list[str]:
    basis = line.basis
    if basis.having is not None and basis.rows.any() and (basis.having == basis.rows).all():
        return ["everyone_alike"]
    if basis.statistic == "ratio" and not basis.contributions:
        return ["unknown_parts"]
    return []


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
    _almost_all(lines, policy, holdings, reasons)
    table = AdditiveTable(
        tuple(map(str, range(len(sets.members)))),
        (sets.sizes,),
        sets.sums(partition for partition in partitions if len(partition) > 1),
    )
    _hide_others(table, protections, shows, reasons, lines)


def _almost_all(
    lines: Sequence[Line], policy: DisclosurePolicy, holdings: Labels | None, reasons: Reasons
) -> None:
    """A share that all but a few firms have tells the few."""
    for place, line in enumerate(lines):
        basis = line.basis
        if basis.having is None:
            continue
        without = counted(basis.rows & ~basis.having, holdings)
        if 0 < without < policy.least_firms:
            reasons[place].append("few_in_category")


def _hide_others(
    table: AdditiveTable,
    protections: Sequence[Protection],
    shows: Mapping[int, set[int]],
    reasons: Reasons,
    lines: Sequence[Line],
) -> None:
    """Withhold the lines that would give the withheld away. A set is hidden with all its lines."""
    known = {place for place in range(len(table.labels)) if not shows.get(place)}
    exposed = [each for each in protections if each.cell not in known]
    gone = {
        place for place, seen in shows.items() if seen and all(line in reasons for line in seen)
    }
    found = suppress(table, exposed, always_shown=known, withheld=gone - known)
    for place in found.complementary:
        for line in shows[place]:
            if line not in reasons:
                reasons[line].append("complementary")
    assert all(line < len(lines) for line in reasons)  # noqa: S101 -- positions of lines


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
    _hide_others(table, protections, shows, reasons, lines)


def _differences(lines: Sequence[Line], policy: DisclosurePolicy, reasons: Reasons) -> None:
    """Of two results on the same, of which one has but few firms more, the smaller is withheld."""
    alike = defaultdict(list)
    for place, line in enumerate(lines):
        if place not in reasons:
            alike[line.basis.statistic, line.basis.outcome, line.basis.quantile].append(place)
    for places in alike.values():
        for one in places:
            for other in places:
                inner, outer = lines[one].basis.rows, lines[other].basis.rows
                apart = int((outer & ~inner).sum())
                if 0 < apart < policy.least_difference and not (inner & ~outer).any():
                    reasons[one].append("difference")
