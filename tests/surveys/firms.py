"""A firm with an open questionnaire of every kind of item, and a browser admitted to it."""

from datetime import timedelta
from typing import Any

from django.test import Client

from surveys import questionnaire
from surveys.actions import invitations
from surveys.models import Case, Response, Wave
from tests.factories import NOON, make_case, make_instrument, make_stratum, make_survey, make_wave

QUESTIONNAIRE = """
instrument: every-kind
version: "1"
title: Every kind of question
intro: "About {firm} in {period}."
codes:
  scales:
    - {value: local, label: Local area}
    - {value: country, label: Rest of the country}
    - {value: global, label: Elsewhere}
sections:
  - name: firm
    title: Your firm
    minutes: 2
    pages:
      - name: new_good
        title: New goods
        items:
          - name: new_good
            kind: single_choice
            label: "Did {firm} introduce a new good in {period}?"
            definition: A good is a thing.
            codes:
              - {value: "yes", label: "Yes"}
              - {value: "no", label: "No"}
      - name: turnover_newness
        title: Turnover from new goods
        when: new_good = 'yes'
        items:
          - name: turnover_newness
            kind: allocation
            label: How was turnover divided?
            parts:
              - {value: new, label: New goods}
              - {value: unchanged, label: Unchanged goods}
      - name: size
        title: The size of your firm
        items:
          - {name: employment, kind: number, label: Persons employed, minimum: 0, maximum: 1000000, unit: persons}
          - {name: employment_first, kind: number, label: Persons employed before, minimum: 0}
          - {name: turnover, kind: money, label: "Turnover in {last_year}"}
        edits:
          - name: turnover_without_staff
            severity: soft
            when: employment = 0 and turnover > 0
            message: You told us of turnover without staff.
            items: [employment, turnover]
          - name: employment_jumped
            severity: hard
            when: employment > 1000 * employment_first
            message: The number of persons cannot have grown a thousandfold.
            items: [employment]
  - name: partners
    title: Partners
    minutes: 3
    pages:
      - name: activity
        title: Cooperation
        items:
          - name: activity
            kind: multiple_choice
            label: Did you cooperate?
            codes:
              - {value: research, label: On research}
              - {value: other, label: On other matters}
              - {value: none, label: We did not cooperate, exclusive: yes}
      - name: cooperation
        title: Partners
        when: activity has 'research' or activity has 'other'
        items:
          - name: cooperation
            kind: battery
            label: "Where were your partners: {row}?"
            rows:
              - {value: suppliers, label: suppliers}
              - {value: universities, label: universities}
            facets:
              - {name: scale, label: Place, choose: many, codes: scales}
      - name: sources
        title: Sources
        items:
          - name: sources
            kind: battery
            label: "How important were these sources: {row}?"
            rows:
              - {value: fairs, label: fairs}
            facets:
              - name: importance
                label: Importance
                choose: one
                codes:
                  - {value: "0", label: Not used}
                  - {value: "3", label: High}
              - {name: scale, label: Place, choose: many, codes: scales, when: {importance: ["3"]}}
  - name: end
    title: The end
    pages:
      - name: last
        title: Last words
        items:
          - {name: start_year, kind: year, label: Year of start, maximum: 2025}
          - {name: graduate_share, kind: share, label: Staff with a degree, decimals: 1}
          - {name: comment, kind: text, label: "Anything else?", long: yes, max_length: 200}
"""


def open_case(text: str = QUESTIONNAIRE, slug: str = "firms", **fields: Any) -> Case:
    """A case that has not been started, in an open wave of the questionnaire."""
    definition = questionnaire.compile_text(text)
    instrument = make_instrument(
        dict(definition.document), fingerprint=definition.fingerprint, name=definition.name
    )
    wave = make_wave(make_survey(slug), instrument=instrument, state=Wave.State.OPEN)
    return make_case(
        wave, make_stratum(wave), firm_name=fields.pop("firm_name", "Nord AS"), **fields
    )


def code_of(case: Case) -> str:
    _, code = invitations.issue(case=case, at=NOON, expires_at=NOON + timedelta(days=3650))
    return code


def admitted(case: Case, **options: Any) -> Client:
    """A browser that has entered the firm's code."""
    client = Client(**options)
    answer = client.post("/answer/", {"access_code": code_of(case)})
    assert answer.status_code == 302
    return client


def page_path(case: Case, page: str) -> str:
    return f"/firm/{case.public_id}/page/{page}/"


def save(client: Client, case: Case, page: str, **typed: Any) -> Any:
    """Save a page as the browser would that opened it just now."""
    revision = Response.objects.filter(case=case).values_list("revision", flat=True).first() or 0
    fields = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(page_path(case, page), {"_built_on": revision} | fields)


def answers_of(case: Case) -> dict[str, Any]:
    response = Response.objects.filter(case=case).first()
    return dict(response.answers) if response else {}


WHOLE_ROUTE: dict[str, dict[str, Any]] = {
    "new_good": {"new_good": "yes"},
    "turnover_newness": {"turnover_newness-new": "30", "turnover_newness-unchanged": "70"},
    "size": {
        "employment": "12",
        "employment_first": "10",
        "turnover": "2 500",
        "turnover-unit": "thousands",
    },
    "activity": {"activity": ["research"]},
    "cooperation-suppliers": {"cooperation.suppliers-scale": ["local", "global"]},
    "cooperation-universities": {},
    "sources-fairs": {"sources.fairs-importance": "3", "sources.fairs-scale": ["country"]},
    "last": {"start_year": "1987", "graduate_share": "12,5", "comment": "Fine"},
}


def answer_everything(client: Client, case: Case) -> None:
    for page, typed in WHOLE_ROUTE.items():
        response = Response.objects.filter(case=case).first()
        built_on = response.revision if response else 0
        answer = client.post(page_path(case, page), {"_built_on": built_on} | typed)
        assert answer.status_code == 302, (page, answer.content.decode())


DECLARED = {"declarant": "Kari Nord", "authorised": "on"}
