"""What a codebook as DDI-Codebook 2.5 says of an instrument; test_ddi_schema has its shape."""

import json
import re

import pytest
from django.core.management import CommandError, call_command

from surveys.interchange import ddi
from surveys.questionnaire import compile_document, compile_text, read_document, wide_columns
from surveys.questionnaire.code_lists import CodeList, ListedCode
from surveys.questionnaire.speech import Speech
from tests.surveys.interchange.ddi_files import DDI, LANG, STUDY, parsed, problems
from tests.surveys.questionnaire.authored import ROOT
from tests.surveys.questionnaire.whole_language import WHOLE, instrument

CORE = ROOT / "surveys" / "instruments" / "knowledge_sourcing.yaml"
YES_NO = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]


def codebook(*items, study=None, **keys):
    return parsed(ddi.write(instrument(*items, **keys), study or {})).getroot()


def variable(root, name):
    return next(each for each in root.iter(f"{DDI}var") if each.get("name") == name)


def texts(element, path, language=None):
    found = element.findall("/".join(f"{DDI}{name}" for name in path.split("/")))
    return [each.text for each in found if language in (None, each.get(LANG))]


def codes(element):
    return {texts(each, "catValu")[0]: each for each in element.findall(f"{DDI}catgry")}


def group(root, name):
    return next(each for each in root.iter(f"{DDI}varGrp") if each.get("name") == name)


def members(root, name):
    named = {each.get("ID"): each.get("name") for each in root.iter(f"{DDI}var")}
    return [named[each] for each in group(root, name).get("var").split()]


@pytest.fixture(scope="module")
def root():
    return parsed(ddi.write(compile_text(CORE.read_text(encoding="utf-8")), STUDY)).getroot()


def test_a_variable_is_a_column_of_the_file_of_answers():
    root = parsed(ddi.write(WHOLE, {})).getroot()
    names = [each.get("name") for each in root.iter(f"{DDI}var")]
    places = [each.get("StartPos") for each in root.iter(f"{DDI}location")]

    assert names == ["pseudonym", *(column.stata_name for column in wide_columns(WHOLE))]
    assert places == [str(place) for place in range(1, len(names) + 1)]
    assert texts(root, "fileDscr/fileTxt/dimensns/varQnty") == [str(len(names))]


def test_catalogues_find_the_file_that_every_variable_is_in(root):
    file = root.find(f"{DDI}fileDscr").get("ID")

    assert {each.get("files") for each in root.iter(f"{DDI}var")} == {file}
    assert texts(root, "fileDscr/fileTxt/fileName") == ["answers.csv"]


def test_a_variable_says_question_universe_codes_missing_codes_and_construct(root):
    head_office = variable(root, "head_office")
    values = codes(head_office)

    assert texts(head_office, "qstn/qstnLit") == ["Where is the head office of the group?"]
    assert texts(head_office, "universe") == ["in_group = 'yes'"]
    assert texts(values["europe"], "labl") == ["In the rest of Europe"]
    assert "missing" not in values["europe"].attrib
    assert dict(values[".a"].attrib) == {"missing": "Y", "missType": "not asked"}
    assert texts(head_office, "concept") == [
        "control.head_office: Place of the group's head office"
    ]


def test_units_decimals_and_bounds(root):
    persons = variable(root, "employment_last")

    assert persons.get("measUnit") == "persons"
    assert persons.get("dcml") == "0"
    assert persons.get("intrvl") == "contin"
    assert dict(persons.find(f"{DDI}valrng/{DDI}range").attrib) == {
        "UNITS": "INT",
        "min": "0",
        "max": "1000000",
    }


def test_a_share_lies_between_0_and_100_and_a_number_with_decimals_is_real():
    root = codebook(
        {"name": "a", "kind": "share", "label": "A"},
        {"name": "b", "kind": "number", "label": "B", "decimals": 2, "minimum": 0.5},
    )

    assert dict(variable(root, "a").find(f".//{DDI}range").attrib) == {
        "UNITS": "INT", "min": "0", "max": "100",
    }  # fmt: skip
    assert dict(variable(root, "b").find(f".//{DDI}range").attrib) == {
        "UNITS": "REAL",
        "min": "0.5",
    }


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"kind": "text"}, ("discrete", "text", "text", "character", None)),
        ({"kind": "number"}, ("contin", "numeric", "numeric", "numeric", None)),
        ({"kind": "money"}, ("contin", "numeric", "numeric", "numeric", "currency")),
        ({"kind": "date"}, ("discrete", "datetime", "datetime", "character", "date")),
        ({"kind": "scale", "points": {"0": "a", "4": "b"}},
         ("discrete", "numeric", "numeric", "numeric", None)),
        ({"kind": "single_choice", "codes": YES_NO},
         ("discrete", "code", "category", "character", None)),
    ],
)  # fmt: skip
def test_a_kind_of_item_is_a_kind_of_variable(item, expected):
    root = codebook({"name": "x", "label": "X", **item})
    found = variable(root, "x")
    form = found.find(f"{DDI}varFormat")

    assert expected == (
        found.get("intrvl"),
        found.get("representationType"),
        found.find(f"{DDI}qstn").get("responseDomainType"),
        form.get("type"),
        form.get("category"),
    )


def test_the_intro_of_the_page_comes_before_the_question_and_the_period_after_it():
    made = read_document(
        "instrument: a\nversion: '1'\ntitle: T\nsections:\n"
        "  - {name: s, title: S, pages: [{name: p, title: P, intro: Count owners., items: "
        "[{name: x, kind: number, label: Staff, hint: Roughly., period: End of 2024}]}]}\n"
    )
    question = variable(parsed(ddi.write(compile_document(made), {})), "x").find(f"{DDI}qstn")

    assert [(each.tag.removeprefix(DDI), each.text) for each in question] == [
        ("preQTxt", "Count owners."),
        ("qstnLit", "Staff"),
        ("postQTxt", "End of 2024"),
        ("ivuInstr", "Roughly."),
    ]


def test_every_code_of_a_multiple_choice_is_a_variable_of_one_group_and_one_question():
    coded = [{"value": "a", "label": "Ay", "definition": "First letter"},
             {"value": "b", "label": "Bee", "when": "size = 'yes'"}]  # fmt: skip
    root = codebook(
        {"name": "size", "kind": "single_choice", "label": "Big?", "codes": YES_NO},
        {"name": "m", "kind": "multiple_choice", "label": "Which?", "codes": coded},
    )
    first, second = variable(root, "m_a"), variable(root, "m_b")

    assert group(root, "m").get("type") == "multipleResp"
    assert members(root, "m") == ["m_a", "m_b"]
    assert texts(first, "labl") == ["Which? Ay"]
    assert texts(first, "qstn/qstnLit") == texts(second, "qstn/qstnLit") == ["Which?"]
    assert first.get("qstn") == second.get("qstn") == first.find(f"{DDI}qstn").get("ID")
    assert texts(first, "txt") == ["First letter"]
    assert [texts(each, "labl") for each in codes(first).values()][:2] == [["No"], ["Yes"]]
    assert texts(first, "universe") == ["All firms of the sample"]
    assert texts(second, "universe") == ["size = 'yes'"]


def test_a_battery_is_a_grid_within_its_section():
    facets = [
        {"name": "use", "label": "Used?", "choose": "one", "codes": YES_NO},
        {"name": "where", "label": "Where?", "choose": "many", "when": {"use": ["yes"]},
         "codes": [{"value": "n", "label": "Near"}, {"value": "f", "label": "Far"}]},
    ]  # fmt: skip
    rows = [{"value": "r", "label": "clients"}, {"value": "q", "label": "suppliers"}]
    root = codebook(
        {"name": "b", "kind": "battery", "label": "About {row}.", "rows": rows, "facets": facets}
    )

    assert group(root, "b").get("type") == "grid"
    assert texts(group(root, "b"), "labl") == ["About …."]
    assert members(root, "b") == ["b_r_use", "b_r_where_n", "b_r_where_f",
                                  "b_q_use", "b_q_where_n", "b_q_where_f"]  # fmt: skip
    assert group(root, "b").get("ID") in group(root, "s").get("varGrp").split()
    assert texts(variable(root, "b_r_where_n"), "qstn/qstnLit") == ["About clients. Where?"]
    assert texts(variable(root, "b_r_where_n"), "universe") == ["b.r.use in ('yes')"]


def test_an_entry_of_a_roster_is_a_group_about_the_thing():
    root = codebook(
        {"name": "r", "kind": "roster", "label": "Partners?", "thing": "partner",
         "things": "partners", "most": 2, "items": [{"name": "n", "kind": "text", "label": "Name"}]}
    )  # fmt: skip

    assert group(root, "r").get("type") == "repetition"
    assert members(root, "r") == ["r_entries", "r_1_n", "r_2_n"]
    assert members(root, "r.2") == ["r_2_n"]
    assert texts(group(root, "r.2"), "labl") == ["Partner 2"]
    assert texts(variable(root, "r_2_n"), "anlysUnit") == ["partner"]
    assert variable(root, "r_1_n").get("qstn") == variable(root, "r_2_n").get("qstn")


def test_the_words_of_a_firm_may_be_withheld_and_nothing_else():
    root = codebook(
        {"name": "t", "kind": "text", "label": "T"}, {"name": "n", "kind": "number", "label": "N"}
    )

    assert codes(variable(root, "t"))[".z"].get("missType") == "withheld"
    assert ".z" not in codes(variable(root, "n"))


def test_the_concept_is_the_cell_of_the_construct(root):
    named = {each.get("name"): texts(each, "concept") for each in root.iter(f"{DDI}var")}
    cells = [name for names in named.values() for name in names if "cooperation[" in name]

    assert (
        "networking.cooperation[suppliers,local]: Cooperated with the partner type at the scale"
        in cells
    )
    assert len(cells) == len(set(cells))


def test_a_computed_item_says_from_what():
    root = codebook(
        {"name": "a", "kind": "number", "label": "A"},
        {"name": "c", "kind": "computed", "label": "C", "expression": "a + 1"},
    )

    assert texts(variable(root, "c"), "derivation/drvcmd") == ["(a + 1)"]


@pytest.mark.parametrize(("length", "written"), [(3, 3), (301, 0)])
def test_a_long_list_is_named_and_a_short_one_written_too(length, written):
    listed = tuple(ListedCode(f"{n:03}", f"Label {n}") for n in range(length))
    made = instrument(
        {"name": "x", "kind": "lookup", "label": "X", "codes": "places@1"},
        code_lists=lambda name, version: CodeList(name, version, "Places", listed),
    )
    found = variable(parsed(ddi.write(made, {})), "x")

    assert texts(found, "stdCatgry") == ["Places (places@1)"]
    assert len([each for each in codes(found) if not each.startswith(".")]) == written


def test_names_that_are_not_kept_stand_in_a_note():
    root = codebook(
        {"name": "m", "kind": "multiple_choice", "label": "M", "variable": "whole",
         "codes": [{"value": "a", "label": "A", "variable": "q10_1"}, {"value": "b", "label": "B"}]}
    )  # fmt: skip

    notes = {each.get("subject"): each.text for each in variable(root, "m_a").iter(f"{DDI}notes")}
    assert notes == {"name in Milieu": "m.a", "variable of origin": "q10_1"}


def test_the_study_says_what_the_instrument_cannot(root):
    study = root.find(f"{DDI}stdyDscr")

    assert texts(study, "citation/titlStmt/titl") == ["Knowledge sourcing 2024"]
    assert texts(study, "citation/rspStmt/AuthEnty") == ["Researcher, A.", "Researcher, B."]
    assert texts(study, "stdyInfo/sumDscr/universe") == ["Firms with ten persons employed or more"]
    assert texts(study, "method/dataColl/sampProc") == ["Stratified by size and industry"]
    assert texts(study, "method/anlyInfo/respRate") == ["41 %"]
    periods = study.findall(f"{DDI}stdyInfo/{DDI}sumDscr/{DDI}timePrd")
    assert [dict(each.attrib) for each in periods] == [
        {"event": "start", "date": "2022"}, {"event": "end", "date": "2024"},
    ]  # fmt: skip


def test_without_a_study_catalogues_can_use_the_identifier_as_a_file_name():
    root = codebook({"name": "x", "kind": "text", "label": "X"}, version="1 β/2")
    (identifier,) = texts(root, "stdyDscr/citation/titlStmt/IDNo")

    assert re.fullmatch(r"[A-Za-z0-9._-]+", identifier)
    assert texts(root, "stdyDscr/citation/titlStmt/titl") == ["Made"]


def translated():
    document = read_document(
        "instrument: a\nversion: '1'\ntitle: Staff <&>\nlanguages: [en, nb]\nsections:\n"
        "  - {name: s, title: S, pages: [{name: p, title: P, items: [{name: x, kind: text, "
        "label: 'Where is {firm}?', definition: Of work}]}]}\n"
    )
    told = {"text": "Hvor er {firm}?", "of": "00000000"}
    return compile_document({**document, "translations": {"nb": {"items.x.label": told}}})


def test_texts_stand_in_every_language():
    tree = parsed(ddi.write(translated(), {}))
    found = variable(tree, "x")

    assert problems(tree) == []
    assert texts(found, "qstn/qstnLit", "en") == ["Where is the firm?"]
    assert texts(found, "qstn/qstnLit", "nb") == ["Hvor er [foretaket]?"]
    assert texts(found, "labl", "nb") == ["Hvor er [foretaket]?"]
    assert texts(tree.getroot(), "stdyDscr/citation/titlStmt/titl") == ["Staff <&>"]


SPECIFIED = """
instrument: a
version: '1'
title: Forms
languages: [en, nb]
sections:
  - name: s
    title: S
    pages:
      - name: p
        title: P
        items:
          - name: x
            kind: single_choice
            label: Form
            codes: [{value: f, label: Firm}, {value: o, label: Other, specify: text}]
translations:
  nb: {items.x.codes.o.label: {text: Annet, of: Other}}
"""


def test_words_of_the_platform_are_in_the_language_of_the_text():
    def speech_of(language: str) -> Speech:
        words = {"nb": "oppgi nærmere"}.get(language, "please specify")
        return Speech(lambda template: template.replace("please specify", words))

    made = compile_document(read_document(SPECIFIED), speech_of=speech_of)
    found = variable(parsed(ddi.write(made, {}, speech_of=speech_of)), "x_o_specify")

    assert texts(found, "qstn/qstnLit", "en") == ["Other: please specify"]
    assert texts(found, "qstn/qstnLit", "nb") == ["Annet: oppgi nærmere"]


def test_a_file_for_one_language_has_that_language_alone():
    tree = parsed(ddi.write(translated(), {"languages": "nb"}))
    found = variable(tree, "x")

    assert tree.getroot().get(LANG) == "nb"
    assert texts(found, "qstn/qstnLit") == ["Hvor er [foretaket]?"]


@pytest.mark.parametrize(
    ("study", "told"),
    [
        ({"titel": "X"}, "'titel' says nothing of a study"),
        ({"authors": [{"name": "A"}]}, "'authors' holds something else"),
        ({"title": ["A", "B"]}, "'title' is not one text"),
        ({"period": 2022}, "'period' is not a pair"),
        ({"languages": ["fr"]}, "'fr' is none of the languages en"),
    ],
)
def test_what_cannot_be_said_of_a_study_is_refused(study, told):
    with pytest.raises(ddi.StudyRefused, match=re.escape(told)):
        codebook({"name": "x", "kind": "text", "label": "X"}, study=study)


def test_the_command_says_what_is_wrong_with_the_study(tmp_path):
    study = tmp_path / "study.json"
    study.write_text(json.dumps({"titel": "X"}))
    target = tmp_path / "codebook.xml"

    with pytest.raises(CommandError, match="'titel' says nothing of a study"):
        call_command(
            "export_instrument", str(CORE), "--format", "ddi",
            "--output", str(target), "--study", str(study),
        )  # fmt: skip
    assert not target.exists()
