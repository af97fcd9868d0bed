"""A draft of a small instrument, and its author, for the tests of the editor's pages."""

import pytest
from django.urls import reverse

from surveys.actions import drafts
from surveys.models import InstrumentDraft
from surveys.questionnaire import read_document
from tests.factories import NOON

TEXT = """
instrument: firm
version: '1.0'
title: A firm
codes:
  yes_no:
    - {value: yes, label: 'Yes'}
    - {value: no, label: 'No'}
sections:
  - name: about
    title: About
    pages:
      - name: staff
        title: Staff
        items:
          - {name: persons, kind: number, label: Persons employed, minimum: 0}
      - name: research
        title: Research
        when: persons > 10
        items:
          - {name: lab, kind: single_choice, label: 'Do you have a laboratory?', codes: yes_no}
          - name: fields
            kind: multiple_choice
            label: In which fields?
            codes:
              - {value: bio, label: Biology, variable: '17'}
              - {value: phys, label: Physics}
"""


@pytest.fixture
def draft(survey, ada) -> InstrumentDraft:
    return drafts.create(survey=survey, document=read_document(TEXT), by=ada, at=NOON)


@pytest.fixture
def page(client, ada, draft):
    """Send to an address of the draft as its author; the draft's revision comes along."""
    client.force_login(ada)

    def send(to: str = "draft", method: str = "post", query: str = "", /, **fields):
        draft.refresh_from_db()
        address = reverse(f"surveys:{to}", args=[draft.survey.slug, draft.slug]) + query
        if method == "get":
            return client.get(address)
        return client.post(address, {"revision": draft.revision} | fields)

    return send


def item(draft, *place: int) -> dict:
    draft.refresh_from_db()
    section, page, number = place
    return draft.document["sections"][section]["pages"][page]["items"][number]


ITEM_FORM = {"name": "persons", "label": "Persons employed", "minimum": "0", "when": ""}
