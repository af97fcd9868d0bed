"""Values that variables are held at: those that cannot be are refused, by name."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation import design_matrix as columns_of
from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.estimation.estimates import Estimates
from analysis.estimation.margins import (
    Margins,
    at_means,
    average_marginal_effects,
    average_predictions,
    contrast,
    marginal_effects_at,
)
from analysis.refusals import Refusal
from tests.analysis.estimation.core.made_samples import solved
from tests.analysis.estimation.small import plain

N = 240
RANDOM = np.random.default_rng(71)
X = np.exp(RANDOM.normal(size=N))
Z = (RANDOM.random(N) < 0.4).astype(float)
GROUP = np.array(["1", "2", "3"], dtype=object)[RANDOM.integers(0, 3, N)]
Y = X + Z + (GROUP == "2") + RANDOM.normal(size=N)
# The same sums in another order of the same numbers.
ROUNDING = 1e-10


def margins() -> Margins:
    return solved(Y, plain(x=X, z=Z, g=GROUP), "linear").margins()


def based(values: Any, columns: tuple[Column, ...], **choices: Any) -> Margins:
    """A linear model of x and of a category whose base is "1"."""
    matrix = design_matrix(
        (Column(INTERCEPT), Column("x", (Factor("x"),)), *columns),
        {"x": X, "g": values},
        {"x": "continuous", "g": "category"},
        bases={"g": "1"},
    )
    return solved(Y, matrix, "linear", **choices).margins()


def indicators(*levels: str) -> tuple[Column, ...]:
    return tuple(Column(f"g[{level}]", (Factor("g", "indicator", level),)) for level in levels)


def effects(of: Margins) -> Estimates:
    found = average_marginal_effects(of)
    assert found is not None
    return found


@pytest.mark.parametrize("value", ["banana", "", None, 4, 1.5, float("nan"), float("inf")])
def test_a_level_that_no_firm_has_is_refused_with_the_levels_there_are(value: Any) -> None:
    for ask in (
        lambda: average_predictions(margins(), "g", ["1", value]),
        lambda: contrast(margins(), "g", "1", value),
        lambda: contrast(margins(), "g", value, "1"),
        lambda: contrast(margins(), "x", 1.0, 2.0, at={"g": value}),
        lambda: marginal_effects_at(margins(), {"g": value}),
    ):
        with pytest.raises(Refusal) as refusal:
            ask()
        assert refusal.value.code == "unknown_level"
        assert "'g'" in refusal.value.message
        assert "1, 2, 3" in refusal.value.remedy


@pytest.mark.parametrize("value", [2, 2.0, np.int64(2), np.float64(2)])
def test_a_number_is_the_level_that_is_written_so(value: Any) -> None:
    found = average_predictions(margins(), "g", [value])

    expected = average_predictions(margins(), "g", ["2"])
    assert found.terms == ("g = 2",)
    assert found.coefficients == pytest.approx(expected.coefficients, rel=ROUNDING)


@pytest.mark.parametrize("value", [2, 0.5, -1, None, "1", float("nan")])
def test_a_binary_variable_is_held_at_0_or_1(value: Any) -> None:
    with pytest.raises(Refusal, match="'z' is yes or no") as refusal:
        marginal_effects_at(margins(), {"z": value})

    assert refusal.value.code == "not_binary_value"


def test_a_binary_variable_may_be_held_at_its_share_of_the_firms() -> None:
    found = marginal_effects_at(margins(), at_means(margins()))

    assert found.terms == ("x",)


@pytest.mark.parametrize("value", [None, "2", float("nan"), float("inf")])
def test_a_number_is_held_at_a_finite_number(value: Any) -> None:
    with pytest.raises(Refusal, match="'x' is a number") as refusal:
        average_predictions(margins(), "x", [1.0, value])

    assert refusal.value.code == "not_a_number"


def test_a_value_without_a_logarithm_is_refused() -> None:
    matrix = design_matrix(
        (Column(INTERCEPT), Column("log(x)", (Factor("x", "log"),))),
        {"x": X},
        {"x": "continuous"},
    )

    with pytest.raises(Refusal, match=r"log\(x\)") as refusal:
        average_predictions(solved(Y, matrix, "linear").margins(), "x", [0.0])

    assert refusal.value.code == "term_undefined"


def test_a_base_that_no_firm_has_gives_way_to_the_level_that_was_dropped() -> None:
    # By x times g alone, the level that was dropped has its slope in the column of x.
    slopes = tuple(
        Column(f"x:g[{level}]", (Factor("x"), Factor("g", "indicator", level)))
        for level in ("2", "3")
    )

    both = based(GROUP, (*indicators("2", "3"), *slopes), domain=GROUP != "1")

    (kept,) = (term for term in effects(both).terms if term.startswith("g["))
    dropped = {"g[2]": "3", "g[3]": "2"}[kept]
    assert effects(both).coefficients[effects(both).terms.index(kept)] == pytest.approx(
        contrast(both, "g", dropped, kept[2:-1]).coefficients[0], rel=ROUNDING
    )


def test_a_base_that_no_firm_has_is_refused_where_no_single_level_takes_its_place() -> None:
    with pytest.raises(Refusal, match="'g' at its base '1'") as refusal:
        effects(based(np.where(GROUP == "1", "4", GROUP), indicators("2")))

    assert refusal.value.code == "base_not_in_sample"


def test_effects_of_levels_are_differences_of_the_columns_written_out() -> None:
    columns = (
        *indicators("2", "3"),
        *(Column(f"x:g[{i}]", (Factor("x"), Factor("g", "indicator", i))) for i in ("2", "3")),
    )
    model = based(GROUP, columns)

    found = effects(model)

    b = dict(
        zip(
            (column.name for column in columns),
            (model.solution.blocks[0].back @ model.solution.coefficients)[2:],
            strict=True,
        )
    )
    for level in ("2", "3"):
        assert found.coefficients[found.terms.index(f"g[{level}]")] == pytest.approx(
            b[f"g[{level}]"] + b[f"x:g[{level}]"] * X.mean(), rel=ROUNDING
        )


def test_the_firms_levels_are_compared_as_often_as_there_are_columns_not_squared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    levels = [f"{place:02d}" for place in range(20)]
    values = np.array(levels, dtype=object)[RANDOM.integers(0, len(levels), N)]
    model = solved(Y, plain(x=X, g=values), "linear").margins()
    long: list[str] = []
    indicator = columns_of._indicator

    def counted(values: Any, level: str) -> Any:
        long.extend([level] if len(values) == N else [])
        return indicator(values, level)

    monkeypatch.setattr(columns_of, "_indicator", counted)

    assert len(effects(model).terms) == len(levels)
    assert len(long) <= 2 * len(levels)
