"""Work that workers hold: one at a time, taken up again after a death, given up after three."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from surveys import tasks
from surveys.actions import frames, held_works, sample_work, snapshots, weighting
from surveys.models import (
    Case,
    FieldworkRefresh,
    FieldworkSnapshot,
    FrameUpload,
    SamplePlan,
    SampleWork,
    Survey,
    Wave,
    Weighting,
    WeightingRequest,
)
from tests.factories import NOON, make_case, make_stratum, make_wave
from tests.surveys.actions.test_concurrency import at_once, shared_database  # noqa: F401
from tests.surveys.actions.test_frames import MAPPING, received
from tests.surveys.actions.test_sample_work import DOCUMENT
from tests.surveys.test_draw_sample import make_frame
from tests.surveys.views.world import open_wave

DEAD = timedelta(hours=1)


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def closed_wave(survey: Survey) -> Wave:
    wave = make_wave(survey, "closed", state="closed", closed_at=NOON)
    stratum = make_stratum(wave, population=40)
    for number in range(4):
        make_case(wave, stratum, f"F{number}", disposition="complete", design_weight=10.0)
    return wave


def begun_upload(survey: Survey) -> FrameUpload:
    found = received(survey)
    frames.begin(upload=found, mapping=MAPPING)
    return found


def everything_asked(survey: Survey) -> dict[Any, int]:
    """One work of each kind, by its model."""
    drawn = make_wave(survey, "drawn", frame=make_frame(survey))
    return {
        SampleWork: sample_work.ask(
            wave=drawn, kind="plan", document=DOCUMENT, by=None, at=NOON
        ).pk,
        WeightingRequest: weighting.ask_for_weights(
            wave=closed_wave(survey), recipe={}, by=None, at=NOON
        ).pk,
        FieldworkRefresh: snapshots.ask(wave=open_wave(survey, "open"), by=None, at=NOON).pk,
        FrameUpload: begun_upload(survey).pk,
    }


CARRY_OUT = {
    SampleWork: lambda key: sample_work.carry_out(work=key, at=NOON),
    WeightingRequest: lambda key: weighting.carry_out_request(request=key, at=NOON),
    FieldworkRefresh: lambda key: snapshots.carry_out(wish=key, at=NOON),
    FrameUpload: lambda key: frames.load(upload_id=key, at=NOON),
}
WAITING = {
    SampleWork: sample_work.waiting,
    WeightingRequest: weighting.waiting,
    FieldworkRefresh: snapshots.waiting,
    FrameUpload: frames.waiting,
}
DONE = {SampleWork: "done", WeightingRequest: "done", FieldworkRefresh: "done",
        FrameUpload: "loaded"}  # fmt: skip
KINDS = pytest.mark.parametrize("kind", list(DONE), ids=lambda kind: kind.__name__)


def died(kind: Any) -> None:
    """What is seen of a worker that was killed a while ago."""
    kind.objects.update(heard_at=timezone.now() - DEAD)


@pytest.mark.django_db
@KINDS
def test_what_was_asked_for_is_found_and_done_once(survey: Survey, kind: Any) -> None:
    key = everything_asked(survey)[kind]
    assert WAITING[kind]() == [key]

    CARRY_OUT[kind](key)
    CARRY_OUT[kind](key)

    assert WAITING[kind]() == []
    assert kind.objects.get().state == DONE[kind]
    assert kind.objects.get().attempts == 1


@pytest.mark.django_db
@KINDS
def test_work_that_somebody_holds_is_found_by_nobody_until_he_is_silent(
    survey: Survey, kind: Any
) -> None:
    key = everything_asked(survey)[kind]
    assert held_works.take(kind, key) is not None
    assert WAITING[kind]() == []
    assert held_works.take(kind, key) is None

    died(kind)

    assert WAITING[kind]() == [key]
    CARRY_OUT[kind](key)
    assert kind.objects.get().state == DONE[kind]
    assert kind.objects.get().attempts == 2


@pytest.mark.django_db
@KINDS
def test_a_clock_that_was_set_back_keeps_no_work_waiting(survey: Survey, kind: Any) -> None:
    key = everything_asked(survey)[kind]
    held_works.take(kind, key)

    kind.objects.update(heard_at=timezone.now() + DEAD)

    assert WAITING[kind]() == [key]


@pytest.mark.django_db
@KINDS
def test_work_that_ended_three_workers_is_given_up_and_says_what_to_do(
    survey: Survey, kind: Any
) -> None:
    key = everything_asked(survey)[kind]
    for _ in range(held_works.MOST_ATTEMPTS):
        assert held_works.take(kind, key) is not None
        died(kind)
    assert held_works.take(kind, key) is None

    assert WAITING[kind]() == []

    told = kind.objects.get()
    assert told.state == "refused"
    assert "Three workers ended" in told.message
    assert "ask the operator" in told.message


@pytest.mark.django_db
@KINDS
def test_a_worker_that_was_overtaken_keeps_nothing(
    survey: Survey, kind: Any, monkeypatch: Any
) -> None:
    key = everything_asked(survey)[kind]
    end, began = held_works.Hold.end, []

    def late(hold: held_works.Hold, state: str, **columns: Any) -> None:
        if not began:  # it was cut off for longer than its lease, and another has finished
            began.append(hold)
            kind.objects.filter(pk=key).update(claim=None)
        end(hold, state, **columns)

    monkeypatch.setattr(held_works.Hold, "end", late)
    CARRY_OUT[kind](key)

    assert began
    assert kind.objects.get().state in ("working", "loading")
    assert not SamplePlan.objects.exists()
    assert not Weighting.objects.exists()
    assert not FieldworkSnapshot.objects.exists()
    assert survey.frames.count() == 1


@pytest.mark.django_db
@KINDS
def test_a_database_that_goes_away_leaves_the_work_to_be_done_again(
    survey: Survey, kind: Any, monkeypatch: Any
) -> None:
    key = everything_asked(survey)[kind]

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(held_works.Hold, "end", gone)
    with pytest.raises(OperationalError):
        CARRY_OUT[kind](key)
    monkeypatch.undo()
    died(kind)

    CARRY_OUT[kind](key)
    assert kind.objects.get().state == DONE[kind]


@pytest.mark.django_db
def test_work_that_breaks_off_unforeseen_is_told_without_data(
    survey: Survey, monkeypatch: Any
) -> None:
    asked = everything_asked(survey)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("firm 123 of Ås")

    monkeypatch.setattr(weighting, "weigh", broken)
    monkeypatch.setattr(snapshots, "refresh", broken)
    with pytest.raises(weighting.WeighingFailed, match=r"^RuntimeError$"):
        CARRY_OUT[WeightingRequest](asked[WeightingRequest])
    with pytest.raises(snapshots.RefreshFailed, match=r"^RuntimeError$"):
        CARRY_OUT[FieldworkRefresh](asked[FieldworkRefresh])

    assert "broke off" in WeightingRequest.objects.get().message
    assert "broke off" in FieldworkRefresh.objects.get().message


@pytest.mark.django_db
def test_a_second_wish_for_weights_waits_for_the_first(survey: Survey) -> None:
    wave = closed_wave(survey)
    weighting.ask_for_weights(wave=wave, recipe={}, by=None, at=NOON)

    with pytest.raises(weighting.NotWeighable, match="being made already"):
        weighting.ask_for_weights(wave=wave, recipe={}, by=None, at=NOON)


@pytest.mark.django_db
def test_figures_asked_for_again_while_they_are_computed_are_computed_once(survey: Survey) -> None:
    wave = open_wave(survey)
    wish = snapshots.ask(wave=wave, by=None, at=NOON)
    held_works.take(FieldworkRefresh, wish.pk)

    snapshots.ask(wave=wave, by=None, at=NOON)
    assert FieldworkRefresh.objects.get().state == "working"

    died(FieldworkRefresh)
    assert snapshots.carry_out(wish=wish.pk, at=NOON)
    assert snapshots.ask(wave=wave, by=None, at=NOON).pk == wish.pk
    assert snapshots.waiting() == [wish.pk]


@pytest.mark.django_db
def test_the_sweep_tells_of_every_kind_of_work_and_survives_a_queue_that_is_down(
    survey: Survey, monkeypatch: Any
) -> None:
    asked = everything_asked(survey)
    told: list[tuple[str, int]] = []
    monkeypatch.setattr(
        "config.workers.tell", lambda task, key: told.append((task.name, key)) or True
    )

    assert tasks.carry_on_waiting_work() == 4

    assert sorted(told) == [
        ("surveys.tasks.load_frame", asked[FrameUpload]),
        ("surveys.tasks.make_weights", asked[WeightingRequest]),
        ("surveys.tasks.refresh_fieldwork", asked[FieldworkRefresh]),
        ("surveys.tasks.work_on_sample", asked[SampleWork]),
    ]
    monkeypatch.setattr("config.workers.tell", lambda *_: False)
    assert tasks.carry_on_waiting_work() == 0


@pytest.mark.django_db
def test_the_hourly_refresh_asks_for_waves_in_the_field_only(
    survey: Survey, monkeypatch: Any
) -> None:
    wave = open_wave(survey)
    closed_wave(survey)
    monkeypatch.setattr("config.workers.tell", lambda task, key: task(key) is None)

    assert [tasks.refresh_open_fieldwork(), tasks.refresh_open_fieldwork()] == [1, 0]
    assert FieldworkSnapshot.objects.get().wave == wave


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
@KINDS
def test_of_workers_that_are_told_at_once_one_does_the_work(survey: Survey, kind: Any) -> None:
    key = everything_asked(survey)[kind]
    taken: list[Any] = []

    at_once(lambda _: taken.append(held_works.take(kind, key)), 4)

    assert len([hold for hold in taken if hold is not None]) == 1
    assert kind.objects.get(pk=key).attempts == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_weights_that_two_workers_are_told_of_are_one_version(survey: Survey) -> None:
    asked = weighting.ask_for_weights(wave=closed_wave(survey), recipe={}, by=None, at=NOON)

    at_once(lambda _: CARRY_OUT[WeightingRequest](asked.pk), 3)

    assert Weighting.objects.count() == 1
    assert WeightingRequest.objects.get().made == Weighting.objects.get()
    assert Case.objects.count() == 4
