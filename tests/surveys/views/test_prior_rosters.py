"""Entries of the wave before on the list of this one, as the mode of their roster says."""

import csv
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from surveys.models import AuditEvent, Case, Response, Wave
from tests.surveys import panel_roster
from tests.surveys.datafiles import datafile
from tests.surveys.firms import DECLARED, admitted, answers_of, page_path, save
from tests.surveys.panel_roster import (
    LUND,
    SINTRA,
    flags_of,
    panel_case,
    response_of,
    send_step,
    step_path,
)
from tests.surveys.views.test_prior import words

pytestmark = pytest.mark.django_db


def opened(survey: Any, mode: str, *more: Any) -> tuple[Case, Client]:
    case = panel_case(survey, mode, *more)
    return case, admitted(case)


def closed(browser: Client, case: Case) -> Any:
    return browser.post(page_path(case, "ties"))


def still_right(browser: Client, case: Case, key: str) -> Any:
    return browser.post(page_path(case, "ties"), {"_still": key})


def test_a_roster_without_a_mode_begins_empty(survey):
    case, browser = opened(survey, "")

    assert "You have not added any partners yet" in words(browser.get(page_path(case, "ties")))
    closed(browser, case)
    assert answers_of(case) == {"ties": []}
    assert response_of(case).prior_flags == {}


def test_shown_entries_stand_beside_the_list_and_are_taken_up_by_name(survey):
    case, browser = opened(survey, "shown")
    page = browser.get(page_path(case, "ties"))

    assert re.search(r"The partners that you told us of in \w+ \d{4}", words(page))
    assert "What is it? A firm Since when, Sintra, seen from 2023? 2014" in words(page)
    assert "You have not added any partners yet" in words(page)
    step = browser.get(step_path(case, "sint2345", 1))
    assert 'value="Sintra"' in step.content.decode()
    assert re.search(r"You told us in \w+ \d{4}: A firm", words(step))
    assert 'value="firm" checked' not in step.content.decode()

    send_step(browser, case, "sint2345", 1, name="Sintra", type="university")
    send_step(browser, case, "sint2345", 2, since="2014")
    closed(browser, case)

    assert answers_of(case)["ties"] == [SINTRA | {"type": "university"}]
    assert flags_of(case) == {"sint2345": "changed", "lund2345": "left_out"}


def test_a_name_of_then_typed_anew_is_known_for_the_same(survey):
    case, browser = opened(survey, "shown")

    answer = send_step(browser, case, "abcd2345", 1, name="SINTRA", type="firm")

    assert answer.url == step_path(case, "sint2345", 2)
    assert [each["entry"] for each in answers_of(case)["ties"]] == ["sint2345"]


def test_prefilled_entries_stay_unless_the_firm_says_otherwise(survey):
    case, browser = opened(survey, "prefilled")
    page = words(browser.get(page_path(case, "ties")))
    assert "Sintra" in page
    assert re.search(r"that you told us of in \w+ \d{4} are on the list already", page)
    assert answers_of(case) == {}

    answer = closed(browser, case)

    assert answer.status_code == 302
    assert answers_of(case)["ties"] == [SINTRA, LUND]
    assert flags_of(case) == {"sint2345": "prefilled", "lund2345": "prefilled"}


def test_a_prefilled_entry_is_changed_step_by_step_and_keeps_the_rest(survey):
    case, browser = opened(survey, "prefilled")
    assert 'value="firm" checked' in browser.get(step_path(case, "sint2345", 1)).content.decode()

    send_step(browser, case, "sint2345", 1, name="Sintra Labs", type="firm")

    assert answers_of(case)["ties"] == [SINTRA | {"name": "Sintra Labs"}]
    closed(browser, case)
    assert flags_of(case) == {"sint2345": "changed", "lund2345": "prefilled"}


def test_an_entry_that_no_longer_applies_is_kept_as_such_and_can_be_taken_back(survey):
    case, browser = opened(survey, "prefilled")
    asked = browser.get(step_path(case, "lund2345", "remove"))
    assert "we keep that it no longer applies" in words(asked)

    browser.post(step_path(case, "lund2345", "remove"))

    page = words(browser.get(page_path(case, "ties")))
    assert "Take it back Lund" in page
    assert flags_of(case) == {"lund2345": "gone"}
    browser.post(page_path(case, "ties"), {"_back": "lund2345"})
    assert flags_of(case) == {"lund2345": "prefilled"}
    closed(browser, case)
    assert [each["name"] for each in answers_of(case)["ties"]] == ["Lund", "Sintra"]


def test_a_list_to_be_confirmed_is_not_closed_before_every_entry_was(survey):
    case, browser = opened(survey, "confirmed")

    held_up = closed(browser, case)

    assert held_up.status_code == 200
    assert "There are 2 problems with your answers" in words(held_up)
    assert "Say of “Sintra” whether it is still right" in words(held_up)
    assert 'href="#entry-sint2345"' in held_up.content.decode()
    answer = still_right(browser, case, "sint2345")
    assert answer.url == f"{page_path(case, 'ties')}#entry-sint2345"
    assert "Say of “Lund”" in words(closed(browser, case))
    browser.post(step_path(case, "lund2345", "remove"))
    assert closed(browser, case).status_code == 302
    assert answers_of(case)["ties"] == [SINTRA]
    assert flags_of(case) == {"sint2345": "confirmed", "lund2345": "gone"}


def test_going_through_all_of_an_entry_confirms_it_a_part_of_it_does_not(survey):
    case, browser = opened(survey, "confirmed")

    send_step(browser, case, "sint2345", 1, name="Sintra", type="firm")
    assert flags_of(case) == {"sint2345": "to_confirm"}
    assert "Say of “Sintra”" in words(closed(browser, case))
    send_step(browser, case, "sint2345", 2, since="2015")

    assert flags_of(case) == {"sint2345": "changed"}
    assert "Say of “Sintra”" not in words(closed(browser, case))


def test_an_entry_that_is_not_confirmed_hinders_submission(survey):
    case, browser = opened(survey, "confirmed")
    still_right(browser, case, "sint2345")
    browser.post(step_path(case, "lund2345", "remove"))
    closed(browser, case)
    browser.post(page_path(case, "ties"), {"_back": "lund2345"})

    checked = browser.get(f"/firm/{case.public_id}/check/")
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)

    assert "Say of “Lund”" in words(checked)
    assert response_of(case).submitted_at is None


def test_what_has_no_mode_is_asked_anew(survey):
    case, browser = opened(survey, "confirmed", "prefilled")

    answer = still_right(browser, case, "sint2345")

    assert answer.url == step_path(case, "sint2345", 2)
    assert answers_of(case)["ties"] == [{"entry": "sint2345", "name": "Sintra", "type": "firm"}]
    assert 'value="2014"' not in browser.get(answer.url).content.decode()
    assert "“Sintra” is not finished" in words(closed(browser, case))
    send_step(browser, case, "sint2345", 2, since="2014")
    assert flags_of(case) == {"sint2345": "confirmed"}


def test_more_entries_than_the_list_takes_are_told(survey):
    three = [SINTRA, LUND, {"entry": "oslo2345", "name": "Oslo", "type": "firm"}]
    case, browser = opened(survey, "prefilled", "", *three)
    assert "as many as we ask for" in words(browser.get(page_path(case, "ties")))
    Response.objects.filter(case__wave__slug="2023").update(
        answers={"ties": [*three, {"entry": "rome2345", "name": "Rome", "type": "firm"}]}
    )

    assert "Enter at most 3 partners; you entered 4." in words(closed(browser, case))
    browser.post(step_path(case, "rome2345", "remove"))
    assert closed(browser, case).status_code == 302


def test_an_entry_that_nobody_listed_is_not_confirmed(survey):
    case, browser = opened(survey, "confirmed")

    assert still_right(browser, case, "none2345").status_code == 404
    assert answers_of(case) == {}


def test_a_firm_without_a_former_answer_has_an_empty_list_and_says_so(survey):
    case, browser = opened(survey, "confirmed")
    Response.objects.update(submitted_at=None, reference="")

    closed(browser, case)

    assert answers_of(case) == {"ties": []}
    assert response_of(case).prior_flags == {"ties": "not_shown"}


def test_the_data_tell_what_became_of_every_entry(survey, tmp_path):
    case, browser = opened(survey, "confirmed")
    still_right(browser, case, "sint2345")
    browser.post(step_path(case, "lund2345", "remove"))
    send_step(browser, case, "oslo2345", 1, name="Oslo", type="firm")
    send_step(browser, case, "oslo2345", 2, since="2024")
    closed(browser, case)
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)

    call_command(
        "export_answers", "--survey", case.wave.survey.slug, "--wave", "2025",
        "--out", str(tmp_path / "a.csv"), "--with-words",
    )  # fmt: skip

    with (tmp_path / "a-roster-ties.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [tuple(row.values())[1:] for row in rows] == [
        ("sint2345", "1", "confirmed", "sint2345", "Sintra", "firm", "2014"),
        ("oslo2345", "2", "new", ".a", "Oslo", "firm", "2024"),
        ("lund2345", ".a", "gone", "lund2345", ".a", ".a", ".a"),
    ]
    assert list(rows[0])[1:] == [
        "ties.entry", "ties.entry.number", "ties.entry.prior", "ties.entry.last",
        "ties.name", "ties.type", "ties.since",
    ]  # fmt: skip
    with (tmp_path / "a-codebook.csv").open(newline="") as file:
        described = {row["variable"]: row for row in csv.DictReader(file)}
    assert "gone = Of the wave before" in described["ties.entry.prior"]["codes"]
    assert described["ties.type"]["codes"] == "firm = A firm; university = A university"


def test_the_data_count_entries_kept_new_and_ended(survey):
    case, browser = opened(survey, "shown")
    for entry, name in (("sint2345", "Sintra"), ("oslo2345", "Oslo")):
        send_step(browser, case, entry, 1, name=name, type="firm")
        send_step(browser, case, entry, 2, since="2014")
    closed(browser, case)
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)

    content = datafile(Wave.objects.get(slug="2025"))

    row = dict(zip(content.columns, content.rows[0], strict=True))
    assert (row["ties__kept"], row["ties__new"], row["ties__ended"]) == (1, 1, 1)
    labels = {variable.name: variable.label for variable in content.variables}
    assert labels["ties__ended"].startswith("Entries of the wave before that are not on the list")


def test_a_list_that_is_not_asked_for_any_more_is_not_counted(survey, monkeypatch):
    asked = """    pages:
      - name: any
        title: Any
        items:
          - name: any
            kind: single_choice
            label: Any partners?
            codes: [{value: "yes", label: "Yes"}, {value: "no", label: "No"}]
      - name: ties
        when: any != 'no'
"""
    text = panel_roster.TEXT.replace("    pages:\n      - name: ties\n", asked)
    monkeypatch.setattr(panel_roster, "TEXT", text)
    case, browser = opened(survey, "prefilled")
    then = {"any": "yes", "ties": [SINTRA, LUND]}
    Response.objects.filter(case__wave__slug="2023").update(answers=then)
    save(browser, case, "any", any="yes")
    closed(browser, case)
    assert len(answers_of(case)["ties"]) == 2
    save(browser, case, "any", any="no")
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)

    content = datafile(Wave.objects.get(slug="2025"))

    row = dict(zip(content.columns, content.rows[0], strict=True))
    assert [row[f"ties__{part}"] for part in ("kept", "new", "ended")] == [None, None, None]


def test_an_analyst_downloads_the_entries_and_that_is_audited(survey, ada):
    case, browser = opened(survey, "prefilled")
    closed(browser, case)
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)
    client = Client()
    client.force_login(ada)
    data = f"/research/{survey.slug}/2025/data/"

    written = client.post(f"{data}answers/roster-ties.csv")

    assert "sint2345,1,prefilled,sint2345,.z,firm,2014" in written.getvalue().decode()
    assert written["Content-Disposition"].endswith('-2025-answers-roster-ties.csv"')
    assert "answers/roster-ties.csv" in client.get(data).content.decode()
    assert client.post(f"{data}answers/roster-none.csv").status_code == 404
    told = AuditEvent.objects.filter(action="answers_downloaded").values_list("detail", flat=True)
    assert [each["table"] for each in told] == ["roster-ties"]
