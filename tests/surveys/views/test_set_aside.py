"""Two people answer at once: an answer whose page leaves the route is kept, told and not counted."""

from django.test import Client

from surveys.models import Case, CaseEvent, PageVersion
from surveys.queries.answer_tables import answer_tables
from tests.surveys.firms import DECLARED, admitted, answer_everything, answers_of, save
from tests.surveys.views.page_texts import hub, text_of

KEPT = {"new": 30, "unchanged": 70}
HEADING = "Kept, but no longer asked"


def answered_by_two(browser: Client, case: Case) -> Client:
    """One person answers everything; a colleague then says no to what a page rests on."""
    answer_everything(browser, case)
    colleague = admitted(case)
    save(colleague, case, "new_good", new_good="no")
    return colleague


def test_what_a_colleague_answered_is_kept_and_told_before_it_is_handed_in(
    browser: Client, case: Case
):
    answered_by_two(browser, case)

    check = browser.get(f"{hub(case)}check/")

    assert answers_of(case)["turnover_newness"] == KEPT
    assert PageVersion.objects.filter(page="turnover_newness").get().answers == {
        "turnover_newness": KEPT
    }
    told = text_of(check).partition(HEADING)[2]
    assert "How was turnover divided? New goods: 30 %; Unchanged goods: 70 %" in told
    assert [line.item for line in check.context["set_aside"]] == ["turnover_newness"]
    counted = [line.item for section in check.context["sheet"] for line in section.lines]
    assert "turnover_newness" not in counted


def test_it_is_in_the_data_as_not_asked(browser: Client, case: Case):
    answered_by_two(browser, case)

    browser.post(f"{hub(case)}submit/", DECLARED)

    assert CaseEvent.objects.filter(kind="submitted").exists()
    tables = answer_tables(case.wave)
    (firm,) = tables
    row = dict(zip(tables.header, firm.firm, strict=True))
    assert row["new_good"] == "no"
    assert (row["turnover_newness.new"], row["turnover_newness.unchanged"]) == (".a", ".a")
    assert answers_of(case)["turnover_newness"] == KEPT


def test_it_counts_again_when_the_other_answer_is_changed_back(browser: Client, case: Case):
    colleague = answered_by_two(browser, case)

    save(colleague, case, "new_good", new_good="yes")

    check = browser.get(f"{hub(case)}check/")
    assert HEADING not in text_of(check)
    counted = [line.item for section in check.context["sheet"] for line in section.lines]
    assert "turnover_newness" in counted


def test_a_blank_off_the_route_is_nothing_to_tell(browser: Client, case: Case):
    save(browser, case, "new_good", new_good="yes")
    save(browser, case, "turnover_newness")
    save(browser, case, "new_good", new_good="no")

    assert HEADING not in text_of(browser.get(f"{hub(case)}check/"))
