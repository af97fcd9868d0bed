"""Extracts and analyses take the published weights, and name their version."""

from pathlib import Path
from typing import Any

import pytest

from analysis.extracts import dataset, dataset_for_pages
from analysis.tables.regression_notes import source_notes
from surveys.actions import weighting
from surveys.models import Case, Wave
from surveys.queries.extracts import extract
from tests.factories import NOON, make_case, make_stratum
from tests.surveys.datafiles import datafile
from tests.surveys.queries.test_extracts import make_door_wave, respond

BOTH = {"respondents": ["complete", "partial"]}


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def wave(db: None) -> Wave:
    """Twelve of twenty firms answered, one more in part."""
    wave = make_door_wave(closed_at=NOON)
    stratum = make_stratum(wave, population=200, drawn=20)
    for number in range(20):
        done = "complete" if number < 12 else "partial" if number == 12 else "non_contact"
        case = make_case(wave, stratum, f"F{number:02}", disposition=done)
        if number <= 12:
            respond(case, {"persons": number, "branch": "trade"}, submitted=number < 12)
    return wave


def published(wave: Wave, recipe: dict[str, Any]) -> None:
    made = weighting.weigh(wave=wave, recipe=recipe, by=None, at=NOON)
    weighting.publish(weighting=made, by=None, at=NOON)


def test_an_extract_takes_the_published_weight_beside_the_design_weight(wave: Wave) -> None:
    published(wave, {"calibration": {"margins": [{"variable": "stratum", "totals": {"all": 240}}]}})

    found = extract(wave)

    assert found.design["weight"].tolist() == pytest.approx([20.0] * 12)
    assert found.design["design_weight"].tolist() == [10.0] * 12
    assert found.provenance["weighting"]["number"] == 1
    assert found.replicates is None


def test_partials_are_in_the_extract_if_the_recipe_counts_them(wave: Wave) -> None:
    assert len(extract(wave).frame) == 12

    published(wave, BOTH)

    found = extract(wave)
    assert len(found.frame) == 13
    assert found.design["weight"].sum() == pytest.approx(200)
    assert found.frame.loc["F12", "control.employment"] == 12


def test_a_version_that_is_not_published_changes_nothing(wave: Wave) -> None:
    before = dataset(wave).fingerprint

    weighting.weigh(wave=wave, recipe=BOTH, by=None, at=NOON)

    assert dataset(wave).fingerprint == before


def test_the_fingerprint_of_the_data_follows_the_version(wave: Wave) -> None:
    seen = [dataset_for_pages(wave).fingerprint]
    for recipe in ({}, BOTH):
        published(wave, recipe)
        seen.append(dataset_for_pages(wave).fingerprint)

    assert len(set(seen)) == 3
    (note,) = source_notes(dataset(wave).provenance)[:1]
    assert "weights version 2" in note


def test_the_file_has_replicates_and_names_the_version(wave: Wave) -> None:
    published(wave, BOTH | {"replicates": {"method": "bootstrap", "count": 3, "seed": 1}})

    content = datafile(wave)

    assert content.columns[-4:] == ("design_weight", "replicate.1", "replicate.2", "replicate.3")
    assert len(content.rows[0]) == len(content.columns)
    assert content.variables[-1].label == "Replicate 3 of the final weight (bootstrap)"
    assert dict(content.about)["Weights"].startswith("version 1, fingerprint ")


def test_a_case_that_was_taken_up_again_leaves_the_extract(wave: Wave) -> None:
    published(wave, {})
    Case.objects.filter(pseudonym="F00").update(disposition="not_eligible")

    assert "F00" not in extract(wave).frame.index
