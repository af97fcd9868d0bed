"""What the database itself refuses, whoever writes to it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.models import RestrictedError

from surveys.models import (
    AnswerEdit,
    Case,
    CaseWeight,
    ContactAttempt,
    ContactStep,
    ContactTemplate,
    EnterpriseEvent,
    Frame,
    FrameUpload,
    Suppression,
    Survey,
    Unit,
    Wave,
    Weighting,
)
from tests.factories import (
    NOON,
    make_case,
    make_enterprise,
    make_frame,
    make_response,
    make_stratum,
    make_unit,
    make_wave,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(survey: Survey) -> Case:
    wave = make_wave(survey)
    return make_case(wave, make_stratum(wave), unit=make_unit(make_frame(survey)))


def _step(case: Case) -> ContactStep:
    return ContactStep.objects.create(
        wave=case.wave, position=1, kind="invitation", channel="email"
    )


def _twice(make: Callable[[], object]) -> None:
    make()
    make()


def _two_attempts_of_a_step(case: Case) -> None:
    step = _step(case)
    _twice(lambda: ContactAttempt.objects.create(case=case, step=step, queued_at=NOON))


def _two_templates_of_a_language(case: Case) -> None:
    step = _step(case)
    _twice(lambda: ContactTemplate.objects.create(step=step, language="en", body="Dear firm"))


def _two_suppressions_of_an_address(case: Case) -> None:
    survey = case.wave.survey
    _twice(
        lambda: Suppression.objects.create(
            survey=survey, address_hash="a" * 64, reason="bounce", at=NOON
        )
    )


def _two_weights_of_a_case(case: Case) -> None:
    weighting = Weighting.objects.create(wave=case.wave, number=1, document={}, made_at=NOON)
    _twice(lambda: CaseWeight.objects.create(weighting=weighting, case=case, weight=1.5))


def _its_own_successor(case: Case) -> None:
    firm = case.unit.enterprise
    EnterpriseEvent.objects.create(
        enterprise=firm, successor=firm, kind="merged", on=NOON.date(), at=NOON
    )


REFUSED: dict[str, Callable[[Case], object]] = {
    "one_attempt_a_case_and_step": _two_attempts_of_a_step,
    "one_template_a_language": _two_templates_of_a_language,
    "one_suppression_a_reason": _two_suppressions_of_an_address,
    "one_weight_a_case": _two_weights_of_a_case,
    "an_enterprise_does_not_succeed_itself": _its_own_successor,
    "one_weighting_a_number": lambda case: _twice(
        lambda: Weighting.objects.create(wave=case.wave, number=1, document={}, made_at=NOON)
    ),
    "one_enterprise_a_register_id": lambda case: make_enterprise(case.wave.survey, "R-1"),
    "one_frame_a_number": lambda case: Frame.objects.create(survey=case.wave.survey, number=1),
    "enterprise_random_number_in_unit_interval": lambda case: make_enterprise(
        case.wave.survey, "R-2", permanent_random_number=1.0
    ),
    "size_measure_is_not_negative": lambda _case: Unit.objects.update(size_measure=-1.0),
    "first_stage_probability_is_a_chance": lambda _case: Case.objects.update(
        first_stage_probability=0.0
    ),
    "partial_share_is_a_share": lambda _case: Wave.objects.update(partial_share=1.5),
    "a_frozen_wave_is_closed": lambda _case: Wave.objects.update(frozen_at=NOON),
    "an_edit_has_a_reason": lambda case: AnswerEdit.objects.create(
        response=make_response(case), page="size", item="employment", reason="", at=NOON
    ),
    "a_loaded_upload_has_a_frame": lambda case: FrameUpload.objects.create(
        survey=case.wave.survey, state="loaded", at=NOON
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_always_be_true_is_refused_by_the_database(name: str, case: Case) -> None:
    # SQLite names the columns of a unique constraint, not the constraint.
    with pytest.raises(IntegrityError, match=f"{name}|UNIQUE"), transaction.atomic():
        REFUSED[name](case)


def test_contacts_beside_the_protocol_are_as_many_as_there_were(case: Case) -> None:
    _twice(lambda: ContactAttempt.objects.create(case=case, channel="phone", queued_at=NOON))

    assert case.contact_attempts.count() == 2


def test_a_step_by_which_firms_were_contacted_stays(case: Case) -> None:
    step = _step(case)
    ContactAttempt.objects.create(case=case, step=step, channel="email", queued_at=NOON)

    with pytest.raises(RestrictedError):
        step.delete()


def test_a_firm_outlives_the_rows_that_describe_it(case: Case) -> None:
    enterprise = case.unit.enterprise

    with pytest.raises(RestrictedError):
        enterprise.delete()


def test_a_wave_that_was_never_wanted_goes_with_its_steps_and_contacts(case: Case) -> None:
    ContactAttempt.objects.create(case=case, step=_step(case), channel="email", queued_at=NOON)
    wave = case.wave
    Case.objects.filter(wave=wave).delete()

    wave.delete()

    assert not ContactStep.objects.exists()
