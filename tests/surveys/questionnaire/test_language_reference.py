"""The reference of the language says all of it, and what it shows compiles."""

import re
from typing import Any

import pytest

from surveys.questionnaire import (
    MISSING_CODES,
    PROBLEM_CATALOGUE,
    compile_document,
    parse_condition,
)
from surveys.questionnaire.authored.battery import GROUP_KEYS, LAYOUTS
from surveys.questionnaire.authored.bindings import BINDING_KEYS
from surveys.questionnaire.authored.code_lists import LIST_KEYS, LISTED_KEYS
from surveys.questionnaire.authored.codes import CODE_KEYS, ROW_KEYS
from surveys.questionnaire.authored.facets import FACET_KEYS
from surveys.questionnaire.authored.items import (
    COMMON_KEYS,
    DEPENDENT,
    KIND_KEYS,
    REQUIRED,
    STATED_MISSING,
)
from surveys.questionnaire.authored.roster import ENTRY_PAGE_KEYS
from surveys.questionnaire.condition_language import (
    DEEPEST_NESTING,
    LONGEST_CONDITION,
    MOST_WORDS,
)
from surveys.questionnaire.constructs import CATALOGUE
from surveys.questionnaire.dependent_entries import ENTRY_FLAGS
from surveys.questionnaire.fills import SIMPLE_FILLS
from surveys.questionnaire.parsing import EDIT_KEYS, INSTRUMENT_KEYS, PAGE_KEYS, SECTION_KEYS
from surveys.questionnaire.reading import DEEPEST_FILE, LARGEST_FILE, read_document
from surveys.questionnaire.translations import ENTRY_KEYS
from tests.surveys.questionnaire.authored import ROOT

PAGE = (ROOT / "docs" / "reference" / "instrument-language.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
CONDITIONS = re.search(r"```text\n(.*?)```", PAGE, re.S).group(1).splitlines()  # type: ignore[union-attr]


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M)
    assert found, title
    return found.group(1)


def rows(title: str) -> list[list[str]]:
    """Cells of every row of the tables of a section, without their heads."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = {place - 1 for place, row in enumerate(cells) if set(row[0]) == {"-"}}
    rules = {place + 1 for place in heads}
    return [row for place, row in enumerate(cells) if place not in heads | rules]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def first_words(title: str) -> set[str]:
    return {word for row in rows(title) for word in words(row[0])}


def whole(example: str) -> dict[str, Any]:
    """An example as an instrument: items are put on pages, a battery on one of its own."""
    if example.startswith("instrument:"):
        return read_document(example)
    items = read_document("items:\n" + example)["items"]
    pages = [{"name": f"p_{item['name']}", "title": "P", "items": [item]} for item in items]
    sections = [{"name": "s", "title": "S", "pages": pages}]
    return {"instrument": "example", "version": "1", "title": "Example", "sections": sections}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[:24])
def test_an_example_compiles(example: str) -> None:
    assert compile_document(whole(example)).pages


def test_the_examples_show_every_kind() -> None:
    shown = {kind for example in EXAMPLES for kind in re.findall(r"kind: (\w+)", example)}

    assert shown >= set(KIND_KEYS)


@pytest.mark.parametrize("text", CONDITIONS)
def test_an_example_of_a_condition_is_read(text: str) -> None:
    parse_condition(text)


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Keys of the file", INSTRUMENT_KEYS),
        ("Keys of a section", SECTION_KEYS),
        ("Keys of a page", PAGE_KEYS),
        ("Keys of every item", COMMON_KEYS),
        ("Edits", EDIT_KEYS),
        ("Bindings", BINDING_KEYS),
        ("Problems", tuple(PROBLEM_CATALOGUE)),
        ("Batteries", KIND_KEYS["battery"] + FACET_KEYS),
        ("Rosters", KIND_KEYS["roster"]),
        ("Long lists", LIST_KEYS),
        ("Variables", tuple(code for code, _ in MISSING_CODES.values())),
    ],
)
def test_every_key_is_in_its_table_and_no_other(title: str, keys: tuple[str, ...]) -> None:
    assert first_words(title) == set(keys)


def test_every_kind_stands_with_its_own_keys() -> None:
    table = {words(row[0])[0]: set(words(row[1])) for row in rows("Kinds of item") if len(row) == 4}

    assert table == {kind: set(keys) for kind, keys in KIND_KEYS.items()}


@pytest.mark.parametrize("key", [*CODE_KEYS, *ROW_KEYS, *GROUP_KEYS, *LAYOUTS])
def test_keys_of_codes_rows_and_groups_are_named(key: str) -> None:
    assert f"`{key}" in section("Kinds of item") + section("Batteries")


def test_the_keys_of_a_code_are_in_their_table() -> None:
    table = {word for row in rows("Kinds of item") if len(row) == 2 for word in words(row[0])}

    assert table == set(CODE_KEYS)


@pytest.mark.parametrize("key", [*ENTRY_PAGE_KEYS, *LISTED_KEYS, *ENTRY_KEYS])
def test_keys_of_entries_lists_and_translations_are_named(key: str) -> None:
    parts = section("Rosters") + section("Long lists") + section("Translations")

    assert f"`{key}`" in parts or f"{key}:" in parts


@pytest.mark.parametrize("word", [*REQUIRED, *DEPENDENT, *STATED_MISSING])
def test_what_a_key_of_an_item_may_say_is_named(word: str) -> None:
    assert f"`{word}`" in section("Keys of every item")


def test_the_meaning_of_every_missing_code_is_the_one_of_the_code() -> None:
    assert {(words(row[0])[0], row[1]) for row in rows("Variables")} == set(MISSING_CODES.values())


@pytest.mark.parametrize("flag", sorted(set(ENTRY_FLAGS) - {"to_confirm"}))
def test_what_became_of_an_entry_is_named(flag: str) -> None:
    assert f"`{flag}`" in section("Tables of rosters")


@pytest.mark.parametrize("mode", DEPENDENT)
def test_every_mode_of_a_roster_is_in_its_table(mode: str) -> None:
    assert mode in first_words("Rosters of the wave before")


def test_every_fill_is_in_its_table() -> None:
    assert first_words("Fills") == {f"{{{name}}}" for name in SIMPLE_FILLS} | {
        "{answer:item}",
        "{answer:last.item}",
        "{row}",
    }


def test_the_catalogue_of_constructs_is_the_one_of_the_code() -> None:
    table = {words(row[0])[0]: (row[1], tuple(words(row[2])), row[3]) for row in rows("Constructs")}

    assert table == {
        name: (
            each.measure,
            each.dimensions,
            f"{each.label} ({each.unit})" if each.unit else each.label,
        )
        for name, each in CATALOGUE.items()
    }


def test_the_meaning_of_every_problem_is_the_one_of_the_code() -> None:
    assert {words(row[0])[0]: row[1] for row in rows("Problems")} == PROBLEM_CATALOGUE


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{LARGEST_FILE:,} characters".replace(",", " ") in PAGE
    assert f"{DEEPEST_FILE} deep" in section("YAML, with four things less")
    assert (
        f"at most {LONGEST_CONDITION} characters, {MOST_WORDS} words and signs, "
        f"and brackets {DEEPEST_NESTING} deep"
    ) in section("Conditions")
