"""Alpha, omega and the fit of one factor against R psych and lavaan, by hand, and refusals.

The figures of R stand in tests/witness/reliability.csv. Of `attitude` psych's own help prints
alpha 0.84; of the nine tests of Holzinger & Swineford (1939) lavaan's tutorial prints 918.852
for the baseline chi-square.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.constructs.one_factor import one_factor
from analysis.constructs.reliability import FELDT, FELDT_KISH, REPLICATES, cronbach_alpha
from analysis.refusals import Refusal
from mathematics.replicates import ReplicateWeights

WITNESS = Path(__file__).resolve().parents[2] / "witness"
# R and we do the same sums.
EXACT = 1e-12
# lavaan stops climbing when the likelihood moves by less than about 1e-9, which leaves
# estimates this far from the top; what rests on the top alone agrees better.
CLIMBED = 2e-6
AT_THE_TOP = 1e-8
NINE = tuple(f"x{number}" for number in range(1, 10))
SETS = {
    "attitude": ("attitude", ()),
    "nine": ("nine", NINE),
    "visual": ("nine", NINE[:3]),
    "four": ("nine", NINE[2:6]),
    "textual": ("nine", NINE[3:6]),
}


def data(name):
    file, columns = SETS[name]
    frame = pd.read_csv(WITNESS / f"reliability_{file}.csv")
    kept = frame[list(columns)] if columns else frame
    return tuple(kept.columns), kept.to_numpy(dtype=float)


def witness(name):
    table = pd.read_csv(WITNESS / "reliability.csv")
    return table[table["set"] == name].set_index("what")["value"]


@pytest.mark.parametrize("name", SETS)
def test_alpha_and_its_interval_are_those_of_psych(name):
    names, values = data(name)
    found, wanted = cronbach_alpha(names, values), witness(name)

    assert found.alpha == pytest.approx(wanted["alpha"], rel=EXACT)
    assert found.interval == pytest.approx((wanted["alpha_low"], wanted["alpha_high"]), rel=EXACT)
    assert found.standardized == pytest.approx(wanted["alpha_standardized"], rel=EXACT)
    assert found.without == pytest.approx(
        [wanted[f"alpha_without.{each}"] for each in names], rel=EXACT
    )
    assert found.item_rest == pytest.approx(
        [wanted[f"item_rest.{each}"] for each in names], rel=EXACT
    )
    assert found.method == FELDT


@pytest.mark.parametrize("name", SETS)
def test_omega_and_loadings_are_those_of_lavaan(name):
    names, values = data(name)
    found, wanted = one_factor(names, values), witness(name)

    assert found.omega == pytest.approx(wanted["omega"], abs=CLIMBED)
    assert found.loadings == pytest.approx(
        [wanted[f"loading.{each}"] for each in names], abs=CLIMBED
    )
    assert (found.fit is None) == (len(names) == 3)


@pytest.mark.parametrize("name", ["attitude", "nine", "four"])
def test_the_fit_of_one_factor_is_that_of_lavaan(name):
    names, values = data(name)
    fit, wanted = one_factor(names, values).fit, witness(name)

    assert fit.df == wanted["df"]
    for what, figure in (
        ("chisq", fit.chi_square), ("pvalue", fit.p), ("cfi", fit.cfi), ("tli", fit.tli),
        ("rmsea", fit.rmsea),
    ):  # fmt: skip
        assert figure == pytest.approx(wanted[what], rel=AT_THE_TOP), what
    assert fit.srmr == pytest.approx(wanted["srmr"], rel=CLIMBED)
    low, high = fit.rmsea_interval
    assert low == pytest.approx(wanted["rmsea.ci.lower"], rel=CLIMBED * 5)
    assert high == pytest.approx(wanted["rmsea.ci.upper"], rel=CLIMBED * 5)


def test_alpha_of_two_parts_by_hand():
    # Variances 1 and 1, covariance 1/2: 2 (1 - 2 / 3).
    found = cronbach_alpha(("a", "b"), np.array([[1.0, 1], [2, 3], [3, 2]]))

    assert found.alpha == pytest.approx(2 / 3)
    assert (found.without, found.firms) == ((), 3)


def test_a_blank_leaves_the_firm_out():
    names, values = data("four")
    with_blank = np.vstack([values, [1.0, np.nan, 2.0, 3.0]])

    assert cronbach_alpha(names, with_blank).alpha == cronbach_alpha(names, values).alpha


def test_a_firm_of_weight_two_counts_as_two():
    names, values = data("four")
    twice = np.vstack([values, values[:40]])
    weight = np.where(np.arange(len(values)) < 40, 2.0, 1.0)

    # The covariances have other divisors, which cancel in alpha and in correlations.
    assert cronbach_alpha(names, values, weight).alpha == pytest.approx(
        cronbach_alpha(names, twice).alpha
    )
    assert one_factor(names, values, weight).omega == pytest.approx(
        one_factor(names, twice).omega, rel=1e-6
    )


def test_under_weights_the_interval_takes_the_effective_number_of_firms():
    names, values = data("four")
    weight = np.where(np.arange(len(values)) < 40, 5.0, 1.0)

    weighted, plain = cronbach_alpha(names, values, weight), cronbach_alpha(names, values)

    assert weighted.method == FELDT_KISH
    assert np.ptp(weighted.interval) > np.ptp(plain.interval)
    assert one_factor(names, values, weight).effective == pytest.approx(
        weight.sum() ** 2 / (weight**2).sum()
    )


def test_replicate_weights_make_the_interval_a_jackknife():
    names, values = data("four")
    n = len(values)
    weights = np.where(np.eye(n) == 1, 0.0, n / (n - 1.0))
    jackknife = ReplicateWeights(weights, (n - 1) / n, np.ones(n), mse=True, method="JK1")

    found = cronbach_alpha(names, values, np.ones(n), jackknife)

    without = [cronbach_alpha(names, np.delete(values, each, axis=0)).alpha for each in range(n)]
    spread = np.sqrt((n - 1) / n * ((np.array(without) - found.alpha) ** 2).sum())
    assert found.method == REPLICATES
    assert found.alpha - found.interval[0] == pytest.approx(1.9679 * spread, rel=1e-4)


def refusal_of(call, *arguments):
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    return caught.value


TEN = np.random.default_rng(3).normal(size=(10, 1))
NOISE = np.random.default_rng(4).normal(size=(10, 4))


def test_too_few_parts_are_refused_in_words():
    alone = refusal_of(cronbach_alpha, ("a",), TEN)
    pair = refusal_of(one_factor, ("a", "b"), NOISE[:, :2])

    assert alone.message == "Alpha needs 2 parts; this index has 1 (a)."
    assert pair.message == "One factor needs 3 parts; this index has 2 (a, b)."


def test_too_few_firms_are_refused_in_words():
    values = np.vstack([NOISE[:1], np.full((5, 4), np.nan)])

    found = refusal_of(cronbach_alpha, tuple("abcd"), values)

    assert found.message == "Only 1 firm answered all 4 parts."


def test_a_constant_part_is_refused_by_name():
    values = NOISE.copy()
    values[:, 2] = 0.3

    for look in (cronbach_alpha, one_factor):
        found = refusal_of(look, tuple("abcd"), values)
        assert found.code == "constant_part"
        assert "the same to c." in found.message


def test_parts_that_add_up_to_the_same_have_no_alpha():
    shares = np.column_stack([TEN, 100 - TEN])

    assert refusal_of(cronbach_alpha, ("a", "b"), shares).code == "constant_sum"


def test_a_part_that_follows_from_others_is_refused():
    values = np.column_stack([NOISE, NOISE[:, 0] * 2 + 1])

    found = refusal_of(one_factor, tuple("abcde"), values)

    assert found.code == "parts_say_the_same"
    assert "a and e have the correlation 1.000" in found.message


def correlated(matrix, n=50):
    """(n, p) values with exactly these correlations."""
    raw = np.random.default_rng(5).normal(size=(n, len(matrix)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / (n - 1))).T
    return white @ np.linalg.cholesky(np.array(matrix)).T


def test_the_discrepancy_is_at_its_least_to_the_last_digits():
    names, values = data("nine")
    found = one_factor(names, values)
    loading, unique = np.array(found.loadings), np.array(found.uniquenesses)

    # At the top the model gives every part its own variance, and its loadings are a fixed point.
    sigma = np.outer(loading, loading) + np.diag(unique)
    residual = np.linalg.inv(sigma) @ (np.corrcoef(values.T) - sigma) @ np.linalg.inv(sigma)

    assert np.diag(residual) == pytest.approx(np.zeros(9), abs=1e-11)
    assert residual @ loading == pytest.approx(np.zeros(9), abs=1e-11)


def test_a_heywood_case_is_refused_by_name():
    # One factor would load .9 * .8 / .3 = 2.4 on the variance of a: no variance is left to it.
    values = correlated([[1, 0.8, 0.7], [0.8, 1, 0.3], [0.7, 0.3, 1]])

    found = refusal_of(one_factor, tuple("abc"), values)

    assert found.code == "heywood_case"
    assert "explain all of a," in found.message


def test_parts_with_nothing_in_common_are_refused():
    found = refusal_of(one_factor, tuple("abc"), correlated(np.eye(3)))

    assert found.code == "no_common_factor"


def test_three_parts_are_solved_in_closed_form():
    loading = np.array([0.9, 0.6, 0.5])
    matrix = np.outer(loading, loading)
    np.fill_diagonal(matrix, 1.0)

    found = one_factor(tuple("abc"), correlated(matrix))

    assert found.loadings == pytest.approx(loading, abs=EXACT)
    assert found.uniquenesses == pytest.approx(1 - loading**2, abs=EXACT)
    assert found.omega == pytest.approx(4 / (4 + 0.19 + 0.64 + 0.75), abs=EXACT)
    assert found.fit is None


@given(
    st.permutations(range(6)), st.floats(0.01, 100), st.lists(st.floats(-5, 5), min_size=4, max_size=4)
)  # fmt: skip
def test_neither_order_of_firms_nor_unit_nor_origin_changes_alpha(order, unit, origin):
    values = NOISE[:6]

    moved = values[list(order)] * unit + np.array(origin)

    assert cronbach_alpha(tuple("abcd"), moved).alpha == pytest.approx(
        cronbach_alpha(tuple("abcd"), values).alpha, abs=1e-8
    )
