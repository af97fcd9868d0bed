from dataclasses import replace
from datetime import date

import pytest

from surveys.actions.addresses import AddressRefused
from surveys.actions.contacts import add_step
from surveys.actions.programmes import SurveyFacts, describe_survey, make_survey
from surveys.actions.wave_plans import WavePlan, WavePlanRefused, change_plan, make_wave
from surveys.actions.waves import WaveNotReady
from surveys.fieldwork.protocols import Audience, StepPlan, Words
from surveys.models import AuditEvent, Membership, Survey, User, Wave
from tests.factories import NOON, make_instrument, make_stratum
from tests.factories import make_wave as a_wave

PLAN = WavePlan(
    title="Innovation 2028",
    reference_first_year=2025,
    reference_last_year=2027,
    field_start=date(2028, 3, 1),
    field_end=date(2028, 4, 30),
    corrections_until=date(2028, 5, 31),
)
INVITATION = Words("{survey}", "Dear {firm}, please answer here: {link}")


def planned(survey: Survey, ada: User, **changes) -> Wave:
    more = {name: changes.pop(name) for name in ("slug", "like") if name in changes}
    return make_wave(survey=survey, plan=replace(PLAN, **changes), by=ada, at=NOON, **more)


def test_a_survey_gets_its_address_of_the_title_and_its_owner(ada):
    survey = make_survey(
        facts=SurveyFacts("Kunnskap & nettverk", institute="Institute"),
        owner=ada,
        by=ada,
        at=NOON,
    )

    event = AuditEvent.objects.get(action="survey_made")
    assert (survey.slug, survey.institute) == ("kunnskap-nettverk", "Institute")
    assert Membership.objects.get(survey=survey).role == "owner"
    assert (event.user, event.survey, event.detail["owner"]) == (ada, survey, "ada")


@pytest.mark.parametrize(
    ("slug", "reason"),
    [("knowledge", "is a survey “knowledge” already"), ("new", "another page"), ("—", "letters")],
)
def test_a_survey_whose_address_cannot_be_is_not_made(slug, reason, ada):
    with pytest.raises(AddressRefused, match=reason):
        make_survey(facts=SurveyFacts("Knowledge"), slug=slug, owner=ada, by=ada, at=NOON)

    assert Survey.objects.count() == 1
    assert not AuditEvent.objects.exists()


def test_what_a_survey_says_of_itself_is_changed_and_only_that(survey, ada):
    facts = SurveyFacts(survey.title, contact_email="ask@example.org")

    describe_survey(survey=survey, facts=facts, by=ada, at=NOON)
    describe_survey(survey=survey, facts=facts, by=ada, at=NOON)

    survey.refresh_from_db()
    assert (survey.slug, survey.contact_email) == ("knowledge", "ask@example.org")
    assert AuditEvent.objects.get().detail == {"changed": ["contact_email"]}


def test_a_wave_is_made_as_a_draft_with_its_periods(survey, ada):
    wave = planned(survey, ada)

    wave.refresh_from_db()
    assert (wave.slug, wave.state, wave.instrument) == ("innovation-2028", "draft", None)
    assert (wave.reference_period, wave.field_end) == ("2025 to 2027", date(2028, 4, 30))
    assert AuditEvent.objects.get().action == "wave_made"


@pytest.mark.parametrize(
    ("slug", "reason"),
    [("2028", "has a wave “2028” already"), ("frames", "another page"), ("new-wave", "another")],
)
def test_a_wave_whose_address_cannot_be_is_not_made(slug, reason, survey, ada):
    planned(survey, ada, slug="2028")

    with pytest.raises(AddressRefused, match=reason):
        planned(survey, ada, slug=slug)

    assert Wave.objects.count() == 1


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("reference_first_year", 20250),
        ("reference_last_year", 2024),
        ("field_end", date(2028, 2, 28)),
        ("corrections_until", date(2028, 4, 29)),
    ],
)
def test_periods_that_cannot_be_are_refused_by_name(part, value, survey, ada):
    with pytest.raises(WavePlanRefused) as refused:
        planned(survey, ada, **{part: value})

    assert set(refused.value.problems) == {part}
    assert not Wave.objects.exists()


@pytest.fixture
def former(survey, ada):
    wave = a_wave(
        survey,
        instrument=make_instrument({}, fingerprint="f" * 64),
        key_items=["turnover"],
        partial_share=0.7,
        target_rates={"rr1": 0.6},
    )
    make_stratum(wave, "small")
    for plan in (
        StepPlan("invitation", words={"en": INVITATION}),
        StepPlan(
            "reminder",
            on=date(2026, 9, 15),
            audience=Audience("not_opened", ("small",)),
            words={"en": INVITATION},
        ),
    ):
        add_step(wave=wave, plan=plan, by=ada, at=NOON)
    return wave


def test_a_wave_takes_over_what_an_earlier_one_has(survey, ada, former):
    wave = planned(survey, ada, like=former)

    wave.refresh_from_db()
    invitation, reminder = wave.contact_steps.all()
    assert (wave.instrument, wave.previous) == (former.instrument, former)
    assert (wave.key_items, wave.partial_share) == (["turnover"], 0.7)
    assert wave.target_rates == {"rr1": 0.6}
    assert invitation.templates.get().body == INVITATION.body
    assert (reminder.on, reminder.audience["standing"]) == (date(2028, 3, 15), "not_opened")
    assert reminder.audience["strata"] == []
    assert former.contact_steps.count() == 2


def test_a_wave_that_asks_about_the_same_years_quotes_no_answers(survey, ada, former):
    wave = planned(survey, ada, like=former, reference_first_year=2023, reference_last_year=2025)

    wave.refresh_from_db()
    assert (wave.instrument, wave.previous) == (former.instrument, None)


def test_the_periods_of_a_draft_are_changed(survey, ada):
    wave = planned(survey, ada)

    change_plan(wave=wave, plan=replace(PLAN, field_end=date(2028, 5, 2)), by=ada, at=NOON)

    wave.refresh_from_db()
    assert wave.field_end == date(2028, 5, 2)
    assert AuditEvent.objects.filter(action="wave_planned").count() == 1


def test_a_wave_does_not_come_to_ask_about_years_before_those_it_quotes(survey, ada, former):
    wave = planned(survey, ada, like=former)

    with pytest.raises(WavePlanRefused, match="quotes “Wave 2025”"):
        change_plan(
            wave=wave,
            plan=replace(PLAN, reference_first_year=2023, reference_last_year=2025),
            by=ada,
            at=NOON,
        )


def test_the_periods_of_an_open_wave_stay(survey, ada):
    wave = planned(survey, ada)
    Wave.objects.update(state="closed")

    with pytest.raises(WaveNotReady, match="firms were told"):
        change_plan(wave=wave, plan=replace(PLAN, title="Other"), by=ada, at=NOON)

    wave.refresh_from_db()
    assert wave.title == "Innovation 2028"
