import re

from hypothesis import given, settings

from analysis.tables import markdown
from tests.analysis.tables.strategies import tables
from tests.analysis.tables.test_delimited import TABLE


def test_a_table_is_a_title_a_grid_and_notes():
    assert markdown.render(TABLE) == (
        "**Innovation**\n\n"
        "|  | (1): Product | (2) |\n"
        "| :--- | ---: | ---: |\n"
        "| *Local* |  |  |\n"
        "| Partners | −0.124 | – |\n"
        "|  | (0.050) |  |\n"
        "| Firms (n) | 1\u202f190 | 5 |\n"
        "| Estimator | Logit | =2\\+3 |\n\n"
        "Source: here.\n\n"
        "Fingerprint of plan, data and code: abc.\n"
    )


@given(tables())
@settings(max_examples=200)
def test_every_line_of_the_grid_has_every_column_whatever_the_words(table):
    text = markdown.render(table)
    start = next(place for place, line in enumerate(text.split("\n")) if line.startswith("| :-"))
    grid = text.split("\n")[start - 1 : start + 1 + len(table.rows)]

    for line in grid:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == len(table.columns) + 2
    assert "<" not in text
