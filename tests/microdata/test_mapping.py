import pytest

from surveys.microdata import MicrodataRefused, read_mapping
from surveys.microdata.mapping import ColumnMapping, MappedCode
from tests.microdata.small import MAPPING


def problems_of(text: str) -> list[str]:
    with pytest.raises(MicrodataRefused) as refused:
        read_mapping(text)
    return [f"{problem.message} {problem.remedy}" for problem in refused.value.report.shown]


def test_a_pattern_stands_for_every_combination():
    mapping = read_mapping(MAPPING)

    boxes = [m for m in mapping.columns if m.construct == "networking.cooperation"]

    assert [(m.column, dict(m.at)) for m in boxes] == [
        ("partner_s_1", {"partner": "suppliers", "scale": "home"}),
        ("partner_s_2", {"partner": "suppliers", "scale": "farther"}),
        ("partner_s_3", {"partner": "suppliers", "scale": "farther"}),
        ("partner_u_1", {"partner": "universities", "scale": "home"}),
        ("partner_u_2", {"partner": "universities", "scale": "farther"}),
        ("partner_u_3", {"partner": "universities", "scale": "farther"}),
    ]


def test_a_column_takes_its_kind_from_its_construct_and_its_codes_as_written():
    mapping = read_mapping(MAPPING)

    columns = {mapped.column: mapped for mapped in mapping.columns}

    assert columns["newness"] == ColumnMapping(
        column="newness",
        kind="choice",
        construct="innovation.novelty",
        at=(("kind", "new_good"),),
        codes=(MappedCode("1", 1.0), MappedCode("2", 2.0)),
        empty=0.0,
    )
    assert columns["new_good"].codes == (MappedCode("0", 0.0, "No"), MappedCode("1", 1.0, "Yes"))
    assert columns["graduates"].kind == "share"


def test_texts_of_yaml_stay_what_they_are():
    text = MAPPING.replace("codes: [small, large]", "codes: {no: no, 01: yes}")

    mapping = read_mapping(text)

    assert mapping.columns[0].codes == (MappedCode("no", "no"), MappedCode("01", "yes"))


def test_every_problem_of_a_mapping_is_told_at_once():
    found = problems_of(
        MAPPING.replace("source: Invented for tests\n", "")
        .replace("control.turnover", "control.turnovr")
        .replace("{kind: new_good}, codes: ticked", "{knd: new_good}, codes: ticket")
        .replace("[2020, 2022]", "[2022, 2020]")
        .replace("unit: firm", "unti: firm")
        .replace("newness\n", "staff\n")
    )

    text = "\n".join(found)
    assert "“source”: is missing" in text
    assert "“control.turnovr” is not a construct" in text
    assert "innovation.product has kind" in text
    assert "name of a list under “code_lists”" in text
    assert "2022 to 2020 is no period" in text
    assert "Did you mean “unit”?" in text
    assert "“staff” is mapped twice" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no keys"),
        ("- a\n- b", "holds no keys"),
        ("title: [", "is not YAML"),
        ("title: a\ntitle: b", "“title” is written twice"),
        ("a: &x [1]\nb: *x", "uses an alias (*x)"),
        ("&a [*a]", "uses an alias (*a)"),
        ("[" * 500, "nested more than"),
        ("x: " + "{a: " * 100_000, "nested more than"),
        ("\0", "is not YAML"),
        ("!!python/object/apply:os.system [ls]", "holds no keys"),
        ("a: " + "x" * 600_000, "characters"),
        ("? [a]\n: b", "not a plain word"),
    ],
    ids=range(12),
)
def test_a_text_that_is_no_mapping_is_refused_with_what_it_is(text, says):
    assert any(says in problem for problem in problems_of(text))


def test_a_pattern_that_would_make_a_million_columns_is_refused():
    each = ", ".join(f"{name}: [{','.join(map(str, range(100)))}]" for name in "abc")
    text = MAPPING + "\n"
    text = text.replace(
        "  - {column: remark, kind: text}",
        f"  - {{column: 'x{{a}}{{b}}{{c}}', each: {{{each}}}, kind: text}}",
    )

    assert any("gives 1000000 columns" in problem for problem in problems_of(text))


def test_a_placeholder_must_stand_in_the_column_and_under_each():
    text = MAPPING.replace("partner_{partner}_{place}", "partner_{partner}")

    assert any("“place” does not stand both" in problem for problem in problems_of(text))


def test_two_constructs_of_a_wrong_kind_are_both_named():
    text = MAPPING.replace("control.start_year}", "control.start_year, kind: text}").replace(
        "{column: remark, kind: text}", "{column: remark, kind: novel}"
    )

    found = "\n".join(problems_of(text))

    assert "control.start_year is year, which a text does not give" in found
    assert "“novel” is not known" in found


def test_names_that_would_not_fit_are_refused():
    text = MAPPING.replace("title: Invented survey of ten firms", "title: " + "x" * 201)

    found = "\n".join(problems_of(text.replace("instrument: invented", "instrument: In vented")))

    assert "“title”: has 201 characters. Use 200." in found
    assert "“In vented” is not a short name" in found
