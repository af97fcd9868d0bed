"""A firm that listed its partners in the wave before, in a wave that asks for them again."""

from typing import Any

from django.test import Client

from surveys.models import Case, Response
from tests.factories import NOON
from tests.surveys.firms import page_path
from tests.surveys.views.test_prior import case_in, wave_with

SINTRA: dict[str, Any] = {"entry": "sint2345", "name": "Sintra", "type": "firm", "since": 2014}
LUND: dict[str, Any] = {"entry": "lund2345", "name": "Lund", "type": "university", "since": None}

TEXT = """
instrument: panel
version: "1"
title: Panel
sections:
  - name: network
    title: Your network
    pages:
      - name: ties
        title: Ties
        items:
          - name: ties
            kind: roster
            label: Who are your partners?
            thing: partner
            things: partners
            most: 3
            MODE
            pages:
              - title: Who
                items:
                  - {name: name, kind: text, label: Name}
                  - name: type
                    kind: single_choice
                    label: What is it?
                    codes: [{value: firm, label: A firm}, {value: university, label: A university}]
                    OF_TYPE
              - title: Since when
                items:
                  - {name: since, kind: year, label: "Since when, {answer:ties.name}, seen from {last_year}?", maximum: 2026}
"""


def text_of(mode: str, of_type: str = "") -> str:
    return TEXT.replace("MODE", f"dependent: {mode}" if mode else "").replace(
        "OF_TYPE", f"dependent: {of_type}" if of_type else ""
    )


def panel_case(survey: Any, mode: str, of_type: str = "", *entries: dict[str, Any]) -> Case:
    """A firm in a wave whose former wave listed the entries: Sintra and Lund unless others."""
    old = wave_with(survey, text_of(""), "2023", 2023)
    new = wave_with(survey, text_of(mode, of_type).replace('"1"', '"2"'), "2025", 2025)
    listed = list(entries) or [SINTRA, LUND]
    Response.objects.create(
        case=case_in(old, "R-1"), answers={"ties": listed}, begun_at=NOON, submitted_at=NOON,
        reference="M-1", page_revisions={"ties": 1}, revision=1,
    )  # fmt: skip
    new.previous = old
    new.save()
    return case_in(new, "R-1")


def response_of(case: Case) -> Response:
    return Response.objects.get(case=case)


def flags_of(case: Case) -> dict[str, str]:
    return {
        name.removeprefix("ties/"): flag
        for name, flag in response_of(case).prior_flags.items()
        if "/" in name
    }


def step_path(case: Case, entry: str, step: int | str) -> str:
    return f"{page_path(case, 'ties')}entry/{entry}/{step}/"


def send_step(browser: Client, case: Case, entry: str, step: int, **typed: Any) -> Any:
    """Save a step as the browser would that opened it just now."""
    revision = Response.objects.filter(case=case).values_list("revision", flat=True).first() or 0
    fields = {f"ties.{name}": value for name, value in typed.items()}
    return browser.post(step_path(case, entry, step), {"_built_on": revision} | fields)
