"""What differs between two runs beside their numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.actions.origins import origin_of
from analysis.comparison.changes import (
    FEWEST_TOLD,
    codebook_between,
    firms_between,
    specifications_between,
    text_between,
    told_count,
)
from analysis.comparison.content import contents_of
from analysis.comparison.origins import lines_of, traced
from analysis.dataset import Dataset, Variable

FIRMS = 60
HEAD = "title: T\nmodels:\n"
PLAN = """\
title: T
descriptives:
  - statistic: mean
    outcome: size
models:
  - name: A          # the first
    outcome: product
    formula: size

  - {name: B, outcome: product, formula: size + age}
ladder:
  outcomes: [product, process]
  steps:
    - {name: S, add: size}
    - name: T
      add: >
        age +
        exporter
covariance: HC1
"""


def dataset(firms: int = FIRMS, **columns: Any) -> Dataset:
    names = [f"F{number:03d}" for number in range(firms)]
    frame = pd.DataFrame(
        {"size": np.arange(firms, dtype=float), "region": ["a", None] * (firms // 2)}, index=names
    ).assign(**columns)
    design = pd.DataFrame(
        {"weight": 2.0, "stratum": "s", "cluster": names, "population": 100.0}, index=names
    )
    variables = (
        Variable("size", "size", "number", "Persons", unit="persons"),
        Variable("region", "region", "category", "Region", codes=(("a", "Here"),)),
    )
    return Dataset(frame, variables, design)


def test_firms_that_came_left_and_changed_are_counted():
    before = dataset()
    after = dataset(FIRMS + 20)
    after.frame.iloc[:15, 0] = -1.0
    after.design.loc[after.design.index[:30], "weight"] = 3.0
    after = replace(after, frame=after.frame[12:], design=after.design[12:])

    found = firms_between(origin_of(before), origin_of(after))

    assert found is not None
    assert (found.added, found.left) == ("20", "12")
    assert (found.answers_changed, found.weights_changed) == (f"fewer than {FEWEST_TOLD}", "18")


def test_counts_of_few_firms_are_not_told():
    assert [told_count(n) for n in (0, 1, FEWEST_TOLD - 1, FEWEST_TOLD)] == [
        "0", f"fewer than {FEWEST_TOLD}", f"fewer than {FEWEST_TOLD}", str(FEWEST_TOLD),
    ]  # fmt: skip


def test_a_run_that_kept_no_firms_has_no_counts():
    assert firms_between(None, origin_of(dataset())) is None


def test_an_origin_holds_no_answer_and_no_pseudonym():
    told = str(origin_of(dataset(region=["secret"] * FIRMS)))

    assert "secret" not in told
    assert "F001" not in told


def test_variables_that_came_left_and_changed_are_named():
    before = dataset()
    size, region = before.variables
    after = replace(
        before,
        variables=(
            replace(region, codes=(("a", "There"),), label="Where"),
            replace(size, name="persons"),
        ),
    )

    found = codebook_between(origin_of(before), origin_of(after))

    assert found is not None
    assert (found.added, found.removed) == (("persons",), ("size",))
    assert found.changed == (("region", "words, codes"),)


def test_specifications_are_the_same_renamed_changed_new_and_gone():
    first = contents_of(
        HEAD + "  - {name: A, outcome: y, formula: a}\n  - {name: B, outcome: y, formula: b}\n"
        "  - {name: C, outcome: y, formula: c}\n  - {name: D, outcome: y, formula: d}\n"
    )
    second = contents_of(
        HEAD + "  - {name: A, outcome: y, formula: a}\n  - {name: Bee, outcome: y, formula: b}\n"
        "  - {name: C, outcome: y, formula: c + x}\n  - {name: E, outcome: y, formula: e}\n"
    )

    found = specifications_between(first, second)

    assert (found.same, found.renamed, found.changed) == (("A",), (("B", "Bee"),), ("C",))
    assert (found.new, found.gone) == (("E",), ("D",))


def test_the_text_shows_what_was_taken_out_and_put_in():
    found = text_between("a\nb\nc\n", "a\nB\nc\n")

    assert [(each.kind, each.text) for each in found] == [
        ("kept", "a"), ("removed", "b"), ("added", "B"), ("kept", "c"),
    ]  # fmt: skip


def test_each_specification_is_found_at_its_lines_in_the_text():
    lines = PLAN.splitlines()

    found = {
        place: "\n".join(lines[first - 1 : last]) for place, (first, last) in lines_of(PLAN).items()
    }

    assert found["model", 1].split("\n")[0] == "  - name: A          # the first"
    assert found["model", 1].endswith("    formula: size")
    assert found["model", 2] == "  - {name: B, outcome: product, formula: size + age}"
    assert found["model", 3] == found["model", 5] == "    - {name: S, add: size}"
    assert found["model", 6].endswith("        exporter")
    assert found["description", 1] == "  - statistic: mean\n    outcome: size"


def test_numbers_and_seeds_are_traced_to_their_specification():
    source = HEAD + (
        "  - {name: A, outcome: y, formula: a, bootstrap: {replicates: 99, seed: 7}}\n"
        "  - {name: B, outcome: y, formula: b}\n"
    )
    term = {"term": "a", "label": "A", "estimate": 1.5, "std_error": 0.5}
    estimates = {
        "models": [{"place": 1, "name": "A", "terms": [term], "margins": None}],
        "not_estimated": [{"place": 2, "name": "B", "message": "No variation."}],
    }

    one, two = traced(source, estimates)

    assert (one.anchor, one.seeds, one.numbers) == (
        "model-1", (("bootstrap", 7),), (("coefficient", "a", "A", 1.5, 0.5),),
    )  # fmt: skip
    assert (two.first_line, two.numbers, two.refusal) == (4, (), "No variation.")
