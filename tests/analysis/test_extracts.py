"""A wave as a data set, known by a fingerprint."""

import pytest

from analysis import extracts
from surveys.models import Case, Instrument, Response, Wave
from tests.analysis.answered import make_answered_wave
from tests.factories import make_member, make_user

# Of the wave below, on every database. It changes with the format of extracts and nothing else.
FINGERPRINT = "c90efe1ed65c528a966351ada117d358b1f3163083fb3ddbdaa36c1a66a13a08"


@pytest.fixture
def wave(db):
    made = make_answered_wave(firms=3)
    Instrument.objects.update(fingerprint="of the two questions")
    return Wave.objects.get(pk=made.pk)


def test_the_fingerprint_is_the_same_on_every_database(wave):
    assert extracts.extract_fingerprint(wave) == FINGERPRINT


def test_the_data_set_carries_the_fingerprint_of_its_extract(wave):
    assert extracts.dataset(wave).fingerprint == extracts.extract_fingerprint(wave)


def test_the_order_in_which_firms_answered_does_not_change_the_fingerprint(wave):
    before = extracts.extract_fingerprint(wave)
    kept = [
        (case, case.response.answers, case.response.submitted_at, case.response.reference)
        for case in Case.objects.filter(wave=wave).select_related("response")
    ]
    Response.objects.all().delete()
    for case, answers, at, reference in reversed(kept):
        Response.objects.create(
            case=case,
            answers=dict(reversed(answers.items())),
            begun_at=at,
            submitted_at=at,
            reference=reference,
            page_revisions={"firm": 1},
        )

    assert extracts.extract_fingerprint(Wave.objects.get(pk=wave.pk)) == before


@pytest.mark.parametrize("change", ["answer", "weight", "made_data"])
def test_a_change_of_answers_design_or_declaration_changes_the_fingerprint(wave, change):
    before = extracts.extract_fingerprint(wave)
    case = Case.objects.filter(wave=wave).order_by("pseudonym")[0]
    if change == "answer":
        answers = case.response.answers | {"persons": 6}
        Response.objects.filter(case=case).update(answers=answers)
    elif change == "weight":
        Case.objects.filter(pk=case.pk).update(design_weight=11.0)
    else:
        Wave.objects.filter(pk=wave.pk).update(made_data=True)

    assert extracts.extract_fingerprint(Wave.objects.get(pk=wave.pk)) != before


def test_the_columns_of_the_data_set_are_its_codebook(wave):
    dataset = extracts.dataset(wave)

    assert [variable.name for variable in dataset.variables] == list(dataset.frame.columns)
    assert dataset.frame.index.equals(dataset.design.index)
    assert list(dataset.design.columns) == ["weight", "stratum", "cluster", "population"]


@pytest.fixture
def analyst(wave):
    user = make_user("analyst")
    make_member(user, wave.survey)
    return user


def test_a_wave_is_found_by_its_name_and_by_those_who_may_see_its_survey(wave, analyst, eve):
    assert extracts.wave_named("knowledge", "2025") == wave
    assert extracts.wave_for(analyst, "knowledge", "2025") == wave
    with pytest.raises(Wave.DoesNotExist):
        extracts.wave_for(eve, "knowledge", "2025")
    with pytest.raises(Wave.DoesNotExist, match="no wave '2026' in a survey 'knowledge'"):
        extracts.wave_named("knowledge", "2026")


def test_those_who_may_not_see_the_survey_may_not_analyse_it(wave, analyst, eve):
    assert extracts.may_analyse(analyst, wave) is True
    assert extracts.may_analyse(eve, wave) is False
