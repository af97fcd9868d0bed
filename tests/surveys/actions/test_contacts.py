from datetime import date, timedelta

import pytest

from surveys.actions import contacts, invitations
from surveys.fieldwork.protocols import Audience, StepPlan, Words
from surveys.models import AuditEvent, ContactAttempt, ContactStep, Suppression
from surveys.queries.contacts import address_hash, dry_run, due_on, is_usable, steps_of
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_response,
    make_stratum,
    make_unit,
)
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db

WORDS = {"en": Words("About {survey}", "Dear {person},\n\n{link}\n")}


@pytest.fixture
def wave(survey):
    return open_wave(survey)


@pytest.fixture
def firm(wave):
    """Makes a firm of the sample with an address of its own."""
    frame, stratum = make_frame(wave.survey), make_stratum(wave)

    def make(name: str, *, email: str | None = None, **fields):
        address = f"{name}@firm.example" if email is None else email
        unit = make_unit(frame, name, email=address)
        return make_case(wave, fields.pop("stratum", stratum), name, unit=unit, **fields)

    return make


def add(wave, **fields) -> ContactStep:
    plan = StepPlan(**{"kind": "invitation", "words": WORDS} | fields)
    return contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)


def refused(wave, **fields) -> dict[str, list[str]]:
    with pytest.raises(contacts.StepRefused) as caught:
        add(wave, **fields)
    return caught.value.problems


def reasons(step) -> dict[str, str]:
    return {recipient.pseudonym: reason for recipient, reason in dry_run(step).left_out}


def test_an_unknown_fill_is_refused_with_its_place(wave):
    body = "Dear {person},\n\nsee {lnik} and {link}"

    problems = refused(wave, words={"en": Words("Hello", body)})

    assert list(problems) == ["body-en"]
    assert problems["body-en"][0].startswith("Line 3, character 5: there is no fill {lnik}.")


def test_markup_is_refused_with_its_place(wave):
    problems = refused(wave, words={"en": Words("Hello", "{link}\n<b>now</b> {{ firm }}")})

    assert [each.partition(":")[0] for each in problems["body-en"]] == [
        "Line 2, character 1",
        "Line 2, character 7",
        "Line 2, character 12",
        "Line 2, character 20",
    ]


def test_a_subject_holds_no_line_break_and_no_secret(wave):
    problems = refused(wave, words={"en": Words("Hello {code}\nBcc: x", "{link}")})

    assert len(problems["subject-en"]) == 2


def test_an_invitation_needs_a_way_in(wave):
    assert (
        "{link} is missing" in refused(wave, words={"en": Words("Hello", "Dear you")})["body-en"][0]
    )


def test_what_a_step_is_must_be_known(wave):
    problems = refused(
        wave, channel="pigeon", offset_days=4000, audience=Audience("asleep", strata=("moon",))
    )

    assert set(problems) == {"channel", "standing", "offset_days", "strata"}


def test_the_offered_protocol_passes_its_own_checks_in_every_language(wave):
    steps = contacts.offer_protocol(wave=wave, languages=["en", "nb", "de", "it"], by=None, at=NOON)

    assert [step.kind for step in steps] == [
        "invitation", "reminder", "reminder", "nudge", "last_call", "thank_you",
    ]  # fmt: skip
    assert contacts.offer_protocol(wave=wave, languages=["en"], by=None, at=NOON) == ()
    assert AuditEvent.objects.filter(action="contact_step_added").count() == 6


def test_a_step_changes_and_goes_until_something_was_sent_by_it(wave, firm):
    step, other = add(wave), add(wave)
    later = StepPlan("invitation", offset_days=3, words=WORDS)

    assert due_on(contacts.change_step(step=step, plan=later, by=None, at=NOON)) == date(2026, 9, 4)
    ContactAttempt.objects.create(case=firm("a"), step=step, channel="email", queued_at=NOON)

    with pytest.raises(contacts.StepIsUsed):
        contacts.change_step(step=step, plan=later, by=None, at=NOON)
    with pytest.raises(contacts.StepIsUsed):
        contacts.remove_step(step=step, by=None, at=NOON)
    contacts.remove_step(step=other, by=None, at=NOON)
    assert [each.step for each in steps_of(wave)] == [step]


def test_everyone_is_either_contacted_or_left_out_for_a_reason(wave, firm):
    step = add(wave)
    firm("good")
    firm("none", email="")
    firm("newline", email="a@firm.example\nBcc: all@firm.example")
    firm("refusal", disposition="refusal")
    make_response(firm("done", disposition="complete"), submitted_at=NOON, reference="R1")
    for name, reason in (("out", "opt_out"), ("back", "bounce"), ("cross", "complaint")):
        firm(name)
        hashed = address_hash(f"{name}@firm.example")
        Suppression.objects.create(survey=wave.survey, address_hash=hashed, reason=reason, at=NOON)
    never = firm("never").unit.enterprise
    never.do_not_contact_at = NOON
    never.save()
    had = firm("had")
    ContactAttempt.objects.create(case=had, step=step, channel="email", queued_at=NOON)

    run = dry_run(step)

    assert [recipient.pseudonym for recipient in run.who] == ["good"]
    assert reasons(step) == {
        "none": "no_address",
        "newline": "bad_address",
        "refusal": "over",
        "done": "submitted",
        "out": "opt_out",
        "back": "bounce",
        "cross": "complaint",
        "never": "do_not_contact",
        "had": "had_it",
    }


@pytest.mark.parametrize(
    ("standing", "who"),
    [
        ("any", ["new", "opened", "begun"]),
        ("not_opened", ["new"]),
        ("opened", ["opened", "begun"]),
        ("partial", ["begun"]),
    ],
)
def test_a_step_goes_to_firms_that_stand_where_it_wants_them(wave, firm, standing, who):
    firm("new")
    _, code = invitations.issue(case=firm("opened"), at=NOON, expires_at=NOON + timedelta(days=9))
    invitations.admit(code=code, at=NOON)
    make_response(firm("begun", disposition="started"))
    make_response(firm("done", disposition="complete"), submitted_at=NOON, reference="R2")

    step = add(wave, kind="reminder", audience=Audience(standing))

    assert [recipient.pseudonym for recipient in dry_run(step).who] == who


def test_thanks_go_to_who_has_submitted_and_to_nobody_else(wave, firm):
    firm("new")
    make_response(firm("done", disposition="complete"), submitted_at=NOON, reference="R3")

    step = add(wave, kind="thank_you", audience=Audience("submitted"))

    assert [recipient.pseudonym for recipient in dry_run(step).who] == ["done"]
    assert "standing" in refused(wave, kind="reminder", audience=Audience("submitted"))


def test_strata_and_a_least_priority_narrow_a_step(wave, firm):
    other = make_stratum(wave, "other")
    firm("a", priority=0.9)
    firm("b", priority=0.1)
    firm("c", priority=0.9, stratum=other)
    firm("d")

    step = add(wave, audience=Audience("any", ("all",), 0.5))

    assert [recipient.pseudonym for recipient in dry_run(step).who] == ["a"]
    assert reasons(step) == {"b": "priority", "c": "stratum", "d": "priority"}


@pytest.mark.parametrize("firms", [1, 3])
def test_a_dry_run_asks_as_much_for_one_firm_as_for_three(
    wave, firm, firms, django_assert_num_queries
):
    step = add(wave)
    for number in range(firms):
        firm(f"f{number}")

    with django_assert_num_queries(3):
        assert len(dry_run(step).who) == firms


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\n",
        "a@b.example\r\nBcc: c@d.example",
        "a b@c.example",
        "a",
        "a@b@c",
        "\x00a@b.example",
    ],
)
def test_an_address_is_one_address_and_nothing_else(address):
    assert not is_usable(address)
    assert is_usable("a.b+c@firm.example")


def test_the_hash_of_an_address_does_not_depend_on_its_spelling():
    assert address_hash(" Post@Firm.example ") == address_hash("post@firm.example")
    assert address_hash("post@firm.example") != address_hash("post@other.example")
