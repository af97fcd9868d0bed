"""list_measures: the codebook of what a wave allows, what it lacks, and how indices hold."""

import io
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analysis.constructs import measures
from analysis.constructs.codebook import codebook
from analysis.constructs.examination import ADDS_UP, YES_NO, examined
from analysis.management.commands.list_measures import text
from tests.analysis.answered import make_answered_wave
from tests.analysis.datasets import dataset_of


@pytest.fixture
def wave(db):
    return make_answered_wave(firms=3)


def said(*arguments):
    out = io.StringIO()
    call_command("list_measures", *arguments, stdout=out)
    return out.getvalue()


def test_each_measure_is_told_with_all_that_a_codebook_needs(wave):
    document = json.loads(said("knowledge", "2025", "--json"))

    assert (document["survey"], document["wave"], document["firms"]) == ("knowledge", "2025", 3)
    assert document["measures"] == [
        {
            "name": "product",
            "label": "Product innovation",
            "kind": "binary",
            "definition": "1 if any new or improved good or service was introduced.",
            "source": "OECD & Eurostat (2018), Oslo Manual",
            "range": "0 to 1",
            "missing_rule": "Missing if every answer it is made of is missing; otherwise a blank "
            "counts as no.",
            "made_of": [["innovation.product"]],
            "n": 3,
        },
        {
            "name": "ln_employment",
            "label": "Employment (log)",
            "kind": "continuous",
            "definition": "Natural log of persons employed in the last year; a log that was given "
            "is taken as it is.",
            "source": "",
            "range": "any number",
            "missing_rule": "Missing if the answer is missing. Also for 0 persons.",
            "made_of": [["control.ln_employment", "control.employment"]],
            "n": 3,
        },
    ]


def test_every_measure_that_is_lacking_is_told_with_the_reason(wave):
    lacking = {
        each["name"]: each["why"]
        for each in json.loads(said("knowledge", "2025", "--json"))["lacking"]
    }

    assert lacking["partners.<scale>"] == (
        "The measure “partners.<scale>” is made of networking.cooperation, "
        "which this wave does not hold."
    )
    assert lacking["innovator"] == (
        "The measure “innovator” is made of innovation.process, which this wave does not hold."
    )
    assert [name for name, why in lacking.items() if not why] == []


def test_people_read_the_same_as_text(wave):
    told = said("knowledge", "2025")

    assert told.startswith("2 measures of 3 firms\n")
    assert "product  (Product innovation; n = 3)" in told
    assert "    Range: 0 to 1. Missing if every answer" in told
    assert "Lacking\n" in told


def test_a_wave_that_is_not_there_is_told(db):
    with pytest.raises(CommandError, match="no wave '2031' in a survey 'knowledge'"):
        said("knowledge", "2031")


def firms_with(parts, count=60):
    random = np.random.default_rng(11)
    common = random.normal(size=count)
    columns = {
        name: np.clip(np.round(1.5 + common + 0.6 * random.normal(size=count)), 0, 3).tolist()
        for name in parts
    }
    return dataset_of(columns)


ASSETS = [f"informal.untraded[{each}]" for each in ("advice", "rules", "labour", "reputation")]


def test_an_index_is_looked_at_with_alpha_omega_and_fit():
    dataset = firms_with(ASSETS)

    (line,) = codebook(dataset, measures(dataset), reliability=True)["reliability"]

    assert line["name"] == "untraded"
    assert line["parts"] == ["advice", "rules", "labour", "reputation"]
    assert 0.7 < line["alpha"]["alpha"] <= 1
    assert abs(line["factor"]["omega"] - line["alpha"]["alpha"]) < 0.05
    assert line["factor"]["fit"]["df"] == 2
    assert (line["notes"], line["refusals"]) == ([], [])
    assert json.loads(json.dumps(line)) == line


def test_what_cannot_be_had_is_told_and_the_rest_is_given():
    dataset = firms_with(ASSETS[:2])

    line = examined(measures(dataset)["untraded"])

    assert line.alpha is not None
    assert line.factor is None
    assert line.refusals == (
        "One factor needs 3 parts; this index has 2 (advice, rules). "
        "Ask more of what it is about, or take its parts one by one.",
    )


def test_an_index_whose_parts_add_up_is_said_to_be_one():
    dataset = dataset_of(
        {
            "control.graduate_share": [10.0, 50, 30, 70, 20],
            "research.inside": [0.0, 2, 1, 2, 0],
            "learning.trained_share": [5.0, 20, 90, 40, 10],
        }
    )

    assert ADDS_UP in examined(measures(dataset)["absorptive_capacity"]).notes


def test_parts_of_yes_and_no_are_said_to_be_taken_as_numbers():
    dataset = dataset_of(
        {f"sourcing.importance[{each}]": [0, 1, 3, 0, 2] for each in ("fairs", "suppliers")}
    )

    assert examined(measures(dataset)["breadth"]).notes == (YES_NO,)


def test_a_measure_of_one_answer_is_no_index():
    dataset = dataset_of({"control.group": [1, 0]})

    assert examined(measures(dataset)["in_group"]) is None


def test_the_text_has_the_figures_of_the_index():
    dataset = firms_with(ASSETS)

    lines = text(codebook(dataset, measures(dataset), reliability=True))

    place = lines.index("untraded  (advice, rules, labour, reputation)")
    assert "Feldt (1965)), n = 60" in lines[place + 1]
    assert lines[place + 2].startswith("    omega ")
    assert lines[place + 3].startswith("    one factor: chi-square")


def test_reliability_is_looked_at_only_if_it_is_asked_for(wave):
    assert "Reliability" not in said("knowledge", "2025")
    assert "Reliability" in said("knowledge", "2025", "--reliability")
