"""Waves stacked by hand: what is pooled, what is derived of each, what a firm said before."""

import numpy as np
import pytest

from analysis.constructs import vocabulary
from analysis.dataset import Dataset
from analysis.linking import rows_earlier, stacked, waves_apart
from analysis.pipeline import check
from analysis.refusals import Refusal
from analysis.specification.computing import compute
from analysis.specification.expressions import parse_expression
from analysis.specification.plan import read_plan
from tests.analysis.constructs.by_hand import cells, same
from tests.analysis.datasets import dataset_of, roster_of


def wave_of(slug: str, columns, year: int = 2023, rosters=()) -> Dataset:
    return dataset_of(
        columns,
        rosters=rosters,
        provenance={"wave": slug, "wave_title": f"Wave {slug}", "reference_last_year": year},
    )


def panel_of(*waves: Dataset, units=None, **more) -> Dataset:
    names = units or [[f"firm {name}" for name in each.frame.index] for each in waves]
    return stacked(waves, units=names, **more)


# A, B and C answer 2023; B, C and D answer 2025; B and D answer 2027.
SIZES = ([10, 20, 30], [25, 60, 70], [50, 80])
UNITS = (["A", "B", "C"], ["B", "C", "D"], ["B", "D"])


@pytest.fixture
def panel():
    waves = [
        wave_of(str(2023 + 2 * place), {"control.employment": sizes}, 2023 + 2 * place)
        for place, sizes in enumerate(SIZES)
    ]
    return panel_of(*waves, units=UNITS)


def computed(text, panel):
    return compute(parse_expression(text), vocabulary(panel), len(panel.frame))


def test_a_lag_is_what_the_same_firm_said_in_the_wave_before(panel):
    assert same(
        computed("lag(control.employment)", panel), [None, None, None, 20, 30, None, 25, 70]
    )


def test_a_lead_is_what_it_said_in_the_wave_after(panel):
    assert same(
        computed("lead(control.employment)", panel), [None, 25, 60, 50, None, 80, None, None]
    )


def test_a_change_is_the_value_less_its_lag(panel):
    assert same(
        computed("change(control.employment)", panel), [None, None, None, 5, 30, None, 25, 10]
    )


def test_the_first_is_of_the_first_wave_that_the_firm_answered(panel):
    assert same(computed("first(control.employment)", panel), [10, 20, 30, 20, 30, 70, 20, 70])


def test_a_lag_of_a_lag_goes_two_waves_back_and_of_an_expression_takes_its_value(panel):
    assert same(computed("lag(lag(control.employment))", panel), [None] * 6 + [20, None])
    assert same(
        computed("lag(control.employment > 22)", panel), [None, None, None, 0, 1, None, 1, 1]
    )


def test_a_wave_that_a_firm_left_out_is_a_gap_that_no_lag_jumps():
    rows = rows_earlier(["A", "A", "B", "B"], ["1", "3", "2", "3"], ["1", "2", "3"])

    assert rows.tolist() == [-1, -1, -1, 2]


def test_a_variable_of_two_waves_with_other_units_or_codes_is_pooled_in_none():
    one = wave_of("2023", {"control.region": ["a", "b"], "control.employment": [1, 2]})
    two = wave_of("2025", {"control.region": ["a", "c"], "control.employment": [3, 4]})
    panel = panel_of(one, two, apart={"control.employment": "its question changed"})

    assert panel.provenance["not_pooled"] == {"control.employment": "its question changed"}
    known = vocabulary(panel)
    (problem,) = check(panel, read_plan(plan("control.employment", "control.employment")))[:1]
    assert known["control.region"].values.tolist() == ["a", "b", "a", "c"]
    assert (problem.code, "its question changed" in problem.message) == ("not_pooled", True)


def plan(outcome, formula):
    return f"title: t\nwaves: all\nmodels:\n  - {{outcome: {outcome}, formula: '{formula}'}}\n"


def test_a_count_is_made_of_the_cells_that_every_wave_asked():
    # 2025 asks universities too: firms that tick them have no more partners for it.
    one = wave_of("2023", cells("networking.cooperation", suppliers__local=[1, 0]))
    two = wave_of(
        "2025",
        cells("networking.cooperation", suppliers__local=[1, 0], universities__local=[1, 1]),
    )
    panel = panel_of(one, two)

    assert same(vocabulary(panel)["partners.local"].values, [1, 0, 1, 0])
    assert same(vocabulary(panel)["ties_new"].values, [None, None, 0, 0])


def test_a_measure_of_what_one_wave_asked_is_missing_in_the_other_and_says_so():
    one = wave_of("2023", {"control.employment": [8, 9]})
    two = wave_of("2025", {"control.employment": [8, 9], "control.age": [1, 12]}, 2025)
    known = vocabulary(panel_of(one, two))

    made = [name for name in known if name.startswith("age") or name == "young"]
    for name in made:
        assert np.isnan(known[name].values[:2].astype(float)).all()
        assert "Wave 2023" in known[name].definition
    assert "Not asked in Wave 2023." in known["control.age"].definition


def test_ties_kept_lost_and_new_by_hand():
    # B had suppliers near and far; it keeps the near one and wins a university near.
    one = wave_of(
        "2023",
        cells(
            "networking.cooperation",
            suppliers__local=[1, 0],
            suppliers__europe=[1, 0],
            universities__local=[0, 0],
            universities__europe=[0, 0],
        ),
    )
    two = wave_of(
        "2025",
        cells(
            "networking.cooperation",
            suppliers__local=[1, 0],
            suppliers__europe=[0, 0],
            universities__local=[1, 0],
            universities__europe=[0, 0],
        ),
    )
    known = vocabulary(panel_of(one, two))

    for name, expected in {
        "ties_kept": [None, None, 1, 0],
        "ties_lost": [None, None, 1, 0],
        "ties_new": [None, None, 1, 0],
        "tie_turnover": [None, None, 2 / 3, None],
        "ties_kept.local": [None, None, 1, 0],
        "ties_lost.europe": [None, None, 1, 0],
        "ties_new.local": [None, None, 1, 0],
    }.items():
        assert same(known[name].values, expected), name


def test_the_turnover_of_named_partners_is_reachable():
    def listed(*pairs):
        return [{"firm": firm, "entry": key} for firm, key in pairs]

    before = roster_of(listed((0, "a"), (0, "b"), (1, "a")), asked=[0, 1], wave="2023")
    after = roster_of(listed((0, "b"), (0, "c")), asked=[0, 1])
    columns = {"control.employment": [8, 9]}
    panel = panel_of(
        wave_of("2023", columns, rosters=(before,)), wave_of("2025", columns, rosters=(after,))
    )

    known = vocabulary(panel)

    assert same(known["ego_kept_share"].values, [None, None, 1 / 2, 0])
    assert same(known["ego_turnover"].values, [None, None, 2 / 3, 1])


def test_the_waves_come_apart_as_they_were():
    waves = [
        wave_of("2023", {"control.employment": [1, 2]}),
        wave_of("2025", {"control.age": [3, 4]}, 2025),
    ]
    for before, after in zip(waves, waves_apart(panel_of(*waves)), strict=True):
        assert after.frame.to_numpy().tolist() == before.frame.to_numpy().tolist()
        assert [each.name for each in after.variables] == [each.name for each in before.variables]
        assert after.provenance["reference_last_year"] == before.provenance["reference_last_year"]


def test_no_firm_in_two_waves_is_refused():
    one, two = (wave_of(slug, {"control.employment": [1]}) for slug in ("2023", "2025"))

    with pytest.raises(Refusal, match="No firm has answered in two"):
        stacked((one, two), units=(["A"], ["B"]))


def problems_of(formula, dataset, outcome="control.employment", waves="waves: all\n"):
    text = f"title: t\n{waves}models:\n  - {{outcome: {outcome}, formula: '{formula}'}}\n"
    return [problem.code for problem in check(dataset, read_plan(text))]


def test_a_formula_and_an_outcome_may_name_a_lag_and_a_plan_of_one_wave_may_not(panel):
    assert problems_of("lag(control.employment)", panel) == []
    assert problems_of("log(lag(control.employment))", panel, "change(ln_employment)") == []
    assert problems_of("lag(nothing)", panel) == ["unknown_term"]
    alone = wave_of("2023", {"control.employment": [1.0, 2.0]})
    assert problems_of("lag(control.employment)", alone, waves="") == ["one_wave_only"]


def test_labels_and_kinds_of_a_lag_follow_its_variable(panel):
    from analysis.specification.matrix import with_definitions

    text = "title: t\nwaves: all\nmodels:\n  - {outcome: change(control.employment), formula: 'lag(control.employment)'}\n"
    known = with_definitions(read_plan(text), vocabulary(panel), len(panel.frame))

    employment = known["control.employment"].label
    assert known["lag(control.employment)"].label == f"{employment}, one wave earlier"
    assert known["lag(control.employment)"].kind == "continuous"


def test_slugs_that_are_no_even_years_are_put_in_the_order_of_the_plan():
    from analysis.specification.over_waves import names_in_time

    columns = {"control.employment": [1]}
    spring, autumn = (wave_of(slug, columns) for slug in ("spring", "autumn"))
    panel = stacked((spring, autumn), units=(["A"], ["A"]))
    even = stacked((wave_of("2023", columns), wave_of("2025", columns)), units=(["A"], ["A"]))

    assert names_in_time(vocabulary(panel)["panel.wave"]).tolist() == ["1", "2"]
    assert names_in_time(vocabulary(even)["panel.wave"]).tolist() == ["2023", "2025"]


def test_a_trial_draws_firms_with_all_their_waves():
    from analysis.pipeline.trial import drawn

    sizes = {"control.employment": list(range(60))}
    panel = panel_of(wave_of("2023", sizes), wave_of("2025", sizes))

    rows = drawn(panel, 20, 1)

    assert len(rows) == 40
    assert sorted(rows[rows < 60] + 60) == sorted(rows[rows >= 60])
