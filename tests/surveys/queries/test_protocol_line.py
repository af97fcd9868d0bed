from datetime import date

import pytest

from surveys.actions import contacts
from surveys.fieldwork.protocols import Audience, StepPlan, Words
from surveys.models import ContactAttempt
from surveys.queries.protocol_line import WIDTH, audience_of, protocol_line
from tests.factories import NOON, make_case, make_stratum
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(survey):
    return open_wave(survey)


def a_step(wave, days=0, kind="reminder", **fields):
    words = {"en": Words("s", "{link} {code}")}
    plan = StepPlan(kind, offset_days=days, words=words, **fields)
    return contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)


def states(wave, today) -> list[str]:
    return [mark.state for mark in protocol_line(wave, today).marks]


def test_steps_stand_at_their_days_between_the_ends_of_the_field(wave):
    for days in (0, 30, 121):
        a_step(wave, days)

    line = protocol_line(wave, date(2026, 10, 1))

    assert [mark.place for mark in line.marks] == [line.start, line.today, line.end]
    assert 0 < line.start < line.today < line.end < WIDTH
    assert line.today - line.start == round((line.end - line.start) * 30 / 121)


def test_a_step_before_the_field_widens_the_line_and_today_may_lie_outside(wave):
    a_step(wave, -20)
    line = protocol_line(wave, date(2027, 5, 1))
    assert line.marks[0].place < line.start
    assert line.today is None


def test_every_step_says_how_far_it_is(wave):
    for days in (0, 1, 2, 3):
        a_step(wave, days)
    first = wave.contact_steps.first()
    ContactAttempt.objects.create(
        case=make_case(wave, make_stratum(wave)), step=first, channel="email", queued_at=NOON
    )
    today = date(2026, 9, 3)
    assert states(wave, today) == ["Under way", "Its day has passed", "Due today", "Planned"]
    ContactAttempt.objects.update(state="sent")
    assert states(wave, today)[0] == "Done"
    wave.state = "closed"
    assert states(wave, today)[1:3] == ["Field not open", "Field not open"]


def test_thanks_go_out_every_day(wave):
    a_step(wave, 0, "thank_you", audience=Audience("submitted"))
    assert states(wave, date(2026, 9, 3)) == ["Goes out every day"]


def test_an_audience_is_told_in_words(wave):
    for label in "abcd":
        make_stratum(wave, label)
    step = a_step(wave, audience=Audience("partial", ("a", "b", "c", "d"), 1.5))
    assert audience_of(step) == (
        "Firms that have saved answers and not submitted, in a, b, c and 1 more strata, "
        "with a priority of 1.5 or more"
    )
