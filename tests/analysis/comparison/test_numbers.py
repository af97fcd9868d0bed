"""Numbers of two runs beside each other."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analysis.comparison.numbers import matched_numbers

PLAN = """
title: T
models:
  - {name: A, outcome: product, formula: size}
  - {name: B, outcome: product, formula: size + age}
"""
RENAMED = PLAN.replace("name: A", "name: First").replace("name: B", "name: A")


def term(name: str, estimate: float | None, error: float | None = 0.5) -> dict[str, Any]:
    return {"term": name, "label": name.title(), "estimate": estimate, "std_error": error}


def model(place: int, name: str, *terms: dict[str, Any], n: int = 40) -> dict[str, Any]:
    return {"place": place, "name": name, "n": n, "terms": list(terms), "margins": None}


def run(*models: dict[str, Any]) -> dict[str, Any]:
    return {"models": list(models), "descriptives": [], "curve": None}


def numbers(one: dict[str, Any], other: dict[str, Any], plans: tuple[str, str] = (PLAN, PLAN)):
    return matched_numbers(one, other, plans)


def test_models_are_matched_by_what_they_say_before_their_names():
    one = run(model(1, "A", term("size", 1.0)), model(2, "B", term("size", 2.0)))
    other = run(model(1, "First", term("size", 1.0)), model(2, "A", term("size", 2.0)))

    found = numbers(one, other, (PLAN, RENAMED))

    assert [(each.first, each.second, each.same_content) for each in found] == [
        ("A", "First", True), ("B", "A", True),
    ]  # fmt: skip
    assert {each.change for pair in found for each in pair.numbers} == {"same"}


def test_differences_are_told_with_their_size_in_standard_errors():
    one = run(model(1, "A", term("size", 1.0, 0.5), term("age", 3.0)))
    other = run(model(1, "A", term("size", 1.5, 0.25), term("exporter", 4.0)))

    (found,) = numbers(one, other)
    size, age, exporter = found.numbers

    assert (size.difference, size.in_errors, size.change) == (0.5, 1.0, "changed")
    assert (age.change, exporter.change) == ("only_first", "only_second")
    assert (age.difference, found.changed, found.alone) == (None, 1, 2)


def test_a_model_of_one_run_alone_stays_alone():
    one = run(model(1, "A", term("size", 1.0)))
    other = run(model(1, "A", term("size", 1.0)), model(2, "B", term("size", 2.0)))

    found = numbers(one, other)

    assert [(each.first, each.second) for each in found] == [("A", "A"), ("", "B")]
    assert found[1].numbers[0].change == "only_second"


def test_what_one_run_withheld_is_not_made_up_from_the_other():
    one = run(model(1, "A", term("size", None, None)))
    other = run(model(1, "A", term("size", 1.0)))

    (number,) = numbers(one, other)[0].numbers

    assert (number.change, number.difference, number.in_errors) == ("withheld", None, None)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_rounding_is_not_called_a_change_and_a_thousandth_of_an_error_is(
    estimate: float, error: float
):
    def change(shift: float) -> str:
        one = run(model(1, "A", term("size", estimate, error)))
        other = run(model(1, "A", term("size", estimate + shift, error)))
        return numbers(one, other)[0].numbers[0].change

    scale = max(abs(estimate), error)
    assert change(scale * 1e-10) in ("same", "noise")
    assert change(scale * 1e-3) == "changed"
