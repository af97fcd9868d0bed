"""The CDM system put together again: influences by refitting, steps by hand, properties, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from analysis.estimation.glm import LINEAR_MODEL, PROBIT_MODEL
from analysis.estimation.likelihood.selection import HECKMAN
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.estimation.systems.cdm import CDM
from analysis.refusals import Refusal
from tests.analysis.estimation.instrumental.solving import influence, moved, sample_of, solved
from tests.analysis.estimation.small import plain
from tests.witness import cdm

# Rounding.
EXACT = 1e-9
# Central differences of refits: the square of the step, and rounding over it.
DIFFERENCES = 1e-6

VARIANTS = {
    "probits": {},
    "two_steps": {"research": "two_steps"},
    "bivariate_probit": {"knowledge_as": "bivariate_probit"},
    "product alone": {},
}


def variant(name: str) -> Parts:
    parts = cdm.parts(**VARIANTS[name])
    if name == "product alone":
        outcomes = {role: y for role, y in parts.outcomes.items() if role != "process"}
        return replace(parts, outcomes=outcomes)
    return parts


def changed(**outcomes: np.ndarray) -> Parts:
    parts = cdm.parts()
    return replace(parts, outcomes={**parts.outcomes, **outcomes})


@pytest.mark.parametrize("name", VARIANTS)
def test_the_influence_of_a_firm_is_what_its_weight_moves(name: str) -> None:
    model = solved(
        cdm.productivity(),
        cdm.main(),
        CDM,
        "HC0",
        parts=variant(name),
        design=cdm.design(weighted=True),
    )

    scale = np.sqrt(np.diag(model.spread.covariance))
    for firm in (3, 250):
        np.testing.assert_allclose(
            influence(model)[firm] / scale, moved(model, firm) / scale, atol=DIFFERENCES
        )


def test_a_share_of_innovative_sales_moves_as_its_weights_do() -> None:
    random = np.random.default_rng(31)
    product = cdm.parts().outcomes["product"]
    share = product * np.round(random.beta(2, 3, len(product)), 3)
    parts = replace(changed(product=share), words={"knowledge_as": "share"})

    model = solved(cdm.productivity(), cdm.main(), CDM, "HC0", parts=parts)

    scale = np.sqrt(np.diag(model.spread.covariance))
    np.testing.assert_allclose(
        influence(model)[9] / scale, moved(model, 9) / scale, atol=DIFFERENCES
    )


def test_every_step_is_the_estimator_it_would_have_alone() -> None:
    parts, y = cdm.parts(), cdm.productivity()
    whole = solved(y, cdm.main(), CDM, "HC1", parts=parts).estimates
    found = dict(zip(whole.terms, whole.coefficients, strict=True))

    heckman = Parts(
        outcomes={"selected": parts.outcomes["rd_performer"]},
        matrices={"selection": parts.matrices["selection"]},
    )
    intensity = parts.matrices["intensity"]
    first = solved(parts.outcomes["rd_intensity"], intensity, HECKMAN, "HC1", parts=heckman)
    latent = intensity.X @ first.estimates.coefficients[:4]
    data = cdm.firms()
    predicted = []
    for name in ("product", "process"):
        terms = plain(
            size=data["size"], exporter=data["exporter"], demand=data["demand"], latent=latent
        )
        step = solved(data[name], terms, PROBIT_MODEL, "HC1").estimates
        predicted.append(ndtr(terms.X @ step.coefficients))
        assert found[f"{name}|predicted_rd_intensity"] == pytest.approx(
            step.coefficients[4], rel=EXACT
        )
    terms = plain(
        size=data["size"], capital=data["capital"], product=predicted[0], process=predicted[1]
    )
    last = solved(y, terms, LINEAR_MODEL, "HC1").estimates

    assert whole.coefficients[:5] == pytest.approx(last.coefficients, rel=EXACT)
    assert whole.terms[3:5] == ("predicted_product", "predicted_process")


def test_errors_of_the_last_step_alone_would_be_others() -> None:
    whole = solved(cdm.productivity(), cdm.main(), CDM, "HC0", parts=cdm.parts())
    solution, width = whole.fitted.solution, 5

    alone = np.linalg.inv(np.linalg.inv(solution.bread)[:width, :width])
    naive = solution.scores[:, :width] @ alone
    ratio = whole.spread.covariance[3, 3] / (naive.T @ naive)[3, 3]

    assert abs(ratio - 1) > 0.05


def test_the_worked_example_of_a_subsidy() -> None:
    solution = solved(cdm.productivity(), cdm.main(), CDM, "HC0", parts=cdm.parts()).fitted.solution
    before = np.zeros((11, 1))
    # Productivity's own terms, effects of both outputs; intensity, selection, two parameters;
    # product's own terms and slope, process's.
    before[:, 0] = [2.0, 0.6, 0.0, 1.0, 0, 0, 0, -1.0, 0.5, 0.0, 0.0]
    after = before.copy()
    after[3] += 0.8

    ends = [
        {name: float(each.curve(eta).value[0]) for name, each in solution.predictions.items()}
        for eta in (before, after)
    ]

    assert [end["product"] for end in ends] == pytest.approx([0.3085, 0.4602], abs=5e-5)
    assert ends[1]["mean"] - ends[0]["mean"] == pytest.approx(0.0910, abs=5e-5)
    assert ends[1]["rd_intensity"] == pytest.approx(1.8)


@pytest.mark.parametrize("name", ["mean", "product", "process", "rd_intensity"])
def test_derivatives_of_predictions_are_their_differences(name: str) -> None:
    solution = solved(cdm.productivity(), cdm.main(), CDM, "HC0", parts=cdm.parts()).fitted.solution
    curve, eta = solution.predictions[name].curve, solution.linear_predictors[:, :5]

    found = curve(eta)
    assert found.bend is not None
    for row in range(len(eta)):
        ahead, behind = eta.copy(), eta.copy()
        ahead[row] += 1e-5
        behind[row] -= 1e-5
        slope = (curve(ahead).value - curve(behind).value) / 2e-5
        bend = (curve(ahead).slope - curve(behind).slope) / 2e-5
        np.testing.assert_allclose(found.slope[row], slope, atol=1e-8)
        np.testing.assert_allclose(found.bend[row], bend, atol=1e-7)


def test_a_marginal_effect_goes_through_the_whole_chain() -> None:
    model = solved(cdm.productivity(), cdm.main(), CDM, "HC1", parts=cdm.parts())

    effects = average_marginal_effects(model.margins())

    assert effects is not None
    found = dict(zip(effects.terms, effects.coefficients, strict=True))
    b = dict(zip(model.estimates.terms, model.estimates.coefficients, strict=True))
    data, knowledge = cdm.firms(), cdm.parts().matrices["knowledge"].X

    def productivity(subsidy: float) -> float:
        latent = (
            b["intensity|(Intercept)"]
            + b["intensity|size"] * data["size"]
            + b["intensity|subsidy"] * subsidy
            + b["intensity|cooperation"] * data["cooperation"]
        )
        total = 0.0
        for name in ("product", "process"):
            own = [b[f"{name}|{term}"] for term in ("(Intercept)", "size", "exporter", "demand")]
            index = knowledge @ own + b[f"{name}|predicted_rd_intensity"] * latent
            total += b[f"predicted_{name}"] * ndtr(index).mean()
        return total

    assert found["subsidy"] == pytest.approx(productivity(1) - productivity(0), rel=EXACT)


def test_the_intensity_of_firms_without_research_is_not_read() -> None:
    parts = cdm.parts()
    intensity = parts.outcomes["rd_intensity"]
    filled = np.where(parts.outcomes["rd_performer"] == 1, intensity, 99.0)

    one, other = (
        solved(cdm.productivity(), cdm.main(), CDM, "HC1", parts=changed(rd_intensity=given))
        for given in (intensity, filled)
    )

    np.testing.assert_array_equal(other.estimates.coefficients, one.estimates.coefficients)


def test_a_performer_without_intensity_is_left_out() -> None:
    parts = cdm.parts()
    intensity = parts.outcomes["rd_intensity"].copy()
    first = int(np.flatnonzero(parts.outcomes["rd_performer"] == 1)[0])
    intensity[first] = np.nan

    sample = sample_of(cdm.productivity(), cdm.main(), CDM, parts=changed(rd_intensity=intensity))

    assert not sample.rows[first]
    assert len(sample.y) == len(cdm.firms()) - 1


def refused(parts: Parts) -> Refusal:
    with pytest.raises(Refusal) as found:
        solved(cdm.productivity(), cdm.main(), CDM, "HC1", parts=parts)
    return found.value


def test_a_survey_of_innovators_alone_is_refused() -> None:
    outcomes = cdm.parts().outcomes
    idle = outcomes["rd_performer"] == 0

    refusal = refused(changed(product=np.where(idle, 1.0, outcomes["product"])))

    assert refusal.code == "no_non_innovators"
    assert f"{int(idle.sum())} do no R&D, and every one of these innovates" in refusal.message


def test_a_survey_of_performers_alone_is_refused() -> None:
    outcomes = cdm.parts().outcomes
    refusal = refused(
        changed(
            rd_performer=np.ones_like(outcomes["product"]),
            rd_intensity=np.nan_to_num(outcomes["rd_intensity"]),
        )
    )

    assert refusal.code == "no_non_innovators"


def test_nobody_with_research_is_refused() -> None:
    refusal = refused(changed(rd_performer=np.zeros(len(cdm.firms()))))

    assert refusal.code == "no_rd_performers"


def test_an_infinite_intensity_is_refused() -> None:
    intensity = cdm.parts().outcomes["rd_intensity"].copy()
    intensity[np.flatnonzero(~np.isnan(intensity))[0]] = -np.inf

    assert refused(changed(rd_intensity=intensity)).code == "intensity_not_finite"


def test_outcomes_of_the_wrong_kind_are_refused() -> None:
    product = cdm.parts().outcomes["product"].copy()
    product[0] = 2

    assert refused(changed(product=product)).code == "outcome_not_binary"
    share = replace(changed(product=product), words={"knowledge_as": "share"})
    assert refused(share).code == "outcome_not_share"


def test_an_innovation_that_nobody_has_is_refused() -> None:
    assert refused(changed(process=np.zeros(len(cdm.firms())))).code == "outcome_constant"


def test_a_way_that_does_not_exist_is_refused() -> None:
    refusal = refused(cdm.parts(research="three_steps"))

    assert refusal.code == "unknown_choice"
    assert "likelihood, two_steps" in refusal.remedy


def test_a_bivariate_probit_of_one_innovation_is_refused() -> None:
    parts = replace(variant("product alone"), words={"knowledge_as": "bivariate_probit"})

    assert refused(parts).code == "process_missing"


def test_research_that_says_nothing_new_of_innovation_is_refused() -> None:
    parts = cdm.parts()
    everything = cdm.terms("size", "subsidy", "cooperation", "exporter", "demand")
    refusal = refused(replace(parts, matrices={**parts.matrices, "knowledge": everything}))

    assert refusal.code == "nothing_excluded"
    assert "predicted R&D intensity" in refusal.message
