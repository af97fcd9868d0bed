"""Tables and figures of a finished run by command."""

import csv
import io
import json

import docx
import openpyxl
import pytest
from django.core.management import CommandError, call_command

from analysis.tables.presets import PRESETS
from tests.analysis.views.conftest import ada, answered, done, waiting

__all__ = ["ada", "answered", "done", "waiting"]


def run_command(*arguments: object) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_table_is_printed_in_a_preset(done):
    text = run_command("render_table", done.pk, "--preset", "odds_ratios", "--format", "md")

    assert "Shown as odds ratios" in text
    assert "Employment (log)" in text


def test_the_same_numbers_stand_in_every_file(done, tmp_path):
    for ending in ("docx", "xlsx", "csv", "html", "tex", "json"):
        run_command(
            "render_table",
            str(done.pk)[:8],
            "--format",
            ending,
            "--output",
            tmp_path / f"t.{ending}",
        )

    grid = docx.Document(tmp_path / "t.docx").tables[0]
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    lines = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8-sig"))))
    estimate = next(float(line[3]) for line in lines if line[1] == "Employment (log)")
    words = [row.cells[0].text for row in grid.rows]
    assert "Employment (log)" in words
    assert estimate in [row[1].value for row in sheet.iter_rows()]
    assert json.loads((tmp_path / "t.json").read_text()) == done.table
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"t.{ending}" for ending in ("csv", "docx", "html", "json", "tex", "xlsx")
    ]


def test_a_layout_that_leaves_every_model_out_is_refused(done, tmp_path):
    layout = tmp_path / "layout.json"
    layout.write_text(json.dumps({"columns": [{"key": "model-1", "is_shown": False}]}))

    with pytest.raises(CommandError, match="Show the column of at least one"):
        run_command("render_table", done.pk, "--layout", layout)


def test_a_layout_is_read_from_a_file(done, tmp_path):
    layout = tmp_path / "layout.json"
    layout.write_text(json.dumps({"shown": "none", "left_out": ["Estimator"]}))

    text = run_command("render_table", done.pk, "--layout", layout)

    assert "Estimator" not in text
    assert "standard error," not in text


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "cannot be read"), ('{"shown": "x"}', "It may be std_error"), (None, "cannot be read")],
)
def test_a_layout_that_is_none_is_refused(done, tmp_path, text, message):
    layout = tmp_path / "layout.json"
    if text is not None:
        layout.write_text(text)

    with pytest.raises(CommandError, match=message):
        run_command("render_table", done.pk, "--layout", layout)


def test_presets_are_listed_with_what_they_do():
    assert [each["name"] for each in json.loads(run_command("render_table", "--presets"))] == list(
        PRESETS
    )


def test_the_models_are_printed_in_words(done):
    assert "so this is an association" in run_command(
        "render_table", done.pk, "--format", "reading"
    )


def test_a_format_that_is_no_text_wants_a_file(done):
    with pytest.raises(CommandError, match="--output FILE"):
        run_command("render_table", done.pk, "--format", "xlsx")


def test_a_file_that_cannot_be_written_is_told(done, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run_command("render_table", done.pk, "--output", tmp_path / "none" / "t.csv")


def test_a_run_that_is_not_there_or_not_finished_is_told(waiting):
    with pytest.raises(CommandError, match="0 runs"):
        run_command("render_table", "zzz")
    with pytest.raises(CommandError, match="has no results yet"):
        run_command("render_table", waiting.pk)
    with pytest.raises(CommandError, match="Name a run"):
        run_command("render_table")


def test_figures_are_listed_and_drawn(done, tmp_path):
    for term in (*done.estimates["models"][0]["terms"], *done.estimates["models"][0]["margins"]):
        term["scale"] = "local"
    done.save()
    path = tmp_path / "f.png"

    listed = json.loads(run_command("render_figure", done.pk))
    run_command("render_figure", done.pk, "--kind", "margins", "--format", "png", "--output", path)

    assert [each["kind"] for each in listed] == ["coefficients", "margins"]
    assert path.read_bytes().startswith(b"\x89PNG")
    assert run_command("render_figure", done.pk, "--kind", "coefficients").startswith("<svg")


def test_a_figure_that_the_run_has_not_is_refused_with_those_it_has(done):
    with pytest.raises(CommandError, match=r"no figure 'forest-1'\. It has none"):
        run_command("render_figure", done.pk, "--kind", "forest-1")
