"""A number that is played back is confirmed, and confirmed again when an answer behind it changes."""

import re
from typing import Any

import pytest
from django.test import Client

from surveys.actions import sign_off
from surveys.models import Case, Response
from tests.factories import NOON
from tests.surveys.firms import DECLARED, admitted, open_case, page_path, save

DOCUMENT = """
instrument: totals
version: "1"
title: Totals
sections:
  - name: figures
    title: Figures
    pages:
      - name: sales
        title: Sales
        items:
          - {name: home, kind: number, label: Sales at home}
          - {name: abroad, kind: number, label: Sales abroad}
          - {name: word, kind: text, label: A word}
      - name: exporter
        title: Exporter
        items:
          - name: exporter
            kind: single_choice
            label: Do you export?
            codes: [{value: 'yes', label: 'Yes'}, {value: 'no', label: 'No'}]
      - name: exports
        title: Exports
        when: exporter = 'yes'
        items: [{name: exports, kind: number, label: Exports}]
      - name: sites
        title: Sites
        items:
          - name: sites
            kind: roster
            label: Sites
            thing: site
            things: sites
            items:
              - {name: name, kind: text, label: Name}
              - {name: staff, kind: number, label: Staff}
  - name: totals
    title: Totals
    summary: yes
    pages:
      - name: total
        title: All sales
        items:
          - {name: total, kind: computed, label: All sales, expression: home + abroad}
      - name: staff
        title: All staff
        items:
          - {name: all_staff, kind: computed, label: All staff, expression: sum(sites.staff)}
          - {name: trainees, kind: number, label: Trainees among them}
      - name: exported
        title: All exports
        items:
          - {name: exported, kind: computed, label: All exports, expression: 'if(exporter = "yes", exports, 0)'}
"""
AGAIN = "Look at it again"
SALES = {"home": "4", "abroad": "5", "word": "Fine"}


@pytest.fixture
def case(db: None) -> Case:
    return open_case(DOCUMENT)


@pytest.fixture
def browser(case: Case) -> Client:
    """A firm that went through everything, with the totals confirmed and signed off."""
    client = admitted(case)
    save(client, case, "sales", **SALES)
    save(client, case, "exporter", exporter="yes")
    save(client, case, "exports", exports="3")
    client.post(
        f"{page_path(case, 'sites')}entry/k3f9/1/",
        {"_built_on": 3, "sites.name": "Oslo", "sites.staff": "7"},
    )
    save(client, case, "sites")
    for name in ("total", "staff", "exported"):
        save(client, case, name, **({"trainees": "2"} if name == "staff" else {}))
    sign_off.sign_off(case=case, section="totals", by=None, at=NOON)
    sign_off.see_summary(case=case, section="totals", at=NOON)
    assert to_confirm(client, case) == []
    return client


def get(client: Client, case: Case, rest: str) -> Any:
    return client.get(f"/firm/{case.public_id}/{rest}")


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def to_confirm(client: Client, case: Case) -> list[str]:
    """Titles on the check page of the pages that are to be looked at again."""
    return [page["title"] for page in get(client, case, "check/").context["to_confirm"]]


def totals(client: Client, case: Case) -> Any:
    return get(client, case, "").context["sections"][1]


def test_a_changed_part_makes_the_number_one_to_look_at_again(browser: Client, case: Case):
    before = totals(browser, case)

    save(browser, case, "sales", **SALES | {"home": "6"})

    assert (before.status, before.looks_again) == ("completed", False)
    after = totals(browser, case)
    assert (after.status, after.looks_again, after.done) == ("in_progress", True, 2)
    assert after.url == page_path(case, "total")
    assert AGAIN in words(get(browser, case, ""))
    assert "has changed since you confirmed it" in words(get(browser, case, "page/total/"))
    assert to_confirm(browser, case) == ["All sales"]


def test_its_section_is_no_longer_signed_off_nor_its_summary_seen(browser: Client, case: Case):
    save(browser, case, "sales", **SALES | {"home": "6"})

    response = Response.objects.get()
    assert "totals" not in response.sign_offs
    assert "@totals" not in response.page_revisions
    with pytest.raises(sign_off.SectionUnfinished):
        sign_off.sign_off(case=case, section="totals", by=None, at=NOON)


def test_it_cannot_be_handed_in_before_the_number_is_confirmed_again(browser: Client, case: Case):
    save(browser, case, "sales", **SALES | {"home": "6"})
    refused = browser.post(f"/firm/{case.public_id}/submit/", DECLARED)

    assert "All sales" in words(refused)
    assert not Response.objects.get().is_submitted
    save(browser, case, "total")
    assert to_confirm(browser, case) == []
    assert totals(browser, case).looks_again is False
    get(browser, case, "section/totals/")
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)
    assert Response.objects.get().is_submitted


@pytest.mark.parametrize(
    ("page", "typed"),
    [("sales", SALES | {"word": "Other"}), ("sales", SALES), ("staff", {"trainees": "3"})],
)
def test_another_answer_changes_no_confirmation(
    browser: Client, case: Case, page: str, typed: dict[str, str]
):
    save(browser, case, page, **typed)

    assert to_confirm(browser, case) == []


def test_parts_that_come_to_the_same_number_are_confirmed_again(browser: Client, case: Case):
    save(browser, case, "sales", **SALES | {"home": "5", "abroad": "4"})

    assert to_confirm(browser, case) == ["All sales"]


def test_a_part_in_an_entry_of_a_roster_counts(browser: Client, case: Case):
    browser.post(
        f"{page_path(case, 'sites')}entry/k3f9/1/",
        {"_built_on": 99, "sites.name": "Oslo", "sites.staff": "8"},
    )

    assert to_confirm(browser, case) == ["All staff"]
    save(browser, case, "staff", trainees="2")
    browser.post(f"{page_path(case, 'sites')}entry/k3f9/remove/")
    assert to_confirm(browser, case) == ["All staff"]


def test_a_part_that_leaves_the_route_counts(browser: Client, case: Case):
    save(browser, case, "exporter", exporter="no")

    assert to_confirm(browser, case) == ["All exports"]


def test_a_number_that_was_changed_meanwhile_is_not_confirmed_unseen(browser: Client, case: Case):
    seen = Response.objects.get().revision
    save(browser, case, "sales", **SALES | {"home": "6"})

    answer = browser.post(page_path(case, "total"), {"_built_on": seen})

    assert answer.url == page_path(case, "total")
    assert to_confirm(browser, case) == ["All sales"]
    save(browser, case, "total")
    assert to_confirm(browser, case) == []


def test_a_number_seen_before_its_first_confirmation_changed_is_shown_again(case: Case):
    client = admitted(case)
    save(client, case, "sales", **SALES)
    save(client, case, "sales", **SALES | {"home": "6"})

    client.post(page_path(case, "total"), {"_built_on": 1})

    assert to_confirm(client, case) == ["All sales"]
