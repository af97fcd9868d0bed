import numpy as np
import pytest

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal

INCOME = np.array([3.0, 5.0, 4.0, 10.0, 14.0, 9.0])
STRATA = ["a", "a", "a", "b", "b", "b"]
EVERYONE = np.ones(6, dtype=bool)


def variance_of_total(design: SurveyDesign, domain: np.ndarray = EVERYONE) -> float:
    """The influence of a firm on a total is its value."""
    return float(linearized_variance(INCOME[:, None], design, domain)[0, 0])


def test_the_variance_of_a_total_from_a_simple_sample_is_the_textbook_one() -> None:
    # N^2 (1 - n/N) s^2 / n; Cochran 1977, equation 2.19.
    design = survey_design(count=6, weight=np.full(6, 5.0), population=np.full(6, 30.0))

    assert variance_of_total(design) == pytest.approx(30**2 * (1 - 6 / 30) * INCOME.var(ddof=1) / 6)


def test_strata_add_up_each_with_its_own_correction() -> None:
    population = np.array([12.0, 12, 12, 3, 3, 3])
    design = survey_design(count=6, weight=population / 3, stratum=STRATA, population=population)

    # The second stratum was enumerated in full and adds nothing.
    assert variance_of_total(design) == pytest.approx(
        12**2 * (1 - 3 / 12) * INCOME[:3].var(ddof=1) / 3
    )


def test_firms_of_a_cluster_count_as_one() -> None:
    design = survey_design(count=6, cluster=["x", "x", "y", "y", "z", "z"])

    totals = INCOME.reshape(3, 2).sum(axis=1)
    assert variance_of_total(design) == pytest.approx(3 * totals.var(ddof=1))


def test_a_domain_keeps_the_firms_outside_it_in_the_design() -> None:
    design = survey_design(count=6, stratum=STRATA)
    domain = np.array([True, False, True, True, True, False])

    kept = np.where(domain, INCOME, 0.0)
    by_hand = 3 * kept[:3].var(ddof=1) + 3 * kept[3:].var(ddof=1)
    filtered = survey_design(count=4, stratum=np.array(STRATA)[domain])
    wrong = linearized_variance(INCOME[domain, None], filtered, np.ones(4, dtype=bool))[0, 0]
    assert variance_of_total(design, domain) == pytest.approx(by_hand)
    assert wrong != pytest.approx(by_hand, rel=0.1)


def test_what_stands_outside_the_domain_is_not_read() -> None:
    design = survey_design(count=6, stratum=STRATA)
    domain = np.array([True, True, False, True, True, True])
    spoilt = np.where(domain, INCOME, np.nan)[:, None]

    assert linearized_variance(spoilt, design, domain)[0, 0] == variance_of_total(design, domain)


def test_a_stratum_with_a_single_unit_is_refused_by_name_with_the_ways_out() -> None:
    design = survey_design(count=6, stratum=["north", "a", "a", "b", "b", "south"])

    with pytest.raises(Refusal) as refused:
        variance_of_total(design)

    assert refused.value.code == "singleton_stratum"
    assert "2 of 4 strata" in refused.value.message
    assert "'north', 'south'" in refused.value.message
    assert "Join each" in refused.value.remedy
    assert "strata: none" in refused.value.remedy


def test_a_long_list_of_single_strata_is_cut_and_counted() -> None:
    design = survey_design(count=6 * 2, stratum=np.arange(12))

    with pytest.raises(Refusal, match="'7' and 4 more"):
        linearized_variance(np.ones((12, 1)), design, np.ones(12, dtype=bool))


def test_one_cluster_of_many_firms_is_a_single_unit_all_the_same() -> None:
    design = survey_design(count=6, stratum=STRATA, cluster=["x", "x", "x", "y", "y", "z"])

    with pytest.raises(Refusal, match=r"1 of 2 strata .* 'a'"):
        variance_of_total(design)


def test_a_single_unit_that_is_its_whole_stratum_adds_nothing() -> None:
    population = np.array([1.0, 50, 50, 50, 50, 50])
    stratum = ["giant", "a", "a", "a", "a", "a"]
    design = survey_design(count=6, stratum=stratum, population=population)

    assert variance_of_total(design) == pytest.approx(5 * (1 - 5 / 50) * INCOME[1:].var(ddof=1))


def test_a_single_unit_outside_the_domain_is_no_obstacle() -> None:
    design = survey_design(count=6, stratum=["lone", "a", "a", "a", "a", "a"])
    domain = np.array([False, True, True, True, True, True])

    assert variance_of_total(design, domain) == pytest.approx(5 * INCOME[1:].var(ddof=1))


def test_a_domain_that_reaches_one_firm_of_a_stratum_of_many_is_no_obstacle() -> None:
    design = survey_design(count=6, stratum=STRATA)
    domain = np.array([True, False, False, True, True, True])

    kept = np.array([3.0, 0.0, 0.0])
    assert variance_of_total(design, domain) == pytest.approx(
        3 * kept.var(ddof=1) + 3 * INCOME[3:].var(ddof=1)
    )
