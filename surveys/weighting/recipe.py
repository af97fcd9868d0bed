"""The recipe of a weighting: read from a document, refused where it cannot be meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from mathematics.refusals import Refusal
from surveys.weighting.cells import LEAST, MOST
from surveys.weighting.nonresponse import QUINTILES

Nonresponse = Literal["none", "classes", "propensity_classes", "inverse_propensity"]
Calibration = Literal["raking", "linear", "logit"]
Replicates = Literal["jackknife", "Rao-Wu", "bootstrap"]

_PARTS: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {"respondents", "eligibility", "nonresponse", "calibration", "trimming", "replicates"}
    ),
    "eligibility": frozenset({"variables", "least", "most"}),
    "nonresponse": frozenset({"method", "variables", "classes", "least", "most"}),
    "calibration": frozenset({"method", "margins", "totals", "bounds"}),
    "trimming": frozenset({"rule", "upper", "lower", "within", "spread", "recalibrate"}),
    "replicates": frozenset({"method", "count", "seed"}),
}
_MOST_REPLICATES = 5_000


@dataclass(frozen=True, slots=True)
class Known:
    """A variable whose population is known: on the frame, or by the totals given here."""

    variable: str
    totals: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class EligibilityStep:
    """Cells within which cases of known eligibility stand for those of unknown."""

    variables: tuple[str, ...]
    least: int
    most: float


@dataclass(frozen=True, slots=True)
class NonresponseStep:
    method: Nonresponse
    variables: tuple[str, ...]
    classes: int
    least: int
    most: float


@dataclass(frozen=True, slots=True)
class CalibrationStep:
    """`numbers` are variables calibrated to a total; None is that of the frame."""

    method: Calibration
    margins: tuple[Known, ...]
    numbers: Mapping[str, float | None]
    bounds: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class TrimmingStep:
    rule: Literal["median", "weight", "quantile"]
    upper: float | None
    lower: float | None
    within: str
    spread: Literal["proportional", "equal"]
    recalibrate: bool


@dataclass(frozen=True, slots=True)
class ReplicateStep:
    method: Replicates
    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """How base weights become final ones. `respondents` are dispositions that take weight."""

    respondents: tuple[str, ...]
    eligibility: EligibilityStep | None
    nonresponse: NonresponseStep
    calibration: CalibrationStep | None
    trimming: TrimmingStep | None
    replicates: ReplicateStep | None

    @property
    def variables(self) -> frozenset[str]:
        """Categories that the recipe reads of every case."""
        named = set(self.nonresponse.variables)
        if self.eligibility is not None:
            named |= set(self.eligibility.variables)
        if self.calibration is not None:
            named |= {each.variable for each in self.calibration.margins}
        if self.trimming is not None and self.trimming.within:
            named.add(self.trimming.within)
        return frozenset(named)


def read_recipe(document: Any) -> Recipe:
    """The recipe that a JSON or YAML document states. Raises: Refusal ``recipe``."""
    whole = _part(document, "")
    respondents = _names(whole.get("respondents", ["complete"]), "respondents")
    if "complete" not in respondents or not set(respondents) <= {"complete", "partial"}:
        raise _wrong("“respondents” is [complete] or [complete, partial].")
    return Recipe(
        respondents=respondents,
        eligibility=_eligibility(whole.get("eligibility")),
        nonresponse=_nonresponse(_part(whole.get("nonresponse", {}), "nonresponse")),
        calibration=_calibration(whole.get("calibration")),
        trimming=_trimming(whole.get("trimming")),
        replicates=_replicates(whole.get("replicates")),
    )


def _eligibility(document: Any) -> EligibilityStep | None:
    if document is None:
        return None
    part = _part(document, "eligibility")
    variables = _names(part.get("variables", ["stratum"]), "eligibility.variables")
    if not variables:
        raise _wrong("Unknown eligibility is adjusted by at least one variable.")
    return EligibilityStep(
        variables=variables,
        least=int(_number(part.get("least", LEAST), "eligibility.least", 1, 10_000)),
        most=_number(part.get("most", MOST), "eligibility.most", 1, 1_000),
    )


def _nonresponse(part: Mapping[str, Any]) -> NonresponseStep:
    methods = ("none", "classes", "propensity_classes", "inverse_propensity")
    method = _one_of(part.get("method", "classes"), methods, "nonresponse.method")
    variables = _names(part.get("variables", ["stratum"]), "nonresponse.variables")
    if method != "none" and not variables:
        raise _wrong("Nonresponse is adjusted by at least one variable.")
    return NonresponseStep(
        method=cast(Nonresponse, method),
        variables=variables,
        classes=int(_number(part.get("classes", QUINTILES), "nonresponse.classes", 2, 100)),
        least=int(_number(part.get("least", LEAST), "nonresponse.least", 1, 10_000)),
        most=_number(part.get("most", MOST), "nonresponse.most", 1, 1_000),
    )


def _calibration(document: Any) -> CalibrationStep | None:
    if document is None:
        return None
    part = _part(document, "calibration")
    method = _one_of(
        part.get("method", "raking"), ("raking", "linear", "logit"), "calibration.method"
    )
    margins = tuple(_known(each) for each in _list(part.get("margins", []), "margins"))
    numbers = dict(_total(each) for each in _list(part.get("totals", []), "totals"))
    if not margins and not numbers:
        raise _wrong("Calibration needs a margin or a total. Choose one, or leave the step out.")
    if len({each.variable for each in margins}) < len(margins):
        raise _wrong("A variable is named twice among the margins.")
    bounds = part.get("bounds")
    if method == "logit" and bounds is None:
        raise _wrong("Bounded calibration needs “bounds”: the smallest and the largest factor.")
    return CalibrationStep(cast(Calibration, method), margins, numbers, _bounds(bounds))


def _known(document: Any) -> Known:
    if isinstance(document, str):
        return Known(document)
    if not isinstance(document, Mapping) or not isinstance(document.get("variable"), str):
        raise _wrong("Every margin names its “variable”.")
    if set(document) - {"variable", "totals"}:
        raise _wrong(f"The margin of “{document['variable']}” has parts that are not known.")
    totals = document.get("totals")
    if totals is None:
        return Known(document["variable"])
    if not isinstance(totals, Mapping) or not totals:
        raise _wrong(f"The totals of “{document['variable']}” are numbers by category.")
    name = document["variable"]
    read = {str(level): _number(total, f"{name}: {level}", 0) for level, total in totals.items()}
    return Known(name, read)


def _total(document: Any) -> tuple[str, float | None]:
    if isinstance(document, str):
        return document, None
    if not isinstance(document, Mapping) or not isinstance(document.get("variable"), str):
        raise _wrong("Every total names its “variable”.")
    total = document.get("total")
    return document["variable"], None if total is None else _number(total, document["variable"])


def _trimming(document: Any) -> TrimmingStep | None:
    if document is None:
        return None
    part = _part(document, "trimming")
    rule = _one_of(part.get("rule", "median"), ("median", "weight", "quantile"), "trimming.rule")
    spread = part.get("spread", "proportional")
    upper, lower = (
        None if part.get(side) is None else _number(part[side], f"trimming.{side}", 0)
        for side in ("upper", "lower")
    )
    if upper is None and lower is None:
        raise _wrong("Trimming needs an upper or a lower bound. Give one, or leave the step out.")
    within = part.get("within", "")
    if not isinstance(within, str):
        raise _wrong("“trimming.within” names one variable.")
    return TrimmingStep(
        rule=rule,  # type: ignore[arg-type]
        upper=upper,
        lower=lower,
        within=within,
        spread=_one_of(spread, ("proportional", "equal"), "trimming.spread"),  # type: ignore[arg-type]
        recalibrate=bool(part.get("recalibrate", False)),
    )


def _replicates(document: Any) -> ReplicateStep | None:
    if document is None:
        return None
    part = _part(document, "replicates")
    method = _one_of(
        part.get("method", "jackknife"), ("jackknife", "Rao-Wu", "bootstrap"), "replicates.method"
    )
    return ReplicateStep(
        method=cast(Replicates, method),
        count=int(_number(part.get("count", 200), "replicates.count", 2, _MOST_REPLICATES)),
        seed=int(_number(part.get("seed", 1), "replicates.seed", 0)),
    )


def _part(document: Any, name: str) -> Mapping[str, Any]:
    where = f"“{name}”" if name else "The recipe"
    if not isinstance(document, Mapping):
        raise _wrong(f"{where} is made of named parts.")
    unknown = sorted(str(each) for each in set(document) - _PARTS[name])
    if unknown:
        known = ", ".join(sorted(_PARTS[name]))
        raise _wrong(f"{where} has no part {', '.join(unknown)}; it knows {known}.")
    return document


def _list(document: Any, name: str) -> Sequence[Any]:
    if not isinstance(document, list | tuple):
        raise _wrong(f"“{name}” is a list.")
    return document


def _names(document: Any, name: str) -> tuple[str, ...]:
    listed = _list(document, name)
    if not all(isinstance(each, str) and each for each in listed):
        raise _wrong(f"“{name}” is a list of names.")
    return tuple(dict.fromkeys(listed))


def _one_of(value: Any, allowed: Sequence[str], name: str) -> str:
    if value not in allowed:
        raise _wrong(f"“{name}” is one of {', '.join(allowed)}.")
    return str(value)


def _number(
    value: Any, name: str, least: float = float("-inf"), most: float = float("inf")
) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        within = f" from {least:g}" + (f" to {most:g}" if most < float("inf") else "")
        raise _wrong(f"“{name}” is a number{within if least > float('-inf') else ''}.")
    return float(value)


def _bounds(document: Any) -> tuple[float, float] | None:
    if document is None:
        return None
    low, high = (*_list(document, "bounds"), None, None)[:2]
    return _number(low, "bounds", 0, 1), _number(high, "bounds", 1)


def _wrong(message: str) -> Refusal:
    return Refusal("recipe", message, "See the reference of weighting recipes.")
