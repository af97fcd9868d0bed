from analysis import actions
from analysis.models import TableLayout
from analysis.tables.layout import Layout
from tests.analysis.views.conftest import ada, answered, done, eve, waiting
from tests.factories import NOON

__all__ = ["ada", "answered", "done", "eve", "waiting"]

WITH_T = Layout(shown="statistic")


def test_a_layout_kept_anew_takes_the_place_of_the_one_before(done, ada):
    actions.keep_layout(run=done, person=ada, layout=Layout(shown="p_value"), at=NOON)
    actions.keep_layout(run=done, person=ada, layout=WITH_T, at=NOON)

    kept = TableLayout.objects.get()
    assert Layout.from_document(kept.document) == WITH_T


def test_each_person_has_a_layout_of_their_own(done, ada, eve):
    actions.keep_layout(run=done, person=ada, layout=WITH_T, at=NOON)
    actions.keep_layout(run=done, person=eve, layout=Layout(), at=NOON)

    assert actions.forget_layout(run=done, person=eve)
    assert not actions.forget_layout(run=done, person=eve)
    assert TableLayout.objects.get().person == ada


def test_a_layout_changes_nothing_of_the_run(done, ada):
    table, estimates = done.table, done.estimates

    actions.keep_layout(run=done, person=ada, layout=WITH_T, at=NOON)

    done.refresh_from_db()
    assert (done.table, done.estimates) == (table, estimates)
