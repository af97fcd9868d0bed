"""The numbers of the worked examples in docs/methods, computed."""

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.profiles.clusters import nearest_overlaps
from analysis.profiles.described import share_intervals
from analysis.profiles.mixture import log_densities, posteriors
from analysis.profiles.recipes import MODES
from analysis.profiles.typologies import by_rule


def test_the_firm_that_says_yes_to_both_and_the_one_that_leaves_a_blank():
    share = np.array([0.6, 0.4])
    answer = np.array([[0.1, 0.9, 0.2, 0.8], [0.8, 0.2, 0.7, 0.3]])
    both, blank = [0, 1, 0, 1], [0, 1, 0, 0]

    chance, log_probability = posteriors(
        log_densities(share, answer, np.array([both, blank], dtype=float))
    )

    assert chance[:, 0] == pytest.approx([0.947, 0.871], abs=5e-4)
    assert np.exp(log_probability) == pytest.approx([0.456, 0.62])


def test_firm_a_with_and_without_an_answer():
    columns = {
        "research_inside": [1.0, 1.0, 0.0],
        "graduate_share": [5.0, 5.0, 5.0],
        "sti_partners": [1.0, 1.0, 1.0],
        "dui_chain_partners": [2.0, 2.0, 2.0],
        "buzz": [0.0, 0.0, 0.0],
        "sharing": [4.0, np.nan, np.nan],
    }
    # Others, so that medians are what they are in the example.
    others = {"graduate_share": 90.0, "buzz": 3.0, "sharing": 1.0}
    measures = {
        name: np.concatenate([values, np.full(6, others.get(name, 0.0))])
        for name, values in columns.items()
    }

    found = by_rule(MODES, measures, design=survey_design(count=9))

    names = ["?" if place < 0 else found.names[place] for place in found.of_firm[:3]]
    assert names == ["STI and DUI", "?", "?"]


def test_intervals_of_shares_stay_between_none_and_all_however_wide():
    limits = share_intervals(np.array([0.5, 1e-9, 1.0]), np.array([0.1, 0.3, np.nan]), np.inf, 0.95)

    assert limits[0] == pytest.approx([0.3135, 0.6865], abs=5e-5)
    assert limits[1] == pytest.approx([0, 1])
    assert np.isnan(limits[2]).all()


def test_the_draw_of_four_points():
    one, other = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1])

    assert nearest_overlaps(one, other, 2).tolist() == [1, 1]
