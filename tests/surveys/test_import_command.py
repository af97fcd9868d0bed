import json
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from surveys.models import Survey, Wave
from surveys.queries.extracts import extract
from tests.microdata.small import MAPPING, ROWS, csv_bytes

pytestmark = pytest.mark.django_db

ACTI_MAPPING = Path("surveys/mappings/ec_acti.yaml")


@pytest.fixture
def files(tmp_path):
    """Writes the small file and its mapping; returns the arguments of the command."""

    def write(data: bytes = csv_bytes(), **options: str) -> list[str]:
        (tmp_path / "firms.csv").write_bytes(data)
        (tmp_path / "mapping.yaml").write_text(MAPPING)
        named = {"mapping": str(tmp_path / "mapping.yaml"), "survey": "firms", "wave": "2022"}
        named |= options
        flags = [part for name, value in named.items() for part in (f"--{name}", value)]
        return ["import_microdata", str(tmp_path / "firms.csv"), *flags]

    return write


def test_the_command_makes_survey_and_wave(files, capsys):
    call_command(*files())

    assert Wave.objects.get(survey__slug="firms", slug="2022").cases.count() == 3
    assert "3 firms were imported into the wave “2022”" in capsys.readouterr().out


def test_the_command_lists_every_problem_and_leaves_no_survey(files):
    spoilt = csv_bytes(ROWS[0].replace(",12,", ",?,").replace("small", "tiny"), *ROWS[1:])

    with pytest.raises(CommandError) as error:
        call_command(*files(spoilt))

    lines = str(error.value).splitlines()
    assert lines[0] == "Nothing was imported: 2 problems."
    assert lines[1].startswith("  [impossible_code, row 2, column size] “tiny” is not one")
    assert lines[2].startswith("  [not_a_number, row 2, column staff]")
    assert not Survey.objects.exists()


def test_problems_can_be_had_as_json(files, capsys):
    with pytest.raises(CommandError):
        call_command(*files(csv_bytes(ROWS[0].replace(",12,", ",?,")), format="json"))

    document = json.loads(capsys.readouterr().out)
    assert (document["imported"], document["total"]) == (False, 1)
    assert document["problems"][0]["code"] == "not_a_number"
    assert document["problems"][0]["row"] == 2


def test_what_was_imported_can_be_had_as_json(files, capsys):
    call_command(*files(format="json"))

    document = json.loads(capsys.readouterr().out)
    assert (document["imported"], document["firms"], document["wave"]) == (True, 3, "2022")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"survey": "no name"}, "--survey"),
        ({"wave": "a/b"}, "--wave"),
        ({"mapping": "nowhere.yaml"}, "nowhere.yaml cannot be read"),
    ],
)
def test_a_bad_option_is_told_by_name(files, options, says):
    with pytest.raises(CommandError, match=says):
        call_command(*files(**options))

    assert not Survey.objects.exists()


@pytest.mark.shared_data
def test_the_real_survey_is_imported_with_its_constructs(shared_data, capsys):
    call_command(
        "import_microdata",
        str(shared_data / "ec_acti_2012_2014.csv"),
        *("--codebook", str(shared_data / "ec_acti_2012_2014_codebook.csv")),
        *("--mapping", str(ACTI_MAPPING), "--survey", "acti", "--wave", "2012-2014"),
    )

    frame = extract(Wave.objects.get(survey__slug="acti")).frame
    boxes = [name for name in frame if name.startswith("networking.cooperation[")]
    assert (len(frame), len(boxes)) == (2610, 30)
    assert frame["networking.cooperation[clients,home]"].sum() == 1584
    assert frame["innovation.product[new_good]"].sum() == 337
    assert frame["innovation.novelty[new_good]"].value_counts().to_dict() == {
        0.0: 2273,
        1.0: 190,
        2.0: 131,
        3.0: 16,
    }
    assert frame["sourcing.importance[clients]"].value_counts().to_dict() == {
        3.0: 1438,
        2.0: 549,
        0.0: 451,
        1.0: 172,
    }
    assert frame["control.graduate_share"].isna().sum() == 2
    assert (frame["control.export_share"] > 0).sum() == 435
    assert (frame["control.foreign_share"] >= 10).sum() > 300


@pytest.mark.shared_data
def test_the_real_surveys_cells_are_those_of_its_columns(shared_data):
    """Against the file itself, read by another program."""
    file = shared_data / "ec_acti_2012_2014.csv"
    raw = pd.read_csv(file).set_index("row")
    call_command(
        *("import_microdata", str(file), "--mapping", str(ACTI_MAPPING)),
        *("--survey", "acti", "--wave", "2012-2014"),
    )

    found = extract(Wave.objects.get(survey__slug="acti"))
    frame = found.frame.set_index(found.frame.index.astype(int)).sort_index()
    weights = found.design.set_index(found.design.index.astype(int)).sort_index()["weight"]

    places = {"home": "1", "latin_america": "2", "farther": "34567"}
    for partner, letter in (("clients", "a"), ("suppliers", "c"), ("group", "j")):
        for scale, boxes in places.items():
            expected = raw[[f"viii_3_{letter}_{box}" for box in boxes]].max(axis=1)
            assert (frame[f"networking.cooperation[{partner},{scale}]"] == expected).all()
    assert (frame["control.graduate_share"] - 100 * raw["grad_share"]).abs().max() < 1e-9
    assert (frame["innovation.novelty[new_service]"] == raw["iii_1_b_1"].fillna(0)).all()
    assert (frame["innovation.process[new_process]"] == raw["iv_1_a"]).all()
    assert (frame["sourcing.importance[journals]"] == 4 - raw["viii_1_2_j"]).all()
    assert (frame["control.industry"].astype(int) == raw["sector4"]).all()
    assert (weights == raw["weight"]).all()
