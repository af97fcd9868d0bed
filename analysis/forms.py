"""The plan editor's form, and where in the text a problem lies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms

from analysis.refusals import Refusal
from analysis.specification.plan_text import LARGEST_PLAN
from analysis.specification.problems import PlanProblem, PlanRefusal

_LINE_IN_MESSAGE = re.compile(r"\bat line (\d+)")


class PlanForm(forms.Form):
    """The text of a plan. Line ends of any kind become plain ones; nothing is stripped."""

    source = forms.CharField(
        label="Plan",
        max_length=LARGEST_PLAN,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 32,
                "class": "form-control source-text",
                "spellcheck": "false",
                "autocapitalize": "off",
                "autocomplete": "off",
                "wrap": "off",
            }
        ),
        error_messages={
            "required": "The plan is empty. Write one, or start from a shipped plan.",
            "max_length": "The plan has more than %(limit_value)d characters. Shorten it.",
        },
    )

    def clean_source(self) -> str:
        text: str = self.cleaned_data["source"]
        return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """A problem of a plan with the line of the text it is about, where that is known."""

    code: str
    where: str
    message: str
    remedy: str
    line: int | None


def placed_problems(problems: Iterable[PlanProblem], source: str) -> tuple[PlacedProblem, ...]:
    return tuple(
        PlacedProblem(p.code, p.where, p.message, p.remedy, _line_of(p, source)) for p in problems
    )


def problems_of(refusal: Refusal) -> tuple[PlanProblem, ...]:
    """All the problems of a refused plan; a text that is not YAML at all has one."""
    if isinstance(refusal, PlanRefusal):
        return refusal.problems
    return (PlanProblem(refusal.code, "plan", refusal.message, refusal.remedy),)


def _line_of(problem: PlanProblem, source: str) -> int | None:
    """The line that the message names; else that of the key, or of the model or step."""
    told = _LINE_IN_MESSAGE.search(problem.message)
    if told:
        return int(told[1])
    lines = source.splitlines()
    start = _line_naming(problem.where, lines)
    key = re.match(r"(?:The key )?'?(\w+)'? is\b", problem.message)
    if key is None or key[1] not in source:
        return start
    found = _line_with_key(key[1], lines[(start or 1) - 1 :])
    return found + (start or 1) - 1 if found else start


def _line_naming(where: str, lines: list[str]) -> int | None:
    """The first line in which the last name of a place, such as ``model All``, stands."""
    for part in reversed(where.split(" > ")):
        name = re.sub(r"^(model|step) ", "", part)
        pattern = re.compile(rf"(name:\s*['\"]?{re.escape(name)}['\"]?\s*$|^\s*{re.escape(name)}:)")
        for place, line in enumerate(lines, start=1):
            if pattern.search(line.split(" #")[0]):
                return place
    return None


def _line_with_key(key: str, lines: list[str]) -> int | None:
    pattern = re.compile(rf"^\s*(?:- )?{re.escape(key)}\s*:")
    return next((place for place, line in enumerate(lines, start=1) if pattern.match(line)), None)
