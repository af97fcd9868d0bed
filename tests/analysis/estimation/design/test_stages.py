"""Designs of several stages, lonely units and degrees of freedom: known values and properties."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.estimation.design import Stage, SurveyDesign, survey_design
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal

# Six sums of a few numbers.
EXACT = 1e-12
Y = np.array([3.0, 5.0, 4.0, 10.0, 14.0, 9.0, 7.0, 8.0])
CLUSTER = np.array(["p", "p", "p", "p", "q", "q", "q", "q"])
FIRM = np.array([1, 2, 3, 4, 1, 2, 3, 4])
EVERYONE = np.ones(8, dtype=bool)


def two_stages(**parts: Any) -> SurveyDesign:
    settings: dict[str, Any] = {
        "count": 8,
        "weight": np.full(8, 10.0),
        "cluster": CLUSTER,
        "population": np.full(8, 10.0),
        "stages": [Stage(FIRM, population=np.full(8, 8.0))],
    }
    return survey_design(**(settings | parts))


def variance(design: SurveyDesign, domain: np.ndarray = EVERYONE, y: np.ndarray = Y) -> float:
    return float(linearized_variance(y[: len(domain), None], design, domain)[0, 0])


def test_the_worked_example_of_two_stages() -> None:
    # Two of ten clusters, four of eight firms in each; docs/methods/variance.md.
    assert variance(two_stages()) == pytest.approx(20480 + 2 * 1160 / 3, rel=EXACT)


def test_a_stage_within_an_infinite_population_adds_nothing() -> None:
    without = two_stages(population=None)
    single = two_stages(population=None, stages=())

    assert variance(without) == variance(single)


def test_a_stage_enumerated_in_full_adds_nothing() -> None:
    full = two_stages(stages=[Stage(FIRM, population=np.full(8, 4.0))])

    assert variance(full) == pytest.approx(variance(two_stages(stages=())), rel=EXACT)


def test_labels_of_a_stage_may_repeat_in_every_unit_of_the_one_before() -> None:
    apart = two_stages(stages=[Stage(np.arange(8), population=np.full(8, 8.0))])

    assert variance(apart) == variance(two_stages())


def test_shares_drawn_say_the_same_as_counts() -> None:
    shares = two_stages(
        population=np.full(8, 0.2), stages=[Stage(FIRM, population=np.full(8, 0.5))]
    )

    assert variance(shares) == pytest.approx(variance(two_stages()), rel=EXACT)


def test_a_domain_keeps_every_unit_of_every_stage() -> None:
    domain = np.arange(8) % 2 == 0

    zeroed = variance(two_stages(), y=np.where(domain, Y, 0.0))
    assert variance(two_stages(), domain) == pytest.approx(zeroed, rel=EXACT)


def test_the_order_of_firms_does_not_matter() -> None:
    order = np.array([5, 0, 3, 7, 2, 6, 1, 4])
    shuffled = two_stages(
        cluster=CLUSTER[order], stages=[Stage(FIRM[order], population=np.full(8, 8.0))]
    )

    assert variance(shuffled, y=Y[order]) == pytest.approx(variance(two_stages()), rel=EXACT)


def test_the_variance_of_a_nested_total_is_a_sum_over_three_stages() -> None:
    # Two of four regions, two of five towns in each, one pair of firms of six in each town.
    region, town = np.repeat([0, 1], 4), np.tile(np.repeat([0, 1], 2), 2)
    stages = [
        Stage(town, population=np.full(8, 5.0)),
        Stage(np.arange(8), population=np.full(8, 6.0)),
    ]
    design = survey_design(count=8, cluster=region, population=np.full(8, 4.0), stages=stages)

    regions = Y.reshape(2, 4).sum(axis=1)
    towns = Y.reshape(2, 2, 2).sum(axis=2)
    first = (1 - 2 / 4) * 2 * regions.var(ddof=1)
    second = 2 / 4 * (1 - 2 / 5) * 2 * towns.var(axis=1, ddof=1).sum()
    third = 2 / 4 * 2 / 5 * (1 - 2 / 6) * 2 * Y.reshape(4, 2).var(axis=1, ddof=1).sum()
    assert variance(design) == pytest.approx(first + second + third, rel=EXACT)


LONELY_STRATA = np.array(["a", "a", "a", "lone", "b", "b", "b", "b"])


def lonely(policy: str, **parts: Any) -> SurveyDesign:
    return survey_design(count=8, stratum=LONELY_STRATA, lonely=policy, **parts)  # type: ignore[arg-type]


OTHERS = 3 * Y[:3].var(ddof=1) + 4 * Y[4:].var(ddof=1)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("certainty", OTHERS),
        ("adjust", OTHERS + (Y[3] - Y.mean()) ** 2),
        ("average", OTHERS * 3 / 2),
    ],
)
def test_a_lonely_unit_counts_as_its_policy_says(policy: str, expected: float) -> None:
    assert variance(lonely(policy)) == pytest.approx(expected, rel=EXACT)


@pytest.mark.parametrize("policy", ["certainty", "adjust", "average"])
def test_a_lonely_unit_outside_the_domain_counts_for_nothing(policy: str) -> None:
    domain = LONELY_STRATA != "lone"

    assert variance(lonely(policy), domain) == pytest.approx(OTHERS, rel=EXACT)


@pytest.mark.parametrize("policy", ["refuse", "certainty", "adjust", "average"])
def test_a_stratum_with_one_unit_in_the_domain_and_several_drawn_needs_no_policy(
    policy: str,
) -> None:
    domain = (LONELY_STRATA == "b") | (np.arange(8) == 0)
    kept = np.where(domain, Y, 0.0)

    by_hand = 3 * kept[:3].var(ddof=1) + 4 * kept[4:].var(ddof=1)
    assert variance(lonely(policy), domain) == pytest.approx(by_hand, rel=EXACT)


@pytest.mark.parametrize("policy", ["certainty", "adjust", "average"])
def test_a_lonely_unit_that_is_its_whole_stratum_needs_no_policy(policy: str) -> None:
    population = np.where(LONELY_STRATA == "lone", 1.0, 50.0)

    found = variance(lonely(policy, population=population))

    by_hand = (1 - 3 / 50) * 3 * Y[:3].var(ddof=1) + (1 - 4 / 50) * 4 * Y[4:].var(ddof=1)
    assert found == pytest.approx(by_hand, rel=EXACT)


def test_where_every_stratum_is_lonely_there_is_nothing_to_average() -> None:
    design = survey_design(count=8, stratum=np.arange(8), lonely="average")

    with pytest.raises(Refusal, match="there is no other beside '0', '1'") as refused:
        variance(design)

    assert refused.value.code == "nothing_to_average"


def test_a_lonely_unit_of_a_later_stage_is_refused_with_its_stage() -> None:
    design = two_stages(
        cluster=np.array(["p", "p", "q", "q", "q", "q", "q", "r"]), population=np.full(8, 10.0)
    )

    with pytest.raises(
        Refusal, match=r"1 of 3 strata .* '1 \(stage 2\)'|'4 \(stage 2\)'"
    ) as refused:
        variance(design)

    assert refused.value.code == "singleton_stratum"
    assert "certainty, adjust or average" in refused.value.remedy


def test_zero_weights_are_outside_every_domain() -> None:
    weight = np.where(np.arange(8) == 6, 0.0, 10.0)
    design = two_stages(weight=weight)
    outside = np.arange(8) != 6

    assert variance(design) == variance(two_stages(), outside)
    assert design.degrees_of_freedom(EVERYONE) == two_stages().degrees_of_freedom(outside)


def test_degrees_of_freedom_of_stata_count_every_cluster_of_a_stratum_that_is_reached() -> None:
    design = survey_design(
        count=8,
        stratum=np.array(["a", "a", "a", "a", "b", "b", "b", "b"]),
        cluster=np.array([1, 2, 3, 3, 4, 5, 6, 7]),
    )
    domain = np.array([True, True, False, False, False, False, False, False])

    assert design.degrees_of_freedom(domain) == 1
    assert design.degrees_of_freedom(domain, "Stata") == 2
    assert design.degrees_of_freedom(EVERYONE) == design.degrees_of_freedom(EVERYONE, "Stata") == 5
    assert design.residual_degrees_of_freedom(EVERYONE, 3) == 3
    assert design.residual_degrees_of_freedom(EVERYONE, 3, "Stata") == 5


@pytest.mark.parametrize(
    ("parts", "code", "words"),
    [
        ({"population": np.array([0.5] * 4 + [30.0] * 4)}, "population_mixed", "shares below 1"),
        ({"population": np.full(8, -3.0)}, "population_not_positive", "zero or negative"),
        ({"population": np.zeros(8)}, "population_not_positive", "zero or negative"),
        (
            {"stages": [Stage(FIRM, population=np.full(8, 3.0))]},
            "population_too_small",
            r"\(stage 2\)",
        ),
        (
            {"stages": [Stage(FIRM, population=np.arange(8) + 4.0)]},
            "population_varies",
            r"\(stage 2\)",
        ),
        (
            {"stages": [Stage(np.array([1, 1, 2, 2] * 2), stratum=np.array([1, 2, 2, 2] * 2))]},
            "cluster_in_two_strata",
            "'1'",
        ),
        (
            {"stages": [Stage(np.array([None, *range(7)], dtype=object))]},
            "design_missing",
            "cluster of stage 2 is missing for 1 of 8",
        ),
        (
            {"stages": [Stage(FIRM, stratum=np.array([None] * 8, dtype=object))]},
            "design_missing",
            "stratum of stage 2",
        ),
    ],
)
def test_stages_that_cannot_be_are_refused(parts: dict[str, Any], code: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        two_stages(**parts)

    assert refused.value.code == code
    assert refused.value.remedy


def test_a_policy_or_a_stage_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="no policy 'remove'"):
        lonely("remove")
    with pytest.raises(ValueError, match="differ in length"):
        two_stages(stages=[Stage(FIRM[:4])])


def test_a_changed_design_is_checked_anew() -> None:
    with pytest.raises(Refusal, match="negative"):
        replace(two_stages(), weight=-np.ones(8))
