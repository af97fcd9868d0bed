"""Dependent interviewing: last wave's answers of the same firm, as each item's mode says."""

import json
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from surveys import questionnaire
from surveys.actions.prior import NotAPreviousWave, set_previous_wave
from surveys.models import Case, Response, Wave
from surveys.queries.prior import prior_of
from surveys.queries.responses import known_of
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_instrument,
    make_stratum,
    make_unit,
    make_wave,
)
from tests.surveys.datafiles import datafile
from tests.surveys.firms import DECLARED, admitted, page_path, save

pytestmark = pytest.mark.django_db

TEXT = """
instrument: panel
version: "1"
title: Panel
sections:
  - name: firm
    title: Your firm
    pages:
      - name: size
        title: 'Size; then {answer:last.shown}'
        intro: 'It was {answer:last.shown} then.'
        items:
          - {name: shown, kind: number, label: Persons employed, unit: persons, dependent: shown, hint: 'Not {answer:last.shown}?'}
          - {name: filled, kind: number, label: Sites, dependent: prefilled}
          - {name: asked, kind: number, label: Vans, dependent: confirmed}
          - {name: secret, kind: number, label: Lathes}
          - name: recoded
            kind: single_choice
            label: Form
            dependent: shown
            codes: [{value: a, label: One}, {value: b, label: Two}]
        edits:
          - name: fell
            severity: soft
            when: shown < last.shown / 2
            message: You told us of {answer:last.shown} last time.
            items: [shown]
"""
ANSWERS: dict[str, Any] = {"shown": 34, "filled": 2, "asked": 7, "secret": 99, "recoded": "a"}


@pytest.fixture
def case(survey) -> Case:
    return panel_case(survey)


def panel_case(survey, text: str = TEXT) -> Case:
    """A firm in a wave whose former wave it answered."""
    old = wave_with(survey, text.replace("label: One", "label: Uno"), "2023", 2023)
    new = wave_with(survey, text.replace('"1"', '"2"'), "2025", 2025)
    former = case_in(old, "R-1")
    Response.objects.create(
        case=former, answers=ANSWERS, begun_at=NOON, submitted_at=NOON, reference="M-1",
        page_revisions={"size": 1}, revision=1,
    )  # fmt: skip
    new.previous = old
    new.save()
    return case_in(new, "R-1")


def wave_with(survey, text: str, slug: str, year: int) -> Wave:
    definition = questionnaire.compile_text(text)
    instrument = make_instrument(
        dict(definition.document),
        fingerprint=definition.fingerprint,
        name=definition.name,
        version=definition.version,
    )
    return make_wave(
        survey,
        slug,
        instrument=instrument,
        state=Wave.State.OPEN,
        reference_first_year=year - 2,
        reference_last_year=year,
    )


def case_in(wave: Wave, register_id: str) -> Case:
    unit = make_unit(make_frame(wave.survey), register_id)
    return make_case(
        wave, make_stratum(wave, register_id), register_id, firm_name="Nord AS", unit=unit
    )


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def flags() -> dict[str, str]:
    return Response.objects.get(case__wave__slug="2025").prior_flags


def test_only_comparable_answers_of_the_same_unit_are_found(case: Case):
    prior = prior_of(case)

    assert prior is not None
    assert prior.answers == {"shown": 34, "filled": 2, "asked": 7, "secret": 99}
    assert known_of(case)["last.shown"] == 34
    assert prior_of(case_in(case.wave, "R-2")) is None


def test_an_answer_that_was_not_submitted_is_not_quoted(case: Case):
    Response.objects.update(submitted_at=None)

    assert prior_of(Case.objects.get(pk=case.pk)) is None


def test_each_mode_shows_what_it_may(browser: Client, case: Case):
    shown = browser.get(page_path(case, "size"))
    html = shown.content.decode()

    assert re.search(r"You told us in \w+ \d{4}: 34 persons", words(shown))
    assert re.search(r'name="filled" value="2"', html)
    assert re.search(r'name="shown" value=""', html)
    assert re.search(r'name="asked" value=""', html)
    assert "Is this still right?" in words(shown)
    assert "99" not in words(shown)


def test_flags_tell_what_became_of_each_answer(browser: Client, case: Case):
    save(
        browser, case, "size", shown="40", filled="2", secret="1",
        **{"_still-asked": "yes", "recoded": "b"},
    )  # fmt: skip

    answers = Response.objects.get(case=case).answers
    assert answers["asked"] == 7
    assert flags() == {
        "shown": "changed",
        "filled": "prefilled",
        "asked": "confirmed",
        "recoded": "not_shown",
    }


def test_saying_yes_and_typing_another_answer_is_asked_about(browser: Client, case: Case):
    answer = save(browser, case, "size", asked="8", **{"_still-asked": "yes"})

    assert answer.status_code == 200
    assert "Keep only one of the two." in words(answer)
    assert 'value="8"' in answer.content.decode()


def test_changing_it_is_flagged_and_shown_again(browser: Client, case: Case):
    save(browser, case, "size", asked="8", **{"_still-asked": "change"})

    assert flags()["asked"] == "changed"
    again = browser.get(page_path(case, "size")).content.decode()
    assert re.search(r'still-change"[^>]*value="change" checked', again)


def test_an_edit_may_rest_on_last_waves_value(browser: Client, case: Case):
    answer = save(browser, case, "size", shown="3")

    assert "You told us of 34 persons last time." in words(answer)


def test_every_text_of_a_page_quotes_last_wave(browser: Client, case: Case):
    page = browser.get(page_path(case, "size"))
    told = words(page)

    assert "Size; then 34 persons" in told
    assert "It was 34 persons then." in told
    assert "Not 34 persons?" in told
    script = page.context["form"].edits_for_script
    assert "You told us of 34 persons last time." in script  # told at once


def test_a_firm_that_is_new_reads_that_nothing_was_given(case: Case):
    newcomer = case_in(case.wave, "R-9")

    told = words(admitted(newcomer).get(page_path(newcomer, "size")))

    assert "It was Not provided then." in told


def test_a_flag_of_an_item_that_is_not_asked_any_more_is_no_datum(survey):
    routed = TEXT.replace("label: Vans, ", "label: Vans, when: filled > 0, ")
    case = panel_case(survey, routed)
    browser = admitted(case)
    save(browser, case, "size", shown="34", filled="2", **{"_still-asked": "yes"})
    save(browser, case, "size", shown="34", filled="0")
    kept = flags()["asked"]
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)

    content = datafile(Wave.objects.get(slug="2025"))

    row = dict(zip(content.columns, content.rows[0], strict=True))
    assert kept == "confirmed"
    assert (row["filled__prior"], row["asked__prior"]) == ("changed", None)


def test_the_data_have_a_column_of_flags(browser: Client, case: Case):
    save(browser, case, "size", shown="34", filled="3", **{"_still-asked": "yes"})
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)

    content = datafile(Wave.objects.get(slug="2025"))

    row = dict(zip(content.columns, content.rows[0], strict=True))
    assert row["shown__prior"] == "confirmed"
    assert row["filled__prior"] == "changed"
    assert "secret__prior" not in row
    assert any(variable.name == "asked__prior" for variable in content.variables)


def test_a_wave_before_is_named_by_command_while_the_wave_is_a_draft(case: Case, capsys):
    Wave.objects.filter(slug="2025").update(state=Wave.State.DRAFT, previous=None)
    survey = case.wave.survey.slug

    call_command("set_previous_wave", survey, "2025", "2023")

    assert json.loads(capsys.readouterr().out)["previous"] == "2023"
    assert Wave.objects.get(slug="2025").previous == Wave.objects.get(slug="2023")
    with pytest.raises(CommandError, match="no wave “1999”"):
        call_command("set_previous_wave", survey, "2025", "1999")
    with pytest.raises(CommandError, match="field has opened"):
        call_command("set_previous_wave", survey, "2023", "2025")


def test_a_wave_is_not_its_own_former_nor_one_of_another_survey(case: Case):
    wave = Wave.objects.get(slug="2025")
    wave.state = Wave.State.DRAFT
    with pytest.raises(NotAPreviousWave, match="before itself"):
        set_previous_wave(wave=wave, previous=wave, by=None, at=NOON)


def test_the_fieldwork_manager_names_it_on_the_page_of_the_wave(case: Case, ben):
    Wave.objects.filter(slug="2025").update(state=Wave.State.DRAFT, previous=None)
    client = Client()
    client.force_login(ben)
    address = f"/research/{case.wave.survey.slug}/2025/"

    assert "Quote answers of the wave" in client.get(address).content.decode()
    client.post(f"{address}previous/", {"previous": "2023"})

    assert Wave.objects.get(slug="2025").previous.slug == "2023"
