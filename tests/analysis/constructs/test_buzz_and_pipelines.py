"""Buzz, pipelines, lock-in and visits, by hand."""

import pytest

from analysis.constructs import measures
from tests.analysis.constructs.by_hand import cells, same, values
from tests.analysis.datasets import dataset_of

INFORMAL = {
    **cells("informal.frequency", talks=[3, 2, 0, None], clubs=[1, None, 0, None]),
    **cells(
        "informal.scale",
        talks__local=[1, 0, 0, None],
        talks__global=[0, 1, 0, None],
        clubs__local=[1, None, 0, None],
        clubs__global=[0, None, 0, None],
    ),
}


def test_buzz_is_what_is_heard_from_people_of_the_local_area():
    # A hears weekly in local talks and now and then at local clubs; B talks far away only.
    assert same(values(INFORMAL, "buzz"), [2, 0, 0, None])
    assert same(values(INFORMAL, "buzz_venues"), [2, 0, 0, None])


def test_the_parts_of_buzz_are_named_by_their_venue_whatever_was_asked_first():
    columns = cells("informal.frequency", talks=[3, 2], clubs=[1, 1]) | cells(
        "informal.scale", clubs__local=[1, 0], talks__local=[0, 1]
    )

    parts = measures(dataset_of(columns))["buzz"].parts

    assert same(parts["talks"], [0, 2])
    assert same(parts["clubs"], [1, 0])


def test_a_venue_never_used_is_no_buzz_whatever_was_left_ticked():
    columns = cells("informal.frequency", talks=[0, 2]) | cells(
        "informal.scale", talks__local=[None, None]
    )

    assert same(values(columns, "buzz"), [0, None])


def test_untraded_gains_are_the_mean_of_those_answered():
    columns = cells("informal.untraded", advice=[3, 1, None], rules=[1, None, None])

    assert same(values(columns, "untraded"), [2, 1, None])


# Two ties near and two far; one near; none near; none at all.
TIES = cells(
    "networking.cooperation",
    suppliers__local=[1, 1, 0, 0],
    suppliers__region=[1, 0, 0, 0],
    suppliers__country=[1, 0, 0, 0],
    universities__local=[0, 0, 0, 0],
    universities__europe=[1, 0, 1, 0],
)


def test_pipelines_are_partner_types_beyond_the_region():
    assert same(values(TIES, "pipelines"), [2, 0, 1, 0])
    assert same(values(TIES, "pipelines_abroad"), [1, 0, 1, 0])


def test_lock_in_is_local_and_strong_and_without_newcomers():
    columns = {
        **TIES,
        "trust.partners[local]": [3, 4, 2, 4],
        **cells("contact.age", suppliers=[1, 12, None, None], universities=[3, None, 2, None]),
    }

    # A: L 1/2, S 3/4, one of two ties is of last year. B: all local, full trust, old.
    assert same(values(columns, "lock_in"), [0.5 * 0.75 * 0.5, 1, 0, None])


def test_without_trust_in_local_partners_lock_in_is_not_known():
    columns = TIES | cells("contact.age", suppliers=[5] * 4)

    assert same(values(columns | {"trust.partners[local]": [None] * 4}, "lock_in"), [None] * 4)


# A meets a far supplier, has a local client, and never meets a far university.
VISITS = {
    **cells("contact.place", suppliers=["global", "local"], clients_private=["local", None],
            universities=["country", None]),
    **cells("contact.meetings", suppliers=[4, None], clients_private=[9, 2], universities=[0, None]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("temporary_proximity", [1 / 3, None]),
        ("colocated_share", [1 / 3, None]),
        ("never_met_share", [1 / 3, None]),
    ],
)
def test_partners_are_near_or_visited_or_never_met(name, expected):
    assert same(values(VISITS, name), expected)
