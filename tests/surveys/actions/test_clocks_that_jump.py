"""Two clocks, forward, back and over the change of the hour: each step once, on its own day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.actions import calls, contacts, mailings, sending
from surveys.fieldwork.protocols import StepPlan
from surveys.models import ContactAttempt, ContactStep, Mailing, PhoneListing
from tests.factories import NOON
from tests.surveys.actions.test_concurrency import at_once, shared_database  # noqa: F401
from tests.surveys.actions.test_sending import WORDS, make_firms
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
# Summer time ends in this night, and begins in that one, where TIME_ZONE is.
ENDS, BEGINS = date(2026, 10, 25), date(2027, 3, 28)
DAYS = {"email": ENDS, "letter": ENDS, "phone": BEGINS}
MOMENTS = st.sampled_from([ENDS, BEGINS]).flatmap(
    lambda day: st.integers(-60 * 40, 60 * 40).map(
        lambda minutes: (
            datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
        )
    )
)


@pytest.fixture
def steps(survey) -> list[ContactStep]:
    wave = open_wave(survey)
    for case in make_firms(wave, ["a", "b"]):
        case.unit.address, case.unit.phone = "Road 1\n0150 Oslo", "+47 22 00 00 00"
        case.unit.save()
    return [
        contacts.add_step(
            wave=wave, plan=StepPlan("reminder", channel, on=day, words=words), by=None, at=NOON
        )
        for channel, day in DAYS.items()
        for words in ({} if channel == "phone" else WORDS,)
    ]


@contextmanager
def nothing_kept() -> Iterator[None]:
    """An example of its own: what it writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def tick(at: datetime) -> None:
    calls.list_what_is_due(at=at)
    mailings.ask_what_is_due(at=at)
    sending.queue_what_is_due(at=at)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=st.lists(MOMENTS, min_size=1, max_size=12))
def test_whatever_the_clocks_say_each_case_gets_each_step_at_most_once_and_on_its_day(
    steps, moments
):
    with nothing_kept():
        for at in moments:
            tick(at)

        local = [timezone.localtime(at) for at in moments]
        days = {at.date() for at in local if at.hour >= 8}
        attempts = list(ContactAttempt.objects.values_list("case", "step", "queued_at"))
        due = {step.pk: step.on for step in steps}
        assert len({(case, step) for case, step, _ in attempts}) == len(attempts)
        assert all(timezone.localdate(at) == due[step] for _, step, at in attempts)
        assert {step for _, step, _ in attempts} == {key for key, day in due.items() if day in days}
        assert Mailing.objects.count() == (ENDS in days)
        assert PhoneListing.objects.count() == 2 * (BEGINS in days)


def test_the_hour_that_comes_twice_queues_nothing_twice(steps):
    """At 0.00 and 1.00 UTC it is two o'clock in Berlin on the day summer time ends."""
    for hour in (0, 1, 7, 8, 7, 0, 9, 8):
        tick(datetime(2026, 10, 25, hour, tzinfo=UTC))

    assert ContactAttempt.objects.filter(channel="email").count() == 2
    assert ContactAttempt.objects.filter(channel="letter").count() == 2
    assert Mailing.objects.count() == 1


def test_a_clock_that_runs_ahead_and_is_set_back_holds_nothing_up(steps):
    day = datetime(2026, 10, 25, 12, tzinfo=UTC)
    tick(day)
    waiting = set(ContactAttempt.objects.filter(channel="email").values_list("pk", flat=True))

    ahead = sending._claim(day + timedelta(days=90), 10, None)
    back = sending._claim(day, 10, None)

    assert set(ahead) == set(back) == waiting


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_clocks_that_beat_at_the_same_moment_carry_each_step_out_once(steps):
    def beat(_: int) -> None:
        tick(datetime(2026, 10, 25, 12, tzinfo=UTC))

    assert set(at_once(beat, 3)) == {"done"}

    assert ContactAttempt.objects.filter(channel="email").count() == 2
    assert ContactAttempt.objects.filter(channel="letter").count() == 2
    assert Mailing.objects.count() == 1
