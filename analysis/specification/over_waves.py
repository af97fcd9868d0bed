"""What the same firm said in other waves: ``lag``, ``lead``, ``change`` and ``first``."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from analysis.constructs.measured import Floats, Measured, Values
from analysis.linking import UNIT, WAVE, rows_earlier
from analysis.refusals import Refusal
from analysis.specification.formula import Formula
from analysis.specification.language import is_over_waves
from analysis.specification.model import Plan, Specification

Vocabulary = Mapping[str, Measured]

_IN_WORDS = {
    "lag": "{label}, one wave earlier",
    "lead": "{label}, one wave later",
    "change": "Change of {label} since the wave before",
    "first": "{label}, in the firm's first wave",
}


def over_waves(function: str, values: Floats, vocabulary: Vocabulary) -> Floats:
    """(n,) of the rows' values: those of the same firm in another wave, or the difference.

    ``lag`` is of the wave before in the plan's order, ``lead`` of the wave after, ``change`` the
    value less its lag, ``first`` of the first wave that the firm answered. Missing where the
    firm did not answer that wave.

    Raises: Refusal ``one_wave_only``.
    """
    if UNIT not in vocabulary or WAVE not in vocabulary:
        raise Refusal(
            "one_wave_only",
            f"{function}() compares the waves of a firm, and this plan is of one wave.",
            "Say which waves the plan is of, such as  waves: all.",
        )
    unit, wave = vocabulary[UNIT].values, vocabulary[WAVE].values
    order = [code for code, _ in vocabulary[WAVE].codes]
    if function == "first":
        return values[_first_rows(unit, wave, order)]
    rows = rows_earlier(unit, wave, order, by=-1 if function == "lead" else 1)
    elsewhere = np.where(rows >= 0, values[rows], np.nan)
    return values - elsewhere if function == "change" else elsewhere


def _first_rows(unit: Values, wave: Values, order: list[str]) -> npt.NDArray[np.intp]:
    """(n,) the row of the first wave that the row's firm answered."""
    number = np.array([order.index(str(each)) for each in wave])
    firms, code = np.unique(unit.astype(str), return_inverse=True)
    in_time = np.lexsort((number, code))
    starts = np.searchsorted(code[in_time], np.arange(len(firms)))
    return np.asarray(in_time[starts][code])


def names_in_time(labels: Measured) -> Values:
    """(n,) labels of the rows; those of waves so that they can be put in time.

    The slugs themselves where they are numbers at even distances, as years of a regular survey;
    else the number of each wave in the plan, which is what its order rests on.
    """
    values = np.asarray(labels.values, dtype=object)
    if labels.name != WAVE:
        return values
    order = [code for code, _ in labels.codes]
    if all(code.isdecimal() for code in order):
        steps = np.diff([int(code) for code in order])
        if (steps > 0).all() and len(set(steps.tolist())) == 1:
            return values
    place = {code: str(number) for number, code in enumerate(order, 1)}
    return np.array([place[str(each)] for each in values], dtype=object)


def label_over_waves(function: str, label: str) -> str:
    """The words of a table for a variable in another wave."""
    return _IN_WORDS[function].format(
        label=label[:1].lower() + label[1:] if function == "change" else label
    )


def plain_name(name: str) -> str:
    """The variable that a name such as ``lag(breadth)`` is of; any other name itself."""
    return name.partition("(")[2].rstrip(" )").strip() if is_over_waves(name) else name


def names_over_waves(plan: Plan) -> tuple[str, ...]:
    """Every name of the plan's models such as ``lag(breadth)``, each once."""
    names = [name for each in plan.specifications for name in _names(each)]
    if plan.curve is not None:
        for number in dict.fromkeys(plan.curve.probes()):
            names += _names(plan.curve.specification(number))
    for described in plan.descriptives:
        names += [described.outcome, described.by, described.denominator, described.other]
    return tuple(name for name in dict.fromkeys(names) if is_over_waves(name))


def _names(specification: Specification) -> Iterator[str]:
    yield specification.outcome
    yield from specification.formula.variables
    for each in specification.given:
        if isinstance(each.value, Formula):
            yield from each.value.variables
        elif isinstance(each.value, str):
            yield each.value
