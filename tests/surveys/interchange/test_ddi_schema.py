"""Every codebook fits a restriction of the schema of DDI-Codebook 2.5, read from the official one."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from surveys.interchange import ddi, ons
from surveys.queries.modules import library
from surveys.questionnaire import compile_document, compile_text
from tests.surveys.interchange.ddi_files import DDI, HERE, LANG, STUDY, parsed, problems
from tests.surveys.questionnaire.authored import NAMES, ROOT, small
from tests.surveys.questionnaire.core_firms import composed
from tests.surveys.questionnaire.test_whole_language_properties import items
from tests.surveys.questionnaire.whole_language import instrument

SHIPPED = ("every_kind", "knowledge_sourcing")


def shipped(name):
    return compile_text((ROOT / "surveys" / "instruments" / f"{name}.yaml").read_text())


@pytest.mark.parametrize("study", [{}, STUDY], ids=["instrument", "study"])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_instrument(name, study):
    assert problems(parsed(ddi.write(shipped(name), study))) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_small_instrument(name):
    assert problems(parsed(ddi.write(small(name), {}))) == []


def test_the_core_instrument_in_all_its_languages():
    core = composed(dict(library()))

    tree = parsed(ddi.write(core, STUDY))

    assert problems(tree) == []
    assert set(tree.xpath("//@xml:lang")) == {"en", "de", "it", "nb"}


@pytest.mark.shared_data
def test_the_uk_innovation_survey(shared_data):
    imported = ons.read((shared_data / "ukis_2022_2024.json").read_bytes())

    assert problems(parsed(ddi.write(compile_document(imported.document), STUDY))) == []


@given(st.data())
def test_any_instrument(data):
    authored = [data.draw(items(f"i{n}")) for n in range(data.draw(st.integers(1, 4)))]

    assert problems(parsed(ddi.write(instrument(*authored), {}))) == []


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("title", "id", "file", "nation"), st.text()))
)
def test_whatever_is_said_of_the_study(study):
    made = instrument({"name": "x", "kind": "text", "label": "X"})

    assert problems(parsed(ddi.write(made, study))) == []


@pytest.fixture(scope="module")
def valid():
    return ddi.write(shipped("every_kind"), STUDY)


def find(tree, path):
    return tree.find(".//" + "/".join(f"{DDI}{name}" for name in path.split("/")))


def first_put_last(tree, path):
    element = find(tree, path)
    element.append(element[0])


def renamed(tree, path, name):
    find(tree, path).tag = f"{DDI}{name}"


def repeated(tree, path):
    element = find(tree, path)
    element.addnext(etree.fromstring(etree.tostring(element)))


def dropped(tree, path):
    element = find(tree, path)
    element.getparent().remove(element)


def written(tree, path, attribute, value):
    find(tree, path).set(attribute, value)


def emptied(tree, path):
    find(tree, path).text = " "


@pytest.mark.parametrize(
    ("spoil", "details"),
    [
        (first_put_last, ("var",)),
        (first_put_last, ("dataDscr",)),
        (first_put_last, ("catgry",)),
        (first_put_last, ("sumDscr",)),
        (first_put_last, ("stdyDscr",)),
        (renamed, ("catgry/catValu", "catValue")),
        (renamed, ("varFormat", "varformat")),
        (renamed, ("qstn/qstnLit", "qstnTxt")),
        (repeated, ("varFormat",)),
        (repeated, ("titlStmt/titl",)),
        (repeated, ("catgry/catValu",)),
        (repeated, ("dataDscr/var",)),
        (dropped, ("titlStmt",)),
        (dropped, ("stdyDscr",)),
        (written, ("var", "name", "")),
        (written, ("var", "ID", "1st")),
        (written, ("var", "ID", "F1")),
        (written, ("var", "files", "F2")),
        (written, ("var", "intrvl", "continuous")),
        (written, ("varGrp", "type", "battery")),
        (written, ("varGrp", "var", "V999")),
        (written, ("catgry", "missing", "yes")),
        (written, ("catgry", "label", "Yes")),
        (written, ("var/labl", LANG, "in English")),
        (written, ("valrng/range", "UNITS", "integer")),
        (emptied, ("var/labl",)),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused(valid, spoil, details):
    tree = parsed(valid)
    assert problems(tree) == []

    spoil(tree, *details)

    assert problems(tree)


def names_in_schema(kind):
    schema = etree.parse(HERE / "ddi_codebook_2_5_subset.xsd")
    return set(schema.xpath(f"//*[local-name() = '{kind}']/@name"))


def test_the_schema_has_no_element_and_no_attribute_that_is_never_written(valid):
    trees = [parsed(valid), parsed(ddi.write(composed(dict(library())), STUDY))]
    elements = Counter(etree.QName(each).localname for tree in trees for each in tree.iter())
    attributes = {name for tree in trees for each in tree.iter() for name in each.attrib}

    assert names_in_schema("element") == set(elements)
    assert names_in_schema("attribute") == {name for name in attributes if "}" not in name}
