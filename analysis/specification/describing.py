"""Descriptions that a plan asks for, carried out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analysis.constructs.measured import Measured, Values
from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.entry import describe
from analysis.estimation.descriptive.tables import CrossTabulation
from analysis.estimation.design import SurveyDesign
from analysis.refusals import Refusal
from analysis.specification.columns import Rows
from analysis.specification.composed_parts import Part
from analysis.specification.computing import Vocabulary, is_known, known
from analysis.specification.expressions import names_in
from analysis.specification.matrix import subpopulation_of
from analysis.specification.model import Described


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One description with its title and the words of its terms.

    `codes` have the labels of each variable's codes, by its role: ``y``, ``by``, ``other``.
    `answers` are (n,) values by role, for disclosure control to judge by; nothing shows them.
    `part` says where the description stands in a table of its own, if it does in one.
    """

    asked: Described
    title: str
    description: Description
    table: CrossTabulation | None
    codes: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, Values] = field(default_factory=dict)
    part: Part | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        return self.description.notes if self.table is None else self.table.notes

    def words(self, term: str) -> str:
        """A term such as ``share[yes, small]`` in words: its level, then its group."""
        _, bracket, inside = term.partition("[")
        if not bracket:
            return "All firms"
        inside = inside.removesuffix("]")
        has_levels = self.asked.statistic in ("share", "quantile", "cross_tabulation")
        places = [place.strip() for place in inside.split(",")] if has_levels else [inside]
        second = "other" if self.table is not None else "by"
        roles = ("y", second) if len(places) > 1 else ("by",) if self.asked.by else ("y",)
        if len(places) != len(roles):
            return inside
        return " × ".join(map(self._word, roles, places))

    def _word(self, role: str, code: str) -> str:
        if role == "y" and self.asked.statistic == "quantile":
            return "Median" if code == "0.5" else f"Quantile {code}"
        return self.codes.get(role, {}).get(code, code)


def described(asked: Described, vocabulary: Vocabulary, design: SurveyDesign, count: int) -> Result:
    """The description asked for.

    Raises: Refusal ``unknown_term`` and those of the statistic.
    """
    measured = {
        role: known(name, vocabulary)
        for role, name in (
            ("y", asked.outcome),
            ("by", asked.by),
            ("denominator", asked.denominator),
            ("other", asked.other),
        )
        if name
    }
    domain = subpopulation_of(asked.subpopulation, vocabulary, count)
    is_table = asked.statistic == "cross_tabulation"
    found = describe(
        asked.statistic,
        y=_labels(measured["y"]) if is_table else _values(measured["y"], asked.statistic),
        denominator=_numbers(measured.get("denominator")),
        quantile=asked.quantile,
        other=_labels(measured.get("other")),
        interval=asked.interval or None,
        design=design,
        domain=domain,
        by=_labels(measured.get("by")),
        groups=_groups(measured.get("by"), domain, design),
        covariance=asked.covariance,
        wording={role: each.label for role, each in measured.items()},
    )
    table = found if isinstance(found, CrossTabulation) else None
    description = found.shares if isinstance(found, CrossTabulation) else found
    answers = {role: each.values for role, each in measured.items()}
    return Result(asked, _title(asked, measured), description, table, _codes(measured), answers)


def unknown_names(asked: Described, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Names of the description that the wave does not know."""
    names = [asked.outcome, asked.by, asked.denominator, asked.other]
    # Those of the frame are no measures of the wave.
    names += asked.variables if asked.statistic != "respondents_against_frame" else ()
    if asked.subpopulation is not None:
        names += names_in(asked.subpopulation)
    return tuple(name for name in names if name and not is_known(name, vocabulary))


def _values(measured: Measured, statistic: str) -> object:
    if measured.kind == "category" and statistic != "share":
        raise Refusal(
            "not_a_number",
            f"“{measured.name}” is a category, of which there is no {statistic}.",
            "Ask for its share, or cross-tabulate it.",
        )
    return measured.values


def _numbers(measured: Measured | None) -> object:
    return None if measured is None else np.asarray(measured.values, dtype=float)


def _labels(measured: Measured | None) -> Values | None:
    return None if measured is None else measured.values


def _title(asked: Described, measured: dict[str, Measured]) -> str:
    if asked.name:
        return asked.name
    words = asked.statistic.replace("_", " ").capitalize()
    title = f"{words} of {measured['y'].label}"
    for role, joint in (("denominator", "to"), ("other", "by"), ("by", "by")):
        if role in measured:
            title += f" {joint} {measured[role].label}"
    return title


def _groups(
    measured: Measured | None, domain: Rows, design: SurveyDesign
) -> tuple[str, ...] | None:
    """Codes of the groups that firms of the domain are in, in codebook order."""
    if measured is None or not measured.codes:
        return None
    found = set(measured.values[domain & (design.weight > 0) & ~measured.missing])
    declared = [code for code, _ in measured.codes]
    return (
        *(code for code in declared if code in found),
        *sorted(found - set(declared)),
    )


def _codes(measured: Mapping[str, Measured]) -> dict[str, dict[str, str]]:
    """Codes to their labels, by role; of yes and no too."""
    return {
        role: {"0": "No", "1": "Yes"} if each.kind == "binary" else dict(each.codes)
        for role, each in measured.items()
    }
