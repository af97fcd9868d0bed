"""A roster over HTTP: adding, going on, changing and removing, alone and with a colleague."""

import re
from typing import Any

import pytest
from django.test import Client

from surveys.actions import responses, rosters
from surveys.actions.responses import AlreadySubmitted, OffRoute, PageConflict, WaveClosed
from surveys.actions.roster_lists import RosterFull
from surveys.actions.rosters import EntryGone
from surveys.models import Case, PageVersion, Response, Wave
from tests.factories import NOON
from tests.surveys.firms import admitted, answers_of, open_case, page_path
from tests.surveys.views.test_item_pages import DOCUMENT

pytestmark = pytest.mark.django_db

ENTRY = re.compile(r"/entry/([a-z0-9]{4,12})/1/")


@pytest.fixture
def case() -> Case:
    return open_case(DOCUMENT)


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)


def revision(case: Case) -> int:
    return Response.objects.filter(case=case).values_list("revision", flat=True).first() or 0


def path(case: Case, entry: str, step: int | str) -> str:
    return f"{page_path(case, 'partners')}entry/{entry}/{step}/"


def send(browser: Client, case: Case, entry: str, step: int, **typed: Any) -> Any:
    fields = {f"partners.{name}".replace("__", "-"): value for name, value in typed.items()}
    fields.setdefault("_built_on", revision(case))
    return browser.post(path(case, entry, step), fields)


def added(browser: Client, case: Case, name: str) -> str:
    """Add a partner as the list offers it; the entry's key."""
    listed = browser.get(page_path(case, "partners")).content.decode()
    (entry,) = ENTRY.findall(listed.partition("roster-add")[2])
    answer = send(browser, case, entry, 1, name=name)
    assert answer.status_code == 302
    assert answer.url == path(case, entry, 2)
    return entry


def partners(case: Case) -> list[dict[str, Any]]:
    return answers_of(case).get("partners", [])


def test_an_empty_list_says_what_it_will_hold(browser: Client, case: Case) -> None:
    drawn = browser.get(page_path(case, "partners")).content.decode()

    assert "You have not added any partners yet. You can add up to 3." in drawn
    assert "Continue without any partner" in drawn


def test_none_is_an_answer(browser: Client, case: Case) -> None:
    answer = browser.post(page_path(case, "partners"))

    assert answer.status_code == 302
    assert answers_of(case) == {"partners": []}
    assert "partners" in Response.objects.get().page_revisions


def test_an_entry_is_named_then_asked_about_by_its_own_route(browser: Client, case: Case) -> None:
    entry = added(browser, case, "Sintra Instruments")
    drawn = browser.get(path(case, entry, 2)).content.decode()
    assert "What is Sintra Instruments?" in drawn
    assert "Partner: Sintra Instruments" in drawn

    done = send(browser, case, entry, 2, type="firm", since="2014")

    assert done.url == page_path(case, "partners")
    assert partners(case) == [
        {
            "entry": entry,
            "name": "Sintra Instruments",
            "type": "firm",
            "type.other": None,
            "since": 2014,
        }
    ]
    assert send(browser, case, entry, 2, type="university").url == path(case, entry, 3)


def test_an_entry_needs_a_name(browser: Client, case: Case) -> None:
    answer = send(browser, case, "abcd2345", 1, name="  ")

    (line,) = answer.context["form"].summary
    assert (line.field_id, line.message) == ("id_partners-name", "Enter a name for the partner.")
    assert partners(case) == []


def test_a_name_sent_twice_is_one_entry(browser: Client, case: Case) -> None:
    for _ in range(2):
        send(browser, case, "abcd2345", 1, name="Sintra")

    assert [each["name"] for each in partners(case)] == ["Sintra"]


def test_a_list_with_an_unfinished_entry_is_not_closed(browser: Client, case: Case) -> None:
    entry = added(browser, case, "Sintra")

    answer = browser.post(page_path(case, "partners"))

    drawn = answer.content.decode()
    assert answer.status_code == 200
    assert "“Sintra” is not finished" in drawn
    assert f'href="{path(case, entry, 2)}"' in drawn
    assert "Not finished" in drawn
    assert "partners" not in Response.objects.get().page_revisions
    send(browser, case, entry, 2, type="firm")
    assert browser.post(page_path(case, "partners")).status_code == 302


def test_an_unfinished_entry_hinders_submission(browser: Client, case: Case) -> None:
    browser.post(page_path(case, "partners"))
    added(browser, case, "Sintra")

    problems = browser.get(f"/firm/{case.public_id}/check/").context["problems"]

    assert [problem["message"] for problem in problems] == [
        "“Sintra” is not finished: some of its questions have not been gone through."
    ]


def test_an_entry_is_taken_out_only_after_asking(browser: Client, case: Case) -> None:
    entry = added(browser, case, "Sintra")
    asked = browser.get(path(case, entry, "remove"))
    assert "Remove “Sintra”?" in asked.content.decode()
    assert len(partners(case)) == 1

    gone = browser.post(path(case, entry, "remove"))

    assert gone.url == page_path(case, "partners")
    assert partners(case) == []
    kept = [version.answers["partners"] for version in PageVersion.objects.all()]
    assert kept[0][0]["name"] == "Sintra"
    assert browser.post(path(case, entry, "remove")).status_code == 302
    assert browser.get(path(case, entry, "remove")).status_code == 302


def test_a_full_list_takes_no_more(browser: Client, case: Case) -> None:
    for name in ("A", "B", "C"):
        added(browser, case, name)

    assert "roster-add" not in browser.get(page_path(case, "partners")).content.decode()
    refused = send(browser, case, "abcd2345", 1, name="D")

    assert refused.status_code == 409
    assert "The list of partners is full" in refused.content.decode()
    assert "<dd>D</dd>" in refused.content.decode()
    assert len(partners(case)) == 3


def test_who_changes_an_entry_that_a_colleague_removed_is_told_and_loses_nothing(
    browser: Client, case: Case
) -> None:
    entry = added(browser, case, "Sintra")
    browser.post(path(case, entry, "remove"))

    answer = send(browser, case, entry, 1, name="Sintra Instruments")

    drawn = answer.content.decode()
    assert answer.status_code == 409
    assert "This partner is not in the list any more" in drawn
    assert "Sintra Instruments" in drawn
    assert partners(case) == []


def test_two_people_on_one_entry_see_both_answers(browser: Client, case: Case) -> None:
    entry = added(browser, case, "Sintra")
    built_on = revision(case)
    send(browser, case, entry, 2, type="firm", since="2001")
    conflict = browser.post(
        path(case, entry, 2),
        {"_built_on": built_on, "partners.type": "firm", "partners.since": "2003"},
    )

    drawn = conflict.content.decode()
    assert conflict.status_code == 409
    assert "2003" in drawn
    assert f'action="{path(case, entry, 2)}"' in drawn
    kept = browser.post(
        path(case, entry, 2),
        {
            "_built_on": revision(case),
            "_conflict": "partners.since",
            "_keep-partners.since": "mine",
            "partners.type": "firm",
            "partners.since": "2003",
        },
    )
    assert kept.status_code == 302
    assert partners(case)[0]["since"] == 2003


def test_a_step_that_does_not_apply_is_not_there(browser: Client, case: Case) -> None:
    entry = added(browser, case, "Sintra")

    assert browser.get(path(case, entry, 3)).status_code == 404
    assert browser.get(path(case, entry, 9)).status_code == 404
    assert browser.get(f"{page_path(case, 'words')}entry/{entry}/1/").status_code == 404
    assert Client().get(path(case, entry, 1)).status_code == 403


def test_a_list_of_codes_is_searched_within_an_entry(browser: Client, case: Case) -> None:
    entry = added(browser, case, "A university")
    send(browser, case, entry, 2, type="university")

    found = browser.post(
        path(case, entry, 3), {"partners.country": "land", "_search": "partners.country"}
    )

    assert 'name="partners.country-code"' in found.content.decode()


def test_saving_and_leaving_keeps_the_entry(browser: Client, case: Case) -> None:
    entry = added(browser, case, "Sintra")
    answer = browser.post(
        path(case, entry, 2),
        {"_built_on": revision(case), "partners.since": "2001", "_then": "leave"},
    )

    assert answer.url.endswith("/leave/")
    assert partners(case)[0]["since"] == 2001


def save(case: Case, entry: str, step: int = 1, built_on: int = 0, **answers: Any) -> Response:
    return rosters.save_entry(
        case=case,
        page="partners",
        entry=entry,
        step=step,
        answers={f"partners.{name}": value for name, value in answers.items()},
        built_on=built_on,
        at=NOON,
    )


def test_two_people_who_add_at_once_lose_nothing(case: Case) -> None:
    save(case, "aaaa1111", name="A")
    save(case, "bbbb2222", name="B")

    assert [each["name"] for each in partners(case)] == ["A", "B"]


def test_only_the_same_step_of_the_same_entry_collides(case: Case) -> None:
    save(case, "aaaa1111", name="A")
    save(case, "aaaa1111", step=2, since=2001)
    save(case, "bbbb2222", name="B")

    with pytest.raises(PageConflict) as conflict:
        save(case, "aaaa1111", name="Another")

    assert conflict.value.saved == {"partners.name": "A"}


def test_an_entry_begins_with_its_name_and_a_plain_key(case: Case) -> None:
    for entry, step in (("aaaa1111", 2), ("A!", 1), ("abc", 1)):
        with pytest.raises(EntryGone):
            save(case, entry, step=step)
    with pytest.raises(OffRoute):
        save(case, "aaaa1111", step=9)
    with pytest.raises(ValueError, match="elsewhere"):
        save(case, "aaaa1111", elsewhere=1)
    assert partners(case) == []


def test_a_full_roster_and_a_closed_wave_take_nothing(case: Case) -> None:
    for number in range(3):
        save(case, f"aaaa{number}", name="A")
    with pytest.raises(RosterFull):
        save(case, "bbbb1", name="B")
    Wave.objects.update(state="closed")
    with pytest.raises(WaveClosed):
        rosters.remove_entry(case=case, page="partners", entry="aaaa0", at=NOON)
    assert len(partners(case)) == 3


def test_a_submitted_roster_is_read_only(case: Case) -> None:
    save(case, "aaaa1111", name="A")
    Response.objects.update(submitted_at=NOON, reference="M-1")

    with pytest.raises(AlreadySubmitted):
        rosters.close_roster(case=case, page="partners", at=NOON)


def test_a_page_that_holds_no_roster_has_no_entries(case: Case) -> None:
    responses.begin(case=case, at=NOON)

    with pytest.raises(OffRoute):
        rosters.close_roster(case=case, page="words", at=NOON)
