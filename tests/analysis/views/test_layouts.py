import re

import pytest
from django.urls import reverse

from analysis import actions
from analysis.models import TableLayout
from analysis.tables.layout import Layout, Line
from analysis.views.layout_form import moved
from tests.analysis.answered import PLAN, make_plan_version
from tests.analysis.tables.test_document_tables import units_of_document
from tests.factories import NOON


def address(run, query=""):
    return reverse("analysis:layout", args=[run.pk]) + query


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form if nothing was typed."""
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page.split('class="layout-form"')[1]):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in found:
            sent.setdefault(found["name"], []).append(found.get("value", "on"))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)">(.*?)</select>', page, re.DOTALL):
        sent[name] = (
            re.findall(r'value="([^"]*)" selected', options)
            or re.findall(r'value="([^"]*)"', options)[:1]
        )
    return sent


def press(client, run, do, query="", **typed):
    page = client.get(address(run, query)).content.decode()
    sent = form_of(page) | {"do": do} | typed
    return client.post(address(run, query), sent, follow=True)


def kept() -> Layout:
    return Layout.from_document(TableLayout.objects.get().document)


def keys_of(run) -> list[str]:
    return [unit.key for unit in units_of_document(run.estimates)]


def test_the_page_offers_every_line_with_its_words_and_ways_to_move_it(as_ada, done):
    page = as_ada.get(address(done)).content.decode()

    for unit in units_of_document(done.estimates):
        assert f'value="up:{unit.key}"' in page.replace("&#x27;", "'")
        assert f'value="{unit.label}"' in page
    assert "<caption>Size and new goods</caption>" in page
    assert "style=" not in page


def test_what_is_sent_back_as_it_was_changes_nothing_of_the_table(as_ada, done):
    press(as_ada, done, "keep")

    page = as_ada.get(reverse("analysis:run", args=[done.pk]))
    assert page.context["table"].to_document() == done.table


def test_a_preset_is_taken_and_the_lines_stay_as_they_were(as_ada, done):
    key = keys_of(done)[0]
    press(as_ada, done, "keep", **{"label-0": "My words"})

    press(as_ada, done, "preset", preset="intervals")

    layout = kept()
    assert (layout.preset, layout.shown) == ("intervals", "interval")
    assert next(line for line in layout.lines if line.key == key).label == "My words"


def test_words_headings_and_lines_left_out_are_shown_in_the_table(as_ada, done):
    page = press(as_ada, done, "keep", **{"label-0": "Staff (log)", "group-0": "The firm"})

    table = as_ada.get(reverse("analysis:run", args=[done.pk])).context["table"]
    assert [row.label for row in table.rows[:2]] == ["The firm", "Staff (log)"]
    assert "Staff (log)" in page.content.decode()

    sent = form_of(page.content.decode()) | {"do": "keep"}
    del sent["shown-0"]
    as_ada.post(address(done), sent)

    table = as_ada.get(reverse("analysis:run", args=[done.pk])).context["table"]
    assert "Staff (log)" not in [row.label for row in table.rows]
    assert any(note.startswith("In the models but not shown: Staff (log)") for note in table.notes)


def test_a_line_is_moved_by_a_button_and_what_was_typed_is_kept(as_ada, done):
    first, second = keys_of(done)[:2]

    answer = press(as_ada, done, f"down:{first}", **{"label-0": "Staff"})

    assert [line.key for line in kept().lines][:2] == [second, first]
    assert kept().lines[1].label == "Staff"
    assert answer.redirect_chain[-1][0].endswith("#line-1")


def test_statistics_that_are_unchecked_are_left_out(as_ada, done):
    press(as_ada, done, "keep", statistic=["Firms (n)"])

    table = as_ada.get(reverse("analysis:run", args=[done.pk])).context["table"]
    assert [row.label for row in table.rows if row.kind == "statistic"] == ["Firms (n)"]


def test_a_heading_is_folded_into_one_line(as_ada, done):
    press(as_ada, done, "keep", **{"group-0": "The firm"})

    press(as_ada, done, "keep", folded=["The firm"])

    table = as_ada.get(reverse("analysis:run", args=[done.pk])).context["table"]
    assert ("The firm", ["yes"]) in [(r.label, [c.text for c in r.cells]) for r in table.rows]


def test_the_table_goes_back_to_how_the_run_made_it(as_ada, done):
    press(as_ada, done, "keep", shown="p_value")

    press(as_ada, done, "forget")

    assert not TableLayout.objects.exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"count": "99"}, "Give a whole number from 0 to 8."),
        ({"count": "many"}, "Give a whole number from 0 to 8."),
        ({"shown": "variance"}, "It may be std_error"),
        ({"label-0": "x" * 300}, "no text of at most 200 letters"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_changed(as_ada, done, typed, message):
    answer = press(as_ada, done, "keep", **typed)

    assert message in answer.content.decode()
    assert not TableLayout.objects.exists()


def test_marginal_effects_are_laid_out_without_losing_the_lines_of_the_coefficients(as_ada, done):
    intercept = keys_of(done)[-1]
    press(as_ada, done, "keep", **{f"label-{len(keys_of(done)) - 1}": "Constant"})

    press(as_ada, done, "keep", "?what=margins", **{"label-0": "Staff"})

    words = {line.key: line.label for line in kept().lines}
    assert words[intercept] == "Constant"
    assert "Staff" in words.values()


def test_a_layout_is_seen_by_nobody_else(as_ada, done, client):
    press(as_ada, done, "keep", shown="p_value")

    other = as_ada.get(reverse("analysis:run", args=[done.pk]) + "?preset=standard_errors")

    assert other.context["table"].to_document() == done.table
    assert TableLayout.objects.get().person.username == "ada"


@pytest.mark.parametrize("what", ["descriptives", "magic"])
def test_tables_of_something_else_have_no_layout(as_ada, done, what):
    assert as_ada.get(address(done, f"?what={what}")).status_code == 404


class Unit:
    def __init__(self, key, group):
        self.key, self.group = key, group


PLAIN = [Unit("a", ""), Unit("b", "G"), Unit("c", "G"), Unit("d", "")]


@pytest.mark.parametrize(
    ("key", "by", "order"),
    [
        ("b", 1, "acbd"),
        ("c", -1, "acbd"),
        ("c", 1, "adbc"),
        ("b", -1, "bcad"),
        ("a", 1, "bcad"),
        ("a", -1, "abcd"),
        ("d", 1, "abcd"),
        ("x", 1, "abcd"),
    ],
)
def test_a_line_moves_within_its_heading_and_at_its_edge_with_it(key, by, order):
    layout = Layout(lines=tuple(Line(unit.key) for unit in PLAIN))

    assert "".join(line.key for line in moved(layout, key, by, PLAIN).lines) == order


@pytest.mark.parametrize("count", ["9" * 5000, "٣" * 5000, "-1", "", "1e3"])
def test_a_count_that_is_none_is_refused_and_the_layout_stays(as_ada, done, count):
    answer = press(as_ada, done, "keep", count=count)

    assert answer.status_code == 200
    assert "Give a whole number from 0 to 8." in answer.content.decode()
    assert not TableLayout.objects.exists()


def test_control_marks_do_not_come_into_words(as_ada, done):
    press(as_ada, done, "keep", folded=["A\x00"], **{"label-0": "Staff\x00\x07 \u202eof all"})

    assert kept().lines[0].label == "Staff of all"
    assert kept().folded == ("A",)


TWO = f"""{PLAN}\
  - name: Square
    outcome: innovation.product[good]
    estimator: linear
    formula: ln_employment
    covariance: HC1
    design: {{weights: none, strata: none, clusters: none, population: none}}
descriptives:
  - {{name: Together, statistic: correlation, variables: [ln_employment, 'innovation.product[good]']}}
"""


@pytest.fixture
def two(answered, ada):
    version = make_plan_version(answered, TWO)
    run, _ = actions.request(plan_version=version, by=ada, at=NOON)
    assert actions.carry_out(run_id=run.pk)
    run.refresh_from_db()
    return run


def columns_shown(client, run, query=""):
    page = client.get(reverse("analysis:run", args=[run.pk]) + query)
    return [heading.partition(")")[0] + ")" for heading in page.context["table"].columns]


def test_a_column_is_moved_by_a_button_and_what_was_typed_stays_with_it(as_ada, two):
    answer = press(as_ada, two, "earlier:model-2", **{"column-1": "Linear"})

    assert kept().column_order == ("model-2", "model-1")
    assert columns_shown(as_ada, two) == ["(2)", "(1)"]
    assert answer.redirect_chain[-1][0].endswith("#column-0")

    press(as_ada, two, "keep")

    table = as_ada.get(reverse("analysis:run", args=[two.pk])).context["table"]
    assert table.columns[0] == "(2) Linear"


def test_a_column_at_the_edge_stays_there(as_ada, two):
    press(as_ada, two, "later:model-2")

    assert columns_shown(as_ada, two) == ["(1)", "(2)"]


def test_a_download_has_the_columns_as_they_were_moved(as_ada, two):
    press(as_ada, two, "later:model-1")

    text = as_ada.get(reverse("analysis:download", args=[two.pk, "csv"])).content.decode(
        "utf-8-sig"
    )

    assert text.splitlines()[0].index("(2)") < text.splitlines()[0].index("(1)")


def test_a_model_is_left_out_and_comes_back(as_ada, two):
    sent = form_of(as_ada.get(address(two)).content.decode()) | {"do": "keep"}
    del sent["column-shown-0"]

    as_ada.post(address(two), sent)
    assert columns_shown(as_ada, two) == ["(2)"]

    press(as_ada, two, "keep", **{"column-shown-0": "on"})
    assert columns_shown(as_ada, two) == ["(1)", "(2)"]


def test_leaving_every_model_out_is_refused_and_nothing_is_kept(as_ada, two):
    sent = form_of(as_ada.get(address(two)).content.decode()) | {"do": "keep"}
    del sent["column-shown-0"], sent["column-shown-1"]

    answer = as_ada.post(address(two), sent, follow=True)

    assert "Every estimated model is left out." in answer.content.decode()
    assert not TableLayout.objects.exists()


def test_a_preset_leaves_the_order_of_the_columns(as_ada, two):
    press(as_ada, two, "later:model-1")

    press(as_ada, two, "preset", preset="intervals")

    assert columns_shown(as_ada, two) == ["(2)", "(1)"]


def test_columns_of_correlations_are_said_to_follow_the_lines(as_ada, two):
    page = as_ada.get(address(two, "?what=table-1")).content.decode()

    assert "cannot be moved by themselves" in page
    assert 'value="earlier:table-1/with-1"' not in page
    assert 'value="later:table-1/mean"' in page


def test_a_column_moves_past_the_correlations_at_once(as_ada, two):
    press(as_ada, two, "later:table-1/deviation", "?what=table-1")

    assert kept().column_order == ("table-1/mean", "table-1/with-1", "table-1/deviation")


def test_the_order_of_one_table_leaves_that_of_another(as_ada, two):
    press(as_ada, two, "later:model-1")
    press(as_ada, two, "later:table-1/mean", "?what=table-1")

    assert columns_shown(as_ada, two) == ["(2)", "(1)"]
    table = as_ada.get(reverse("analysis:run", args=[two.pk]) + "?what=table-1").context["table"]
    assert table.columns[:2] == ("Std. deviation", "Mean")
