"""What the author of an instrument leaves to the platform is said in the language of the firm."""

import re

import pytest
from django.test import Client

from surveys import questionnaire
from surveys.models import Case
from surveys.queries.drafts import compile_draft
from surveys.queries.instruments import compiled
from surveys.questionnaire.speech import Speech, speaking
from surveys.views.speaking import spoken
from tests.surveys.firms import admitted, open_case, page_path

TEXT = """
instrument: polyglot
version: "1"
title: Many languages
language: en
languages: [en, nb, de, it]
sections:
  - name: all
    title: All
    pages:
      - name: sector
        title: Sector
        items:
          - name: sector
            kind: single_choice
            label: Sector
            codes: [{value: a, label: A}, {value: b, label: B, specify: text}]
          - name: site
            kind: single_choice
            label: Site
            codes: [{value: a, label: C}, {value: b, label: D, specify: number, specify_label: Which?}]
      - name: sources
        title: Sources
        items:
          - name: sources
            kind: battery
            label: 'How was {row}?'
            layout: filter_first
            rows: [{value: press, label: the press}, {value: fairs, label: fairs}]
            facets:
              - {name: used, label: 'Used?', choose: one, codes: [{value: a, label: A}, {value: b, label: B}]}
"""
WORDS = {
    "en": ("B: please specify", "Which of these apply?", "None of these"),
    "nb": ("B: oppgi nærmere", "Hvilke av disse gjelder?", "Ingen av disse"),
    "de": ("B: bitte genauer angeben", "Welche davon treffen zu?", "Keine davon"),
    "it": ("B: specificare", "Quali di queste voci valgono?", "Nessuna di queste"),
}
LANGUAGES = list(WORDS)


@pytest.fixture
def case(db: None) -> Case:
    return open_case(TEXT)


def said(definition: questionnaire.Instrument) -> tuple[str, str, str]:
    asked = definition.item("sources.filter")
    assert isinstance(asked, questionnaire.MultipleChoice)
    return definition.item("sector.b").label, asked.label, asked.codes[-1].label


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_firm_reads_it_in_its_language(case: Case, language: str):
    client: Client = admitted(case)
    client.post(f"/firm/{case.public_id}/language/", {"_language": language, "_next": "/"})

    page = client.get(page_path(case, "sector")).content.decode()
    battery = client.get(page_path(case, "sources-filter")).content.decode()

    assert WORDS[language][0] in page
    assert "Which?" in page  # the words of the author stay
    assert all(words in battery for words in WORDS[language][1:])


@pytest.mark.parametrize("spoken_to", LANGUAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_rests_on_the_language_asked_for_and_not_on_who_is_spoken_to(
    case: Case, language: str, spoken_to: str
):
    document = case.wave.instrument.document

    with spoken(spoken_to):
        assert said(compile_draft(document, language)) == WORDS[language]
        assert said(compiled(case.wave.instrument, language)) == WORDS[language]


def test_an_author_who_writes_norwegian_has_norwegian_words(db: None):
    document = questionnaire.read_document(
        re.sub("language: en\nlanguages.*", "language: nb", TEXT)
    )

    assert said(compile_draft(document)) == WORDS["nb"]


def test_without_a_catalogue_it_is_said_in_english():
    other = Speech(lambda text: text.replace("None", "Not one"))

    with speaking(other):
        plain = questionnaire.compile_text(TEXT, language="de")
    given = questionnaire.compile_text(TEXT, language="de", speech_of=lambda _: other)

    assert said(plain) == WORDS["en"]
    assert said(given)[2] == "Not one of these"
    assert plain.fingerprint == given.fingerprint
