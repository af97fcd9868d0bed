"""Partners of the STI and the DUI mode, vertical and horizontal shares, by hand."""

import pytest

from analysis.constructs import measures, what_is_lacking
from tests.analysis.constructs.by_hand import cells, same, values
from tests.analysis.datasets import dataset_of

# A: a supplier near and far, a private client near, a university far, a competitor near.
# B: consultants near. C: nobody. D: blank.
PARTNERS = cells(
    "networking.cooperation",
    suppliers__local=[1, 0, 0, None],
    suppliers__global=[1, 0, 0, None],
    clients_private__local=[1, 0, 0, None],
    clients_private__global=[0, 0, 0, None],
    competitors__local=[1, 0, 0, None],
    competitors__global=[0, 0, 0, None],
    consultants__local=[0, 1, 0, None],
    consultants__global=[0, 0, 0, None],
    universities__local=[0, 0, 0, None],
    universities__global=[1, 0, 0, None],
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sti_partners", [1, 1, 0, None]),
        ("sti_partners.local", [0, 1, 0, None]),
        ("sti_partners.global", [1, 0, 0, None]),
        ("dui_chain_partners", [2, 0, 0, None]),
        ("dui_chain_partners.local", [2, 0, 0, None]),
        ("dui_chain_partners.global", [1, 0, 0, None]),
        ("dui_outside_partners", [1, 0, 0, None]),
        # Three of five ties of A are with suppliers and clients, one with a competitor.
        ("vertical_share", [3 / 5, 0, None, None]),
        ("vertical_share.local", [2 / 3, 0, None, None]),
        ("vertical_share.global", [1 / 2, None, None, None]),
        ("horizontal_share", [1 / 5, 0, None, None]),
        ("horizontal_share.local", [1 / 3, 0, None, None]),
    ],
)
def test_partners_by_mode_and_relation(name, expected):
    assert same(values(PARTNERS, name), expected)


def test_a_coarse_scale_counts_a_partner_type_once_and_its_ties_each():
    anywhere = {"anywhere": ("local", "global")}

    assert same(values(PARTNERS, "dui_chain_partners.anywhere", anywhere), [2, 0, 0, None])
    assert same(values(PARTNERS, "vertical_share.anywhere", anywhere), [3 / 5, 0, None, None])


def test_the_list_of_a_mode_is_as_long_as_what_was_asked_of_it():
    found = measures(dataset_of(PARTNERS))

    assert found["sti_partners"].range == (0, 2)
    assert found["sti_partners"].definition.endswith("0 to 2.")


def test_blank_rows_of_the_mode_are_no_ties_if_other_rows_were_answered():
    columns = cells(
        "networking.cooperation", suppliers__local=[None, 1], universities__local=[1, None]
    )

    assert same(values(columns, "vertical_share"), [0, 1])
    assert same(values(columns, "sti_partners"), [1, None])


def test_a_mode_of_which_no_partner_was_asked_is_lacking():
    columns = cells("networking.cooperation", suppliers__local=[1])

    assert "sti_partners" not in measures(dataset_of(columns))
    assert what_is_lacking("sti_partners", columns) == (
        "The measure “sti_partners” needs networking.cooperation of consultants or laboratories "
        "or universities or research_institutes or public_science_bodies, which this wave did "
        "not ask."
    )
