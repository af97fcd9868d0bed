"""What the report on an import counts."""

from surveys.interchange.imported import Imported
from surveys.interchange.report import report
from tests.surveys.questionnaire.whole_language import instrument


def codes(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value.upper()} for value in values]


def test_items_are_counted_by_the_kinds_that_authors_write_and_a_battery_by_its_rows() -> None:
    facet = {"name": "often", "label": "Often?", "choose": "one", "codes": codes("x", "y", "z")}
    made = instrument(
        {"name": "a", "kind": "single_choice", "label": "A", "codes": codes("yes", "no")},
        {"name": "b", "kind": "allocation", "label": "B", "parts": codes("home", "abroad")},
        {"name": "c", "kind": "battery", "rows": codes("r", "s"), "facets": [facet], "label": "C"},
        {"name": "d", "kind": "note", "label": "D"},
    )

    told = report(Imported(made.document), made)

    assert told["items"] == {"allocation": 1, "battery": 2, "note": 1, "single_choice": 1}
    assert told["codes"] == 2 + 2 + 2 * 3
    assert told["questions"] == 4
