"""The arithmetic of the Monte Carlo benchmark: sums, bars, workers and interruptions."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.estimates import Estimates
from analysis.refusals import Refusal
from benchmarks.monte_carlo.registry import SCENARIOS, matching
from benchmarks.monte_carlo.results import Results, joint_bias, joint_coverage, rows_of
from benchmarks.monte_carlo.runner import advance, generator, outcomes, pool
from benchmarks.monte_carlo.scenario import Scenario
from benchmarks.monte_carlo.tables import BEGIN, END, compact, into_page
from benchmarks.monte_carlo.tally import Tally, outcome

MEAN = 3.0
FIRMS = 20
NAME = "glm.linear.1"
# One refused in so many, and standard errors half of what they should be.
REFUSED_EVERY, HALF = 7, 0.5


def mean_of(sample, factor=1.0):
    """A sample's mean by the textbook; the other term is its negative."""
    error = factor * sample.std(ddof=1) / len(sample) ** 0.5
    covariance = error**2 * np.array([[1.0, -1.0], [-1.0, 1.0]])
    middle = sample.mean()
    return Estimates(("mean", "minus"), np.array([middle, -middle]), covariance, len(sample) - 1)


def surveyed(random):
    sample = random.normal(MEAN, 2.0, FIRMS)
    if sample[0] > MEAN + 2 * stats.norm.isf(1 / REFUSED_EVERY):
        raise Refusal("too_high", "The first firm is too high.", "Ask another.")
    return {"HC1": mean_of(sample), "design, half": mean_of(sample, HALF)}


SURVEY = Scenario("mean", ("minus", "mean"), np.array([-MEAN, MEAN]), surveyed, "Twenty firms")


def replicate(name, seed, number):
    return outcomes(SURVEY, generator(name, seed, number))


def tally_of(replications, *, workers=1, tally=None):
    tally = tally or Tally()
    with pool(workers, replicate) as many:
        advance(NAME, tally, seed=1, replications=replications, many=many, keep=lambda: None)
    return tally


def figures(tally):
    saved = tally.to_json()
    del saved["seconds"]
    return saved


def rows(monkeypatch, tally):
    monkeypatch.setitem(SCENARIOS, NAME, SURVEY)
    return rows_of(Results(1, {NAME: tally}))


def by_hand(replications):
    """Means and standard errors of the surveys that were not refused, drawn in a loop."""
    found = []
    for number in range(replications):
        try:
            estimates = surveyed(generator(NAME, 1, number))["HC1"]
        except Refusal:
            continue
        found.append((estimates.coefficients[0], estimates.std_errors[0]))
    return np.array(found).T


def test_results_do_not_depend_on_the_number_of_workers():
    assert figures(tally_of(120, workers=1)) == figures(tally_of(120, workers=3))


def test_a_run_broken_off_and_resumed_ends_as_one_that_was_not():
    broken_off = Tally.from_json(tally_of(70).to_json())

    resumed = tally_of(150, tally=broken_off)

    assert figures(resumed) == figures(tally_of(150))


def test_replications_of_a_scenario_do_not_depend_on_what_else_is_run():
    alone = generator(NAME, 1, 5).random()

    assert alone != generator("glm.linear.2", 1, 5).random()
    assert alone != generator(NAME, 2, 5).random()
    assert alone != generator(NAME, 1, 6).random()


def test_refusals_are_counted_by_code_and_kept_out_of_the_figures():
    tally = tally_of(300)

    means, _ = by_hand(300)

    assert tally.tried == 300
    assert tally.failures == {"too_high": 300 - len(means)}
    assert 20 < tally.failures["too_high"] < 70


def test_other_errors_and_infinite_estimates_are_counted_too():
    def broken(_):
        raise ZeroDivisionError

    def endless(random):
        estimates = mean_of(random.normal(size=FIRMS))
        estimates.coefficients[0] = np.inf
        return {"HC1": estimates}

    random = np.random.default_rng(1)
    terms, truth = SURVEY.terms, SURVEY.truth

    assert outcomes(Scenario("mean", terms, truth, broken, ""), random) == "ZeroDivisionError"
    assert outcomes(Scenario("mean", terms, truth, endless, ""), random) == "not_finite"


def test_bias_spread_and_coverage_are_those_of_a_loop(monkeypatch):
    means, errors = by_hand(200)
    half = stats.t.ppf(0.975, FIRMS - 1) * errors
    covered = np.mean(np.abs(means - MEAN) <= half)

    row = rows(monkeypatch, tally_of(200))[0]
    minus, plain = row["terms"]

    assert row["covariance"] == "HC1"
    assert row["replications"] == 200
    assert (minus["term"], plain["term"]) == ("minus", "mean")
    assert plain["mean"] == pytest.approx(means.mean(), rel=1e-12)
    assert plain["bias"] == pytest.approx(means.mean() - MEAN, rel=1e-9)
    assert plain["sd"] == pytest.approx(means.std(ddof=1), rel=1e-9)
    assert plain["bias_error"] == pytest.approx(means.std(ddof=1) / len(means) ** 0.5, rel=1e-9)
    assert plain["bias_in_errors"] == pytest.approx(plain["bias"] / plain["bias_error"])
    assert plain["mean_std_error"] == pytest.approx(errors.mean(), rel=1e-12)
    assert plain["coverage"] == pytest.approx(covered)
    assert plain["coverage_error"] == pytest.approx((covered * (1 - covered) / len(means)) ** 0.5)
    assert minus["bias"] == pytest.approx(-plain["bias"])


def test_the_error_of_pooled_coverage_knows_that_terms_go_together(monkeypatch):
    row = rows(monkeypatch, tally_of(200))[0]

    # Both terms are covered in the same replications, so that the second tells nothing new.
    assert row["coverage"] == pytest.approx(row["terms"][0]["coverage"])
    assert row["coverage_error"] == pytest.approx(row["terms"][0]["coverage_error"], rel=0.01)


def test_standard_errors_too_small_by_half_are_found(monkeypatch):
    sound, half = rows(monkeypatch, tally_of(400))

    assert sound["coverage"] > 0.9
    assert half["coverage"] < 0.75
    assert not half["coverage_holds"]
    assert not any(term["coverage_holds"] for term in half["terms"])


def test_the_truth_a_standard_error_off_is_found(monkeypatch):
    tally = tally_of(400)
    sums = tally.sums["HC1"]
    sums.deviation += 0.45 * tally.estimated
    sums.square += 2 * 0.45 * sums.deviation

    terms = rows(monkeypatch, tally)[0]["terms"]

    assert not any(term["bias_holds"] for term in terms)


def test_the_worked_example_of_the_page(monkeypatch):
    found, errors = [2.1, 1.8, 2.4, 1.9, 2.3], [0.2, 0.2, 0.15, 0.2, 0.2]
    scenario = Scenario("mean", ("mean",), np.array([2.0]), surveyed, "")
    tally = Tally()
    for value, error in zip(found, errors, strict=True):
        estimates = Estimates(("mean",), np.array([value]), np.array([[error**2]]), 10.0)
        tally.add({"HC1": outcome(scenario, estimates)})
    monkeypatch.setitem(SCENARIOS, NAME, scenario)

    (term,) = rows_of(Results(1, {NAME: tally}))[0]["terms"]

    assert term["bias"] == pytest.approx(0.1)
    assert term["sd"] ** 2 == pytest.approx(0.065)
    assert term["bias_error"] == pytest.approx(0.1140, abs=5e-5)
    assert term["bias_in_errors"] == pytest.approx(0.88, abs=5e-3)
    assert term["coverage"] == 0.8
    assert term["coverage_error"] == pytest.approx(0.179, abs=5e-4)


def row_of(name, biases, coverages, replications=2000):
    terms = [
        {
            "term": str(place),
            "bias": bias,
            "bias_in_errors": bias,
            "coverage": coverage,
            "coverage_holds": 0.94 <= coverage <= 0.96,
        }
        for place, (bias, coverage) in enumerate(zip(biases, coverages, strict=True))
    ]
    return {"scenario": name, "replications": replications, "failures": {}, "terms": terms}


def test_biases_shared_by_covariances_count_once():
    shared = row_of("a", [2.5, -1.0], [0.95, 0.95])

    joint = joint_bias([shared, shared, row_of("b", [0.1], [0.95])])

    assert (joint.count, joint.over, joint.largest) == (3, 1, 2.5)
    assert joint.expected == pytest.approx(3 * 0.0455, rel=1e-3)
    # One normal of three beyond it happens once in twenty.
    assert 1 - (1 - 2 * stats.norm.sf(joint.bound)) ** 3 == pytest.approx(0.05)


def test_coverage_outside_the_bar_is_expected_as_often_as_the_binomial_has_it():
    joint = joint_coverage([row_of("a", [0.0, 0.0], [0.95, 0.939], 2000)])
    hits = stats.binom.pmf(np.arange(2001), 2000, 0.95)

    assert joint.expected == pytest.approx(2 * (hits[:1880].sum() + hits[1921:].sum()))
    assert (joint.count, joint.over) == (2, 1)
    assert joint.smallest == pytest.approx(2 * hits[:1879].sum(), rel=1e-6)


def test_sums_of_one_seed_are_not_added_to_those_of_another(tmp_path):
    results = Results.read(tmp_path / "sums.json", 1)
    results.tallies[NAME] = tally_of(10)
    results.keep()

    again = Results.read(tmp_path / "sums.json", 1)

    assert figures(again.tally(NAME)) == figures(tally_of(10))
    with pytest.raises(ValueError, match="is of seed 1, not 2"):
        Results.read(tmp_path / "sums.json", 2)


def test_patterns_name_scenarios_and_unknown_ones_are_told():
    assert set(matching(("glm.linear", "censored.tobit.1"))) >= {NAME, "censored.tobit.1"}
    assert matching(()) == tuple(SCENARIOS)
    with pytest.raises(ValueError, match="No scenario is called nothing"):
        matching(("nothing",))


def test_the_page_keeps_its_words_and_gets_the_figures(monkeypatch):
    found = rows(monkeypatch, tally_of(60))
    page = f"# Words\n{BEGIN}\nold figures\n{END}\nmore words\n"

    written = into_page(page, found, [])

    assert written.startswith("# Words\n")
    assert written.endswith("\nmore words\n")
    assert "old figures" not in written
    assert "| mean | HC1 | Twenty firms | 60 |" in written
    assert "too_high" in written
    assert into_page(written, found, []) == written
    assert "1 scenarios, by replications: 1 with 60." in written
    assert "2 beyond the bar by more than two of their own" in written
    assert "design, half" in compact(found)
