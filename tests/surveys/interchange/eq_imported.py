"""Schemas of eq brought in, and what became of their parts."""

import json

import pytest

from surveys.interchange import ons
from surveys.interchange.problems import UnreadableFile
from surveys.questionnaire import compile_document, route
from surveys.questionnaire.edits import check_page
from surveys.questionnaire.fills import FillContext
from tests.surveys.interchange.eq import schema, section


def brought(*blocks, **keys):
    return whole(schema(section("main", *blocks), **keys))


def whole(given):
    imported = ons.read(json.dumps(given).encode())
    return imported, compile_document(imported.document)


def kept(imported, words):
    """How the parts are kept whose description holds these words."""
    return [each.kept_as for each in imported.unsupported if words in each.what]


def refused(given):
    with pytest.raises(UnreadableFile) as caught:
        ons.read(json.dumps(given).encode())
    return [problem.code for problem in caught.value.problems]


def spoken(instrument, page, answers):
    counting = route(instrument, answers).answers
    context = FillContext("Acme", 2022, 2024, counting, instrument)
    return [finding.edit for finding in check_page(instrument.page(page), counting, context)]
