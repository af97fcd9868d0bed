"""Typologies of the literature: rules by hand, and latent classes beside them."""

import numpy as np
import pytest

from analysis.constructs.catalogue import CATALOGUE
from analysis.estimation.descriptive.shares import shares
from analysis.estimation.design import survey_design
from analysis.profiles.described import NOT_A_VERDICT
from analysis.profiles.recipes import LADDER, LEARNING_GROUPS, MODES, REGIONAL_NETWORKS, TYPOLOGIES
from analysis.profiles.typologies import by_rule, indicated, lacking, side_by_side, weighted_median
from analysis.refusals import Refusal

NAN = np.nan


def plain(count):
    return survey_design(count=count)


def networks(**changed):
    """Four firms: embedded, networked, national, and one with no science and far partners."""
    columns = {
        "ei_index": [-1.0, -0.5, 0.5, 1.0],
        "dui_chain_partners.local": [2, 1, 0, 0],
        "untraded": [3, 1, 0, 0],
        "sti_partners.region": [0, 1, 0, 0],
        "sti_partners.country": [0, 1, 2, 0],
    } | changed
    return {name: np.array(values, dtype=float) for name, values in columns.items()}


def names_of(found):
    return ["?" if place < 0 else found.names[place] for place in found.of_firm]


def test_the_three_kinds_of_network_by_rule():
    found = by_rule(REGIONAL_NETWORKS, networks(), design=plain(4))

    assert names_of(found) == [
        "territorially embedded network",
        "networked regional system",
        "regionalised national system",
        "none of the three",
    ]
    assert found.estimates.coefficients == pytest.approx([0.25] * 4)
    assert found.notes[:2] == (NOT_A_VERDICT, REGIONAL_NETWORKS.caution)


def test_a_missing_answer_leaves_undecided_only_what_hangs_on_it():
    blank = networks(**{"sti_partners.region": [NAN, NAN, NAN, NAN]})

    found = by_rule(REGIONAL_NETWORKS, blank, design=plain(4))

    # Without most ties inside, no rule asks for science in the region.
    assert names_of(found) == ["?", "?", "regionalised national system", "none of the three"]
    assert found.n == 2
    assert "2 firms lack answers that would decide." in found.notes


def test_modes_are_counted_over_their_signs():
    columns = {
        "research_inside": [1, 1, 0, 0],
        "graduate_share": [50, 40, 1, 1],
        "sti_partners": [0, 2, 0, 0],
        "dui_chain_partners": [1, 0, 1, 0],
        "buzz": [3, 0, 3, 0],
        "sharing": [0, 0, NAN, 0],
    }

    found = by_rule(
        MODES, {name: np.array(v, dtype=float) for name, v in columns.items()}, design=plain(4)
    )

    assert names_of(found) == ["STI and DUI", "STI", "DUI", "low learning"]


def test_nobody_is_on_a_rung_of_the_ladder_without_those_below():
    columns = {
        "dui_chain_partners.local": [1, 1, 1, 0],
        "recruitment_index": [1, 1, 1, 1],
        "buzz": [3, 3, 0, 3],
        "social_capital": [1, 1, 0, 1],
        "collective_learning": [1, 0, 1, 1],
        "innovator": [1, 1, 1, 1],
    }

    given = {name: np.array(v, dtype=float) for name, v in columns.items()}
    # The medians are those of a larger sample.
    low = {name: np.concatenate([v, np.zeros(5)]) for name, v in given.items()}
    found = by_rule(LADDER, low, design=plain(9))

    assert names_of(found)[:4] == [
        "innovative milieu",
        "industrial district",
        "specialised area",
        "proximity at most",
    ]


def test_shares_have_the_standard_errors_of_shares():
    generator = np.random.default_rng(0)
    count = 200
    columns = {
        name: generator.integers(0, 2, count).astype(float) - 0.5 * (name == "ei_index")
        for name in REGIONAL_NETWORKS.measures
    }
    design = survey_design(
        count=count,
        weight=generator.uniform(1, 5, count),
        stratum=np.arange(count) % 4,
        cluster=np.arange(count) // 2 * 4 + np.arange(count) % 4,
    )

    found = by_rule(REGIONAL_NETWORKS, columns, design=design)

    first = shares((found.of_firm == 0).astype(float), design=design)
    assert found.estimates.coefficients[0] == pytest.approx(first.estimates.coefficients[0])
    assert found.estimates.std_errors[0] == pytest.approx(first.estimates.std_errors[0])
    assert found.intervals[0] == pytest.approx(first.intervals[0])


def learners(count, seed=0):
    """Firms of two kinds: half learn from science, half by interaction."""
    generator = np.random.default_rng(seed)
    science = generator.random(count) < 0.5
    strong = dict.fromkeys(("research_inside", "graduate_share", "sti_partners"), science)
    strong |= dict.fromkeys(("dui_chain_partners", "buzz", "sharing"), ~science)
    return {
        name: (generator.random(count) < np.where(is_strong, 0.9, 0.1)).astype(float)
        for name, is_strong in strong.items()
    }


def test_latent_classes_stand_beside_the_rules():
    columns = learners(600)

    found = side_by_side(MODES, columns, design=plain(600), classes=2)

    sti, dui = found.by_rule.names.index("STI"), found.by_rule.names.index("DUI")
    assert found.shares.shape == (4, 2)
    assert np.nansum(found.shares, axis=1) == pytest.approx(1)
    assert found.shares[sti].argmax() != found.shares[dui].argmax()
    assert found.shares[[sti, dui]].max(axis=1).min() > 0.95
    assert found.latent.items == tuple(i.name for i in MODES.indicators)


def test_a_cut_at_the_median_is_under_the_weights():
    values, weight = np.array([1.0, 2.0, 3.0, NAN]), np.array([1.0, 1.0, 5.0, 9.0])

    assert weighted_median(values, weight) == 3
    assert weighted_median(values, np.ones(4)) == 2
    assert np.isnan(weighted_median(np.array([NAN]), np.ones(1)))
    columns = networks(untraded=[1.0, 2.0, 3.0, NAN])
    most = networks(untraded=[1.0, 3.0, 3.0, 3.0])
    assert indicated(REGIONAL_NETWORKS, most, design=plain(4))["shared"].tolist() == [0, 1, 1, 1]
    cut = indicated(REGIONAL_NETWORKS, columns, design=plain(4))["shared"]
    assert cut == pytest.approx([0, 0, 1, NAN], nan_ok=True)


def test_what_is_lacking_is_named():
    columns = networks()
    del columns["untraded"]

    with pytest.raises(Refusal, match="needs untraded") as refused:
        by_rule(REGIONAL_NETWORKS, columns, design=plain(4))

    assert refused.value.code == "measure_lacking"
    assert lacking(REGIONAL_NETWORKS, columns) == ("untraded",)


def test_nobody_decided_is_refused():
    blank = {name: np.full(4, NAN) for name in networks()}

    with pytest.raises(Refusal) as refused:
        by_rule(REGIONAL_NETWORKS, blank, design=plain(4))

    assert refused.value.code == "nobody_decided"


@pytest.mark.parametrize("typology", TYPOLOGIES.values(), ids=TYPOLOGIES)
def test_every_measure_of_a_recipe_is_one_that_waves_can_have(typology):
    stems = {entry.stem: bool(entry.dimension) for entry in CATALOGUE}
    named = {(entry.stem, bool(entry.dimension)) for entry in CATALOGUE}
    for measure in typology.measures:
        stem, _, coordinate = measure.partition(".")
        assert stem in stems
        assert (stem, bool(coordinate)) in named
    known = {indicator.name for indicator in typology.indicators}
    used = {
        name
        for rule in typology.rules
        for condition in rule.conditions
        for name in condition.indicators
    }
    assert used <= known
    assert typology.caution


def test_groups_of_learning_firms_have_three_signs_each():
    assert len(LEARNING_GROUPS.indicators) == 9
    assert [len(rule.conditions[0].indicators) for rule in LEARNING_GROUPS.rules] == [3, 3, 3]
