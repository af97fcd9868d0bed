"""Variables of the data file, as the instrument defines them."""

import pytest

from surveys.questionnaire import CodebookVariable, codebook, kind_of
from tests.surveys.questionnaire.authored import NAMES, small


def test_a_variable_has_universe_codes_and_constructs() -> None:
    variables = {variable.name: variable for variable in codebook(small("bound_cells"))}

    assert variables["novelty"] == CodebookVariable(
        name="novelty",
        label="How new?",
        kind="single_choice",
        universe="(new_machine = 'yes' or new_material = 'yes')",
        section="innovation",
        page="novelty",
        codes=(("1", "To us"), ("2", "To the market")),
        constructs=("innovation.novelty",),
    )
    assert variables["persons"].universe == "always"


def test_a_battery_has_a_variable_a_row_and_facet() -> None:
    variables = codebook(small("partners_by_scale"))
    rows = {v.name: (v.label, v.constructs, v.universe) for v in variables if v.kind == "battery"}

    assert rows["cooperation.group.scale"] == (
        "Where were the firms of your group? Where",
        ("networking.cooperation",),
        "(cooperated in ('research', 'other') and in_group = 'yes')",
    )
    assert rows["sources.clients.importance"][1] == ("sourcing.importance",)
    assert rows["sources.clients.scale"][1] == ("sourcing.scale",)
    assert len(rows) == 2 + 3 * 2


def test_an_allocation_has_a_variable_a_part() -> None:
    names = [variable.name for variable in codebook(small("one_of_every_kind"))]

    assert [name for name in names if name.startswith("parts")] == [
        "parts.new",
        "parts.old",
        "parts.other",
    ]


def test_labels_speak_of_every_firm() -> None:
    labels = {variable.name: variable.label for variable in codebook(small("edits_that_speak"))}

    assert labels["now"] == "Persons in the last year"


def test_kinds_are_called_as_authors_call_them() -> None:
    kinds = [kind_of(item) for item in small("one_of_every_kind").items]

    assert list(dict.fromkeys(kinds)) == [
        "single_choice",
        "multiple_choice",
        "number",
        "money",
        "share",
        "year",
        "text",
        "allocation",
        "battery",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_has_a_name_of_its_own(name: str) -> None:
    names = [variable.name for variable in codebook(small(name))]

    assert len(names) == len(set(names))
