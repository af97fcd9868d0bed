"""What the scripts have to find, a line each."""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.replication.contents import Contents
from analysis.replication.descriptions import expected_tests
from analysis.replication.recipes import Recipe

HEADER = ("model", "kind", "term", "estimate", "std_error", "p_value")
Line = tuple[str, str, str, float | None, float | None, float | None]


def expected_csv(contents: Contents) -> str:
    """expected.csv: numbers in full double precision, empty where there is none."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for line in _lines(contents):
        # What was withheld from the run has no number to compare with.
        if line[3] is not None:
            writer.writerow([_text(each) for each in line])
    return stream.getvalue()


def _text(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else repr(float(value))


def _lines(contents: Contents) -> Iterator[Line]:
    models = {f"model {each['place']}": each for each in contents.document["models"]}
    for each in contents.recipes:
        if each.key in models:
            yield from _model(each, models[each.key])
        else:
            yield _specification(each, contents.document["curve"]["specifications"])
    for key, _, document in contents.described:
        for term in document["terms"]:
            yield key, "statistic", term["term"], term["estimate"], term["std_error"], None
        for name, (statistic, p_value) in expected_tests(document).items():
            yield f"{key} {name}", "test", "statistic", statistic, None, p_value


def _model(recipe: Recipe, document: Mapping[str, Any]) -> Iterator[Line]:
    key = recipe.key
    for term in document["terms"]:
        yield _line(key, "coefficient", term)
    shown = {name for each in recipe.margins for name in each.terms}
    for term in document["margins"] or ():
        if term["term"] in shown:
            yield _line(key, "effect", term)
    asked = {test["asked"]: test for test in document["tests"]}
    for number, test in enumerate(recipe.tests, start=1):
        found = asked.get(test.asked, {"statistic": None, "p_value": None})
        yield key, f"test {number}", "statistic", found["statistic"], None, found["p_value"]


def _line(key: str, kind: str, term: Mapping[str, Any]) -> Line:
    estimate, error, p_value = term["estimate"], term["std_error"], term["p_value"]
    return key, kind, term["term"], estimate, error, p_value


def _specification(recipe: Recipe, shown: list[Mapping[str, Any]]) -> Line:
    found = shown[int(recipe.key.split()[1]) - 1]
    kind = "effect" if recipe.margins else "coefficient"
    term = recipe.terms[0] if recipe.terms else recipe.margins[0].terms[0]
    assert math.isfinite(found["estimate"])  # noqa: S101 -- a refused model is not taken
    return recipe.key, kind, term, found["estimate"], found["std_error"], found["p_value"]
