"""The curves of a model that figures are drawn of: predictions and effects along a variable."""

from collections.abc import Iterator

import numpy as np

from analysis.estimation.after.shape import UTest, inner_range, u_test
from analysis.estimation.counterfactual import Setting
from analysis.estimation.estimates import Estimates
from analysis.estimation.margins import Margins, average_predictions, marginal_effects_at
from analysis.estimation.regression import Model
from analysis.refusals import Refusal
from analysis.specification.language import did_you_mean
from analysis.specification.matrix import Equation
from analysis.specification.model import Drawn, Specification
from analysis.tables.drawings import Drawing, Line, Turning

POINTS = 41
MOST_LINES = 3


def drawings(specification: Specification, ready: Equation, model: Model) -> tuple[Drawing, ...]:
    """What the specification wants drawn, and every U that it tests."""
    asked: list[tuple[Drawn, str]] = [(each, each.kind) for each in specification.drawn]
    asked += [
        (Drawn("prediction", test.about[0]), "u_shape")
        for test in specification.tests
        if test.kind == "u_shape"
    ]
    return tuple(_drawing(each, kind, ready, model) for each, kind in asked)


def _drawing(asked: Drawn, kind: str, ready: Equation, model: Model) -> Drawing:
    words = {name: ready.labels.get(name, name) for name in (asked.of, asked.by) if name}
    label, by_label = words[asked.of], words.get(asked.by, "")
    try:
        margins = model.margins()
        _refuse_unread(asked, margins)
        low, high = inner_range(margins.variables[asked.of])
        _refuse_point(asked.of, low, high)
        values = tuple(np.linspace(low, high, POINTS).tolist())
        lines = tuple(_lines(asked, margins, values, by_label))
        turning = _turning(asked.of, model.estimates, low, high) if kind == "u_shape" else None
    except Refusal as refusal:
        return Drawing(kind, asked.of, asked.by, label, by_label, refusal=refusal.message)
    return Drawing(kind, asked.of, asked.by, label, by_label, lines, turning)


def _lines(
    asked: Drawn, margins: Margins, values: tuple[float, ...], by_label: str
) -> Iterator[Line]:
    if not asked.by:
        yield _line("", asked, margins, values, {})
        return
    for level in _levels(asked.by, margins):
        written = {0.0: "no", 1.0: "yes"}.get(level, level) if isinstance(level, float) else level
        yield _line(f"{by_label}: {written}", asked, margins, values, {asked.by: level})


def _line(
    label: str,
    asked: Drawn,
    margins: Margins,
    values: tuple[float, ...],
    held: dict[str, Setting],
) -> Line:
    if asked.kind == "prediction":
        found = average_predictions(margins, asked.of, list(values), held)
        estimates, limits = found.coefficients, found.intervals()
    else:
        each = [marginal_effects_at(margins, {**held, asked.of: value}) for value in values]
        places = [one.terms.index(asked.of) for one in each]
        estimates = np.array([one.coefficients[at] for one, at in zip(each, places, strict=True)])
        limits = np.array([one.intervals()[at] for one, at in zip(each, places, strict=True)])
    if not (np.isfinite(estimates).all() and np.isfinite(limits).all()):
        raise Refusal(
            "not_finite",
            f"The curve over {asked.of} has points without an estimate.",
            "See the model.",
        )
    return Line(
        label,
        values,
        tuple(estimates.tolist()),
        tuple(limits[:, 0].tolist()),
        tuple(limits[:, 1].tolist()),
    )


def _levels(name: str, margins: Margins) -> list[Setting]:
    """Both values of a binary variable, or the levels of a category."""
    if margins.kind(name) == "binary":
        return [0.0, 1.0]
    levels = sorted({str(each) for each in margins.variables[name]})
    if margins.kind(name) == "continuous" or len(levels) > MOST_LINES:
        raise Refusal(
            "too_many_levels",
            f"“{name}” has more than {MOST_LINES} values, so curves by it could not be told apart.",
            "Take a variable of two or three levels.",
        )
    return list(levels)


def _refuse_unread(asked: Drawn, margins: Margins) -> None:
    for name in filter(None, (asked.of, asked.by)):
        if name not in margins.variables:
            raise Refusal(
                "not_in_the_model",
                f"“{name}” is not in the model, so nothing changes along it.",
                did_you_mean(name, set(margins.variables)) or "Name a variable of the formula.",
            )
    if margins.kind(asked.of) != "continuous":
        raise Refusal(
            "not_a_number",
            f"“{asked.of}” has no values in between, so there is no curve along it.",
            "Look at its marginal effect instead.",
        )


def _refuse_point(name: str, low: float, high: float) -> None:
    if low == high:
        raise Refusal(
            "range_is_point",
            f"Nearly all firms have the same value of “{name}”, so there is no curve along it.",
            "Take another variable.",
        )


def _turning(name: str, estimates: Estimates, low: float, high: float) -> Turning:
    test: UTest = u_test(estimates, linear=name, square=f"{name}^2", lowest=low, highest=high)
    fieller = test.fieller
    if not fieller.is_bounded:
        return Turning(test.turning_point, None, None, fieller.sentence)
    return Turning(test.turning_point, fieller.lower, fieller.upper, fieller.sentence)
