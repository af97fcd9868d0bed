"""Nothing of a frozen wave changes: every action that names a wave, a case or what is theirs."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from surveys import actions
from surveys.actions import (
    call_assignments,
    calls,
    closing,
    code_batches,
    contact_corrections,
    contacts,
    contributors,
    dispositions,
    feedback,
    fieldwork,
    filling_in,
    frames,
    freezing,
    invitations,
    mailings,
    offline,
    page_drafts,
    prior,
    prior_entries,
    responses,
    review,
    roster_uploads,
    rosters,
    sample_work,
    samples,
    sending,
    sign_off,
    snapshots,
    waves,
)
from surveys.actions.instruments import publish
from surveys.fieldwork.protocols import StepPlan, Words
from surveys.models import (
    Case,
    ContactAttempt,
    ContactStep,
    Contributor,
    Invitation,
    Response,
    Survey,
    User,
    Wave,
)
from surveys.queries.instruments import compiled
from surveys.questionnaire.items import Roster
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_response,
    make_stratum,
    make_unit,
    make_wave,
)
from tests.surveys.panel_roster import text_of

LATER = NOON + timedelta(days=30)
PLAN = StepPlan("invitation", words={"en": Words("About {survey}", "{link}")})
OF_A_WAVE = {"wave", "case", "step", "contributor", "invitation", "attempt", "weighting", "code"}


@dataclass(frozen=True)
class Frozen:
    """A frozen wave in which one firm handed in and another had saved some answers."""

    wave: Wave
    done: Case
    saved: Case
    step: ContactStep
    invitation: Invitation
    colleague: Contributor
    link: str
    by: User


@pytest.fixture
def frozen(survey: Survey, ada: User) -> Frozen:
    wave = make_wave(survey, instrument=publish(text=text_of(""), by=None, at=NOON), state="open")
    stratum, frame = make_stratum(wave), make_frame(survey)
    done, saved = (
        make_case(wave, stratum, name, unit=make_unit(frame, name)) for name in ("done", "saved")
    )
    answers = {"ties": [{"entry": "sint2345", "name": "Sintra", "type": "firm", "since": 2014}]}
    make_response(done, answers, submitted_at=NOON, reference="R", revision=1)
    make_response(saved, answers, revision=1, page_revisions={"ties": 1})
    step = contacts.add_step(wave=wave, plan=PLAN, by=None, at=NOON)
    invitation, _ = invitations.issue(case=done, at=NOON, expires_at=LATER + timedelta(days=90))
    person = contributors.Person("Ann", "ann@firm.example")
    holder = contributors.introduce(case=done, person=person, at=NOON)
    other = contributors.Person("Bo", "bo@firm.example")
    invited = contributors.invite(case=done, by=holder, person=other, role="whole", at=LATER)
    Case.objects.filter(pk=done.pk).update(disposition="complete", final_code="1.1")
    Case.objects.filter(pk=saved.pk).update(disposition="partial", final_code="1.2")
    Wave.objects.update(state="closed", closed_at=NOON, frozen_at=NOON)
    again = {each.pseudonym: each for each in Case.objects.select_related("wave__survey")}
    return Frozen(
        Wave.objects.get(),
        again["done"],
        again["saved"],
        ContactStep.objects.select_related("wave").get(pk=step.pk),
        invitation,
        Contributor.objects.select_related("case__wave").get(pk=invited.contributor.pk),
        invited.code,
        ada,
    )


def roster(frozen: Frozen) -> Roster:
    return next(each for each in compiled(frozen.wave.instrument).items if each.name == "ties")


REFUSED: Mapping[str, Callable[[Frozen], Any]] = {
    "call_assignments.assign": lambda f: call_assignments.assign(
        wave=f.wave, pseudonyms=["saved"], to=f.by, by=f.by, at=LATER
    ),
    "call_assignments.share_out": lambda f: call_assignments.share_out(
        wave=f.wave, by=f.by, at=LATER
    ),
    "calls.list_firms": lambda f: calls.list_firms(step=f.step, by=f.by, at=LATER),
    "calls.record_call": lambda f: calls.record_call(
        case=f.saved, call=calls.Call("no_answer", LATER), by=f.by, at=LATER
    ),
    "closing.close_field": lambda f: closing.close_field(wave=f.wave, by=f.by, at=LATER),
    "closing.freeze": lambda f: closing.freeze(wave=f.wave, by=f.by, at=LATER),
    "closing.set_closing_rules": lambda f: closing.set_closing_rules(
        wave=f.wave,
        key_items=[],
        partial_share=0.1,
        answering_until=f.wave.field_end,
        corrections_until=None,
        by=f.by,
        at=LATER,
    ),
    "code_batches.issue_many": lambda f: code_batches.issue_many(
        wave=f.wave, cases=[f.saved], at=LATER, expires_at=LATER
    ),
    "code_batches.rotate": lambda f: code_batches.rotate(
        case=f.done, by=f.by, at=LATER, expires_at=LATER
    ),
    "contact_corrections.correct_contact": lambda f: contact_corrections.correct_contact(
        case=f.saved,
        contact=contact_corrections.GivenContact("Cy", "cy@firm.example"),
        by=f.by,
        at=LATER,
    ),
    "contact_corrections.say_wrong_person": lambda f: contact_corrections.say_wrong_person(
        case=f.saved, at=LATER
    ),
    "contacts.add_step": lambda f: contacts.add_step(wave=f.wave, plan=PLAN, by=f.by, at=LATER),
    "contacts.change_step": lambda f: contacts.change_step(
        step=f.step, plan=PLAN, by=f.by, at=LATER
    ),
    "contacts.remove_step": lambda f: contacts.remove_step(step=f.step, by=f.by, at=LATER),
    "contacts.offer_protocol": lambda f: (
        ContactStep.objects.all().delete(),
        contacts.offer_protocol(wave=f.wave, languages=["en"], by=f.by, at=LATER),
    ),
    "contributors.accept": lambda f: contributors.accept(code=f.link, at=LATER),
    "contributors.introduce": lambda f: contributors.introduce(
        case=f.done, person=contributors.Person("Cy", "cy@firm.example"), at=LATER
    ),
    "contributors.invite": lambda f: contributors.invite(
        case=f.done,
        by=f.colleague,
        person=contributors.Person("Cy", "cy@firm.example"),
        role="whole",
        at=LATER,
    ),
    "contributors.renew": lambda f: contributors.renew(contributor=f.colleague, at=LATER),
    "dispositions.recompute": lambda f: dispositions.recompute(wave=f.wave, by=f.by, at=LATER),
    "dispositions.settle_cases": lambda f: dispositions.settle_cases(wave=f.wave, at=LATER),
    "feedback.give": lambda f: feedback.give(case=f.done, minutes=9, comment="", at=LATER),
    "fieldwork.issue_codes": lambda f: fieldwork.issue_codes(
        wave=f.wave, cases=[f.saved], expires_at=LATER, by=f.by, at=LATER
    ),
    "fieldwork.record_disposition": lambda f: fieldwork.record_disposition(
        case=f.saved, disposition="refusal", by=f.by, at=LATER
    ),
    "fieldwork.record_outcome": lambda f: fieldwork.record_outcome(
        case=f.saved, outcome="refused", by=f.by, at=LATER
    ),
    "filling_in.begin_filling_in": lambda f: filling_in.begin_filling_in(
        case=f.saved, by=f.by, at=LATER
    ),
    "frames.choose": lambda f: frames.choose(
        wave=f.wave, frame=f.wave.survey.frames.get(), by=f.by, at=LATER
    ),
    "invitations.issue": lambda f: invitations.issue(case=f.done, at=LATER, expires_at=LATER),
    "mailings.ask": lambda f: mailings.ask(step=f.step, by=f.by, at=LATER),
    "offline.save": lambda f: offline.save(
        case=f.saved,
        section="network",
        pages=[roster_uploads.ReadList("ties", {}, ("sint2345",))],
        built_on=1,
        by=None,
        at=LATER,
    ),
    "page_drafts.discard": lambda f: page_drafts.discard(case=f.saved, page="ties", entry=""),
    "page_drafts.keep": lambda f: page_drafts.keep(
        case=f.saved, page="ties", entry="", typed={}, built_on=1, at=LATER
    ),
    "prior.set_previous_wave": lambda f: prior.set_previous_wave(
        wave=f.wave, previous=None, by=f.by, at=LATER
    ),
    "prior_entries.confirm_entry": lambda f: prior_entries.confirm_entry(
        case=f.saved, page="ties", entry="sint2345", at=LATER
    ),
    "prior_entries.take_back": lambda f: prior_entries.take_back(
        case=f.saved, page="ties", entry="sint2345", at=LATER
    ),
    "responses.reopen": lambda f: responses.reopen(case=f.done, by=f.by, at=LATER),
    "responses.save_page": lambda f: responses.save_page(
        case=f.saved, page="ties", answers={}, built_on=1, at=LATER
    ),
    "responses.submit": lambda f: responses.submit(case=f.saved, at=LATER),
    "review.accept": lambda f: review.accept(case=f.done, by=f.by, at=LATER),
    "review.return_to_firm": lambda f: review.return_to_firm(
        case=f.done, comment="Look", by=f.by, at=LATER
    ),
    "review.correct": lambda f: review.correct(
        case=f.done, page="ties", answers={"ties": []}, built_on=1, reason="x", by=f.by, at=LATER
    ),
    "review.correct_entry": lambda f: review.correct_entry(
        case=f.done,
        roster=roster(f),
        place=("ties", "sint2345", 1),
        answers={"ties.name": "Other"},
        built_on=1,
        reason="x",
        by=f.by,
        at=LATER,
    ),
    "review.remove_entry": lambda f: review.remove_entry(
        case=f.done,
        roster=roster(f),
        page="ties",
        entry="sint2345",
        built_on=1,
        reason="x",
        by=f.by,
        at=LATER,
    ),
    "roster_uploads.save_list": lambda f: roster_uploads.save_list(
        case=f.saved,
        read=roster_uploads.ReadList("ties", {}, ("sint2345",)),
        seen=1,
        by=None,
        at=LATER,
    ),
    "rosters.save_entry": lambda f: rosters.save_entry(
        case=f.saved, page="ties", entry="sint2345", step=1, answers={}, built_on=1, at=LATER
    ),
    "rosters.remove_entry": lambda f: rosters.remove_entry(
        case=f.saved, page="ties", entry="sint2345", at=LATER
    ),
    "rosters.close_roster": lambda f: rosters.close_roster(case=f.saved, page="ties", at=LATER),
    "sample_work.ask": lambda f: sample_work.ask(
        wave=f.wave, kind="plan", document=SAMPLE, by=f.by, at=LATER
    ),
    "samples.plan": lambda f: samples.plan(wave=f.wave, document=SAMPLE, by=f.by, at=LATER),
    "samples.draw": lambda f: samples.draw(wave=f.wave, by=f.by, at=LATER),
    "sending.queue": lambda f: sending.queue(step=f.step, by=f.by, at=LATER),
    "sending.withdraw": lambda f: sending.withdraw(step=f.step, by=f.by, at=LATER),
    "sign_off.sign_off": lambda f: sign_off.sign_off(
        case=f.saved, section="network", by=None, at=LATER
    ),
    "sign_off.withdraw": lambda f: sign_off.withdraw(case=f.saved, section="network", at=LATER),
    "sign_off.see_summary": lambda f: sign_off.see_summary(
        case=f.saved, section="network", at=LATER
    ),
    "sign_off.hand_in": lambda f: sign_off.hand_in(
        case=f.saved, declarant="Ann", by=None, at=LATER
    ),
    "snapshots.aim_at": lambda f: snapshots.aim_at(
        wave=f.wave, response_rate=0.6, by=f.by, at=LATER
    ),
    "waves.use_instrument": lambda f: waves.use_instrument(
        wave=f.wave, instrument=f.wave.instrument, by=f.by, at=LATER
    ),
    "waves.open_field": lambda f: waves.open_field(wave=f.wave, by=f.by, at=LATER),
}
UNTOUCHED: Mapping[str, Callable[[Frozen], Any]] = {
    "closing.end_reopened": lambda f: closing.end_reopened(wave=f.wave, by=f.by, at=LATER),
    "contributors.letters_left": lambda f: contributors.letters_left(case=f.done, at=LATER),
    "contributors.recognise": lambda f: contributors.recognise(code=f.link, at=LATER),
    "contributors.recognise_any": lambda f: contributors.recognise_any(code=f.link, at=LATER),
    "contributors.still_good": lambda f: contributors.still_good(contributor=f.colleague),
    "dispositions.settle": lambda f: dispositions.settle(case=f.saved, at=LATER),
    "invitations.still_good": lambda f: invitations.still_good(invitation=f.invitation, at=LATER),
    "responses.begin": lambda f: responses.begin(case=f.saved, at=LATER),
}
ALLOWED: Mapping[str, str] = {
    "calls.completed_by_telephone": "notes in which mode a firm handed in, at the hand-in",
    "closing.reopen_case": "the way in, with a reason and audited",
    "contributors.withdraw": "ends an access and changes no answer",
    "invitations.revoke": "ends an access and changes no answer",
    "invitations.admit": "who read the receipt is noted",
    "invitations.recognise": "reads",
    "extracts.record_download": "audits that data left",
    "extracts.record_answers_download": "audits that data left",
    "made_waves.answer_closed_wave": "makes a wave of the demonstration",
    "made_waves.answer_open_wave": "makes a wave of the demonstration",
    "messages.message": "writes nothing down",
    "messages.write": "writes nothing down",
    "paradata.record_export": "audits that data left",
    "sending_batches.prepared": "says of what still waited that the field is closed",
    "sending.send_waiting": "says of what still waited that the field is closed",
    "snapshots.ask": "asks for figures computed from what is frozen",
    "snapshots.refresh": "figures computed from what is frozen",
    "suppressions.opt_out": "a firm may say at any time that it wants no more mail",
    "weighting.ask_for_weights": "weights are made of a frozen wave",
    "weighting.weigh": "weights are made of a frozen wave",
    "weighting.publish": "weights are made of a frozen wave",
    "weighting.record_download": "audits that weights left",
    "wave_plans.change_plan": "of drafts only",
}
SAMPLE = {"strata": {"by": ["region"]}, "allocation": {"method": "equal", "total": 1}, "seed": 1}


def everything() -> dict[str, Any]:
    models = apps.get_app_config("surveys").get_models()
    return {each.__name__: list(each.objects.order_by("pk").values()) for each in models}


def of_a_wave() -> set[str]:
    """Actions that name a wave or what belongs to one; what they call is positional."""
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        loaded = importlib.import_module(f"surveys.actions.{module.name}")
        for name, each in inspect.getmembers(loaded, inspect.isfunction):
            parameters = inspect.signature(each).parameters.values()
            named = {p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}
            is_own = each.__module__ == loaded.__name__ and not name.startswith("_")
            if is_own and OF_A_WAVE & named:
                found.add(f"{module.name}.{name}")
    return found


def test_every_action_of_a_wave_is_spoken_of_here() -> None:
    spoken = {*REFUSED, *UNTOUCHED, *ALLOWED}

    assert of_a_wave() - spoken == set()


@pytest.mark.parametrize("name", REFUSED)
def test_an_action_on_a_frozen_wave_is_refused(frozen: Frozen, name: str) -> None:
    before = everything()

    with pytest.raises(Exception) as refusal:
        REFUSED[name](frozen)

    assert type(refusal.value).__module__.startswith("surveys.")
    after = everything()
    if name == "contacts.offer_protocol":
        before = {**before, "ContactStep": [], "ContactTemplate": []}
    assert after == before


@pytest.mark.parametrize("name", UNTOUCHED)
def test_an_action_that_reads_leaves_a_frozen_wave_alone(frozen: Frozen, name: str) -> None:
    before = everything()

    UNTOUCHED[name](frozen)

    assert everything() == before


OFFICE = [name for name in REFUSED if name.split(".")[0] in {"contacts", "review", "dispositions"}]


@pytest.mark.parametrize("name", OFFICE)
def test_the_office_is_told_that_the_wave_is_frozen_and_what_can_be_done(
    frozen: Frozen, name: str
) -> None:
    with pytest.raises(Exception, match="frozen") as refusal:
        REFUSED[name](frozen)

    assert "reopened on its page" in str(refusal.value)


def test_a_reopened_case_of_a_frozen_wave_is_written_to_again(frozen: Frozen) -> None:
    closing.reopen_case(case=frozen.saved, reason="A wrong figure", by=frozen.by, at=LATER)
    case = Case.objects.select_related("wave").get(pk=frozen.saved.pk)

    invitations.issue(case=case, at=LATER, expires_at=LATER)
    rosters.remove_entry(case=case, page="ties", entry="sint2345", at=LATER)

    assert Response.objects.get(case=case).answers == {"ties": []}
    assert Invitation.objects.filter(case=case).exists()
    with pytest.raises(freezing.WaveFrozen):
        invitations.issue(case=frozen.done, at=LATER, expires_at=LATER)


def test_what_still_waits_to_be_sent_is_passed_over(frozen: Frozen) -> None:
    attempt = ContactAttempt.objects.create(
        case=frozen.saved, step=frozen.step, channel="email", queued_at=NOON
    )

    sending.send_waiting(seconds=5, now=lambda: LATER)

    attempt.refresh_from_db()
    assert attempt.state == ContactAttempt.State.SKIPPED
