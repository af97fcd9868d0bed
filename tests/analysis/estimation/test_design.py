import numpy as np
import pytest

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.refusals import Refusal


def design(**parts: object) -> SurveyDesign:
    settings: dict[str, object] = {
        "weight": [2.0, 2.0, 3.0, 3.0, 0.0],
        "stratum": ["a", "a", "b", "b", "b"],
        "cluster": ["1", "2", "3", "3", "4"],
    }
    return SurveyDesign(**(settings | parts))  # type: ignore[arg-type]


def test_what_is_left_out_of_a_design_is_taken_as_plainly_as_can_be() -> None:
    plain = survey_design(count=3)

    assert plain.weight.tolist() == [1, 1, 1]
    assert plain.stratum_labels == ("0",)
    assert plain.clusters_in_stratum.tolist() == [3]
    assert plain.sampled_share.tolist() == [0]
    assert not plain.is_weighted


def test_degrees_of_freedom_count_only_strata_and_clusters_that_the_domain_reaches() -> None:
    everyone = np.ones(5, dtype=bool)
    first_stratum = np.array([True, True, False, False, False])

    assert design().strata_and_clusters(everyone) == (2, 3)
    assert design().degrees_of_freedom(everyone) == 1
    assert design().degrees_of_freedom(first_stratum) == 1


def test_the_sampled_share_counts_what_was_drawn_and_knows_no_share_without_a_count() -> None:
    population = np.array([8.0, 8.0, np.nan, np.nan, np.nan])

    assert design(population=population).sampled_share.tolist() == [0.25, 0.0]


@pytest.mark.parametrize(
    ("parts", "code", "words"),
    [
        (
            {"weight": [1, 1, np.nan, 1, 1]},
            "weight_missing",
            "missing for 1 of 5 firms; the first is firm 3",
        ),
        (
            {"weight": [1, -1, 1, -1, 1]},
            "weight_negative",
            "negative for 2 of 5 firms; the first is firm 2",
        ),
        (
            {"weight": [1, np.inf, 1, 1, 1]},
            "weight_infinite",
            "infinite for 1 of 5 firms",
        ),
        (
            {"stratum": np.array(["a", None, "b", "b", "b"], dtype=object)},
            "design_missing",
            "stratum is missing for 1 of 5",
        ),
        (
            {"cluster": ["1", "2", "1", "3", "4"]},
            "cluster_in_two_strata",
            "more than one stratum: '1'",
        ),
        ({"population": [9.0, 8, 9, 9, 9]}, "population_varies", "firms of one stratum: 'a'"),
        ({"population": [9.0, np.nan, 9, 9, 9]}, "population_varies", "firms of one stratum: 'a'"),
        ({"population": [9.0, 9, 1, 1, 1]}, "population_too_small", "in these strata: 'b'"),
    ],
)
def test_a_design_that_cannot_be_is_refused(parts: dict, code: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        design(**parts)

    assert refused.value.code == code
    assert refused.value.remedy


def test_parts_of_different_length_are_an_error() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        design(weight=[1.0])
    with pytest.raises(ValueError, match="differ in length"):
        design(population=[1.0])
