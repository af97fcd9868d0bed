"""Known values and properties of decompositions."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.after.decomposition import WEIGHTS
from analysis.estimation.after.fairlie import fairlie
from analysis.estimation.after.oaxaca import oaxaca_blinder
from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.regression import estimate
from analysis.estimation.replicates import ReplicateWeights
from tests.analysis.estimation.after.made import firms_of_two_groups
from tests.analysis.estimation.small import plain


def oaxaca(form: str = "twofold", reference: str = "second", **changes: object) -> object:
    y, x, z, group, weight = firms_of_two_groups(8)
    settings = {
        "y": y,
        "X": plain(x=x, z=[f"level {value}" for value in z]),
        "group": group,
        "design": survey_design(count=len(y), weight=weight),
        "domain": np.ones(len(y), dtype=bool),
        "form": form,
        "reference": reference,
    }
    return oaxaca_blinder(**(settings | changes))


def overall(result: object) -> dict[str, float]:
    return dict(zip(result.overall.terms, result.overall.coefficients, strict=True))


@pytest.mark.parametrize("reference", [*WEIGHTS, "cotton", "pooled", "pooled with group"])
def test_the_parts_make_up_the_gap_in_means(reference: str) -> None:
    y, _, _, group, weight = firms_of_two_groups(8)
    result = oaxaca(reference=reference)
    parts = overall(result)

    means = [np.average(y[group == g], weights=weight[group == g]) for g in (1, 0)]
    assert [parts["mean of the first"], parts["mean of the second"]] == pytest.approx(means)
    assert parts["explained"] + parts["unexplained"] == pytest.approx(means[0] - means[1])
    detail = dict(zip(result.detailed.terms, result.detailed.coefficients, strict=True))
    for part in ("explained", "unexplained"):
        assert sum(v for k, v in detail.items() if k.startswith(f"{part}|")) == pytest.approx(
            parts[part]
        )


def test_threefold_and_twofold_are_sums_of_one_another() -> None:
    three, first, second = (
        overall(oaxaca("threefold")),
        overall(oaxaca(reference="first")),
        overall(oaxaca()),
    )

    assert second["explained"] == pytest.approx(three["endowments"])
    assert first["explained"] == pytest.approx(three["endowments"] + three["interaction"])
    assert first["unexplained"] == pytest.approx(three["coefficients"])


def test_detailed_parts_do_not_depend_on_the_base_level() -> None:
    _, x, z, _, _ = firms_of_two_groups(8)
    renamed = {0: "last", 1: "first", 2: "middle"}

    one = oaxaca()
    other = oaxaca(X=plain(x=x, z=[renamed[value] for value in z]))

    assert one.detailed.coefficients == pytest.approx(other.detailed.coefficients, rel=1e-8)
    assert one.detailed.std_errors == pytest.approx(other.detailed.std_errors, rel=1e-8)


def test_the_unit_of_the_weights_changes_nothing() -> None:
    _, _, _, _, weight = firms_of_two_groups(8)

    one, other = oaxaca(), oaxaca(design=survey_design(count=len(weight), weight=1000 * weight))

    assert one.overall.std_errors == pytest.approx(other.overall.std_errors, rel=1e-9)


def test_turning_the_groups_round_turns_the_gap_round() -> None:
    group = firms_of_two_groups(8)[3]

    one, other = oaxaca(reference="second"), oaxaca(reference="first", group=1 - group)

    assert overall(one)["explained"] == pytest.approx(-overall(other)["explained"])


def test_the_mean_outcomes_have_the_standard_errors_of_means() -> None:
    y, _, _, group, _ = firms_of_two_groups(8)

    result = oaxaca(design=survey_design(count=len(y)), covariance="HC1")

    # HC1 of coefficients and s / sqrt(n) of columns: near that of a mean, but for n / (n - k).
    expected = [y[group == g].std(ddof=1) / np.sqrt((group == g).sum()) for g in (1, 0)]
    assert result.overall.std_errors[:2] == pytest.approx(expected, rel=0.05)


def jackknifed(weight: Floats) -> ReplicateWeights:
    n = len(weight)
    return ReplicateWeights(
        weights=np.where(np.eye(n, dtype=bool), 0.0, weight[:, None] * n / (n - 1)),
        scale=(n - 1) / n,
        rscales=np.ones(n),
        method="JK1",
    )


def test_replicates_come_near_linearisation() -> None:
    y, _x, _z, _, weight = firms_of_two_groups(8)
    design = survey_design(count=len(y), weight=weight).with_replicates(jackknifed(weight))

    linearised, replicated = oaxaca(), oaxaca(design=design, covariance="replicate")

    assert replicated.overall.std_errors == pytest.approx(linearised.overall.std_errors, rel=0.06)


def test_clusters_of_one_firm_are_nearly_hc1() -> None:
    one, other = oaxaca(covariance="cluster"), oaxaca(covariance="HC1")

    assert one.overall.std_errors == pytest.approx(other.overall.std_errors, rel=0.005)


def shares(**changes: object) -> object:
    random = np.random.default_rng(13)
    n = 260
    group = (np.arange(n) < 90).astype(float)
    x, z = random.normal(0.5 * group, 1), random.choice(["a", "b", "c"], n)
    weight = changes.pop("weight", random.uniform(1, 4, n))
    y = (random.random(n) < stats.norm.cdf(-0.3 + 0.6 * x + 0.5 * (z == "b") + 0.2 * group)).astype(
        float
    )
    everyone, X = np.ones(n, dtype=bool), plain(x=x, z=list(z))
    model = estimate(
        y=y,
        X=changes.pop("fitted_on", X),
        estimator=changes.pop("estimator", "probit"),
        covariance="HC1",
        design=survey_design(count=n, weight=weight),
        domain=group == 0 if changes.pop("of_second", False) else everyone,
    )
    settings = {"y": y, "X": X, "group": group, "model": model, "domain": everyone, "draws": 60}
    return fairlie(**(settings | changes))


@pytest.mark.parametrize("of_second", [True, False])
def test_drawn_parts_sum_to_what_is_explained_but_for_chance(of_second: bool) -> None:
    found = shares(of_second=of_second, draws=400)

    room = 4 * np.sqrt((found.simulation_error**2).sum())
    assert found.detailed.coefficients.sum() == pytest.approx(
        found.explained.coefficients[0], abs=room
    )
    assert found.gap == pytest.approx(found.mean_first - found.mean_second)
    assert found.gap == pytest.approx(found.explained.coefficients[0] + found.unexplained)


def test_one_seed_gives_one_answer() -> None:
    one, same, other = shares(seed=1), shares(seed=1), shares(seed=2)

    assert one.detailed.coefficients.tolist() == same.detailed.coefficients.tolist()
    assert one.detailed.coefficients.tolist() != other.detailed.coefficients.tolist()
    assert one.explained.coefficients.tolist() == other.explained.coefficients.tolist()


def test_equal_weights_are_no_weights() -> None:
    one, other = shares(weight=np.ones(260)), shares(weight=np.full(260, 3.0))

    assert one.detailed.coefficients == pytest.approx(other.detailed.coefficients, rel=1e-8)


def test_a_model_with_the_group_in_it_holds_it_fixed() -> None:
    random = np.random.default_rng(13)
    group = (np.arange(260) < 90).astype(float)
    x, z = random.normal(0.5 * group, 1), random.choice(["a", "b", "c"], 260)

    found = shares(fitted_on=plain(x=x, z=list(z), first=group), group_term="first")

    assert abs(found.unexplained) > 0
    assert "first" not in found.detailed.terms
