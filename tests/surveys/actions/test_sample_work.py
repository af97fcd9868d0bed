"""Plans and draws of large frames are left to a worker, and done once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys.actions import sample_work, samples
from surveys.models import Case, SamplePlan, SampleWork, Wave
from tests.factories import NOON, make_wave
from tests.surveys.test_draw_sample import make_frame
from tests.surveys.views.test_sample_pages import FIELDS, url

pytestmark = pytest.mark.django_db
DOCUMENT = {"allocation": {"method": "proportional", "total": 20}, "seed": 4}


@pytest.fixture
def wave(survey: Any) -> Wave:
    return make_wave(survey, frame=make_frame(survey))


@pytest.fixture
def large(monkeypatch: Any) -> None:
    monkeypatch.setattr(sample_work, "AT_ONCE", 10)


def asked(wave: Wave, kind: str = "plan", document: Any = None, by: Any = None) -> SampleWork:
    found = DOCUMENT if document is None and kind == "plan" else document or {}
    return sample_work.ask(wave=wave, kind=kind, document=found, by=by, at=NOON)


def carried_out(work: SampleWork) -> SampleWork:
    sample_work.carry_out(work=work.pk, at=NOON)
    return SampleWork.objects.get(pk=work.pk)


def test_a_worker_plans_as_the_page_would(wave, ada):
    at_once = samples.plan(wave=wave, document=DOCUMENT, by=ada, at=NOON).preview

    done = carried_out(asked(wave, by=ada))

    kept = SamplePlan.objects.get()
    assert (done.state, done.rows_read, done.rows_total) == ("done", 60, 60)
    assert kept.preview == at_once
    assert kept.saved_by == ada


def test_a_worker_draws_once_however_often_it_is_told(wave):
    samples.plan(wave=wave, document=DOCUMENT, by=None, at=NOON)
    work = asked(wave, "draw")

    carried_out(work)
    assert carried_out(work).state == "done"

    assert Case.objects.count() == 20


def test_a_second_wish_waits_for_the_first(wave):
    asked(wave)

    with pytest.raises(samples.DrawRefused, match="at the sample of this wave already"):
        asked(wave)


def test_a_plan_that_the_frame_cannot_give_is_told_and_the_kept_one_stays(wave):
    samples.plan(wave=wave, document=DOCUMENT, by=None, at=NOON)
    wish = {**DOCUMENT, "allocation": {"method": "proportional", "total": 10_000}}

    done = carried_out(asked(wave, document=wish))

    assert done.state == "refused"
    assert "10000" in done.message.replace(",", "")
    assert SamplePlan.objects.get().document == DOCUMENT


def test_work_that_breaks_off_unforeseen_tells_no_data(wave, monkeypatch):
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("firm 123 of Ås")

    monkeypatch.setattr(sample_work.samples, "plan", broken)
    work = asked(wave)

    with pytest.raises(sample_work.WorkFailed) as failed:
        sample_work.carry_out(work=work.pk, at=NOON)

    assert str(failed.value) == "RuntimeError"
    assert "nothing was kept" in SampleWork.objects.get().message


def test_work_of_a_silent_worker_is_taken_up_and_of_a_living_one_is_not(wave):
    work = asked(wave)
    SampleWork.objects.update(state="working", claim=uuid4(), heard_at=timezone.now())
    assert carried_out(work).state == "working"

    SampleWork.objects.update(heard_at=timezone.now() - timedelta(minutes=6))

    assert carried_out(work).state == "done"


def test_a_plan_that_changed_while_the_draw_was_worked_out_is_not_drawn(wave, monkeypatch):
    samples.plan(wave=wave, document=DOCUMENT, by=None, at=NOON)
    locked = samples._locked

    def changed(*arguments: Any) -> Wave:
        SamplePlan.objects.update(document={**DOCUMENT, "seed": 5})
        return locked(*arguments)

    monkeypatch.setattr(samples, "_locked", changed)

    with pytest.raises(samples.DrawRefused, match="changed meanwhile"):
        samples.draw(wave=wave, by=None, at=NOON)
    assert not Case.objects.exists()


def test_the_page_answers_at_once_and_follows_the_worker(
    client, ada, wave, large, django_capture_on_commit_callbacks, monkeypatch
):
    told: list[int] = []
    monkeypatch.setattr("config.workers.tell", lambda _task, key: told.append(key) or True)
    client.force_login(ada)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(wave, "plan_sample"), FIELDS)
    waiting = client.get(url(wave, "sample")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        again = client.post(url(wave, "sample_work"))

    assert not SamplePlan.objects.exists()
    assert "Waiting for a worker" in waiting
    assert (again.status_code, told) == (302, [SampleWork.objects.get().pk] * 2)
    assert "HX-Refresh" not in client.get(url(wave, "sample_work")).headers
    carried_out(SampleWork.objects.get())
    assert client.get(url(wave, "sample_work"))["HX-Refresh"] == "true"
    assert "What the plan would give" in client.get(url(wave, "sample")).content.decode()

    client.post(url(wave, "draw_sample"))
    carried_out(SampleWork.objects.get(kind="draw"))
    assert Case.objects.count() == 20


def test_what_a_worker_refused_is_said_and_nothing_typed_is_lost(client, ada, wave, large):
    client.force_login(ada)
    client.post(url(wave, "plan_sample"), FIELDS | {"total": "9999"})

    work = carried_out(SampleWork.objects.get())
    page = client.get(url(wave, "sample")).content.decode()

    assert work.state == "refused"
    assert "The plan was not kept" in page
    assert 'value="9999"' in page


def test_who_may_not_design_sees_no_work(client, ben, eve, wave):
    seen = []
    for person in (ben, eve):
        client.force_login(person)
        seen.append(client.get(reverse("surveys:sample_work", args=[wave.survey.slug, wave.slug])))

    assert [each.status_code for each in seen] == [403, 404]
