"""The phone list: who comes on it, what a call leaves behind, who is never called."""

from datetime import datetime, timedelta

import pytest

from surveys.actions import call_assignments, calls, contact_corrections, contacts
from surveys.actions.calls import Call, CallRefused
from surveys.fieldwork.protocols import Audience, StepPlan, Words
from surveys.models import (
    AuditEvent,
    Case,
    CaseEvent,
    ContactAttempt,
    ContactStep,
    PhoneListing,
    Suppression,
    Survey,
    User,
    Wave,
)
from surveys.queries.calls import line_of, listed, phone_list, progress
from surveys.queries.cases import timeline
from surveys.queries.contacts import dry_run
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_member,
    make_response,
    make_stratum,
    make_unit,
    make_user,
)
from tests.surveys.views.world import open_wave

HOUR = timedelta(hours=1)


@pytest.fixture
def wave(survey: Survey) -> Wave:
    wave = open_wave(survey)
    frame, stratum = make_frame(survey), make_stratum(wave)
    for number, phone in enumerate(("+47 22 00 00 01", "+47 22 00 00 02", "", "call me"), start=1):
        unit = make_unit(frame, f"R-{number}", phone=phone, contact_name=f"Person {number}")
        make_case(wave, stratum, f"F000{number}", unit=unit)
    return wave


@pytest.fixture
def step(wave: Wave) -> ContactStep:
    plan = StepPlan(
        "reminder", "phone", words={"en": Words("Good morning", "Is this {firm}?")}, offset_days=30
    )
    return contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)


@pytest.fixture
def ines(survey: Survey) -> User:
    person = make_user("ines")
    make_member(person, survey, "interviewer")
    return person


@pytest.fixture
def case(step: ContactStep) -> Case:
    calls.list_firms(step=step, by=None, at=NOON)
    return Case.objects.get(pseudonym="F0001")


def standings(wave: Wave, at: datetime = NOON) -> dict[str, str]:
    return {each.case.pseudonym: each.standing for each in listed(wave, at)}


def record(case: Case, by: User, outcome: str, at: datetime = NOON, **more: object) -> PhoneListing:
    call = Call(outcome, at, **more)  # type: ignore[arg-type]
    return calls.record_call(case=case, call=call, by=by, at=at)


def test_firms_with_a_number_come_on_the_list_once(wave: Wave, step: ContactStep) -> None:
    first, second = (calls.list_firms(step=step, by=None, at=NOON) for _ in range(2))

    assert (first, second) == (2, 0)
    assert standings(wave) == {"F0001": "now", "F0002": "now"}
    reasons = {who.pseudonym: reason for who, reason in dry_run(step).left_out}
    assert (reasons["F0003"], reasons["F0004"]) == ("no_phone", "bad_phone")
    assert CaseEvent.objects.filter(kind="phone_listed").count() == 2


def test_the_audience_of_the_step_decides_as_it_does_for_e_mail(
    wave: Wave, step: ContactStep
) -> None:
    ContactStep.objects.update(audience=Audience("partial").document())
    make_response(Case.objects.get(pseudonym="F0002"))
    step.refresh_from_db()

    assert calls.list_firms(step=step, by=None, at=NOON) == 1
    assert standings(wave) == {"F0002": "now"}


@pytest.mark.parametrize("reason", ["do_not_contact", "opt_out", "complaint"])
def test_who_asked_for_silence_is_not_listed_and_not_called_any_more(
    wave: Wave, step: ContactStep, reason: str
) -> None:
    one, two = (Case.objects.get(pseudonym=name) for name in ("F0001", "F0002"))
    silence = {"survey": wave.survey, "reason": reason, "at": NOON}
    Suppression.objects.create(**silence, enterprise=one.unit.enterprise, address_hash="a" * 64)

    calls.list_firms(step=step, by=None, at=NOON)
    Suppression.objects.create(**silence, enterprise=two.unit.enterprise, address_hash="b" * 64)

    assert standings(wave) == {"F0002": "ended"}


def test_a_bounced_address_does_not_keep_a_firm_from_being_called(
    wave: Wave, step: ContactStep
) -> None:
    unit = Case.objects.get(pseudonym="F0001").unit
    Suppression.objects.create(
        survey=wave.survey,
        enterprise=unit.enterprise,
        address_hash="a" * 64,
        reason="bounce",
        at=NOON,
    )

    assert calls.list_firms(step=step, by=None, at=NOON) == 2


def test_the_list_is_made_on_the_day_of_the_step_and_by_no_other(
    wave: Wave, step: ContactStep, settings
) -> None:
    settings.CONTACTS_FROM_HOUR = 0
    day = NOON.replace(month=10, day=1)

    assert calls.list_what_is_due(at=day - timedelta(days=1)) == 0
    assert [calls.list_what_is_due(at=day) for _ in range(2)] == [2, 0]


def test_nobody_is_listed_while_the_field_is_not_open(wave: Wave, step: ContactStep) -> None:
    Wave.objects.update(state="closed")

    with pytest.raises(calls.NotOpen):
        calls.list_firms(step=step, by=None, at=NOON)


def test_every_call_is_an_event_with_its_number_time_and_caller(case: Case, ines: User) -> None:
    record(case, ines, "no_answer")
    record(case, ines, "call_back", NOON + HOUR, call_back=NOON + 3 * HOUR, note="desk")

    told = [(each.at, each.sentence) for each in timeline(case)][:2]
    assert told == [
        (NOON + HOUR, "Called, to be called back on 21 Nov 2026, 16:00 (call 2, desk, ines)"),
        (NOON, "Called, no answer (call 1, ines)"),
    ]
    attempt = ContactAttempt.objects.get(case=case)
    assert (attempt.state, attempt.outcome) == ("called", "call_back")


def test_an_appointment_puts_the_firm_off_until_then(case: Case, ines: User, wave: Wave) -> None:
    record(case, ines, "call_back", call_back=NOON + 3 * HOUR)

    assert standings(wave, NOON + 2 * HOUR)["F0001"] == "later"
    assert standings(wave, NOON + 3 * HOUR)["F0001"] == "now"


def test_an_outcome_settles_the_case_and_ends_its_calls(case: Case, ines: User, wave: Wave) -> None:
    record(case, ines, "busy")
    assert Case.objects.values_list("final_code").get(pk=case.pk) == ("2.20",)

    record(case, ines, "refused", NOON + HOUR)

    kept = Case.objects.values_list("disposition", "final_code").get(pk=case.pk)
    assert kept == ("refusal", "2.111")
    assert standings(wave)["F0001"] == "ended"


def test_a_call_noted_twice_is_kept_once(case: Case, ines: User) -> None:
    record(case, ines, "no_answer")
    record(case, ines, "no_answer")

    assert CaseEvent.objects.filter(kind="phone_no_answer").count() == 1
    assert PhoneListing.objects.get(case=case).calls == 1


def test_a_firm_that_is_not_to_be_contacted_again_never_is(
    case: Case, ines: User, wave: Wave
) -> None:
    record(case, ines, "refused_for_good")
    plan = StepPlan("last_call", "email", words={"en": Words("Last", "{link}")})
    by_mail = contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)
    record_taken_back = {"case": case, "kind": "refusal_withdrawn", "at": NOON + HOUR}
    CaseEvent.objects.create(**record_taken_back)
    Case.objects.filter(pk=case.pk).update(disposition="not_started")

    reasons = {who.pseudonym: reason for who, reason in dry_run(by_mail).left_out}
    assert reasons["F0001"] == "do_not_contact"
    assert Suppression.objects.filter(reason="do_not_contact").count() == 2


@pytest.mark.parametrize(
    ("outcome", "more", "field", "words"),
    [
        ("asleep", {}, "outcome", "is none of"),
        ("call_back", {}, "call_back", "Give the date and time"),
        ("call_back", {"call_back": NOON - HOUR}, "call_back", "has passed"),
        ("call_back", {"call_back": NOON + timedelta(days=90)}, "call_back", "ends on 31 Dec 2026"),
        ("refused", {"call_back": NOON + HOUR}, "call_back", "nobody calls again"),
        ("completed", {}, "outcome", "Nothing was handed in yet"),
    ],
)
def test_a_call_that_cannot_be_is_refused_with_its_field_and_a_remedy(
    case: Case, ines: User, outcome: str, more: dict, field: str, words: str
) -> None:
    with pytest.raises(CallRefused, match=words) as refused:
        record(case, ines, outcome, **more)

    assert refused.value.field == field
    assert not CaseEvent.objects.filter(by=ines).exists()


def test_a_call_lies_neither_in_the_future_nor_before_the_field(case: Case, ines: User) -> None:
    for called_at, words in ((NOON + HOUR, "future"), (NOON - timedelta(days=99), "before")):
        with pytest.raises(CallRefused, match=words):
            calls.record_call(case=case, call=Call("busy", called_at), by=ines, at=NOON)


def test_a_case_off_the_list_or_of_a_closed_field_takes_no_calls(
    case: Case, ines: User, wave: Wave
) -> None:
    with pytest.raises(CallRefused, match="not on the phone list"):
        record(Case.objects.get(pseudonym="F0003"), ines, "busy")
    Wave.objects.update(state="closed")
    with pytest.raises(CallRefused, match="not open"):
        record(case, ines, "busy")


def test_firms_are_given_to_callers_only_and_shared_out_evenly(
    case: Case, wave: Wave, ines: User, ben: User, eve: User
) -> None:
    with pytest.raises(call_assignments.NotACaller):
        call_assignments.assign(wave=wave, pseudonyms=["F0001"], to=eve, by=ben, at=NOON)
    make_member(eve, wave.survey, "interviewer")
    call_assignments.assign(wave=wave, pseudonyms=["F0001"], to=ines, by=ben, at=NOON)

    assert call_assignments.share_out(wave=wave, by=ben, at=NOON) == 1

    given = {each.case.pseudonym: each.assigned_to.username for each in listed(wave, NOON)}
    assert given == {"F0001": "ines", "F0002": "eve"}
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"phone_cases_assigned", "phone_cases_shared_out"} <= actions


def test_the_progress_of_each_caller_is_told(case: Case, wave: Wave, ines: User, ben: User) -> None:
    call_assignments.assign(wave=wave, pseudonyms=["F0001"], to=ines, by=ben, at=NOON)
    record(case, ines, "busy")
    record(case, ines, "refused", NOON + HOUR)

    told = [
        (each.caller, each.firms, each.now, each.ended, each.calls, each.refused)
        for each in progress(wave, NOON)
    ]

    assert told == [("ines", 1, 0, 1, 2, 1), ("", 1, 1, 0, 0, 0)]


def test_the_list_shows_the_corrected_contact_and_whom_to_call_first(
    case: Case, wave: Wave, ines: User
) -> None:
    record(case, ines, "busy")
    kari = contact_corrections.GivenContact("Kari", phone="+47 99 00 11 22")
    contact_corrections.correct_contact(case=case, contact=kari, by=ines, at=NOON)

    lines = [line_of(each) for each in phone_list(wave, NOON + 2 * HOUR)]

    assert [(each.pseudonym, each.person, each.phone) for each in lines] == [
        ("F0002", "Person 2", "+47 22 00 00 02"),
        ("F0001", "Kari", "+47 99 00 11 22"),
    ]


def test_firms_taken_off_the_list_are_not_on_it(case: Case, wave: Wave) -> None:
    ContactAttempt.objects.filter(case=case).update(state="skipped")

    assert standings(wave) == {"F0002": "now"}


def test_the_list_takes_one_query_however_long_it_is(
    case: Case, wave: Wave, django_assert_num_queries
) -> None:
    for number in (1, 2):
        with django_assert_num_queries(1):
            assert len([line_of(each) for each in phone_list(wave, NOON)[:number]]) == number
