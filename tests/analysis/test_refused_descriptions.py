"""A description that is refused is named with its reason, and everything else still comes."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis import pipeline
from analysis.comparison.origins import placed_descriptions, traced
from analysis.comparison.registered import RegisteredPlan, standing
from analysis.disclosure.rules import DisclosurePolicy
from analysis.reading.paragraphs import plain_text
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.tables.document_tables import table_of_document
from analysis.tables.layout import Layout
from tests.analysis.replication.unpacked import files_of, package_of
from tests.analysis.withheld import DESIGN, OUTCOME, firms, rendered

HEAD = f"title: Few\nestimator: linear\ncovariance: HC1\ndesign: {DESIGN}\n"
OF = f"outcome: {OUTCOME}, formula: ln_employment"
MODEL = f"  - {{name: Everybody, {OF}}}\n"
NOBODY = f"  - {{name: Nobody, {OF}, subpopulation: control.age < 0}}\n"
OF_MEAN = "statistic: mean, outcome: control.turnover"
MEAN = f"  - {{{OF_MEAN}, name: Turnover}}\n"
ALIKE = "  - {statistic: correlation, variables: [control.turnover, alike], name: Alike}\n"
UNASKED = "  - {statistic: mean, outcome: control.foreign_share, name: Foreign}\n"
OLD = f"  - {{{OF_MEAN}, subpopulation: control.age > 500, name: Old}}\n"
ONE = f"  - {{{OF_MEAN}, subpopulation: first == 1, name: One}}\n"
TABLE = "  - {statistic: table_one, variables: [control.turnover], name: Table 1}\n"
DEFINED = "define: {alike: '0 * control.age + 4321', first: control.turnover >= 0}\n"
REFUSED = {
    "Alike": (ALIKE, "outcome_constant"),
    "Foreign": (UNASKED, "no_rows"),
    "Old": (OLD, "no_rows"),
}


@cache
def dataset():
    """126 firms, of which none was asked for its foreign owners; `first` is the first firm."""
    made = firms()
    frame = made.frame.assign(**{"control.foreign_share": np.nan})
    share = replace(made.variables[1], name="control.foreign_share")
    return replace(made, frame=frame, variables=(*made.variables, share))


def source(*described, models=MODEL, more=""):
    largest = dataset().frame["control.turnover"].max()
    defined = DEFINED.replace(">= 0", f">= {largest}")
    asked = f"descriptives:\n{''.join(described)}" if described else ""
    return HEAD + defined + more + (f"models:\n{models}" if models else "") + asked


def run(*described, policy=None, **plan):
    return pipeline.run(
        dataset(), read_plan(source(*described, **plan)), policy=policy, fingerprint="f"
    )


def refused(made):
    return [(each["name"], each["code"]) for each in made.estimates_document["not_described"]]


def note_of(table, name="Foreign"):
    return [note for note in table.notes if note.startswith(f"Description “{name}”: not made. ")]


@pytest.mark.parametrize("name", REFUSED)
def test_every_other_description_and_every_model_still_comes(name):
    text, code = REFUSED[name]
    plain = run(MEAN)

    made = run(text, MEAN)

    assert refused(made) == [(name, code)]
    assert made.estimates_document["models"] == plain.estimates_document["models"]
    assert made.estimates_document["descriptives"] == plain.estimates_document["descriptives"]
    assert made.descriptives_table.rows == plain.descriptives_table.rows
    (entry,) = made.estimates_document["not_described"]
    assert entry["place"] == 1
    (note,) = note_of(made.descriptives_table, name)
    assert note.endswith(f"{entry['message']} {entry['remedy']}")
    assert not note_of(made.table, name)


def test_every_file_of_the_table_of_the_firms_names_it():
    told = rendered(run(UNASKED, MEAN))

    named = {name for name, text in told.items() if "Foreign" in text and "not made." in text}

    assert {f"descriptives.{ending}" for ending in ("tex", "html", "md", "csv")} <= named
    assert {"descriptives.docx:word/document.xml"} <= named
    assert any(name.startswith("descriptives.xlsx") for name in named)
    assert "estimates.json" in {name for name, text in told.items() if "not_described" in text}


def test_without_a_table_of_the_firms_the_table_of_the_models_names_it_in_any_layout():
    made = run(UNASKED)

    assert made.descriptives_table is None
    assert len(note_of(made.table)) == 1
    assert note_of(table_of_document(made.estimates_document)) == note_of(made.table)
    sparse = table_of_document(made.estimates_document, layout=Layout(shown="none"))
    assert note_of(sparse) == note_of(made.table)


def test_beside_tables_of_their_own_alone_these_name_it():
    made = run(UNASKED, TABLE, models="")

    assert [each["key"] for each in made.estimates_document["tables"]] == ["table-2"]
    assert len(note_of(made.table)) == 1
    assert len(note_of(table_of_document(made.estimates_document, what="table-2"))) == 1


def test_a_curve_without_models_names_it():
    curve = (
        f"curve: {{outcomes: [{OUTCOME}], measures: [ln_employment], estimators: [linear], "
        "covariance: HC1, design: none}\n"
    )

    made = run(UNASKED, models="", more=curve)

    assert len(note_of(made.table)) == 1


def test_descriptions_come_where_no_model_does():
    made = run(MEAN, UNASKED, models=NOBODY)

    assert made.fits == ()
    assert [each["name"] for each in made.estimates_document["not_estimated"]] == ["Nobody"]
    assert made.table.rows[0].label == "Turnover"
    assert any(note.startswith("(1) Nobody: not estimated. ") for note in made.table.notes)
    assert len(note_of(made.table)) == 1


@pytest.mark.parametrize(
    ("models", "first"), [("", "Description “Foreign”: "), (NOBODY, "Model “Nobody”: ")]
)
def test_only_where_nothing_can_be_made_the_run_fails_with_the_first_refusal(models, first):
    with pytest.raises(Refusal) as raised:
        run(UNASKED, OLD, models=models)

    assert raised.value.message.startswith(first)


class TestUnderAPolicy:
    POLICY = DisclosurePolicy()

    def test_of_a_description_of_few_firms_not_even_why_is_told(self):
        made = run(ONE, MEAN, policy=self.POLICY)

        assert refused(run(ONE, MEAN)) == [("One", "too_few_rows")]
        assert refused(made) == [("One", "few_firms")]
        told = json.dumps(made.estimates_document["not_described"][0])
        assert "One firm" not in told
        assert [(each.where, each.rule, each.action) for each in made.withheld] == [
            ("One", "few_firms", "refused")
        ]

    def test_what_all_firms_answered_alike_is_not_told(self):
        secret = "4321"
        assert secret in json.dumps(run(ALIKE, MEAN).estimates_document)

        made = rendered(run(ALIKE, MEAN, policy=self.POLICY))

        assert [name for name, text in made.items() if secret in text] == []

    def test_that_nobody_answered_is_told_where_that_is_safe(self):
        (told,) = run(UNASKED, MEAN, policy=self.POLICY).estimates_document["not_described"]
        strict = replace(self.POLICY, zeros_are_safe=False)
        (untold,) = run(UNASKED, MEAN, policy=strict).estimates_document["not_described"]

        assert "No firm" in told["message"]
        assert "No firm" not in untold["message"]


class TestElsewhere:
    def test_provenance_tells_why_and_does_not_take_others_for_it(self):
        twice = ONE.replace(", name: One", ""), MEAN.replace(", name: Turnover", "")
        made = run(*twice).estimates_document

        assert [place for place, _ in placed_descriptions(source(*twice), made)] == [2]
        one, two = traced(source(*twice), made)[1:]
        assert "One firm" in one.refusal
        assert (bool(one.numbers), bool(two.numbers), two.refusal) == (False, True, "")

    def test_what_was_registered_and_could_not_be_described_is_lacking(self):
        text = source(UNASKED, MEAN)
        registered = RegisteredPlan(1, "T", "1 May 2026", "1" * 64, text)

        (lack,) = standing(text, [registered], run(UNASKED, MEAN).estimates_document).unreported

        assert (lack.kind, lack.name) == ("description", "Foreign")
        assert lack.why.startswith("It could not be described: No firm")

    def test_in_words_it_is_refused_before_the_models(self):
        told = plain_text(run(UNASKED, MEAN).estimates_document)

        assert "Description: Foreign\n\nThis description could not be made: No firm" in told
        assert told.index("Foreign") < told.index("(1) Everybody")

    @pytest.mark.parametrize("kind", ["pseudonymised", "synthetic"])
    def test_a_package_says_that_it_is_left_out_and_holds_the_others(self, kind):
        plan = read_plan(source(UNASKED, MEAN))

        files = files_of(package_of(dataset(), plan, kind=kind))

        readme = files["README.md"].decode()
        assert "description 1, Foreign: not made: No firm" in readme
        assert readme.count("Foreign: ") == 2, "once for each script"
        assert b"mean" in files["expected/expected.csv"]
        assert "Turnover" in files["replicate.R"].decode()
