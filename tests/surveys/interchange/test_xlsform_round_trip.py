"""What is written as an XLSForm is read back as the same document."""

import copy
import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from pyxform.xls2xform import convert

from surveys.interchange import xlsform
from surveys.questionnaire import compile_document, read_document
from surveys.questionnaire.speech import Speech
from tests.surveys.interchange.documents import DOCUMENTS

CORE = Path("surveys/instruments/knowledge_sourcing.yaml")
EVERY_KIND = Path(__file__).parent / "fixtures" / "every_kind.yaml"
SHIPPED = sorted(Path("surveys/instruments").glob("*.yaml"))
PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def test_the_shipped_instrument_comes_back_whole():
    document = read_document(CORE.read_text(encoding="utf-8"))

    imported = xlsform.read(xlsform.write(document))

    assert imported.document == document
    assert imported.unsupported == ()
    assert compile_document(imported.document).fingerprint == compile_document(document).fingerprint


def test_the_shipped_instrument_is_a_valid_xlsform(tmp_path):
    document = read_document(CORE.read_text(encoding="utf-8"))
    file = tmp_path / "form.xlsx"
    file.write_bytes(xlsform.write(document))

    form = convert(xlsform=file, validate=False)

    assert form.warnings == []
    assert re.search(r"relevant=\"[^\"]*/page\.group/in_group\s+= 'yes'\"", form.xform)


def test_every_kind_comes_back_whole_and_is_a_valid_xlsform(tmp_path):
    document = read_document(EVERY_KIND.read_text(encoding="utf-8"))
    compile_document(document)
    file = tmp_path / "form.xlsx"
    file.write_bytes(xlsform.write(document))

    form = convert(xlsform=file, validate=False)
    imported = xlsform.read(file.read_bytes())

    assert imported.document == document
    assert imported.unsupported == ()
    assert '<translation lang="Norwegian Bokmål (nb)">' in form.xform
    assert "Messer" in form.xform


def test_a_text_that_quotes_the_wave_before_is_a_valid_xlsform(tmp_path):
    document = read_document(EVERY_KIND.read_text(encoding="utf-8"))
    item = document["sections"][0]["pages"][0]["items"][0]
    item["hint"] = f"Not {{answer:last.{item['name']}}} any more?"
    compile_document(document)
    file = tmp_path / "form.xlsx"
    file.write_bytes(xlsform.write(document))

    convert(xlsform=file, validate=False)

    assert xlsform.read(file.read_bytes()).document == document


OTHER = """
instrument: forms
version: '1'
title: Forms
language: nb
languages: [nb, de]
sections:
  - name: s
    title: S
    pages:
      - name: p
        title: P
        items:
          - name: form
            kind: single_choice
            label: Form
            codes: [{value: as, label: AS}, {value: other, label: Annen, specify: text}]
translations:
  de: {items.form.codes.other.label: {text: Andere, of: Annen}}
"""
WORDS = {"nb": "oppgi nærmere", "de": "bitte genauer angeben"}


def spoken(language: str) -> Speech:
    return Speech(lambda template: template.replace("please specify", WORDS[language]))


def survey_rows(data: bytes) -> dict[str, dict[str, str]]:
    sheet = openpyxl.load_workbook(BytesIO(data))["survey"]
    head, *rows = sheet.iter_rows(values_only=True)
    return {row[head.index("name")]: dict(zip(head, row, strict=True)) for row in rows}


def test_what_the_platform_asks_is_in_the_words_of_each_language():
    row = survey_rows(xlsform.write(read_document(OTHER), speech_of=spoken))["form.other"]

    assert row["label::Norwegian Bokmål (nb)"] == "Annen: oppgi nærmere"
    assert row["label::German (de)"] == "Andere: bitte genauer angeben"


def test_words_of_the_platform_come_back_as_its_words_and_a_change_of_them_is_told():
    document = read_document(OTHER)
    data = xlsform.write(document, speech_of=spoken)
    book = openpyxl.load_workbook(BytesIO(data))
    for cell in (cell for row in book["survey"].iter_rows() for cell in row):
        if (
            cell.value == "Annen: oppgi nærmere"
            and "label" in book["survey"].cell(1, cell.column).value
        ):
            cell.value = "Hvilken?"
    file = BytesIO()
    book.save(file)

    came_back = xlsform.read(data)

    assert came_back.document == document
    assert came_back.unsupported == ()
    assert [each.what for each in xlsform.read(file.getvalue()).unsupported] == [
        "a change of “form.other”, which only shows a part"
    ]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_instrument_comes_back_whole(path):
    document = read_document(path.read_text(encoding="utf-8"))

    assert xlsform.read(xlsform.write(document)).document == document


@settings(max_examples=8, deadline=None, suppress_health_check=PATIENT)
@given(DOCUMENTS)
def test_any_document_comes_back_whole(document):
    before = copy.deepcopy(document)

    imported = xlsform.read(xlsform.write(document))

    assert imported.document == before
    assert document == before


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=PATIENT)
@given(DOCUMENTS)
def test_many_documents_come_back_whole(document):
    assert xlsform.read(xlsform.write(document)).document == document


def test_two_questions_of_one_name_keep_their_own_codes():
    """No valid document, but a draft that is downloaded before its author has seen to it."""
    pages = [
        {
            "name": name,
            "title": "P",
            "items": [{"name": "a", "kind": "single_choice", "label": "A"}],
        }
        for name in ("one", "two")
    ]
    for value, page in zip(("0", "1"), pages, strict=True):
        page["items"][0]["codes"] = [{"value": value, "label": "Code"}]
    section = {"name": "s", "title": "S", "pages": pages}
    document = {"instrument": "i", "version": "1", "title": "I", "sections": [section]}

    assert xlsform.read(xlsform.write(document)).document == document
