"""The two evaluators of conditions, asked the same questions."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveys.questionnaire.condition_json import condition_json, operand_json
from surveys.questionnaire.condition_language import parse_condition, parse_expression
from surveys.questionnaire.conditions import Verdict
from surveys.questionnaire.lookups import finite, is_number

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition or an expression over answers; `open_items` count for conditions only."""

    kind: str
    text: str
    answers: dict[str, Any]
    open_items: tuple[str, ...] = ()


def in_python(asked: Asked) -> Any:
    if asked.kind == "condition":
        return int(parse_condition(asked.text).weigh(asked.answers, frozenset(asked.open_items)))
    return as_browser(parse_expression(asked.text).value(asked.answers))


def in_chromium(batches: list[list[Asked]]) -> list[list[Any]]:
    """The results of every batch; one call of the page for each."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.in_chromium"],
        input=json.dumps([[_as_json(asked) for asked in batch] for batch in batches]),
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def _as_json(asked: Asked) -> dict[str, Any]:
    condition = asked.kind == "condition"
    tree = (
        condition_json(parse_condition(asked.text))
        if condition
        else operand_json(parse_expression(asked.text))
    )
    return {
        "kind": asked.kind,
        "tree": tree,
        "answers": asked.answers,
        "open": list(asked.open_items),
    }


def as_browser(value: Any) -> Any:
    """The value as JSON from a browser has it: numbers are doubles, and none is infinite."""
    if isinstance(value, list):
        return [as_browser(each) for each in value]
    if isinstance(value, dict):
        return {key: as_browser(each) for key, each in value.items()}
    return finite(value) if is_number(value) else value


def verdict(word: str) -> int:
    return int(Verdict[word.upper()])
