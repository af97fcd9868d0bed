"""What is not described, and what is said of it."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.descriptive import (
    change,
    contrasts,
    correlations,
    cross_tabulation,
    describe,
    differences,
    means,
    quantiles,
    ratios,
    shares,
    totals,
    variances,
)
from analysis.estimation.design import survey_design
from analysis.estimation.replicates import ReplicateWeights
from analysis.refusals import Refusal

N = 20
X = np.random.default_rng(5).normal(size=N)
YES = (np.arange(N) % 3 == 0).astype(float)
GROUP = np.repeat(["a", "b"], N // 2)
PLAIN = survey_design(count=N)
NOBODY = np.zeros(N, dtype=bool)


def with_one_of(label: str) -> np.ndarray:
    return np.array([label] + ["b"] * (N - 1))


def answered(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.where(where, values, np.nan)


CASES: dict[str, tuple[Any, str, str]] = {
    "nobody in the domain": (
        lambda: means(X, design=PLAIN, domain=NOBODY),
        "no_rows",
        "No firm with a positive weight is in the subpopulation.",
    ),
    "nobody answered": (
        lambda: totals(X * np.nan, design=PLAIN, wording={"y": "'Turnover'"}),
        "no_rows",
        "No firm of the subpopulation answered 'Turnover'.",
    ),
    "nobody of a group answered": (
        lambda: means(answered(X, GROUP == "a"), design=PLAIN, by=GROUP),
        "no_rows",
        "No firm of the group 'b' answered the variable.",
    ),
    "a group wanted that nobody is in": (
        lambda: means(X, design=PLAIN, by=GROUP, groups=["a", "c"]),
        "no_rows",
        "No firm of the group 'c' answered the variable.",
    ),
    "nobody in any group": (
        lambda: means(X, design=PLAIN, by=np.full(N, None)),
        "no_rows",
        "No firm of the subpopulation has an answer to the groups.",
    ),
    "one firm": (
        lambda: means(X, design=PLAIN, by=with_one_of("a")),
        "too_few_rows",
        "One firm of the group 'a' answered the variable, and one firm says nothing of how firms "
        "differ.",
    ),
    "one sampled unit": (
        lambda: means(X, design=survey_design(count=N, cluster=GROUP), domain=GROUP == "a"),
        "no_degrees_of_freedom",
        "The firms of 'mean' lie in too few sampled units: the degrees of freedom are 0, so "
        "nothing says how sure the estimate is.",
    ),
    "a stratum of one": (
        lambda: means(X, design=survey_design(count=N, stratum=with_one_of("a"))),
        "singleton_stratum",
        "1 of 2 strata hold a single sampled unit, so the variance within them cannot be "
        "estimated: 'a'.",
    ),
    "an infinite answer": (
        lambda: means(np.where(np.arange(N) == 3, np.inf, X), design=PLAIN),
        "not_finite",
        "the variable is infinite or larger than 1e+100 for 1 of 20 firms; the first is firm 4 "
        "of the data.",
    ),
    "an absurd answer": (
        lambda: variances(X * 1e300, design=PLAIN),
        "not_finite",
        "the variable is infinite or larger than 1e+100 for 20 of 20 firms; the first is firm 1 "
        "of the data.",
    ),
    "a share of none": (
        lambda: shares(YES * 0, design=PLAIN, wording={"y": "'Exports'"}),
        "share_at_bound",
        "All firms or none say 'Exports': 'share = 0'. Logit and Wald intervals are not defined "
        "there.",
    ),
    "a share of all": (
        lambda: shares(np.maximum(YES, GROUP == "b"), design=PLAIN, by=GROUP, interval="wald"),
        "share_at_bound",
        "All firms or none say the variable: 'share[b] = 1'. Logit and Wald intervals are not "
        "defined there.",
    ),
    "a share of a number": (
        lambda: shares(YES * 2, design=PLAIN),
        "outcome_not_binary",
        "A share needs 0 and 1 or the names of categories; the variable also has the values '2'.",
    ),
    "an unknown interval of a share": (
        lambda: shares(YES, design=PLAIN, interval="exact"),  # type: ignore[arg-type]
        "unknown_interval",
        "Shares have no interval 'exact'.",
    ),
    "a zero denominator": (
        lambda: ratios(X, np.repeat([0.1, -0.1], N // 2), design=PLAIN),
        "zero_denominator",
        "The total of the denominator is zero in the subpopulation, so there is no ratio to it.",
    ),
    "no denominator": (
        lambda: ratios(X, YES * 0, design=PLAIN, wording={"denominator": "'Turnover'"}),
        "zero_denominator",
        "The total of 'Turnover' is zero in the subpopulation, so there is no ratio to it.",
    ),
    "a quantile too far out": (
        lambda: quantiles(np.arange(float(N)), 0.95, design=PLAIN),
        "quantile_out_of_reach",
        "The quantile[0.95] of the variable is further out than 20 firms of the subpopulation can "
        "say: the interval of the share of firms up to it is 0.845 to 1.05, beyond 0 to 1.",
    ),
    "the largest answer": (
        lambda: quantiles(np.arange(float(N)), 0.99, design=PLAIN),
        "quantile_out_of_reach",
        "The quantile[0.99] of the variable is further out than 20 firms of the subpopulation can "
        "say: it is the largest answer, and nothing bounds it from above.",
    ),
    "a quantile of everything": (
        lambda: quantiles(X, 1, design=PLAIN),
        "unknown_probability",
        "A quantile needs a share between 0 and 1, not 1.",
    ),
    "an unknown interval of a quantile": (
        lambda: quantiles(X, 0.5, design=PLAIN, interval="exact"),  # type: ignore[arg-type]
        "unknown_interval",
        "Quantiles have no interval 'exact'.",
    ),
    "a constant": (
        lambda: variances(YES * 0 + 3, design=PLAIN),
        "outcome_constant",
        "the variable is 3 for all 20 firms of the subpopulation, so there is no variation to "
        "describe.",
    ),
    "a correlation of one": (
        lambda: correlations({"x": X}, design=PLAIN),
        "too_few_variables",
        "A correlation is of two variables or more.",
    ),
    "an empty row": (
        lambda: cross_tabulation(GROUP, YES, design=PLAIN, row_levels=["a", "b", "c"]),
        "empty_row",
        "No firm of the subpopulation that answered is in this row of the table (the variable): "
        "'c'.",
    ),
    "an empty column": (
        lambda: cross_tabulation(GROUP, YES, design=PLAIN, column_levels=[0, 1, 2]),
        "empty_column",
        "No firm of the subpopulation that answered is in this column of the table (the other "
        "variable): '2'.",
    ),
    "a table of one row": (
        lambda: cross_tabulation(GROUP, YES, design=PLAIN, domain=GROUP == "a"),
        "too_few_levels",
        "All firms of the subpopulation that answered are in the row 'a' of the variable: a table "
        "needs two.",
    ),
    "a table by groups": (
        lambda: cross_tabulation(GROUP, YES, design=PLAIN, by=GROUP),
        "table_by_groups",
        "A cross-tabulation is of two classifications, and a third was asked for.",
    ),
    "no replicates": (
        lambda: means(X, design=PLAIN, covariance="replicate"),
        "no_replicates",
        "The design has no replicate weights.",
    ),
    "an unknown covariance": (
        lambda: means(X, design=PLAIN, covariance="HC1"),  # type: ignore[typeddict-item]
        "unknown_covariance",
        "Descriptions have no covariance 'HC1'.",
    ),
    "a level in percent": (
        lambda: means(X, design=PLAIN, level=95),
        "unknown_level",
        "A confidence level lies between 0 and 1, and 95 does not.",
    ),
    "nothing to compare": (
        lambda: differences(means(X, design=PLAIN)),
        "nothing_to_compare",
        "There is one estimate, 'mean', and a difference needs two.",
    ),
    "an unknown term": (
        lambda: contrasts(means(X, design=PLAIN, by=GROUP), {"c": {"mean[c]": 1.0}}),
        "unknown_term",
        "There is no estimate 'mean[c]'; there are 'mean[a]', 'mean[b]'.",
    ),
    "a difference from what is the same in all": (
        lambda: differences(means(np.where(GROUP == "b", 3.0, X), design=PLAIN, by=GROUP)),
        "no_sampling_variance",
        "There is no standard error for 'mean[b]', for its firms do not differ; so nothing can be "
        "said of a difference from it.",
    ),
    "waves without a common estimate": (
        lambda: change(
            means(X, design=PLAIN), totals(X, design=PLAIN), (np.arange(N), np.arange(N))
        ),
        "nothing_to_compare",
        "The waves have no estimate in common: 'mean' and 'total'.",
    ),
    "waves without a change": (
        lambda: change(
            means(X, design=PLAIN), means(X, design=PLAIN), (np.arange(N), np.arange(N))
        ),
        "no_sampling_variance",
        "The change of 'mean' has no sampling variance: the waves hold the same units with the "
        "same answers, every unit was sampled, or all firms say the same.",
    ),
    "a firm twice in a wave": (
        lambda: change(means(X, design=PLAIN), means(X, design=PLAIN), (GROUP, np.arange(N))),
        "unit_of_two_clusters",
        "Identifiers and sampled units do not go together one to one: 'a', 'b'.",
    ),
    "waves of clusters linked by firm": (
        lambda: change(
            means(X, design=survey_design(count=N, cluster=np.arange(N) // 2)),
            means(X, design=PLAIN),
            (np.arange(N), np.arange(N)),
        ),
        "unit_of_two_clusters",
        "Identifiers and sampled units do not go together one to one: '0', '2', '4', '6', '8', "
        "'10', '12', '14' and 2 more.",
    ),
    "a missing identifier": (
        lambda: change(
            means(X, design=PLAIN),
            means(X, design=PLAIN),
            (np.where(np.arange(N) == 2, np.nan, np.arange(N)), np.arange(N)),
        ),
        "unit_missing",
        "The identifier is missing for 1 of 20 firms; the first is firm 3 of the data.",
    ),
    "an unknown statistic": (
        lambda: describe("mode", y=X, design=PLAIN),
        "unknown_statistic",
        "There is no descriptive statistic 'mode'; there are 'total', 'mean', 'share', 'ratio', "
        "'quantile', 'variance', 'standard_deviation', 'cross_tabulation'.",
    ),
    "a part without use": (
        lambda: describe("mean", y=X, design=PLAIN, denominator=X),
        "unused_part",
        "The statistic 'mean' has no use for 'denominator'.",
    ),
    "a part that is needed": (
        lambda: describe("ratio", y=X, design=PLAIN),
        "part_needed",
        "The statistic 'ratio' needs 'denominator'.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_described_is_refused_in_words(case: str) -> None:
    ask, code, message = CASES[case]

    with pytest.raises(Refusal) as refused:
        ask()

    assert (refused.value.code, refused.value.message) == (code, message)
    assert refused.value.remedy


def test_replicate_weights_of_two_waves_do_not_say_how_they_go_together() -> None:
    weights = np.ones((N, N)) * N / (N - 1) * (1 - np.eye(N))
    design = PLAIN.with_replicates(ReplicateWeights(weights, (N - 1) / N, np.ones(N)))
    wave = means(X, design=design, covariance="replicate")

    with pytest.raises(Refusal) as refused:
        change(wave, wave, (np.arange(N), np.arange(N)))

    assert refused.value.code == "wave_replicates"


def test_an_empty_cell_is_noted_and_the_rest_is_described() -> None:
    rows = np.repeat(["a", "b", "c"], [10, 5, 5])
    columns = np.array(["u", "v"] * 5 + ["u"] * 5 + ["u", "v", "v", "v", "v"])

    found = cross_tabulation(rows, columns, design=PLAIN)

    assert found.cell(found.row_shares)[1, 1] == 0
    assert np.isnan(found.row_shares.estimates.std_errors[3])
    assert found.row_shares.intervals[3] == pytest.approx([0, 1 - 0.025 ** (1 / 5)])
    assert found.notes[0].startswith("No firm in 'b, v'")


def test_a_table_with_more_cells_than_units_has_no_wald_test() -> None:
    cluster = np.arange(N) // 7
    rows, columns = np.arange(N) % 3, np.arange(N) // 2 % 3

    found = cross_tabulation(rows, columns, design=survey_design(count=N, cluster=cluster))

    assert "wald" not in found.tests
    assert found.notes[-1].startswith("No Wald test of association")


def test_few_degrees_of_freedom_are_noted() -> None:
    found = means(X, design=survey_design(count=N, cluster=np.arange(N) // 4))

    assert found.notes == ("Few degrees of freedom (4) for 'mean': intervals are wide and rough.",)
