"""The evaluator on the server and the one in the browser say the same of the same answers."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.conformance.evaluators import Asked, as_browser, in_chromium, in_python, verdict
from tests.conformance.made_expressions import made

SHARED = json.loads((Path(__file__).parent / "conditions.json").read_text())
BATCH = 500


def asked(case: dict[str, Any]) -> Asked:
    kind = "condition" if "condition" in case else "expression"
    answers = case["answers"]
    whole = SHARED["answers"][answers] if isinstance(answers, str) else answers
    return Asked(kind, case[kind], whole, tuple(case.get("open", ())))


def expected(case: dict[str, Any]) -> Any:
    return verdict(case["verdict"]) if "condition" in case else as_browser(case["value"])


def text(case: dict[str, Any]) -> str:
    return f"{case.get('condition', case.get('expression'))[:60]} {case.get('open', '')}"


@pytest.mark.parametrize("case", SHARED["cases"], ids=text)
def test_the_server_says_what_the_case_expects(case: dict[str, Any]) -> None:
    assert in_python(asked(case)) == expected(case)


@pytest.mark.browser
def test_the_browser_says_what_every_case_expects() -> None:
    (said,) = in_chromium([[asked(case) for case in SHARED["cases"]]])
    pairs = zip(SHARED["cases"], said, strict=True)

    wrong = [(case, each) for case, each in pairs if as_browser(each) != expected(case)]

    assert wrong == []


def test_there_are_more_than_120_cases_and_none_is_there_twice() -> None:
    as_texts = {json.dumps(case, sort_keys=True) for case in SHARED["cases"]}

    assert len(as_texts) == len(SHARED["cases"]) > 120


@pytest.mark.slow
@pytest.mark.browser
def test_both_agree_on_ten_thousand_made_expressions() -> None:
    chance = Random(20260101)
    cases = [made(chance) for _ in range(10_000)]
    batches = [cases[start : start + BATCH] for start in range(0, len(cases), BATCH)]

    said = [as_browser(each) for batch in in_chromium(batches) for each in batch]
    here = [in_python(case) for case in cases]

    differ = [each for each in zip(cases, here, said, strict=True) if each[1] != each[2]]
    assert differ[:3] == []
    _assert_that_the_cases_say_something(cases, here)


def _assert_that_the_cases_say_something(cases: list[Asked], said: list[Any]) -> None:
    """Agreement would be worth little if most results were blanks."""
    verdicts = [each for case, each in zip(cases, said, strict=True) if case.kind == "condition"]
    values = [each for case, each in zip(cases, said, strict=True) if case.kind == "expression"]

    assert min(verdicts.count(each) for each in range(4)) > len(verdicts) / 40
    assert sum(value is not None for value in values) > len(values) / 4
