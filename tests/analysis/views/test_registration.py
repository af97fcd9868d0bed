"""Registering a plan in the browser, and what runs then show."""

import hashlib
import io
import json

import docx
import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from analysis import actions
from analysis.figures.of_estimates import Registered
from analysis.models import Registration, Run
from analysis.views.standing import registered_of
from surveys.models import Wave
from tests.analysis.answered import PLAN, make_plan_version
from tests.factories import make_member, make_user

MORE = (
    PLAN
    + """\
  - name: Square
    outcome: innovation.product[good]
    estimator: linear
    formula: ln_employment
    covariance: HC1
    design: {weights: none, strata: none, clusters: none, population: none}
"""
)


@pytest.fixture
def opened(answered: Wave) -> Wave:
    Wave.objects.filter(pk=answered.pk).update(state=Wave.State.OPEN)
    answered.refresh_from_db()
    return answered


@pytest.fixture
def registration(opened: Wave, ada) -> Registration:
    return actions.register(plan_version=make_plan_version(opened), by=ada)[0]


def carried_out(wave: Wave, source: str, ada) -> Run:
    version = make_plan_version(wave, source)
    run, _ = actions.request(plan_version=version, by=ada, at=timezone.now())
    assert actions.carry_out(run_id=run.pk)
    run.refresh_from_db()
    return run


def place(name: str, wave: Wave, *more: object) -> str:
    return reverse(f"analysis:{name}", args=[wave.survey.slug, wave.slug, *more])


def test_an_open_wave_offers_to_register_the_version_shown(as_ada, opened):
    make_plan_version(opened)
    page = as_ada.get(place("plan", opened, "size")).content.decode()
    assert "Register this version" in page

    answer = as_ada.post(place("register", opened, "size"), {"version": "1"})

    found = Registration.objects.get()
    assert answer.url == found.get_absolute_url()
    shown = as_ada.get(answer.url).content.decode()
    assert found.fingerprint in shown
    assert "Computed anew for this page, it agrees." in shown


def test_a_closed_wave_says_that_nothing_was_registered(as_ada, answered):
    make_plan_version(answered)
    page = as_ada.get(place("plan", answered, "size")).content.decode()

    answer = as_ada.post(place("register", answered, "size"), {"version": "1"}, follow=True)

    assert "Register this version" not in page
    assert "Not registered before closing" in page
    assert "The wave is closed" in answer.content.decode()
    assert not Registration.objects.exists()


def test_a_version_that_is_not_there_is_not_found(as_ada, opened):
    make_plan_version(opened)

    for version in ("2", "x", ""):
        answer = as_ada.post(place("register", opened, "size"), {"version": version})
        assert answer.status_code == 404


def test_the_certificate_is_handed_over_to_the_last_byte(as_ada, opened, registration):
    text = as_ada.get(place("certificate", opened, "size", 1, "txt")).content
    document = as_ada.get(place("certificate", opened, "size", 1, "json")).json()

    assert hashlib.sha256(text).hexdigest() == registration.fingerprint == document["sha256"]
    assert document["certificate"].encode() == text
    assert as_ada.get(place("certificate", opened, "size", 1, "pdf")).status_code == 404
    assert as_ada.get(place("registration", opened, "size", 2)).status_code == 404


def test_a_certificate_that_was_changed_is_told(as_ada, registration):
    Registration.objects.update(certificate=registration.certificate + " ")

    page = as_ada.get(registration.get_absolute_url()).content.decode()

    assert "one of the two was changed" in page


def test_a_run_shows_registered_and_exploratory_in_two_groups(as_ada, opened, ada, registration):
    run = carried_out(opened, MORE, ada)

    page = as_ada.get(run.get_absolute_url()).content.decode()
    document = json.loads(as_ada.get(reverse("analysis:estimates", args=[run.pk])).content)

    assert "Registered: " in page
    assert "Exploratory: " in page
    told = {each["name"]: each["status"] for each in document["registration"]["specifications"]}
    assert told == {"Size": "registered", "Square": "exploratory"}
    assert document["registration"]["registrations"][0]["sha256"] == registration.fingerprint


def test_figures_are_told_what_was_registered(as_ada, opened, ada, registration):
    run = carried_out(opened, MORE, ada)

    assert registered_of(run) == Registered(frozenset({1}))


def test_figures_of_a_run_without_a_registration_are_told_of_none(done):
    assert registered_of(done) is None


def test_the_layout_says_that_registered_models_stand_first(as_ada, opened, ada, registration):
    run = carried_out(opened, MORE, ada)

    page = as_ada.get(reverse("analysis:layout", args=[run.pk])).content.decode()

    assert "Registered models stand before exploratory ones" in page


@pytest.mark.parametrize("ending", ["csv", "md", "html", "tex"])
def test_every_text_format_tells_the_two_groups(as_ada, opened, ada, registration, ending):
    run = carried_out(opened, MORE, ada)

    text = as_ada.get(reverse("analysis:download", args=[run.pk, ending])).content.decode()

    assert "Registered: (1) Size." in text
    assert "Exploratory: (2) Square." in text
    assert registration.fingerprint in text


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_office_formats_tell_the_two_groups(as_ada, opened, ada, registration, ending):
    run = carried_out(opened, MORE, ada)
    content = io.BytesIO(as_ada.get(reverse("analysis:download", args=[run.pk, ending])).content)

    if ending == "docx":
        document = docx.Document(content)
        text = " ".join(p.text for p in document.paragraphs)
        text += " ".join(cell.text for t in document.tables for r in t.rows for cell in r.cells)
    else:
        book = openpyxl.load_workbook(content)
        text = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)

    assert "Registered: (1) Size." in text
    assert "Exploratory: " in text


def test_what_was_registered_and_is_not_in_the_run_is_told(as_ada, opened, ada):
    actions.register(plan_version=make_plan_version(opened, MORE), by=ada)
    run = carried_out(opened, PLAN, ada)

    page = as_ada.get(run.get_absolute_url()).content.decode()

    assert "Registered and not reported" in page
    assert "It is not in the plan that was run." in page


def test_a_registration_after_the_run_does_not_make_it_registered(as_ada, opened, ada):
    run = carried_out(opened, PLAN, ada)
    actions.register(plan_version=run.plan_version, by=ada)

    page = as_ada.get(run.get_absolute_url()).content.decode()

    assert "Not registered before this run: registration 1 of the plan came on" in page
    assert "Registered: " not in page


def test_a_run_of_a_closed_wave_says_that_nothing_was_registered(as_ada, done):
    page = as_ada.get(done.get_absolute_url()).content.decode()

    assert "Not registered before closing" in page
    document = json.loads(as_ada.get(reverse("analysis:estimates", args=[done.pk])).content)
    assert "registration" not in document


def test_registrations_are_listed_with_what_took_their_place(as_ada, opened, ada, registration):
    actions.register(plan_version=make_plan_version(opened, MORE), by=ada)

    page = as_ada.get(place("registrations", opened)).content.decode()
    first = as_ada.get(registration.get_absolute_url()).content.decode()

    assert "no: registration 2 took its place" in page
    assert "took the place of this one. Both stay." in first


def test_who_only_reads_tables_sees_registrations_and_registers_nothing(
    client, opened, registration
):
    vera = make_user("vera")
    make_member(vera, opened.survey, "viewer")
    client.force_login(vera)

    shown = client.get(registration.get_absolute_url())
    answer = client.post(place("register", opened, "size"), {"version": "1"})

    assert (shown.status_code, answer.status_code) == (200, 403)
    assert "Register this version" not in shown.content.decode()


def test_a_person_of_another_survey_finds_no_registration(client, eve, opened, registration):
    client.force_login(eve)

    codes = {
        client.get(registration.get_absolute_url()).status_code,
        client.get(place("certificate", opened, "size", 1, "txt")).status_code,
        client.post(place("register", opened, "size"), {"version": "1"}).status_code,
    }

    assert codes == {404}
