"""From the plan to the drawn sample on the pages."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import Case, SamplePlan, Wave
from tests.factories import make_frame as make_empty_frame
from tests.factories import make_wave
from tests.surveys.test_draw_sample import make_frame

pytestmark = pytest.mark.django_db
FIELDS = {
    "by": ["size_class", "industry"],
    "take_all": ["large"],
    "collapse_below": "5",
    "method": "proportional",
    "total": "20",
    "minimum": "2",
    "seed": "4",
    "form-TOTAL_FORMS": "2",
    "form-INITIAL_FORMS": "0",
    "form-0-assumed": "40",
    "form-0-domain": "industry",
    "form-0-cv": "30",
}


@pytest.fixture
def wave(survey) -> Wave:
    return make_wave(survey, frame=make_frame(survey))


@pytest.fixture
def pages(client: Client, ada) -> Client:
    client.force_login(ada)
    return client


def url(wave: Wave, name: str) -> str:
    return reverse(f"surveys:{name}", args=[wave.survey.slug, wave.slug])


def test_a_plan_is_previewed_confirmed_and_drawn(pages, wave):
    kept = pages.post(url(wave, "plan_sample"), FIELDS, follow=True)
    assert kept.status_code == 200
    assert "What the plan would give" in kept.content.decode()
    assert Case.objects.count() == 0

    asked = pages.get(url(wave, "draw_sample")).content.decode()
    assert "becomes final" in asked

    drawn = pages.post(url(wave, "draw_sample"), follow=True).content.decode()
    assert Case.objects.count() == 20
    assert "Fingerprint" in drawn or "Frame" in drawn
    assert ">4</dd>" in drawn


def test_the_kept_plan_stands_in_the_form_and_can_be_downloaded(pages, wave):
    pages.post(url(wave, "plan_sample"), FIELDS)

    shown = pages.get(url(wave, "sample"))
    downloaded = json.loads(pages.get(url(wave, "sample_plan")).content)

    assert shown.context["form"].initial["total"] == 20
    assert downloaded == SamplePlan.objects.get().document
    assert downloaded["targets"] == [{"share": 0.4, "by": "industry", "cv": 0.3}]
    assert downloaded["strata"]["collapse"]["below"] == 5


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"total": "61"}, "holds 60 firms|61 was asked for"),
        ({"total": ""}, "what is chosen needs it"),
        ({"seed": "x"}, "whole number"),
        ({"size_measure": "employees", "bounds": "10, five"}, "numbers with commas"),
        ({"method": "neyman", "variable": "employees"}, "60 of 60 firms have no employees"),
        ({"form-1-assumed": "30"}, "precision to reach"),
        ({"response_rate": "small 50"}, "one for each class"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(pages, wave, changed, words):
    answer = pages.post(url(wave, "plan_sample"), FIELDS | changed)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert any(each in text for each in words.split("|"))
    assert 'value="20"' in text or "total" in changed
    assert not SamplePlan.objects.exists()


def test_a_plan_that_misses_a_target_says_by_how_much_and_offers_what_would_do(pages, wave):
    page = pages.post(url(wave, "plan_sample"), FIELDS | {"form-0-cv": "14"}, follow=True)
    text = page.content.decode()
    needed = SamplePlan.objects.get().preview["shortfall"]["drawn"]

    assert "The draw misses 2 precision targets" in text
    assert "14.0\u202f% wanted" in text
    assert f"With {needed} firms instead of 20 the draw would meet all." in text
    assert "The draw misses" in pages.get(url(wave, "draw_sample")).content.decode()

    raised = pages.post(url(wave, "plan_sample"), {"raised": "1"}, follow=True).content.decode()

    plan = SamplePlan.objects.get()
    assert plan.document["allocation"]["total"] == plan.preview["drawn"] == needed
    assert "The draw misses" not in raised
    assert "Preview with" not in raised
    assert Case.objects.count() == 0


def test_firms_that_ended_can_be_left_out_by_the_form(pages, wave):
    fields = FIELDS | {"leave_out": ["closed", "merged"]}

    shown = pages.post(url(wave, "plan_sample"), fields, follow=True)

    assert SamplePlan.objects.get().document["leave_out"] == ["closed", "merged"]
    assert shown.context["form"].initial["leave_out"] == ["closed", "merged"]


def test_a_plan_that_misses_nothing_is_not_raised(pages, wave):
    pages.post(url(wave, "plan_sample"), FIELDS | {"form-0-cv": "90"})
    before = SamplePlan.objects.get().document

    answer = pages.post(url(wave, "plan_sample"), {"raised": "1"}, follow=True).content.decode()

    assert "no plan that misses a target" in answer
    assert SamplePlan.objects.get().document == before


def test_bethel_can_be_asked_to_meet_its_targets_by_the_draw(pages, wave):
    fields = FIELDS | {"method": "bethel", "for_draw": "on", "form-0-cv": "20"}
    shown = pages.post(url(wave, "plan_sample"), fields, follow=True)

    assert SamplePlan.objects.get().document["allocation"]["for_draw"] is True
    assert shown.context["form"].initial["for_draw"] is True

    pages.post(url(wave, "plan_sample"), fields | {"for_draw": ""})
    assert "for_draw" not in SamplePlan.objects.get().document["allocation"]


def test_a_wave_without_a_frame_or_firms_says_so(pages, survey):
    without = make_wave(survey, "without")
    empty = make_wave(survey, "empty", frame=make_empty_frame(survey))

    assert "no frame yet" in pages.get(url(without, "sample")).content.decode()
    assert "holds no firm" in pages.get(url(empty, "sample")).content.decode()


def test_a_changed_frame_asks_for_a_new_preview(pages, wave):
    pages.post(url(wave, "plan_sample"), FIELDS)
    wave.frame = make_empty_frame(wave.survey, fingerprint="2" * 64)
    wave.save()
    wave.frame.units.create(
        register_id="R1", name="Firm", size_class="s", industry="i", region="r",
        permanent_random_number=0.5,
    )  # fmt: skip

    shown = pages.get(url(wave, "sample")).content.decode()
    refused = pages.post(url(wave, "draw_sample"), follow=True).content.decode()

    assert "The frame changed" in shown
    assert "Preview the plan again" in refused.replace("\n", " ")
    assert Case.objects.count() == 0


def test_who_may_not_plan_sees_no_form(client, ben, wave):
    client.force_login(ben)

    shown = client.get(url(wave, "sample")).content.decode()

    assert '<form method="post" action="' + url(wave, "plan_sample") not in shown
    assert client.post(url(wave, "plan_sample"), FIELDS).status_code == 403
