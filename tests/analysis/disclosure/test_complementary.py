"""What else is withheld: examples by hand, the attacker's bounds, and the cheapest pattern."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.additive import AdditiveTable, Protection, one_way, two_way
from analysis.disclosure.attacker import audit, bounds, refuse_exposed
from analysis.disclosure.complementary import suppress
from analysis.refusals import Refusal

# Investment of three activities in three regions (Fischetti & Salazar-Gonzalez 2001, table 1).
INVESTMENT = two_way([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
SECRET = 6


def test_the_attacker_of_the_textbook_table_finds_five_to_thirty():
    # Rows II and III without A and C: x + y = 30, z + w = 29, x + z = 25, y + w = 34.
    hidden = {4, 6, 8, 10}

    assert INVESTMENT.layers[0][SECRET] == 22
    assert bounds(INVESTMENT, hidden, SECRET) == pytest.approx((5, 30))


def test_a_cell_alone_in_its_row_is_worked_out_exactly():
    assert bounds(INVESTMENT, {SECRET}, SECRET) == pytest.approx((22, 22))
    assert bounds(INVESTMENT, {SECRET, 10}, SECRET) == pytest.approx((22, 22))


def test_one_of_two_withheld_parts_of_a_total_hides_the_other():
    table = one_way([3, 40, 60, 25], ["a", "b", "c", "d"])

    found = suppress(table, [Protection(0, upper=7)])

    assert found.hidden == {0, 3}
    assert bounds(table, found.hidden, 0) == pytest.approx((0, 28))


def test_the_total_itself_is_hidden_if_that_is_cheaper_or_nothing_else_can_be():
    table = one_way([3, 0, 0])

    found = suppress(table, [Protection(0, upper=7)])

    assert found.hidden == {0, 3}
    assert bounds(table, found.hidden, 0) == (pytest.approx(0), np.inf)


def test_what_must_be_shown_may_leave_no_protection():
    with pytest.raises(Refusal) as refused:
        suppress(one_way([3, 0, 0]), [Protection(0, upper=7)], always_shown=[3])

    assert refused.value.code == "cannot_protect"
    with pytest.raises(Refusal):
        suppress(one_way([3, 5, 2]), [Protection(0, upper=7)], always_shown=[0])


def test_a_table_beyond_reach_is_told():
    with pytest.raises(Refusal) as refused:
        suppress(one_way(np.ones(20_001)), [Protection(0, upper=1)])

    assert refused.value.code == "table_too_large"


def test_a_table_that_does_not_add_up_is_no_table():
    with pytest.raises(ValueError, match="add up"):
        AdditiveTable(("a", "b", "total"), (np.array([1.0, 2.0, 4.0]),), ((2, (0, 1)),))


def test_an_audit_refuses_by_the_name_of_the_cell_and_not_its_value():
    with pytest.raises(Refusal) as refused:
        refuse_exposed(INVESTMENT, {SECRET, 4}, [Protection(SECRET, upper=5)])

    assert refused.value.code == "cell_exposed"
    assert "“1,2”" in refused.value.message
    assert "22" not in refused.value.message


def test_a_firm_that_is_alone_in_a_hidden_cell_sees_through_it():
    """The handbook's singleton problem: who is cell b knows b, and so tells a from the total."""
    table = one_way([4, 1, 60, 70], ["a", "b", "c", "d"])
    plain = [Protection(0, upper=1), Protection(1, upper=1)]
    wary = [*plain, Protection(0, upper=1, knows=frozenset({1}))]

    assert suppress(table, plain).hidden == {0, 1}
    assert not audit(table, {0, 1}, plain)
    assert [each.label for each in audit(table, {0, 1}, wary)] == ["a"]
    assert suppress(table, wary).hidden == {0, 1, 2}


def test_subtotals_of_groups_give_nothing_away():
    inner = [[12, 20], [3, 31], [40, 18], [22, 27]]
    table = two_way(inner, groups=[0, 0, 1, 1])
    width = 3
    secret = 1 * width + 0

    found = suppress(table, [Protection(secret, upper=7)])

    assert table.is_network
    assert table.layers[0][(4 + 0) * width] == 15
    assert not audit(table, found.hidden, [Protection(secret, upper=7)])
    # Hiding its company in another group would leave the subtotals to tell.
    assert audit(table, {secret, 2 * width}, [Protection(secret, upper=7)])


def test_a_cell_is_hidden_in_counts_and_in_sums_alike():
    counts = np.array([[3.0, 30], [40, 50]])
    sums = np.array([[900.0, 1], [1, 4000]])
    table = two_way(counts, sums)
    asked = [Protection(0, upper=7), Protection(0, upper=100, lower=100, layer=1)]

    found = suppress(table, asked)

    # In the counts the square would do; in the sums its corners can move by 1 each way only.
    assert not audit(table, found.hidden, asked)
    assert audit(table, {0, 1, 3, 4}, asked)
    assert found.hidden == {0, 2, 6, 8}


def test_quantities_of_either_sign_have_no_floor():
    table = two_way([[5.0, -3], [2, 9]])
    signed = AdditiveTable(table.labels, table.layers, table.sums, lowest=-np.inf)

    least, most = bounds(signed, {0, 1, 3, 4}, 0)

    assert (least, most) == (-np.inf, np.inf)


def cheapest_by_trying_all(table, protections):
    needed = {each.cell for each in protections}
    others = [cell for cell in range(len(table.labels)) if cell not in needed]
    cost = {cell: float(table.cost[cell]) for cell in others}
    patterns = itertools.chain.from_iterable(
        itertools.combinations(others, size) for size in range(len(others) + 1)
    )
    for chosen in sorted(patterns, key=lambda cells: sum(cost[cell] for cell in cells)):
        if any(table.layers[0][cell] == 0 for cell in chosen):
            continue
        if not audit(table, needed | set(chosen), protections):
            return sum(cost[cell] for cell in chosen)
    raise AssertionError("nothing protects")


# Of the last, what is built cell by cell costs 50 and the least 48.
@pytest.mark.parametrize("seed", [1, 3, 34])
def test_no_pattern_is_cheaper_than_the_one_found(seed):
    inner = np.random.default_rng(seed).integers(1, 40, (2, 3)).astype(float)
    inner[0, seed % 3] = 4
    table = two_way(inner)
    asked = [Protection(i, 10 - v) for i, v in enumerate(table.layers[0]) if v < 10]

    found = suppress(table, asked)

    built = suppress(table, asked, rounds=0)
    assert built.cost >= found.cost
    assert not audit(table, built.hidden, asked)
    assert found.is_least
    assert found.cost == pytest.approx(cheapest_by_trying_all(table, asked))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda rows: st.integers(1, 4).flatmap(
            lambda columns: st.lists(
                st.lists(st.integers(0, 60), min_size=columns, max_size=columns),
                min_size=rows,
                max_size=rows,
            )
        )
    )
)
def test_no_count_below_ten_can_be_told_to_be_below_ten(inner):
    table = two_way(np.array(inner, dtype=float))
    counts = table.layers[0]
    small = [cell for cell, count in enumerate(counts) if 0 < count < 10]

    found = suppress(table, [Protection(cell, 10 - counts[cell]) for cell in small])

    for cell in small:
        assert bounds(table, found.hidden, cell)[1] >= 10 - 1e-6
    if not small:
        assert found.hidden == frozenset()
    assert found.primary == frozenset(small)
    assert found.cost >= found.least_cost - 1e-6


@pytest.mark.parametrize(
    ("rows", "columns", "secrets"),
    [(12, 8, 4), pytest.param(30, 20, 50, marks=pytest.mark.slow)],
)
def test_large_tables_are_protected_near_the_least_cost(rows, columns, secrets):
    inner = np.random.default_rng(0).negative_binomial(1.2, 0.02, (rows, columns)).astype(float)
    table = two_way(inner)
    counts = table.layers[0]
    asked = [Protection(i, 10 - v) for i, v in enumerate(counts) if 0 < v < 10]

    found = suppress(table, asked)

    assert len(asked) > secrets
    assert not audit(table, found.hidden, asked)
    assert found.cost <= 1.05 * found.least_cost
