"""Spin-off, networking, recruitment; flows of people; by hand."""

import pytest

from tests.analysis.constructs.by_hand import cells, same, values

# A came out of a near firm and is in touch now and then; B out of a far university; C out of
# none; D did not say; E does not say where.
FIRMS = {
    "control.spin_off": ["firm", "university", "no", None, "firm"],
    "control.spin_off_scale": ["region", "global", None, None, None],
    "control.spin_off_contact": [1, 0, None, None, 2],
    **cells(
        "networking.cooperation",
        suppliers__local=[1, 0, 0, 0, 1],
        universities__local=[0, 0, 0, 0, 1],
        universities__global=[1, 1, 0, 0, 0],
    ),
    **cells("mobility.hires_scale", local=[2, 1, 0, 0, 5], country=[2, 3, 0, None, 0]),
}
PERSONS = {
    "mobility.hires": [4, 4, 0, None, 5],
    "mobility.leavers": [2, 0, 0, 1, None],
    "mobility.hires_origin[rivals]": [1, 0, 0, 0, 0],
    "control.employment": [20, 10, 5, 5, 0],
}
SPIN_OFF = [(1 + 1 + 1 / 3) / 3, (1 + 0 + 0) / 3, 0, None, None]
NETWORKING = [1 / 2, 0, 0, 0, 1]
RECRUITMENT = [1 / 2, 1 / 4, None, None, 1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("spin_off_index", SPIN_OFF),
        ("networking_index", NETWORKING),
        ("recruitment_index", RECRUITMENT),
        (
            "collective_learning",
            [
                sum(parts) / 3 if None not in parts else None
                for parts in zip(SPIN_OFF, NETWORKING, RECRUITMENT, strict=True)
            ],
        ),
    ],
)
def test_three_mechanisms_and_their_mean(name, expected):
    assert same(values(FIRMS, name), expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("regional_hire_rate", [2 / 20, 1 / 10, 0, 0, None]),
        ("labour_turnover", [3 / 20, 2 / 10, 0, None, None]),
        ("hires_from_rivals", [1 / 4, 0, None, None, 0]),
    ],
)
def test_flows_of_people_are_over_those_employed_or_hired(name, expected):
    assert same(values(FIRMS | PERSONS, name), expected)
