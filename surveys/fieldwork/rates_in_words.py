"""The formulas of the outcome rates as phrases."""

from surveys.fieldwork.rates import FORMULAS

_ABOVE = {
    ("I",): "complete",
    ("I", "P"): "complete or partial",
    ("R",): "refused or broke off",
    ("I", "P", "R", "O"): "reached",
}
_BELOW = {
    ("I", "P", "R", "NC", "O", "U"): "all cases that may be eligible",
    ("I", "P", "R", "NC", "O", "eU"): "eligible cases, those unknown in proportion e",
    ("I", "P", "R", "NC", "O"): "cases known to be eligible",
    ("I", "P", "R", "O"): "cases reached",
    ("I", "P", "R"): "cases reached and able to answer",
}


def in_words(name: str) -> str:
    """What stands above the line, of what stands below it. Raises KeyError."""
    formula = FORMULAS[name]
    return f"{_ABOVE[formula.above]}, of {_BELOW[formula.below]}"
