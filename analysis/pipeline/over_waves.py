"""What a plan over several waves adds to its results: firms beside rows, and what waves lack."""

from dataclasses import replace

import numpy as np

from analysis.constructs import Measured
from analysis.constructs.ties_over_waves import ENTRIES as OF_WAVES
from analysis.estimation.estimates import Fit
from analysis.pipeline.prepared import Prepared
from analysis.specification.expressions import names_in
from analysis.specification.formula import Formula
from analysis.specification.matrix import Equation
from analysis.specification.model import Plan, Specification
from analysis.specification.over_waves import plain_name
from analysis.tables.statistics_block import is_of_waves


def counted_by_firm(prepared: Prepared, ready: Equation, fit: Fit) -> Fit:
    """The fit with the number of firms whose waves its rows are.

    Models that read the firm themselves say in their notes how many they rest on.
    """
    if not prepared.dataset.waves or is_of_waves(fit):
        return fit
    return replace(fit, units=len(set(np.array(prepared.dataset.units)[ready.domain])))


def unasked_notes(prepared: Prepared) -> tuple[str, ...]:
    """Which variables of the plan's models a wave has no answers to."""
    dataset = prepared.dataset
    if not dataset.waves:
        return ()
    of_rows = dataset.design["wave"].to_numpy()
    notes = []
    for wave in dataset.waves:
        rows = of_rows == wave["wave"]
        labels = [
            measured.label
            for measured in _read(prepared)
            if measured.missing[rows].all() and not measured.missing.all()
        ]
        if labels:
            title = wave.get("wave_title") or wave["wave"]
            listed = ", ".join(dict.fromkeys(labels))
            notes.append(f"{title} has no answers to: {listed}.")
    return tuple(notes)


def _read(prepared: Prepared) -> list[Measured]:
    """The measures and answers that the models rest on, without what compares waves."""
    known = prepared.known
    defined = dict(prepared.plan.definitions)
    waiting, found = list(_named(prepared.plan)), []
    passed: set[str] = set()
    while waiting:
        name = plain_name(waiting.pop(0))
        if name in passed:
            continue
        passed.add(name)
        if name in defined:
            waiting += names_in(defined[name])
        elif name in known and name.partition(".")[0] not in _OVER_WAVES:
            found.append(known[name])
    return found


_OVER_WAVES = frozenset(entry.stem for entry in OF_WAVES)


def _named(plan: Plan) -> tuple[str, ...]:
    return tuple(name for each in plan.specifications for name in _of_model(each))


def _of_model(specification: Specification) -> list[str]:
    names = [specification.outcome, *specification.formula.variables]
    for each in specification.given:
        names += each.value.variables if isinstance(each.value, Formula) else [str(each.value)]
    if specification.subpopulation is not None:
        names += names_in(specification.subpopulation)
    return names
