import csv
import io
import json

import docx
import openpyxl
import pytest
from django.urls import reverse

from analysis import actions
from analysis.tables.layout import Layout
from tests.factories import NOON

FIRST = "knowledge-2025-size"


def fetch(client, run, ending, query=""):
    return client.get(reverse("analysis:download", args=[run.pk, ending]) + query)


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("tex", "application/x-tex; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("md", "text/markdown; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_every_format_is_handed_over_as_a_file_with_a_name_that_tells_where_it_is_from(
    as_ada, done, ending, media_type
):
    answer = fetch(as_ada, done, ending)

    name = f"{FIRST}-{done.fingerprint[:8]}.{ending}"
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_every_format_has_the_numbers_of_the_one_table(as_ada, done):
    estimate = done.estimates["models"][0]["terms"][-1]["estimate"]
    printed = next(row for row in done.table["rows"] if row["label"] == "Employment (log)")
    text = printed["cells"][0][0]

    lines = list(csv.reader(io.StringIO(fetch(as_ada, done, "csv").content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(fetch(as_ada, done, "xlsx").content)).active
    grid = docx.Document(io.BytesIO(fetch(as_ada, done, "docx").content)).tables[0]

    assert float(next(line for line in lines if line[1] == "Employment (log)")[3]) == estimate
    assert [r[1].value for r in sheet.iter_rows() if r[0].value == "Employment (log)"] == [estimate]
    words = [r.cells[1].text for r in grid.rows if r.cells[0].text == "Employment (log)"]
    assert words[0].strip("\u2007\u00a0") == text
    assert text in fetch(as_ada, done, "html").content.decode()
    assert text.replace("−", "$-$") in fetch(as_ada, done, "tex").content.decode()


def test_marginal_effects_are_a_file_of_their_own(as_ada, done):
    answer = fetch(as_ada, done, "tex", "?what=margins")

    assert f"{FIRST}-marginal-effects-{done.fingerprint[:8]}.tex" in answer["Content-Disposition"]
    assert "average marginal effects" in answer.content.decode()


def test_estimates_are_handed_over_in_full_precision(as_ada, done):
    answer = as_ada.get(reverse("analysis:estimates", args=[done.pk]))

    assert json.loads(answer.content) == done.estimates
    name = f"{FIRST}-estimates-{done.fingerprint[:8]}.json"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("ending", ["pdf", "json", "exe"])
def test_other_formats_are_not_found(as_ada, done, ending):
    assert fetch(as_ada, done, ending).status_code == 404


def test_an_unfinished_run_has_no_table_to_hand_over(as_ada, waiting):
    assert fetch(as_ada, waiting, "csv").status_code == 404


def test_a_preset_is_asked_for_by_the_address(as_ada, done):
    plain = fetch(as_ada, done, "md").content.decode()
    ratios = fetch(as_ada, done, "md", "?preset=odds_ratios").content.decode()

    assert "Shown as odds ratios" in ratios
    assert "Shown as odds ratios" not in plain
    assert fetch(as_ada, done, "md", "?preset=magic").status_code == 404


def test_a_download_follows_the_layout_of_who_asks_for_it(as_ada, done, ada):
    actions.keep_layout(run=done, person=ada, layout=Layout(shown="p_value"), at=NOON)

    assert "p-values in parentheses" in fetch(as_ada, done, "csv").content.decode("utf-8-sig")


def test_the_models_in_words_are_handed_over_as_text(as_ada, done):
    answer = as_ada.get(reverse("analysis:reading", args=[done.pk]))

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().startswith("Size and new goods: how to read it")
    assert f"-reading-{done.fingerprint[:8]}.txt" in answer["Content-Disposition"]


def test_an_unfinished_run_has_nothing_to_read_to_draw_or_to_lay_out(as_ada, waiting):
    for name in ("reading", "figures", "layout"):
        assert as_ada.get(reverse(f"analysis:{name}", args=[waiting.pk])).status_code == 404
