"""The reference page of the eq importer says what the code does."""

import re
from pathlib import Path

from surveys.interchange import limits
from surveys.interchange.ons import answers, logic, pages, texts
from surveys.interchange.problems import CATALOGUE

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "ons-eq.md").read_text()


def test_every_problem_is_explained_as_the_catalogue_has_it():
    told = dict(re.findall(r"\| `([a-z_]+)` \| (.+?) \|", PAGE.partition("## Problems")[2]))
    assert told == CATALOGUE


def test_every_type_of_answer_and_block_is_named():
    for kind in (*answers._READERS, "Introduction", "Interstitial", "ListCollector"):
        assert re.search(rf"\b{kind}\b", PAGE) or kind == "Relationship", kind
    assert "CalculatedSummary" in PAGE
    assert pages.QUESTIONS


def test_the_limits_are_those_of_the_code():
    for limit in (limits.LARGEST_FILE, limits.MOST_ITEMS, texts.LONGEST_TEXT, logic.MOST_NODES):
        assert f"{limit:,}" in PAGE
    assert f"| {limits.DEEPEST} |" in PAGE
