"""The specification curve: what its models show together, as a table and as plain data.

Simonsohn, Simmons and Nelson (2020), Specification curve analysis, Nature Human Behaviour 4,
1208-1214: the median effect, the share of models with the dominant sign, the share that is
significant in its direction, and Stouffer's Z; the joint tests hold each of them against curves
in which nothing is associated.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.resampling import permutation_p
from analysis.specification.model import CHOICES, Curve
from analysis.tables import numerals
from analysis.tables.plain_text import neutralised, on_one_line
from analysis.tables.table import Cell, Row, Table

LEVEL = 0.05
COLUMNS = ("Models", "Median", "Smallest", "Largest", "Positive", "p < 0.05")
_TESTED = {
    "median": "Median effect",
    "dominant_sign": "Share of models with the dominant sign",
    "dominant_significant": "Share of models with the dominant sign and p < 0.05",
    "stouffer_z": "Stouffer's Z of the models' t",
}
_WORDS = {
    "outcome": "Outcome",
    "measure": "Measure",
    "controls": "Controls",
    "optional": "Optional terms",
    "subpopulation": "Subpopulation",
    "estimator": "Estimator",
    "weights": "Weights",
}
_READING = (
    "Each line sums up the models that made this choice, over all the other choices. The models "
    "share firms and are no independent findings; how many of them are significant says little "
    "without the joint tests."
)


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect that one model of the curve shows.

    `review` are the rules of disclosure control by which a person must look at it.
    """

    estimate: float
    std_error: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    df: float
    n: int
    review: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unshown:
    """Why one model of the curve shows none."""

    code: str
    message: str
    remedy: str


Shown = Effect | Unshown


def curve_statistics(shown: Sequence[Shown]) -> dict[str, float]:
    """What the joint tests are of; NaN where no model has an effect."""
    effects = [each for each in shown if isinstance(each, Effect)]
    if not effects:
        return dict.fromkeys(_TESTED, float("nan"))
    estimates, statistics = _column(effects, "estimate"), _column(effects, "statistic")
    is_positive = np.count_nonzero(estimates > 0) * 2 >= len(estimates)
    has_sign = estimates > 0 if is_positive else estimates < 0
    significant = has_sign & (_column(effects, "p_value") < LEVEL)
    return {
        "median": float(np.median(estimates)),
        "dominant_sign": float(has_sign.mean()),
        "dominant_significant": float(significant.mean()),
        "stouffer_z": float(statistics.sum() / np.sqrt(len(statistics))),
    }


def curve_tests(shown: Sequence[Shown], permuted: Floats | None) -> dict[str, dict[str, Any]]:
    """Each statistic with its p from (B, 4) curves after shuffling; p is None without them."""
    return {
        name: {
            "statistic": value,
            "p_value": None
            if permuted is None or not len(permuted) or not np.isfinite(value)
            else permutation_p(value, permuted[:, place]),
        }
        for place, (name, value) in enumerate(curve_statistics(shown).items())
    }


def curve_document(curve: Curve, shown: Sequence[Shown], permuted: Floats | None) -> dict[str, Any]:
    """The curve in estimates.json: summary, tests, and every model with its choices."""
    return {
        "effect": curve.effect,
        "covariance_type": curve.covariance,
        "level": LEVEL,
        "permutations": 0 if permuted is None else int(np.isfinite(permuted).all(axis=1).sum()),
        "seed": curve.seed,
        "summary": _summary(shown),
        "tests": {
            name: {key: _finite(value) for key, value in test.items()}
            for name, test in curve_tests(shown, permuted).items()
        },
        "specifications": [
            {**curve.chosen(number), **_line(each)} for number, each in enumerate(shown)
        ],
    }


def _line(each: Shown) -> dict[str, Any]:
    if isinstance(each, Unshown):
        return {"refusal": asdict(each)}
    told = {key: _finite(value) for key, value in asdict(each).items() if key != "review"}
    return {**told, "refusal": None}


def curve_table(
    document: Mapping[str, Any], *, title: str, notes: Sequence[str] = (), fingerprint: str = ""
) -> Table:
    """What the models of each choice show, choice by choice; the joint tests in the notes."""
    models = document["specifications"]
    rows = [_row("All models", models)]
    for choice in CHOICES:
        values = list(dict.fromkeys(model[choice] for model in models))
        if len(values) < 2:
            continue
        if choice == "optional":
            rows += _optional(models)
            continue
        rows.append(Row(_WORDS[choice], (), "group"))
        rows += [_row(value, [m for m in models if m[choice] == value]) for value in values]
    return Table(
        title=title,
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(*_told(document), _READING, *notes),
        fingerprint=fingerprint,
    )


def _optional(models: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Models with each term: each of its own would be as many lines as models."""
    held = [set(model["optional"].split(" + ")) for model in models]
    terms = sorted(set().union(*held) - {"none"})
    return [
        Row("With the optional term", (), "group"),
        *(
            _row(term, [m for m, has in zip(models, held, strict=True) if term in has])
            for term in terms
        ),
    ]


def _row(label: str, models: Sequence[Mapping[str, Any]]) -> Row:
    effects = [model for model in models if model["refusal"] is None]
    if not effects:
        return Row(label, (Cell("0", 0.0), *[Cell(numerals.DASH)] * (len(COLUMNS) - 1)))
    estimates = np.array([model["estimate"] for model in effects])
    p_values = np.array([np.nan if m["p_value"] is None else m["p_value"] for m in effects])
    decimals = numerals.decimals_for([float(np.nanmedian(_errors(effects)))])
    numbers = (float(np.median(estimates)), float(estimates.min()), float(estimates.max()))
    shares = (float((estimates > 0).mean()), float((p_values < LEVEL).mean()))
    return Row(
        label,
        (
            Cell(numerals.whole(len(effects)), float(len(effects))),
            *(Cell(numerals.fixed(number, decimals), number) for number in numbers),
            *(Cell(f"{100 * share:.0f} %", share) for share in shares),
        ),
    )


def _errors(effects: Sequence[Mapping[str, Any]]) -> Floats:
    return np.array([np.nan if m["std_error"] is None else m["std_error"] for m in effects])


def _told(document: Mapping[str, Any]) -> list[str]:
    summary = document["summary"]
    shows = "Coefficients" if document["effect"] == "coefficient" else "Average marginal effects"
    notes = [f"{shows} of the measure in {summary['estimated']} of {summary['models']} models."]
    for refusal, count in summary["refusals"].items():
        notes.append(f"{count} not estimated ({refusal}).")
    for name, test in document["tests"].items():
        if test["p_value"] is not None and test["statistic"] is not None:
            notes.append(
                f"{_TESTED[name]}: {test['statistic']:.3f}, p = {test['p_value']:.3f} by "
                f"{document['permutations']} permutations of the measures."
            )
    return notes


def _summary(shown: Sequence[Shown]) -> dict[str, Any]:
    effects = [each for each in shown if isinstance(each, Effect)]
    refused = [each.code for each in shown if isinstance(each, Unshown)]
    estimates, p_values = _column(effects, "estimate"), _column(effects, "p_value")
    found = bool(effects)
    return {
        "models": len(shown),
        "estimated": len(effects),
        "median": float(np.median(estimates)) if found else None,
        "share_positive": float((estimates > 0).mean()) if found else None,
        "share_significant": float((p_values < LEVEL).mean()) if found else None,
        "refusals": {code: refused.count(code) for code in sorted(set(refused))},
    }


def _column(effects: Sequence[Effect], name: str) -> Floats:
    return np.array([getattr(each, name) for each in effects], dtype=float)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


_COLUMNS = (
    "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high", "df", "n",
)  # fmt: skip


def specifications_csv(document: Mapping[str, Any]) -> bytes:
    """Every model of a curve as it is in estimates.json, a line each, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*CHOICES, *_COLUMNS, "refusal", "message"])
    for model in document["specifications"]:
        refusal = model["refusal"] or {}
        writer.writerow(
            [
                *(_text(model[choice]) for choice in CHOICES),
                *(_shown(model.get(column)) for column in _COLUMNS),
                _text(refusal.get("code", "")),
                _text(refusal.get("message", "")),
            ]
        )
    return text.getvalue().encode()


def _text(text: str) -> str:
    """Words of a plan, which a spreadsheet must not carry out."""
    return neutralised(on_one_line(text))


def _shown(number: float | None) -> str:
    return "" if number is None else repr(number)
