"""What of a description may be shown."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.check import Check
from analysis.disclosure.rules import DisclosurePolicy, Finding
from analysis.disclosure.safe import WITHHELD, WITHHELD_NOTE, safe
from analysis.refusals import Refusal
from analysis.tables.descriptives import descriptives_table
from analysis.tables.estimates_document import estimates_document
from analysis.tables.table import Table
from tests.analysis.disclosure.described import groups, result

POLICY = DisclosurePolicy()


def lines(table):
    return {row.label: [cell.text for cell in row.cells] for row in table.rows if row.cells}


def withheld(table):
    return {label for label, cells in lines(table).items() if cells == [WITHHELD] * 6}


def of(*results):
    return descriptives_table(results, title="Firms")


def even(count, seed=0):
    return np.random.default_rng(seed).uniform(50, 150, count)


def test_many_firms_of_like_size_are_shown_as_they_are():
    table = of(result("mean", even(60), by=groups(north=30, south=30)))

    cleaned, findings = safe(table, POLICY)

    assert cleaned is table
    assert findings == ()


def test_a_small_group_is_withheld_and_with_it_the_cheapest_that_would_give_it_away():
    by = groups(north=4, south=15, west=40)
    table = of(result("mean", even(59), by=by))

    cleaned, findings = safe(table, POLICY)

    assert withheld(cleaned) == {"north", "south"}
    assert lines(cleaned)["west"] == lines(table)["west"]
    assert cleaned.notes == (*table.notes, WITHHELD_NOTE)
    found = [(finding.where, finding.rule) for finding in findings]
    assert ("mean of turnover: north", "few_firms") in found
    assert ("mean of turnover: south", "complementary") in found
    assert {finding.action for finding in findings} == {"withheld"}


def test_no_number_and_no_parameter_stands_in_a_finding():
    table = of(result("mean", even(59), by=groups(north=4, south=15, west=40)))

    _, findings = safe(table, POLICY)

    assert not any(character.isdigit() for finding in findings for character in finding.why)


def test_an_answer_that_few_give_is_withheld_with_its_complement():
    answers = groups(yes=5, no=35, unsure=60)

    cleaned, findings = safe(of(result("share", answers, name="plans")), POLICY)

    assert withheld(cleaned) == {"yes", "no"}
    assert [finding.rule for finding in findings if "yes" in finding.where] == ["few_in_category"]


def test_a_share_that_all_but_a_few_have_is_withheld():
    yes = np.array([1.0] * 95 + [0.0] * 5)

    cleaned, _ = safe(of(result("share", yes, name="plans")), POLICY)

    assert withheld(cleaned) == {"All firms"}


def test_the_mean_of_yes_and_no_is_judged_as_a_share():
    yes = np.array([1.0] * 4 + [0.0] * 96)

    cleaned, findings = safe(of(result("mean", yes, name="plans")), POLICY)

    assert withheld(cleaned) == {"All firms"}
    assert findings[0].rule == "few_in_category"


def test_a_firm_that_dominates_a_total_is_protected_though_the_firms_are_many():
    values = np.concatenate([even(30), [80_000.0], even(29, 1)])
    by = groups(north=30, south=30)

    cleaned, findings = safe(of(result("total", values, by=by)), POLICY)

    rules = {finding.where.rpartition(": ")[2]: finding.rule for finding in findings}
    assert "south" in withheld(cleaned)
    assert rules["south"] in ("p_percent", "dominance")


def test_what_a_group_hides_the_overall_total_must_not_tell():
    values = np.concatenate([even(30), [80_000.0], even(29, 1)])
    by = groups(north=30, south=30)
    both = of(result("total", values, by=by), result("total", values, title="Together"))

    cleaned, findings = safe(both, POLICY)

    # The dominating firm dominates the whole, too; with it shown, north would give south away.
    assert {"south", "All firms"} <= withheld(cleaned)
    assert {finding.rule for finding in findings} >= {"p_percent"}


def test_a_ratio_is_judged_by_both_its_parts():
    sales, staff = even(60), even(60, 1)
    staff[7] = 50_000.0

    even_parts = of(result("ratio", sales, denominator=even(60, 1)))
    one_giant = of(result("ratio", sales, denominator=staff))
    unknown = of(result("ratio", sales, denominator=staff, keeps=False))

    assert safe(even_parts, POLICY)[1] == ()
    assert {finding.rule for finding in safe(one_giant, POLICY)[1]} == {"p_percent", "dominance"}
    assert [(f.rule, f.action) for f in safe(unknown, POLICY)[1]] == [("unknown_parts", "review")]


def test_tables_that_share_a_margin_are_protected_together():
    place = np.tile(groups(north=8, south=20, west=22), 2)
    plans = np.array([1.0] * 50 + [0.0] * 50)
    by_place = result("share", place, name="place")
    by_both = result("cross_tabulation", plans.astype(object), other=place, name="plans")

    cleaned, _ = safe(of(by_place, by_both), POLICY)

    hidden = withheld(cleaned)
    assert {"1.0 × north", "0.0 × north"} <= hidden or {"1 × north", "0 × north"} <= hidden
    # 16 firms are in the north: their number may stay, for two cells make it up.
    assert "north" not in hidden


def test_of_two_results_that_differ_by_few_firms_one_is_withheld():
    values = even(100)
    inside = np.arange(100) < 96

    cleaned, findings = safe(
        of(result("mean", values), result("mean", values, domain=inside, title="Small ones")),
        POLICY,
    )

    assert [finding.rule for finding in findings] == ["difference"]
    assert findings[0].where.startswith("Small ones")
    assert withheld(cleaned) == {"All firms"}
    texts = [row.cells[0].text for row in cleaned.rows if row.cells]
    assert texts[0] != WITHHELD
    assert texts[1] == WITHHELD


def test_a_quantile_needs_firms_on_either_side():
    table = of(
        result("quantile", even(60), quantile=0.5), result("quantile", even(60), quantile=0.85)
    )

    cleaned, findings = safe(table, POLICY)

    assert withheld(cleaned) == {"Quantile 0.85"}
    assert [finding.rule for finding in findings] == ["beyond_quantile"]


def test_that_everyone_says_yes_is_for_a_person_to_judge():
    cleaned, findings = safe(
        of(result("share", np.ones(40), name="plans", interval="korn_graubard")), POLICY
    )

    assert withheld(cleaned) == set()
    assert [(finding.rule, finding.action) for finding in findings] == [
        ("everyone_alike", "review")
    ]


def test_firms_of_one_group_are_one_firm():
    by = groups(north=12, south=40)
    holdings = np.array(["giant"] * 8 + [None] * 44, dtype=object)

    alone, _ = safe(of(result("mean", even(52), by=by)), POLICY)
    together, findings = safe(of(result("mean", even(52), by=by)), POLICY, holdings)

    assert withheld(alone) == set()
    assert "north" in withheld(together)
    assert any(finding.rule == "few_firms" for finding in findings)


def test_weights_do_not_make_four_firms_many():
    by = groups(north=4, south=15, west=40)

    cleaned, _ = safe(of(result("total", even(59), by=by, weight=np.full(59, 25.0))), POLICY)

    assert "north" in withheld(cleaned)


def test_results_lose_the_same_lines_as_their_table():
    by = groups(north=4, south=15, west=40)
    described = [result("mean", even(59), by=by), result("share", by, name="place")]
    table, findings = safe(of(*described), POLICY)

    results, same = safe(described, POLICY)

    assert same == findings
    again = of(*results)
    lost = {
        row.label for row in again.rows if row.cells and all(c.value is None for c in row.cells)
    }
    assert lost == withheld(table)
    assert np.isnan(results[0].description.influence[:, 0]).all()
    assert not results[0].description.rows[0].any()
    assert results[0].answers == {}


def test_withheld_numbers_are_null_in_the_document_of_estimates():
    results, _ = safe([result("mean", even(59), by=groups(north=4, south=15, west=40))], POLICY)
    made = SimpleNamespace(title="", fingerprint="", provenance={}, theory=None)

    document = estimates_document(made, made, (), results, "")

    north, _, west = document["descriptives"][0]["terms"]
    told = ("estimate", "std_error", "conf_low", "conf_high", "n", "df", "design_effect")
    assert [north[name] for name in told] == [None] * 7
    assert west["n"] == 40


def test_nothing_of_the_firms_behind_a_number_is_stored_or_compared():
    table = of(result("mean", even(60)))

    assert table.rows[1].cells[0].basis is not None
    assert "basis" not in repr(table)
    assert Table.from_document(table.to_document()) == table


def test_a_table_that_is_no_description_stays_as_it_is():
    bare = Table("t", ("a",), ())

    assert safe(bare, POLICY) == (bare, ())


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(2, 30), min_size=2, max_size=7))
def test_no_small_group_is_the_whole_less_the_others(sizes):
    by = np.repeat(np.array([f"g{i}" for i in range(len(sizes))], dtype=object), sizes)

    cleaned, _ = safe(of(result("mean", even(len(by)), by=by)), POLICY)

    hidden = withheld(cleaned)
    small = {f"g{i}" for i, size in enumerate(sizes) if size < 10}
    assert small <= hidden
    if not small:
        assert hidden == set()
    elif sum(sizes) >= 20:
        # Who knows how many firms there are knows only of all hidden ones together.
        together = sum(size for i, size in enumerate(sizes) if f"g{i}" in hidden)
        assert together >= 10 or hidden == set(map(str, lines(cleaned)))


def test_what_all_but_three_say_is_not_the_whole_less_the_others():
    """Of 40 firms in the north, 37 say yes; with the south and all shown they could be told."""
    yes = np.array([1.0] * 37 + [0.0] * 3 + [1.0] * 30 + [0.0] * 30)
    by = groups(north=40, south=60)
    table = of(
        result("share", yes, by=by, name="plans"), result("share", yes, name="plans", title="All")
    )

    cleaned, findings = safe(table, POLICY)

    assert {"north", "south"} <= withheld(cleaned) or "All firms" in withheld(cleaned)
    assert findings[0].rule == "few_in_category"


def test_a_firm_alone_in_its_group_does_not_see_through_the_other_withheld_one():
    by = groups(north=1, south=9, west=15, east=40)

    cleaned, _ = safe(of(result("share", by, name="place")), POLICY)

    # North and south are ten in all: enough for others, not for the firm that knows itself.
    assert withheld(cleaned) == {"north", "south", "west"}


def test_what_went_out_before_is_not_completed_by_what_goes_out_now():
    values = even(59)
    by = groups(north=4, south=15, west=40)
    first, _ = safe(of(result("mean", values, by=by)), POLICY)
    again = of(result("mean", values, by=by, title="Once more"))

    second, findings = safe(again, POLICY, published=[first])

    assert withheld(second) == withheld(first) == {"north", "south"}
    assert {finding.where.partition(":")[0] for finding in findings} == {"Once more"}


def test_what_went_out_before_cannot_be_withheld_so_more_of_the_new_is():
    by = groups(north=4, south=12, west=40)
    before = of(result("mean", even(56), domain=by == "south"))
    now = of(result("share", by, name="place"))

    alone, _ = safe(now, POLICY)
    after, _ = safe(now, POLICY, published=[before])

    assert withheld(alone) == {"north", "south"}
    # How many are in the south is known: now the west must cover the north.
    assert withheld(after) == {"north", "west"}


def test_what_should_not_have_gone_out_is_no_finding_of_what_goes_out_now():
    by = groups(north=4, south=15, west=40)
    slipped = of(result("mean", even(59), by=by, title="Before"))

    _, findings = safe(of(result("mean", even(59), title="Now")), POLICY, published=[slipped])

    assert not any(finding.where.startswith("Before") for finding in findings)


def test_a_population_three_firms_larger_than_one_that_went_out_is_withheld():
    values = even(100)
    before, _ = safe(of(result("mean", values, domain=np.arange(100) < 97)), POLICY)

    after, findings = safe(of(result("mean", values, title="Now")), POLICY, published=[before])

    assert [(finding.where, finding.rule) for finding in findings] == [
        ("Now: All firms", "difference")
    ]
    assert withheld(after) == {"All firms"}


def check(*findings, **policy):
    return Check(findings, DisclosurePolicy(**policy), author="ada")


ASKED = Finding("Table 1: all", "everyone_alike", "…", "review")


def test_a_clean_output_may_go_out_unless_the_survey_wants_a_second_person():
    assert check().may_go_out
    waiting = check(second_person=True)
    assert not waiting.may_go_out
    assert waiting.decided("approved", by="ben").may_go_out
    assert not waiting.decided("rejected", by="ben", reason="Not yet.").may_go_out


def test_what_is_left_to_a_person_needs_another_one_and_a_reason():
    waiting = check(ASKED)

    assert waiting.needs_second_person
    for by, reason, code in (("ada", "mine", "own_output"), ("ben", "  ", "no_reason")):
        with pytest.raises(Refusal) as refused:
            waiting.decided("approved", by=by, reason=reason)
        assert refused.value.code == code
    approved = waiting.decided("approved", by="ben", reason="Known from the law.")
    assert approved.document()["decided_by"] == "ben"
    assert approved.may_go_out


def test_what_is_refused_has_been_taken_out_so_that_the_rest_may_go_out():
    rest = check(Finding("Model 1", "saturated", "…", "refused"))

    assert rest.may_go_out
    assert not check(Finding("Model 1", "saturated", "…", "refused"), ASKED).may_go_out


def test_a_statistic_that_no_rule_knows_is_withheld():
    known = result("mean", even(60))
    unknown = replace(known, asked=replace(known.asked, statistic="kurtosis"))

    (cleaned,), findings = safe([unknown], POLICY)

    assert np.isnan(cleaned.description.estimates.coefficients).all()
    assert [(finding.rule, finding.action) for finding in findings] == [
        ("unknown_statistic", "withheld")
    ]


def test_one_firm_far_from_the_others_makes_up_a_variance_and_is_withheld():
    values = np.append(even(40), 90_000.0)

    (cleaned,), findings = safe([result("variance", values)], POLICY)

    assert np.isnan(cleaned.description.estimates.coefficients).all()
    assert {finding.rule for finding in findings} >= {"p_percent"}
    assert safe([result("variance", even(40))], POLICY)[1] == ()


def test_notes_of_a_description_name_no_line_that_was_withheld():
    by = groups(north=4, south=15, west=40)
    values = np.where(by == "north", 7.0, even(59))
    told = result("mean", values, by=by)
    assert any("north" in note for note in told.notes)

    (cleaned,), _ = safe([told], POLICY)

    assert cleaned.notes == (WITHHELD_NOTE,)
