"""The kept disposition of a case and its history say the same, whatever happens."""

import json
import random
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from surveys.actions import fieldwork, invitations, responses
from surveys.actions.dispositions import settle_cases
from surveys.fieldwork.histories import settled, thresholds_of
from surveys.models import AuditEvent, Case, CaseEvent, User, Wave
from surveys.queries.histories import evidence_of
from tests.factories import NOON, make_case, make_response
from tests.surveys.actions.test_responses import COMPLETE
from tests.surveys.firms import open_case

PAGES = {
    "new_good": {"new_good": "no"},
    "size": {"employment": 12, "employment_first": 10, "turnover": {"amount": 5, "unit": "units"}},
    "activity": {"activity": ["none"]},
    "last": {"start_year": 1987, "comment": "Fine"},
}


@pytest.fixture
def case(db: None) -> Case:
    return open_case()


def kept(case: Case) -> tuple[str, str]:
    return Case.objects.values_list("disposition", "final_code").get(pk=case.pk)


def replayed(case: Case) -> tuple[str, str]:
    found = settled(evidence_of(case), thresholds=thresholds_of(case.wave.partial_share))
    return found.disposition, found.code


def live(case: Case, ada: User, chance: random.Random, at: datetime) -> None:
    """One thing that may happen to a case, whether or not it may happen now."""
    deed = chance.choice(["save", "save", "submit", "reopen", "code", "record", "note"])
    try:
        if deed == "save":
            page = chance.choice(list(PAGES))
            responses.save_page(case=case, page=page, answers=PAGES[page], built_on=99, at=at)
        elif deed == "submit":
            case.response.__class__.objects.filter(case=case).update(answers=COMPLETE)
            responses.submit(case=case, at=at)
        elif deed == "reopen":
            responses.reopen(case=case, by=ada, at=at)
        elif deed == "code":
            _, code = invitations.issue(case=case, at=at, expires_at=at + timedelta(days=9))
            invitations.admit(code=code, at=at)
        elif deed == "record":
            outcome = chance.choice(list(fieldwork.OUTCOMES))
            fieldwork.record_outcome(case=case, outcome=outcome, by=ada, at=at)
        else:
            word = chance.choice(fieldwork.RECORDABLE)
            fieldwork.record_disposition(case=case, disposition=word, by=ada, at=at)
    except (
        fieldwork.MoveRefused,
        responses.AlreadySubmitted,
        responses.NotSubmitted,
        responses.OffRoute,
        responses.StillFailing,
        Case.response.RelatedObjectDoesNotExist,
    ):
        pass


@pytest.mark.parametrize("key_items", [[], ["new_good", "employment", "start_year"]])
@pytest.mark.parametrize("seed", range(8))
def test_replaying_a_history_gives_the_kept_disposition(
    case: Case, ada: User, seed: int, key_items: list[str]
) -> None:
    Wave.objects.update(key_items=key_items)
    chance = random.Random(seed)

    for step in range(14):
        case = Case.objects.select_related("wave").get(pk=case.pk)
        live(case, ada, chance, NOON + timedelta(hours=step))
        if evidence_of(case):
            assert kept(case) == replayed(case)

    assert settle_cases(wave=case.wave, at=NOON, writes=False) == ()


def test_a_code_that_went_out_makes_a_case_one_that_did_not_reply(case: Case) -> None:
    invitations.issue(case=case, at=NOON, expires_at=NOON + timedelta(days=9))

    assert kept(case) == ("not_started", "2.20")


def test_a_firm_that_only_looked_counts_as_such_and_is_still_waited_for(case: Case) -> None:
    _, code = invitations.issue(case=case, at=NOON, expires_at=NOON + timedelta(days=9))
    invitations.admit(code=code, at=NOON)

    assert kept(case) == ("not_started", "2.1121")


def test_key_items_decide_whether_a_start_is_a_partial(case: Case) -> None:
    Wave.objects.update(key_items=["new_good", "employment", "start_year"], partial_share=0.5)
    case = Case.objects.select_related("wave").get()

    responses.save_page(case=case, page="new_good", answers=PAGES["new_good"], built_on=0, at=NOON)
    assert kept(case) == ("started", "2.12")
    responses.save_page(case=case, page="size", answers=PAGES["size"], built_on=1, at=NOON)
    assert kept(case) == ("started", "1.2")


def test_answers_stand_above_a_later_call_that_nobody_took_up(case: Case, ada: User) -> None:
    make_response(case, COMPLETE)
    responses.submit(case=case, at=NOON)

    fieldwork.record_outcome(case=case, outcome="phone_no_answer", by=ada, at=NOON)

    assert kept(case) == ("complete", "1.1")


def test_a_refusal_of_a_firm_that_had_begun_is_a_refusal(case: Case, ada: User) -> None:
    responses.save_page(case=case, page="new_good", answers=PAGES["new_good"], built_on=0, at=NOON)

    later = NOON + timedelta(hours=1)
    fieldwork.record_outcome(case=case, outcome="refused", note="by phone", by=ada, at=later)

    assert kept(case) == ("refusal", "2.111")
    assert Case.objects.get().disposition_at == later


def test_a_made_up_outcome_is_refused(case: Case, ada: User) -> None:
    with pytest.raises(fieldwork.MoveRefused, match="“complete” is no outcome"):
        fieldwork.record_outcome(case=case, outcome="complete", by=ada, at=NOON)

    assert not CaseEvent.objects.exists()


def test_the_command_reports_what_was_kept_otherwise_and_sets_it_right(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    responses.begin(case=case, at=NOON)
    make_case(case.wave, case.stratum, "F9", final_code="3.11")
    Case.objects.filter(pk=case.pk).update(disposition="refusal", final_code="2.111")
    names = {"survey": case.wave.survey.slug, "wave": case.wave.slug}

    call_command("settle_dispositions", **names, check=True)
    told = json.loads(capsys.readouterr().out)

    assert kept(case) == ("refusal", "2.111")
    assert (told["cases"], told["changed"]) == (2, False)
    assert told["differences"] == [
        {
            "pseudonym": case.pseudonym,
            "kept": "refusal",
            "kept_code": "2.111",
            "derived": "started",
            "derived_code": "2.12",
        }
    ]
    call_command("settle_dispositions", **names)
    assert kept(case) == ("started", "2.12")
    assert Case.objects.get(pk=case.pk).disposition_at == NOON
    assert AuditEvent.objects.get().action == "dispositions_settled"
    assert json.loads(capsys.readouterr().out)["changed"] is True


def test_setting_a_wave_right_takes_few_statements(
    case: Case, django_assert_max_num_queries
) -> None:
    for number in range(20):
        make_case(case.wave, case.stratum, f"X{number}")

    # Savepoints, the lock, cases, events and two updates.
    with django_assert_max_num_queries(10):
        assert len(settle_cases(wave=case.wave, at=NOON)) == 21
