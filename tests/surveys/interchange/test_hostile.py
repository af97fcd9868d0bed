"""Hostile and broken files: every importer refuses or reads, and none falls over."""

import json
import random
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from surveys.interchange import limesurvey, surveyjs, xlsform
from surveys.interchange.limits import LARGEST_FILE
from surveys.interchange.problems import UnreadableFile
from surveys.questionnaire import read_document
from tests.surveys.interchange.hostile import (
    ALL,
    FAST,
    mutated,
    mutated_words,
    repacked,
    survives,
)

FIXTURES = Path(__file__).parent / "fixtures"
LSS = (FIXTURES / "products_db366.lss").read_bytes()
NEW_LSS = (FIXTURES / "products_db623.lss").read_bytes()
JSON = (FIXTURES / "products_surveyjs.json").read_bytes()
READERS = {"xlsform": xlsform.read, "limesurvey": limesurvey.read, "surveyjs": surveyjs.read}
SEEDS = [
    pytest.param(range(FAST), id="fast"),
    pytest.param(range(FAST, ALL), id="all", marks=pytest.mark.slow),
]
WORDS_OF_LSS = [
    "new_good",
    "NAOK",
    "==",
    '"Y"',
    "and",
    "[0]",
    "qid",
    "2",
    "11",
    "M",
    "F",
    "en",
    "row",
]
WORDS_OF_JSON = ["true", '"name"', '"type"', '"text"', "3", "[", "]", "{", "}", '"matrix"', "null",
                 '"paneldynamic"', '"visibleIf"', '"choices"', '"value"', '"default"', "{share}"]  # fmt: skip


def form(survey, choices=()):
    """An XLSForm with the rows, the first of each sheet being its header."""
    book = openpyxl.Workbook()
    for title, rows in (("survey", survey), ("choices", choices)):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


CORE = xlsform.write(
    read_document(Path("surveys/instruments/knowledge_sourcing.yaml").read_text(encoding="utf-8"))
)
FORM = form(
    [
        ["type", "name", "label", "relevant", "constraint", "calculation", "required"],
        ["begin_group", "a", "A", "", "", "", ""],
        ["select_one yn", "b", "B", "", "", "", "yes"],
        ["integer", "c", "C", "selected(${b}, 'y')", ". > 0 and . < ${d}", "", ""],
        ["end_group", "", "", "", "", "", ""],
        ["begin_repeat", "r", "R", "", "", "", ""],
        ["text", "n", "N", "", "", "", ""],
        ["end_repeat", "", "", "", "", "", ""],
        ["calculate", "s", "", "", "", "${c} * 2", ""],
    ],
    [["list_name", "name", "label"], ["yn", "y", "Yes"], ["yn", "n", "No"]],
)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"\x00" * 100,
        b"PK\x03\x04 nonsense",
        b"<?xml version='1.0'?><a/>",
        b"[1, 2]",
        b'{"pages": 3, "elements": {}}',
        "Umlaute äöü".encode("utf-16"),
        b"\xff\xfe\xfd",
        b'{"pages": [1, null, {"elements": [1, {"type": 2}, {"type": []}]}]}',
        b"[" * 100_000,
        b"<a>" * 100_000,
    ],
    ids=range(12),
)
def test_what_is_no_questionnaire_is_refused_or_empty(read, data):
    survives(read, data)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_file_of_100_megabytes_is_refused_with_the_limit(read):
    with pytest.raises(UnreadableFile, match=f"{LARGEST_FILE:,} bytes"):
        read(b"x" * 100_000_000)


def test_external_entities_are_refused():
    data = LSS.replace(
        b"<document>", b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>', 1
    ).replace(b"Products", b"&x;")

    with pytest.raises(UnreadableFile, match="document type or entities"):
        limesurvey.read(data)


def test_a_billion_laughs_are_refused():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    data = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><document>&l9;</document>'.encode()

    with pytest.raises(UnreadableFile, match="document type or entities"):
        limesurvey.read(data)


def test_entities_in_the_parts_of_a_workbook_are_refused():
    declared = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><'

    def declare(name, part):
        return part.replace(b"<sst", declared + b"sst") if name.endswith("Strings.xml") else part

    with pytest.raises(UnreadableFile):
        xlsform.read(repacked(CORE, declare))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)

    with pytest.raises(UnreadableFile, match="would unpack to 60,000,000 bytes"):
        xlsform.read(file.getvalue())


def test_a_formula_is_kept_as_text_and_listed():
    data = form([["type", "name", "label"], ["text", "a", '=HYPERLINK("http://x", "Click")']])

    imported = xlsform.read(data)

    assert imported.unsupported[0].what == "a formula in column label"
    label = imported.document["sections"][0]["pages"][0]["items"][0]["label"]
    assert label == '=HYPERLINK("http://x", "Click")'


def test_a_written_label_is_no_formula():
    document = read_document(
        "instrument: a\nversion: '1'\ntitle: =1+1\nsections:\n"
        "  - {name: s, title: S, pages: [{name: p, title: P, items: "
        "[{name: x, kind: text, label: '=cmd()'}]}]}\n"
    )

    book = openpyxl.load_workbook(BytesIO(xlsform.write(document)))

    types = {cell.data_type for sheet in book for row in sheet for cell in row if cell.value}
    assert types == {"s"}


@pytest.mark.parametrize("seeds", SEEDS)
def test_mutated_limesurvey_files(seeds):
    for seed in seeds:
        survives(limesurvey.read, mutated(LSS, seed))
        text = mutated_words((LSS if seed % 2 else NEW_LSS).decode(), seed, WORDS_OF_LSS)
        survives(limesurvey.read, text.encode())


@pytest.mark.parametrize("seeds", SEEDS)
def test_mutated_surveyjs_files(seeds):
    for seed in seeds:
        survives(surveyjs.read, mutated(JSON, seed))
        survives(surveyjs.read, mutated_words(JSON.decode(), seed, WORDS_OF_JSON).encode())
        survives(
            surveyjs.read, json.dumps(_shuffled(json.loads(JSON), random.Random(seed))).encode()
        )


def _shuffled(value, rng):
    """The JSON with values exchanged for those of other types here and there."""
    if rng.random() < 0.03:
        return rng.choice([None, True, -1, 1e308, "x", [], {}, [[]], {"default": 3}, "{share"])
    if isinstance(value, dict):
        return {key: _shuffled(each, rng) for key, each in value.items()}
    if isinstance(value, list):
        return [_shuffled(each, rng) for each in value]
    return value


WORDS_OF_FORM = ["text", "integer", "select_one", "begin_group", "end_group", "yn", "${c}", "a",
                 "relevant", "type", "name", "begin_repeat", "calculate", "'", ")", "milieu::level"]  # fmt: skip
WORDS_OF_OWN = [
    "section",
    "page",
    "battery",
    "importance",
    "yes",
    "codes",
    "milieu::kind",
    "[",
    '"',
]


def with_words(data, seed, words):
    def change(name, part):
        is_text = "sheet" in name.lower() or "Strings" in name
        return mutated_words(part.decode(), seed, words).encode() if is_text else part

    return repacked(data, change)


@pytest.mark.parametrize("seeds", SEEDS)
def test_mutated_workbooks(seeds):
    for seed in seeds:
        survives(xlsform.read, mutated(FORM, seed))
        survives(xlsform.read, with_words(FORM, seed, WORDS_OF_FORM))
        if seed % 20 == 0:
            survives(xlsform.read, with_words(CORE, seed, WORDS_OF_OWN))
