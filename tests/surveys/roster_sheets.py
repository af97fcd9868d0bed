"""A questionnaire with one roster, and hands that fill in its sheet."""

import io
from typing import Any

import openpyxl
from django.test import Client

from surveys.models import Case
from tests.surveys.firms import answers_of
from tests.surveys.views.test_offline import path, uploaded

TEXT = """
instrument: ties
version: "1"
title: Ties
sections:
  - name: network
    title: Network
    pages:
      - name: ties
        title: Ties
        items:
          - name: ties
            kind: roster
            label: Who are your partners?
            thing: partner
            things: partners
            most: 4
            pages:
              - title: Who
                items:
                  - {name: name, kind: text, label: Name, max_length: 40}
                  - name: type
                    kind: single_choice
                    label: What is it?
                    missing: [dont_know]
                    codes:
                      - {value: firm, label: A firm}
                      - {value: university, label: A university}
                      - {value: other, label: Else, specify: text}
                  - name: content
                    kind: multiple_choice
                    label: What do you do together?
                    codes: [{value: research, label: Research}, {value: trade, label: Trade}]
              - title: The firm
                when: ties.type = 'firm'
                items:
                  - {name: sales, kind: money, label: "Sales to {answer:ties.name}"}
                  - {name: visits, kind: number, label: Visits, minimum: 0, maximum: 400}
        edits:
          - name: two_alike
            severity: hard
            when: count(ties) > 3
            message: More than three partners cannot be right.
            items: [ties]
"""
SHEET = "Partners"


def downloaded(browser: Client, case: Case) -> Any:
    answer = browser.get(path(case, "network.xlsx"))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def cell(book: Any, entry: int, *heads: str) -> Any:
    """The cell of an entry under the column whose heads hold all of these."""
    sheet = book[SHEET]
    rows = [row for row in sheet.iter_rows(max_col=1) if row[0].value == f"Partner {entry}"]
    first = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "Partner 1")
    question = ""
    for column in range(2, sheet.max_column + 1):
        question = sheet.cell(first - 3, column).value or question
        said = f"{question} {sheet.cell(first - 2, column).value or ''}"
        if all(head in said for head in heads):
            return sheet.cell(rows[0][0].row, column)
    raise AssertionError(heads)


def fill(book: Any, entry: int, name: str, **typed: Any) -> None:
    cell(book, entry, "Name").value = name
    for head, value in typed.items():
        cell(book, entry, *head.split("__")).value = value


def empty(book: Any, entry: int) -> None:
    row = cell(book, entry, "Name").row
    for column in range(2, book[SHEET].max_column + 1):
        book[SHEET].cell(row, column).value = None


def confirmed(browser: Client, case: Case, answer: Any, *entries: str) -> Any:
    context = answer.context
    return browser.post(
        path(case, "network/"),
        {
            "payload": context["payload"],
            "_built_on": context["built_on"],
            "_seen": context["seen"],
            "page": [page.name for page in context["pages"]],
            "entry": [f"ties/{key}" for key in entries],
        },
    )


def ties(case: Case) -> list[dict[str, Any]]:
    return answers_of(case).get("ties", [])


def fates(answer: Any) -> list[tuple[str, str]]:
    (page,) = answer.context["pages"]
    return [(each.name, each.fate) for each in page.entries]


def two_partners(browser: Client, case: Case) -> list[str]:
    """Sintra and Lund on the list; their keys."""
    book = downloaded(browser, case)
    fill(book, 1, "Sintra", What="A university")
    fill(book, 2, "Lund", What="A university", together__Research="yes")
    confirmed(browser, case, uploaded(browser, case, book))
    return [each["entry"] for each in ties(case)]
