"""Whether chains have settled, and imputed values beside observed ones."""

import numpy as np
import pytest

from analysis.estimation.imputation import (
    ImputationModel,
    Recipe,
    compared,
    convergence,
)
from tests.analysis.estimation.imputation.small_surveys import drawn, imputed


def test_chains_of_related_answers_settle() -> None:
    found = imputed(drawn(), count=8, iterations=12)

    verdicts = convergence(found)

    assert {each.name for each in verdicts} == {"a", "b", "c[p]", "c[q]", "c[r]"}
    assert all(each.has_settled for each in verdicts)
    assert "has settled (R-hat" in verdicts[0].verdict


def test_chains_that_feed_on_each_other_do_not_settle() -> None:
    random = np.random.default_rng(5)
    a = random.normal(size=300)
    b = a + 0.02 * random.normal(size=300)
    a[:140], b[130:280] = np.nan, np.nan
    models = {name: ImputationModel("continuous", "normal") for name in "ab"}

    found = imputed({"a": a, "b": b}, Recipe(models), count=6, iterations=10)

    verdicts = convergence(found)
    assert not all(each.has_settled for each in verdicts)
    assert any("has not settled" in each.verdict for each in verdicts)


def test_few_iterations_are_too_few_to_say() -> None:
    verdicts = convergence(imputed(drawn(), iterations=5))

    assert all(each.has_settled is None for each in verdicts)
    assert "Too few iterations" in verdicts[0].verdict


def test_imputed_values_are_shown_beside_observed_ones() -> None:
    data = drawn()
    data["a"][data["x"] > 1] = np.nan

    entries = {each.name: each for each in compared(imputed(data))}

    assert entries["a"].observed + entries["a"].imputed == 300
    assert entries["a"].means[1] > entries["a"].means[0]
    assert 0 < entries["a"].distance < 1
    assert sum(entries[f"c[{level}]"].means[0] for level in "pqr") == pytest.approx(1)
