"""Which rows and firms panel estimates rest on, and which clusters they lie in."""

import numpy as np
import pytest

from analysis.estimation.panel.fixed_effects import FIXED_EFFECTS
from tests.analysis.estimation.panel.small_panel import X, each_estimator, of, on_panel, panel

# Two ways to the same summit, each within its own stopping rule.
SUMMIT = 1e-7


@pytest.mark.parametrize(
    ("ways", "counted"),
    [
        ((), 0),
        (("firm",), 0),
        (("region",), 0),
        (("wave",), 149),
        (("firm", "wave"), 0),
        (("wave", "firm"), 0),
        (("wave", "region_and_wave"), 149),
    ],
)
def test_effects_of_firms_count_only_where_every_way_of_clustering_cuts_through_firms(
    ways: tuple[str, ...], counted: int
) -> None:
    data = panel()
    data = data.assign(region_and_wave=data["region"] + data["wave"].astype(str))

    sample = on_panel(FIXED_EFFECTS, "productivity", X, "model", data=data, ways=ways)

    assert sample.fitted.solution.absorbed == counted


@each_estimator
@pytest.mark.parametrize("cluster", ["region", "wave"])
def test_without_a_way_of_clustering_clusters_are_firms_whatever_the_design(
    name: str, cluster: str
) -> None:
    there, here = of(name, cluster=cluster), of(name)

    np.testing.assert_array_equal(there.estimates.std_errors, here.estimates.std_errors)
    used, firm = here.fitted.solution.used, panel()["firm"].to_numpy()
    assert here.spread.n_clusters == len(np.unique(firm if used is None else firm[used]))
    assert here.estimates.residual_df == here.spread.n_clusters - 1


@each_estimator
def test_rows_that_are_not_used_have_no_influence(name: str) -> None:
    model = of(name)

    used, scores = model.fitted.solution.used, model.fitted.solution.scores
    if used is None:
        assert model.fitted.n == len(panel())
    else:
        assert model.fitted.n == used.sum() < len(panel())
        assert not np.any(scores[~used])


@pytest.mark.parametrize("name", ["fixed_effects_poisson", "conditional_logit"])
def test_firms_that_say_nothing_change_nothing_and_are_not_counted(name: str) -> None:
    data = panel()
    used = of(name).fitted.solution.used
    assert used is not None

    without = of(name, data[used].reset_index(drop=True))

    np.testing.assert_allclose(
        without.estimates.std_errors, of(name).estimates.std_errors, rtol=SUMMIT
    )
    assert without.fitted.n == of(name).fitted.n == len(without.fitted.sample.y)


@each_estimator
def test_it_says_how_many_firm_waves_and_firms_there_are(name: str) -> None:
    model = of(name)

    said = f"n counts firm-waves: {model.fitted.n}, of {model.spread.n_clusters} firms."
    assert said in model.fitted.solution.notes
