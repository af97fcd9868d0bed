"""Edits that read the entries of a roster are told on its list, while they can be mended."""

import re
from typing import Any

import pytest
from django.test import Client

from surveys.models import Case, Response
from tests.surveys.firms import admitted, open_case, page_path

pytestmark = pytest.mark.django_db

DOCUMENT = """
instrument: shares
version: "1"
title: Shares
sections:
  - name: partners
    title: Partners
    pages:
      - name: partners
        title: Partners
        items:
          - name: partners
            kind: roster
            label: Who are your partners?
            thing: partner
            things: partners
            required: soft
            items:
              - {name: name, kind: text, label: Name}
              - {name: share, kind: number, label: Share}
        edits:
          - name: too_much
            severity: hard
            when: sum(partners.share) > 100
            message: 'The shares of {answer:partners} come to more than 100.'
            items: [partners]
          - name: too_few
            severity: hard
            when: count(partners) = 1
            message: Name two partners, or none.
            items: [partners]
          - name: uneven
            severity: soft
            when: max(partners.share) > 10 * min(partners.share)
            message: 'One partner of {answer:partners} has more than ten times the share of another.'
            items: [partners]
      - name: after
        title: After
        items: [{name: most, kind: number, label: The largest share}]
        edits:
          - name: not_the_largest
            severity: hard
            when: most != max(partners.share)
            message: That is not the largest share.
            items: [most]
"""
TOO_MUCH = "The shares of Nord; Vest come to more than 100."
TOO_FEW = "Name two partners, or none."
UNEVEN = "One partner of Nord; Vest has more than ten times the share of another."


@pytest.fixture
def case() -> Case:
    return open_case(DOCUMENT)


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)


def added(client: Client, case: Case, name: str, share: str) -> Any:
    """Add a partner, or change it; the list as it is shown then."""
    fields = {"_built_on": 99, "partners.name": name, "partners.share": share}
    path = f"{page_path(case, 'partners')}entry/{name.lower()}/1/"
    return client.post(path, fields, follow=True)


def closed(client: Client, case: Case, **fields: Any) -> Any:
    return client.post(page_path(case, "partners"), fields)


def problems(answer: Any) -> list[str]:
    return [problem["message"] for problem in answer.context["problems"]]


def questions(answer: Any) -> list[str]:
    return [question["message"] for question in answer.context["questions"]]


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def is_closed() -> bool:
    return "partners" in Response.objects.get().page_revisions


def test_the_list_says_it_as_soon_as_the_entries_do(browser: Client, case: Case) -> None:
    first = added(browser, case, "Nord", "60")
    second = added(browser, case, "Vest", "50")

    assert list(first.context["remarks"]) == [TOO_FEW]
    assert list(second.context["remarks"]) == [TOO_MUCH]
    assert TOO_MUCH in words(second)
    assert problems(second) == []  # a list that is still being written has no errors


def test_nothing_is_said_of_a_list_that_was_not_begun(browser: Client, case: Case) -> None:
    empty = browser.get(page_path(case, "partners"))

    assert (list(empty.context["remarks"]), questions(empty)) == ([], [])


def test_a_hard_edit_holds_the_list_up_until_it_is_mended(browser: Client, case: Case) -> None:
    added(browser, case, "Nord", "60")
    added(browser, case, "Vest", "50")

    refused = closed(browser, case)

    assert refused.status_code == 200
    assert problems(refused) == [TOO_MUCH]
    assert not is_closed()
    added(browser, case, "Vest", "40")
    assert closed(browser, case).url == page_path(case, "after")
    assert is_closed()


def test_a_soft_edit_is_asked_about_once_and_its_reason_kept(browser: Client, case: Case) -> None:
    added(browser, case, "Nord", "60")
    added(browser, case, "Vest", "5")

    asked = closed(browser, case)

    assert questions(asked) == [UNEVEN]
    assert not is_closed()
    mark = asked.context["questions"][0]["mark"]
    let_stand = closed(browser, case, _asked=mark, **{"_reason-uneven": "A subsidiary"})
    assert let_stand.url == page_path(case, "after")
    kept = Response.objects.get().edit_decisions["uneven"]
    assert (kept["message"], kept["kept"], kept["reason"]) == (UNEVEN, True, "A subsidiary")
    assert closed(browser, case).status_code == 302  # it is not asked again


def test_a_list_with_other_entries_is_asked_about_anew(browser: Client, case: Case) -> None:
    added(browser, case, "Nord", "60")
    added(browser, case, "Vest", "5")
    closed(browser, case, _asked=closed(browser, case).context["questions"][0]["mark"])

    added(browser, case, "Aust", "1")

    assert questions(closed(browser, case)) == [UNEVEN.replace("Vest", "Vest; Aust")]


def test_an_empty_list_that_is_wanted_is_asked_about(browser: Client, case: Case) -> None:
    asked = closed(browser, case)

    assert len(questions(asked)) == 1
    mark = asked.context["questions"][0]["mark"]
    assert closed(browser, case, _asked=mark).url == page_path(case, "after")


def test_leaving_keeps_the_entries_and_leaves_the_list_open(browser: Client, case: Case) -> None:
    added(browser, case, "Nord", "60")

    left = closed(browser, case, _then="leave")

    assert left.status_code == 302
    assert not is_closed()
    assert [each["name"] for each in Response.objects.get().answers["partners"]] == ["Nord"]


def test_an_edit_of_a_later_page_reads_the_entries(browser: Client, case: Case) -> None:
    added(browser, case, "Nord", "60")
    added(browser, case, "Vest", "40")
    closed(browser, case)

    wrong = browser.post(page_path(case, "after"), {"_built_on": 99, "most": "50"})

    assert "That is not the largest share." in words(wrong)
    right = browser.post(page_path(case, "after"), {"_built_on": 99, "most": "60"})
    assert right.status_code == 302
