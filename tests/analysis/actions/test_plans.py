"""Plans are kept in versions; no text that was ever run is lost."""

import pytest

from analysis import actions
from analysis.models import Plan
from analysis.refusals import Refusal
from tests.analysis.answered import PLAN, make_plan_version
from tests.factories import NOON, make_survey, make_user, make_wave

pytestmark = pytest.mark.django_db
OTHER = PLAN.replace("Size and new goods", "Size, probit").replace("logit", "probit")


def numbers_and_titles(plan: Plan) -> tuple[list[int], str]:
    plan.refresh_from_db()
    return [version.number for version in plan.versions.all()], plan.title


def test_the_first_text_is_the_first_version_with_its_author_and_fingerprint() -> None:
    wave, ada = make_wave(make_survey()), make_user("ada")

    version = actions.write_plan(wave=wave, slug="size", source=PLAN, by=ada, at=NOON)

    assert (version.number, version.source, version.written_by) == (1, PLAN, ada)
    assert len(version.fingerprint) == 64
    assert version.plan.title == "Size and new goods"


def test_the_text_it_already_has_makes_no_new_version() -> None:
    wave = make_wave(make_survey())

    first, second = make_plan_version(wave), make_plan_version(wave)

    assert first == second


def test_another_text_is_a_new_version_and_renames_the_plan() -> None:
    wave = make_wave(make_survey())
    first = make_plan_version(wave)

    make_plan_version(wave, OTHER)

    assert numbers_and_titles(first.plan) == ([2, 1], "Size, probit")


def test_an_earlier_text_written_again_is_a_version_of_its_own() -> None:
    wave = make_wave(make_survey())
    first = make_plan_version(wave)
    make_plan_version(wave, OTHER)

    third = make_plan_version(wave)

    assert third.number == 3
    assert third.fingerprint == first.fingerprint


def test_a_text_that_is_no_plan_is_refused_and_nothing_is_kept() -> None:
    wave = make_wave(make_survey())

    with pytest.raises(Refusal):
        make_plan_version(wave, PLAN.replace("ln_employment", "__import__('os')"))

    assert not Plan.objects.exists()


def test_two_waves_have_each_their_own_plan_of_one_name() -> None:
    survey = make_survey()
    waves = make_wave(survey, "2023"), make_wave(survey, "2025")

    plans = {make_plan_version(wave).plan for wave in waves}

    assert len(plans) == 2
