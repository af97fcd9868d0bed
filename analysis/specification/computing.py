"""Expressions computed on the variables of a data set."""

from collections.abc import Callable, Mapping
from functools import reduce

import numpy as np

from analysis.constructs.catalogue import what_is_lacking
from analysis.constructs.measured import Floats, Kind, Measured, Values
from analysis.refusals import Refusal
from analysis.specification.expressions import (
    Among,
    Call,
    CodeText,
    Expression,
    Name,
    Number,
    Operation,
    parse_expression,
)
from analysis.specification.language import did_you_mean, is_over_waves
from analysis.specification.over_waves import label_over_waves, over_waves

Vocabulary = Mapping[str, Measured]

_COMPARISONS: dict[str, Callable[[Floats, Floats], Values]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
    "!=": np.not_equal,
}
_ARITHMETIC: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}


def known(name: str, vocabulary: Vocabulary) -> Measured:
    """The variable of that name. Raises: Refusal ``unknown_term``, ``not_pooled``."""
    if is_known(name, vocabulary):
        return vocabulary[name]
    raise unknown_term(name, vocabulary)


def is_known(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a plan may name it."""
    return name in vocabulary and not vocabulary[name].barred


def unknown_term(name: str, vocabulary: Vocabulary) -> Refusal:
    """The refusal of a name: what the wave lacks for it, and what may have been meant."""
    if name in vocabulary:
        return Refusal(
            "not_pooled",
            f"“{name}” does not mean the same in all waves of the plan: {vocabulary[name].barred}.",
            "Leave it out, or take only waves that asked it alike.",
        )
    if is_over_waves(name):
        try:
            in_other_wave(name, vocabulary)
        except Refusal as refusal:
            return refusal
    return Refusal(
        "unknown_term",
        what_is_lacking(name, vocabulary)
        or f"“{name}” is neither a measure nor a construct that this wave holds.",
        did_you_mean(name, vocabulary) or "The codebook beside the plan lists what it holds.",
    )


def in_other_wave(name: str, vocabulary: Vocabulary) -> Measured:
    """The variable of a name such as ``lag(breadth)``: what a firm said in another wave.

    Raises: Refusal ``one_wave_only``, ``unknown_term``, ``not_a_number``.
    """
    call = parse_expression(name)
    assert isinstance(call, Call)  # noqa: S101 -- `is_over_waves` names are calls of a name
    (inner,) = call.arguments
    here = known(str(inner), vocabulary)
    return Measured(
        name=name,
        values=compute(call, vocabulary, len(here.values)),
        kind=kind_of(call, vocabulary),
        label=label_over_waves(call.function, here.label),
        definition=f"{call}: of {here.definition}" if here.definition else str(call),
        scale=here.scale,
    )


def kind_of(expression: Expression, vocabulary: Vocabulary) -> Kind:
    """What the expression gives: a binary, a category, or a continuous variable."""
    match expression:
        case Name(name):
            return known(name, vocabulary).kind
        case CodeText():
            return "category"
        case Among():
            return "binary"
        case Call("is_missing", _):
            return "binary"
        case Call("lag" | "lead" | "first", (inner,)):
            return "binary" if kind_of(inner, vocabulary) == "binary" else "continuous"
        case Call("missing_as", (inner, Number(value))):
            inner_kind = kind_of(inner, vocabulary)
            return "binary" if inner_kind == "binary" and value in (0, 1) else "continuous"
        case Operation(operator) if operator in _COMPARISONS or operator in ("and", "or", "not"):
            return "binary"
        case _:
            return "continuous"


def compute(expression: Expression, vocabulary: Vocabulary, count: int) -> Floats:
    """(count,) floats, NaN where missing.

    Raises: Refusal ``unknown_term``, or ``not_a_number`` where a category stands in
    arithmetic.
    """
    match expression:
        case Number(value):
            return np.full(count, value)
        case Name(name):
            return _number_variable(known(name, vocabulary))
        case CodeText(value):
            raise _not_a_number(f"the code '{value}'")
        case Among(operand, choices):
            return _among(operand, choices, vocabulary, count)
        case Call():
            return _call(expression, vocabulary, count)
        case Operation(operator, operands) if operator in _COMPARISONS:
            return _compared(operator, operands, vocabulary, count)
        case Operation(operator, operands):
            arrays = [compute(operand, vocabulary, count) for operand in operands]
            return _operated(operator, arrays)


def _number_variable(measured: Measured) -> Floats:
    if measured.kind == "category":
        raise _not_a_number(f"the category “{measured.name}”")
    return measured.values.astype(float)


def _not_a_number(what: str) -> Refusal:
    return Refusal(
        "not_a_number",
        f"A number is needed where {what} stands.",
        "Compare a category with a code, such as  control.region = '17'.",
    )


def _operated(operator: str, arrays: list[Floats]) -> Floats:
    match operator:
        case "not":
            return 1.0 - _truth(arrays[0])
        case "minus":
            return -arrays[0]
        case "and":
            return np.asarray(np.minimum.reduce([_truth(a) for a in _settle(arrays, 0.0)]))
        case "or":
            return np.asarray(np.maximum.reduce([_truth(a) for a in _settle(arrays, 1.0)]))
        case _:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                result = reduce(_ARITHMETIC[operator], arrays)
            return np.where(np.isfinite(result), result, np.nan)


def _truth(values: Floats) -> Floats:
    return np.where(np.isnan(values), np.nan, (values != 0).astype(float))


def _settle(arrays: list[Floats], decisive: float) -> list[Floats]:
    """With any part decisive, a missing part cannot change the outcome: let it agree."""
    settled = np.any([_truth(array) == decisive for array in arrays], axis=0)
    return [np.where(settled, decisive, array) for array in arrays]


def _category_comparison(
    operator: str, operands: tuple[Expression, ...], vocabulary: Vocabulary
) -> Floats | None:
    """A category against a code; None if the comparison is of numbers."""
    left, right = operands
    if isinstance(left, CodeText):
        left, right = right, left
    if not isinstance(right, CodeText):
        return None
    if operator not in ("=", "!=") or not isinstance(left, Name):
        raise _not_a_number(f"the code '{right.value}'")
    measured = known(left.name, vocabulary)
    _check_code(measured, right.value)
    same = np.array([value == right.value for value in measured.values], dtype=float)
    result = same if operator == "=" else 1.0 - same
    return np.where(measured.missing, np.nan, result)


def _check_code(measured: Measured, code: str) -> None:
    if measured.kind != "category":
        raise Refusal(
            "not_a_category",
            f"“{measured.name}” is a number, and '{code}' is a code.",
            "Write the number without quotation marks.",
        )
    codes = [value for value, _ in measured.codes] or sorted(
        {str(value) for value in measured.values if value is not None}
    )
    if code not in codes:
        raise Refusal(
            "unknown_code",
            f"“{measured.name}” has no code '{code}'.",
            f"Its codes are {', '.join(codes[:20])}.",
        )


def _compared(
    operator: str, operands: tuple[Expression, ...], vocabulary: Vocabulary, count: int
) -> Floats:
    of_category = _category_comparison(operator, operands, vocabulary)
    if of_category is not None:
        return of_category
    left, right = (compute(operand, vocabulary, count) for operand in operands)
    missing = np.isnan(left) | np.isnan(right)
    return np.where(missing, np.nan, _COMPARISONS[operator](left, right).astype(float))


def _among(
    operand: Expression, choices: tuple[Number | CodeText, ...], vocabulary: Vocabulary, count: int
) -> Floats:
    each = [_compared("=", (operand, choice), vocabulary, count) for choice in choices]
    return _operated("or", each)


def _call(call: Call, vocabulary: Vocabulary, count: int) -> Floats:
    if call.function == "is_missing" and isinstance(call.arguments[0], Name):
        return known(call.arguments[0].name, vocabulary).missing.astype(float)
    arrays = [compute(argument, vocabulary, count) for argument in call.arguments]
    first = arrays[0]
    match call.function:
        case "lag" | "lead" | "change" | "first":
            return over_waves(call.function, first, vocabulary)
        case "missing_as":
            return np.where(np.isnan(first), arrays[1], first)
        case "is_missing":
            return np.isnan(first).astype(float)
        case "log":
            return np.log(np.where(first > 0, first, np.nan))
        case "exp":
            with np.errstate(over="ignore"):
                result = np.exp(first)
            return np.where(np.isfinite(result), result, np.nan)
        case "abs":
            return np.abs(first)
        case "min":
            return np.minimum(first, arrays[1])
        case "max":
            return np.maximum(first, arrays[1])
