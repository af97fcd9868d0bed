"""The modules of the core instrument: complete, composable, and in keeping with the rules."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from surveys.queries import modules
from surveys.queries.modules import catalogue_files, library, module
from surveys.questionnaire import (
    BatteryRow,
    Item,
    MultipleChoice,
    Page,
    SingleChoice,
    bound_columns,
    codebook,
    compile_document,
    fill,
    read_document,
)
from surveys.questionnaire.catalogues import to_po
from surveys.questionnaire.codebook import is_companion
from surveys.questionnaire.constructs import CATALOGUE
from surveys.questionnaire.items import Roster
from surveys.questionnaire.linting.lint import lint
from surveys.questionnaire.modules import compose
from surveys.questionnaire.translatable import slots
from surveys.questionnaire.translations import (
    source_hash,
    states,
    strings,
    with_translations,
)
from tests.surveys.questionnaire.authored import ROOT, context
from tests.surveys.questionnaire.core_firms import composed, find, innovator

MODULES = dict(library())
WHOLE = composed(MODULES)
SCALES = ("local", "region", "country", "europe", "global")
PAGE = (ROOT / "docs" / "reference" / "core-instrument.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| [A-H]\d", line)
]
FIELD_CODES = {
    *(f"A{n}" for n in range(1, 8)),
    *(f"B{n}" for n in range(1, 5)),
    *(f"C{n}" for n in range(1, 13)),
    "C2a",
    "C3b",
    *(f"D{n}" for n in range(1, 13)),
    *("E1", "E1b", "E1c", "E2", "E3"),
    *(f"F{n}" for n in range(1, 9)),
    *("G1", "G2", "G3", "H1", "H2"),
}


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def authored(item: Item) -> str:
    """The name under which the item stands in its module."""
    return item.battery if isinstance(item, BatteryRow) else item.name


def items_of(name: str) -> dict[str, list[Item]]:
    """Items of a module by authored name."""
    found: dict[str, list[Item]] = {}
    sections = {section["name"] for section in MODULES[name]["sections"]}
    for section in WHOLE.sections:
        if section.name in sections:
            for item in (each for page in section.pages for each in page.items):
                found.setdefault(authored(item), []).append(item)
    return found


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_compiles_alone_with_what_it_needs(name: str) -> None:
    instrument = composed(MODULES, name)

    assert {section["name"] for section in module(name)["sections"]} <= {
        section.name for section in instrument.sections
    }
    assert module(name)["module"] == name
    assert module(name)["title"]
    assert module(name)["summary"]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_minutes_of_a_module_are_those_of_its_sections(name: str) -> None:
    sections = MODULES[name]["sections"]

    assert MODULES[name]["minutes"] == sum(section["minutes"] for section in sections)


def test_every_code_of_the_field_is_mapped() -> None:
    assert {row[0] for row in ROWS} - {"D8-D12"} == FIELD_CODES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[2]}")
def test_a_mapped_code_is_asked_and_bound_as_the_page_says(row: list[str]) -> None:
    _, _, module_cell, item_cell, construct_cell, _ = row
    known = items_of(words(module_cell)[0])
    items = [item for name in words(item_cell) for item in known[name]]
    bound = {binding.construct for item in items for binding in item.bindings}

    assert set(words(construct_cell)) <= bound
    assert all(item.bindings for item in items)


def test_every_construct_that_is_bound_is_on_the_page() -> None:
    told = {name for row in ROWS for name in words(row[4])}

    assert {column.construct for column in bound_columns(WHOLE)} <= told <= set(CATALOGUE)


def test_names_of_other_surveys_say_whether_they_were_seen() -> None:
    for *_, name in ROWS:
        assert name == "–" or name.endswith(("[S]", "[M], unverified")), name


def test_the_page_lists_every_module_with_its_needs_and_minutes() -> None:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| `[a-h z]_", line)]
    table = {words(line)[0]: (words(line)[1:], line.split("|")[3].strip()) for line in lines}

    assert table == {
        name: (list(each.get("needs", [])), str(each["minutes"])) for name, each in MODULES.items()
    }


def test_nothing_is_required_and_no_opinion_or_outcome_is_prefilled() -> None:
    shown = {item.name for item in WHOLE.items if item.dependent != "hidden"}

    assert {item.required for item in WHOLE.items} == {"none"}
    assert shown == {
        *("industry", "start_year", "municipality", "in_group", "head_office"),
        *("head_office_country", "foreign_share", "legal_form", "owner_managed", "spin_off"),
        *("spin_off_scale", "spin_off_same", "position", "airport_minutes", "ties"),
    }


def test_only_what_cannot_be_is_a_hard_edit() -> None:
    hard = [edit.name for page in WHOLE.pages for edit in page.edits if edit.severity == "hard"]

    assert hard == ["research_staff_above_all_staff"]


def test_what_excludes_all_others_comes_last() -> None:
    for item in WHOLE.items:
        lists = [item.codes] if isinstance(item, MultipleChoice) else []
        if isinstance(item, BatteryRow):
            lists += [facet.codes for facet in item.facets]
        for codes in lists:
            assert [code.value for code in codes[:-1] if code.exclusive] == [], item.name


def test_every_scale_that_is_asked_says_what_it_means() -> None:
    asked = 0
    for name, document in MODULES.items():
        for slot in slots(document):
            is_scale = slot.holder.get("value") in SCALES and slot.name == "label"
            if is_scale and "research_bought" not in slot.key:
                asked += 1
                assert slot.holder.get("definition"), f"{name}: {slot.key}"
    assert asked > 50


def test_titles_tell_pages_apart() -> None:
    titles = [page.title for page in WHOLE.pages]

    assert [title for title in titles if titles.count(title) > 1] == []


def test_the_reference_period_stands_once_a_section() -> None:
    for section in WHOLE.sections:
        texts = [section.intro]
        for page in section.pages:
            texts += [page.intro, *(item.label for item in page.items)]
        assert sum("{period}" in text for text in texts) <= 1, section.name


def test_every_text_is_filled_for_a_firm_and_its_years() -> None:
    quoted = context(WHOLE, innovator(WHOLE))
    for name, document in MODULES.items():
        for slot in slots(document):
            left = re.findall(r"[{}]", fill(slot.text.replace("{row}", "row"), quoted))
            assert left == [], f"{name}: {slot.key}"


def test_the_linter_warns_of_nothing_but_what_the_page_says() -> None:
    warnings = {(each.code, each.where) for each in lint(WHOLE)}
    codes = {code for code, _ in warnings}

    assert {place for code, place in warnings if code == "long_battery"} == {
        "item strategy", "item sources", "item obstacle", "item cooperation_each",
    }  # fmt: skip
    assert {place for code, place in warnings if code == "long_name"} == {
        "item cooperation", "item cooperation_each", "item channel", "item sources",
    }  # fmt: skip
    assert {place for code, place in warnings if code == "no_period"} == {"item minutes_taken"}
    assert codes <= {
        "long_name", "long_label", "long_battery", "no_period", "missing_translations",
    }  # fmt: skip


def test_both_ways_of_asking_fill_partner_by_scale() -> None:
    filtered = {column.name for column in bound_columns(composed(MODULES, "c_partners"))}
    each = {column.name for column in bound_columns(composed(MODULES, "c_partners_each"))}
    cells = {name for name in filtered if name.startswith("networking.cooperation[")}

    assert len(cells) == 50
    assert cells <= each


def test_the_roster_asks_for_up_to_five_partners_with_five_proximities() -> None:
    ties = WHOLE.item("ties")

    assert isinstance(ties, Roster)
    assert ties.most == 5
    assert {
        f"ties.{name}"
        for name in ("cognitive", "organisational", "social", "institutional", "geographical")
    } <= {item.name for item in ties.items}


def test_a_country_is_asked_of_partners_abroad_only() -> None:
    ties = WHOLE.item("ties")
    assert isinstance(ties, Roster)
    country = next(item for item in ties.items if item.name == "ties.country")

    assert country.universe.holds({"ties.place": "europe"})
    assert not country.universe.holds({"ties.place": "local"})


def test_every_variable_of_the_composed_instrument_is_in_its_codebook() -> None:
    names = [variable.name for variable in codebook(WHOLE)]

    assert len(names) == len(set(names)) > 450


def test_modules_bring_the_shared_lists_that_they_name_and_no_other() -> None:
    assert set(MODULES["h_obstacles"].get("codes", {})) == set()
    assert set(MODULES["c_mobility"]["codes"]) == {"scales"}
    assert set(MODULES["c_named_partners"]["codes"]) == {
        *("scales", "partner_types", "channels", "beginnings", "yes_no"),
    }


def test_a_module_that_is_not_shipped_is_not_there() -> None:
    with pytest.raises(KeyError):
        module("z_unknown")


def test_catalogues_belong_to_modules() -> None:
    folder = ROOT / "surveys" / "instruments" / "core"
    known = {file for name in MODULES for file in catalogue_files(name)}

    assert set(folder.glob("*.po")) <= known


def pages_with(name: str) -> list[Page]:
    return [page for page in WHOLE.pages if page.name.partition("-")[0] == name]


def test_partners_are_filtered_first_and_then_asked_one_a_page() -> None:
    first, *rest = pages_with("partner")

    assert first.name == "partner-filter"
    assert [len(page.items) for page in rest] == [1] * 10


def test_catalogues_beside_the_modules_become_their_translations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = modules.FOLDER
    for name in ("common", "c_most_valuable", "c_cooperated"):
        shutil.copy(folder / f"{name}.yaml", tmp_path)
        translated = _shouted(read_document((folder / f"{name}.yaml").read_text()))
        (tmp_path / f"{name}.nb.po").write_text(to_po(translated, "nb"), encoding="utf-8")
    monkeypatch.setattr(modules, "FOLDER", tmp_path)
    modules.library.cache_clear()
    try:
        document = compose("C", "c", "1", [module("c_most_valuable")], library=library())
    finally:
        modules.library.cache_clear()

    assert document["languages"] == ["en", "nb"]
    assert set(states(document, "nb").values()) == {"current", "missing"}
    missing = [key for key, state in states(document, "nb").items() if state == "missing"]
    assert missing == ["instrument.title"]
    norwegian = compile_document(document, language="nb").item("most_valuable")
    assert norwegian.label == "Ø Which type of partner mattered most to {firm}?"
    assert isinstance(norwegian, SingleChoice)
    assert norwegian.codes[0].label == "Ø Another enterprise of your group"


def _shouted(document: dict[str, Any]) -> dict[str, Any]:
    """The document with a translation of every text that shows that it is one."""
    texts = {each.key: (f"Ø {each.text}", source_hash(each.text)) for each in strings(document)}
    return with_translations(document, "nb", texts)


@pytest.mark.parametrize("language", ["en", "nb", "de", "it"])
def test_what_else_is_asked_in_the_language_of_the_firm(language: str) -> None:
    """No question of a code with `specify` falls back on the English default."""
    instrument = compile_document(WHOLE.document, language=language, code_lists=find)
    companions = [item for item in instrument.items if is_companion(item)]

    assert [item.name for item in companions] == [
        "legal_form.other",
        "rule_setter.other",
        "support.other",
    ]
    assert all(item.label.endswith("?") for item in companions)
    assert language == "en" or not {item.label for item in companions} & {
        item.label for item in WHOLE.items
    }
