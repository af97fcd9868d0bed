"""The plans of the library: each reads, says what it is for, and runs where it can be carried."""

from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

import pytest
from django.core.management import call_command

from analysis import extracts, pipeline
from analysis.pipeline.carrying import lacking
from analysis.specification.plan import read_plan
from surveys.actions import demonstration
from tests.analysis.library.whole_core import whole_core
from tests.factories import NOON

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "analysis/plans"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
# Of another survey, or of codes that the whole core instrument does not have.
OF_OTHER_SURVEYS = {
    "acti_sti_dui_by_scale", "acti_turnover_shares", "acti_who_reaches_out", "ec_acti",
    "groups_by_branch",
}  # fmt: skip
LEFT_TO_PANELS = {name for name in NAMES if "\nwaves:" in (FOLDER / f"{name}.yaml").read_text()}
OF_ONE_WAVE = sorted({*NAMES} - LEFT_TO_PANELS)
PLAIN_WORDS = ("effect of", "causes", "proves", "significant")


@cache
def plan_of(name):
    return read_plan((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def codebook():
    data = whole_core()
    return replace(data, frame=data.frame.iloc[:0], design=data.design.iloc[:0], fingerprint="core")


def test_there_are_enough_plans_of_every_theme():
    themes = [plan_of(name).theory.theme for name in OF_ONE_WAVE]

    assert len(OF_ONE_WAVE) >= 25
    assert {"scales", "search", "modes", "proximity", "people", "knowledge"} <= set(themes)
    assert {"firms", "performance"} <= set(themes)


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_says_what_it_is_for(name):
    theory = plan_of(name).theory

    assert theory is not None
    assert theory.expects
    assert theory.robustness
    assert plan_of(name).about


@pytest.mark.parametrize("name", OF_ONE_WAVE)
def test_a_plan_of_one_wave_claims_associations_only(name):
    plan = plan_of(name)
    said = " ".join((plan.title, plan.about, plan.theory.hypothesis, plan.theory.estimand)).lower()

    assert not [word for word in PLAIN_WORDS if word in said.replace("not an effect of", "")]


@pytest.mark.parametrize("name", OF_ONE_WAVE)
def test_scales_that_stand_side_by_side_are_tested_against_each_other(name):
    plan = plan_of(name)
    tested = [test.about[0] for each in plan.specifications for test in each.tests]
    together = [
        stem
        for stem in ("partners", "breadth", "depth", "sti_partners", "dui_chain_partners")
        if any(
            sum(term.startswith(f"{stem}.") for term in each.formula.variables) >= 3
            for each in plan.specifications
        )
    ]

    for stem in together:
        assert any(text.count(f"{stem}.") >= 3 and "=" in text for text in tested), stem


@pytest.mark.parametrize("name", OF_ONE_WAVE)
def test_weighted_is_shown_and_unweighted_stands_beside_it(name):
    plan = plan_of(name)
    weighted = {each.design.weights for each in plan.specifications}
    curve = plan.curve.weights if plan.curve else ()

    assert weighted | set(curve) == {True, False} or name == "local_national_global"


@pytest.mark.parametrize("name", OF_ONE_WAVE)
def test_the_whole_core_instrument_can_carry_every_plan_but_those_of_other_surveys(name):
    assert bool(lacking(plan_of(name), codebook())) == (name in OF_OTHER_SURVEYS)


def test_a_plan_of_other_codes_is_told_which_code_is_lacking():
    (first, *_) = lacking(plan_of("groups_by_branch"), codebook())

    assert first.name == "control.industry = 'high_tech_manufacturing'"
    assert first.constructs == ()


def test_a_plan_of_other_scales_is_told_which_scale_is_lacking():
    found = {each.name: each.why for each in lacking(plan_of("ec_acti"), codebook())}

    assert "needs the scale “home”" in found["partners.home"]


def estimated(name, data):
    return pipeline.run(data, plan_of(name)).estimates_document


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*OF_ONE_WAVE} - OF_OTHER_SURVEYS))
def test_every_model_of_a_plan_is_estimated_on_the_whole_core_instrument(name):
    document = estimated(name, whole_core())

    assert document["not_estimated"] == []
    assert len(document["models"]) == len(plan_of(name).specifications)
    assert document["plan"]["theory"] == plan_of(name).theory.document()
    if document["curve"]:
        assert not [each for each in document["curve"]["specifications"] if each["refusal"]]


@pytest.mark.slow
@pytest.mark.django_db
def test_every_plan_that_the_demonstration_can_carry_is_estimated_in_all_its_models():
    demo = extracts.dataset(demonstration.load(at=NOON).closed_wave)
    empty = replace(demo, frame=demo.frame.iloc[:0], design=demo.design.iloc[:0], rosters=())
    carried = [name for name in OF_ONE_WAVE if not lacking(plan_of(name), empty)]

    refused = {
        name: [each["message"] for each in document["not_estimated"]]
        for name in carried
        if (document := estimated(name, demo))["not_estimated"]
    }

    assert refused == {}
    assert len(carried) >= 20


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.django_db
def test_the_plans_of_the_real_survey_are_estimated_in_all_their_models(shared_data):
    call_command(
        "import_microdata",
        str(shared_data / "ec_acti_2012_2014.csv"),
        *("--codebook", str(shared_data / "ec_acti_2012_2014_codebook.csv")),
        *("--mapping", str(ROOT / "surveys/mappings/ec_acti.yaml")),
        *("--survey", "acti", "--wave", "2012-2014"),
    )
    wave = extracts.wave_named("acti", "2012-2014")
    data, empty = extracts.dataset(wave), extracts.codebook(wave)
    carried = [name for name in OF_ONE_WAVE if not lacking(plan_of(name), empty)]

    refused = {
        name: [each["message"] for each in document["not_estimated"]]
        for name in carried
        if (document := estimated(name, data))["not_estimated"]
    }

    assert refused == {}
    assert [name for name in carried if "acti" in name] == [
        "acti_breadth_and_depth",
        "acti_science_times_chain",
        "acti_sti_dui_by_scale",
        "acti_turnover_shares",
        "acti_who_reaches_out",
        "ec_acti",
    ]
