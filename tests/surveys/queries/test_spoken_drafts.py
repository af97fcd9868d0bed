"""A draft in one of its languages, compiled with the code lists as they are now."""

from typing import Any

import pytest

from surveys.models import CodeList
from surveys.queries.drafts import spoken
from surveys.questionnaire import read_document
from tests.factories import NOON

pytestmark = pytest.mark.django_db

TEXT = """
instrument: firm
version: '1.0'
title: A firm
language: en
languages: [en, nb]
sections:
  - name: about
    title: About
    pages:
      - name: place
        title: Place
        items: [{name: town, kind: lookup, label: Which town?, codes: towns@1}]
translations:
  nb: {items.town.label: {text: Hvilken by?, of: Which town?}}
"""


def towns(survey: Any, *labels: str) -> CodeList:
    codes = [
        {"value": label.lower(), "label": label, "parent": "", "words": ""} for label in labels
    ]
    return CodeList.objects.create(
        survey=survey, name="towns", version="1", title="Towns", codes=codes,
        fingerprint="-".join(labels), uploaded_at=NOON,
    )  # fmt: skip


def labels(language: str) -> list[str]:
    instrument = spoken(read_document(TEXT), language)
    assert instrument is not None
    (town,) = instrument.items
    return [code.label for code in town.codes.codes]


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_list_that_was_exchanged_is_read_anew_in_every_language(survey, language):
    first = towns(survey, "Oslo")
    before = labels(language)
    first.delete()
    towns(survey, "Bergen", "Oslo")

    assert (before, labels(language)) == (["Oslo"], ["Bergen", "Oslo"])
