"""What tables call equations, terms and parameters that no regressor gives a name."""

import re
from collections.abc import Mapping, Sequence

INTERCEPTS = ("Intercept", "intercept", "const", "(Intercept)")
PREDICTED = "predicted_"
"""What a further equation predicts stands as a term in the main one."""

_EQUATIONS = {
    "selection": "Selection",
    "participation": "Any at all (participation)",
    "inflation": "Sure zeros (inflation)",
    "second": "Second outcome",
    "other": "Second process",
    "first_stage": "First stage",
    "residual": "Residuals of the first stage",
    "wave": "Waves",
    "mean": "Means of the firm over its waves",
    "intensity": "R&D intensity",
    "product": "Product innovation",
    "process": "Process innovation",
    "standardised": "Standardised",
    "region_variance": "Variance over regions",
    "region_covariance": "Covariance over regions",
    "region_correlation": "Correlation over regions",
}
_PARTS = ("wave", "mean", "residual")
"""Terms of the main equation that stand apart."""
_PARAMETERS = {
    "rho": "Correlation of the errors (rho)",
    "rho_innovation": "Correlation of the innovation errors (rho)",
    "sigma": "Standard deviation of the error (sigma)",
    "lambda": "Inverse Mills ratio (lambda)",
    "alpha": "Overdispersion (alpha)",
    "icc": "Intraclass correlation",
    "region_sd": "Standard deviation over regions",
    "region_variance": "Variance over regions",
    "outcome_lag": "Outcome, earlier wave",
    "other_lag": "Second process, earlier wave",
    "predicted_rd_intensity": "R&D intensity, predicted",
}
_TURNED = {"log": "ln", "atanh": "atanh"}
_THRESHOLD = re.compile(r"cut(\d+)")
_LAGGED = re.compile(r"(.+) \(t-(\d+)\)")


def equation_of(term: str) -> str:
    """``selection`` of ``selection|size``; nothing of a term of the main equation."""
    return term.rpartition("|")[0]


def heading(equation: str, labels: Mapping[str, str], own: Sequence[Mapping[str, str]]) -> str:
    """The line over the terms of a further equation, or of a part of the main one."""
    words = equation_words(equation, labels, own)
    role = equation.partition("|")[0]
    return words if role in _PARTS or _is_level(role) else f"Equation: {words}"


def equation_words(
    equation: str, labels: Mapping[str, str], own: Sequence[Mapping[str, str]]
) -> str:
    """What an equation is called.

    `own` are the words that its models have for it, by its name and a bar; where they differ
    the general ones stand.
    """
    role, _, of = equation.partition("|")
    agreed = _agreed(f"{equation}|", own)
    if _is_level(role):
        return f"Level: {agreed}" if agreed else f"Level {role}"
    words = agreed or _EQUATIONS.get(role) or _spaced(role)
    if not of:
        return words
    inner = equation_words if role == "standardised" else term_words
    return f"{words}: {inner(of, labels, own)}"


def term_words(term: str, labels: Mapping[str, str], own: Sequence[Mapping[str, str]] = ()) -> str:
    """The words of a term within its equation."""
    name = term.rpartition("|")[2]
    if agreed := _agreed(name, own):
        return agreed
    if name in labels:
        return labels[name]
    if name in INTERCEPTS:
        return "Intercept"
    if lagged := _LAGGED.fullmatch(name):
        return f"{term_words(lagged[1], labels)} (t−{lagged[2]})"
    if threshold := _THRESHOLD.fullmatch(name):
        return f"Threshold {threshold[1]}"
    return _PARAMETERS.get(name) or name


def parameter_words(
    term: str, labels: Mapping[str, str], own: Sequence[Mapping[str, str]] = ()
) -> str:
    """The words of a threshold, a variance, or of what follows from the coefficients."""
    equation, _, name = term.rpartition("|")
    turned, _, rest = name.partition("_")
    if turned in _TURNED and rest:
        words = f"{_spaced(rest)} ({_TURNED[turned]})"
    else:
        words = term_words(term, labels, own)
        words = _spaced(name) if words == name else words
    return f"{equation_words(equation, labels, own)}: {words}" if equation else words


def _agreed(key: str, own: Sequence[Mapping[str, str]]) -> str:
    """The word of all of them; none where they differ, or one has none."""
    words = {each.get(key, "") for each in own}
    return words.pop() if len(words) == 1 else ""


def _is_level(role: str) -> bool:
    return role.lstrip("-").replace(".", "", 1).isdecimal()


def _spaced(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
