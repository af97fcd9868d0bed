"""Models fitted under stages, replicates and calibrated weights."""

import numpy as np
import pytest

from analysis.estimation.calibration.general import calibrate
from analysis.estimation.calibration.margins import Margin
from analysis.estimation.calibration.raking import rake
from analysis.estimation.design import SurveyDesign
from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.estimation.regression import fit
from analysis.estimation.replication import replicate_weights
from tests.analysis.estimation.design.surveys import Survey, answers, of_firms, schools, table

COEFFICIENT = 1e-8
# Both converge fully; R's logits are restarted from their own solution.
STD_ERROR = 1e-7


def fitted(survey: Survey, design: SurveyDesign, estimator: str, covariance: str, domain=None):
    names = [term for term in survey.terms[1:] if not term.startswith("log(")]
    data = {name: survey.data[name].to_numpy(float) for name in names}
    kinds = dict.fromkeys(names, "continuous")
    columns = [Column(INTERCEPT)]
    for term in survey.terms[1:]:
        if term.startswith("log("):
            variable = term[4:-1]
            data[variable] = survey.data[variable].to_numpy(float)
            kinds[variable] = "continuous"
            columns.append(Column(term, (Factor(variable, "log"),)))
        else:
            columns.append(Column(term, (Factor(term),)))
    y = survey.data["product"].to_numpy(float) if estimator == "logit" else survey.y
    return fit(
        y=y,
        X=design_matrix(tuple(columns), data, kinds),
        estimator=estimator,
        covariance=covariance,  # type: ignore[arg-type]
        design=design,
        domain=survey.everyone() if domain is None else domain,
    )


def expected_of(case: str, survey: Survey, estimator: str):
    rows = table("design")
    rows = rows[rows["case"] == case].set_index("statistic")
    prefix = "logit " if estimator == "logit" else ""
    return rows.loc[[prefix + term for term in survey.terms]]


@pytest.mark.parametrize("estimator", ["linear", "logit"])
@pytest.mark.parametrize(
    ("case", "kind", "words", "more"),
    [
        ("firms two stages", "two stages", "", {}),
        ("firms two stages", "two stages", " manufacturers", {}),
        ("firms strata in groups", "strata in groups", "", {}),
        ("firms shares", "shares", "", {}),
        ("lonely certainty", "lonely", " manufacturers", {"lonely": "certainty"}),
        ("lonely adjust", "lonely", "", {"lonely": "adjust"}),
        ("lonely average", "lonely", " manufacturers", {"lonely": "average"}),
    ],
)
def test_linearised(case: str, kind: str, words: str, more: dict, estimator: str) -> None:
    survey = of_firms(kind, **more)
    domain = (survey.data["manufacturer"] == 1).to_numpy() if words else None
    expected = expected_of(case + words, survey, estimator)

    found = fitted(survey, survey.design, estimator, "design", domain).estimates

    assert found.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=COEFFICIENT)
    assert found.std_errors == pytest.approx(expected["std_error"].to_numpy(), rel=STD_ERROR)
    assert found.residual_df == expected["df"].iloc[0]


@pytest.mark.parametrize("estimator", ["linear", "logit"])
@pytest.mark.parametrize(
    ("case", "kind", "more"),
    [("JKn firms", "groups", {}), ("JKn lonely average", "lonely", {"lonely": "average"})],
)
def test_jackknifed(case: str, kind: str, more: dict, estimator: str) -> None:
    survey = of_firms(kind, **more)
    design = survey.design.with_replicates(replicate_weights(survey.design, method="JKn"))
    expected = expected_of(case, survey, estimator)

    found = fitted(survey, design, estimator, "replicate").estimates

    assert found.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=COEFFICIENT)
    assert found.std_errors == pytest.approx(expected["std_error"].to_numpy(), rel=STD_ERROR)
    assert found.residual_df == expected["df"].iloc[0]


def test_of_raked_firms() -> None:
    survey = of_firms("groups")
    data = survey.data
    industries = dict(zip(sorted(set(data["industry"])), (330.0, 350.0, 400.0, 420.0), strict=True))
    margins = [
        Margin("industry", data["industry"], industries),
        Margin("exporter", data["exporter"], {0: 1000.0, 1: 500.0}),
    ]
    expected = answers("calibration", "raked firms manufacturers", survey).iloc[2:]

    found = fitted(
        survey,
        rake(survey.design, margins),
        "linear",
        "design",
        (data["manufacturer"] == 1).to_numpy(),
    ).estimates

    assert found.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=COEFFICIENT)
    assert found.std_errors == pytest.approx(expected["std_error"].to_numpy(), rel=STD_ERROR)


@pytest.mark.parametrize("covariance", ["design", "replicate"])
def test_of_calibrated_schools(covariance: str) -> None:
    survey = schools("apiclus1")
    design = calibrate(
        survey.design,
        variables={"api99": survey.data["api99"]},
        totals={"api99": 3914069.0},
        margins=[Margin("type", survey.data["stype"], {"E": 4421.0, "H": 755.0, "M": 1018.0})],
    )
    design = design.with_replicates(replicate_weights(design, method="JK1"))
    case = "linear apiclus1" if covariance == "design" else "JK1 linear apiclus1"
    expected = answers("calibration", case, survey).iloc[2:]

    found = fitted(survey, design, "linear", covariance).estimates

    assert found.coefficients == pytest.approx(expected["estimate"].to_numpy(), rel=COEFFICIENT)
    assert found.std_errors == pytest.approx(expected["std_error"].to_numpy(), rel=STD_ERROR)


def test_replicates_are_of_the_same_order_as_linearisation() -> None:
    survey = of_firms("groups")
    made = replicate_weights(survey.design, method="Rao-Wu", count=200, seed=5)
    design = survey.design.with_replicates(made)

    bootstrap = fitted(survey, design, "logit", "replicate").estimates.std_errors
    linearised = fitted(survey, design, "logit", "design").estimates.std_errors

    # Of 200 draws a standard error is known to 5 %; four of these.
    assert np.allclose(bootstrap, linearised, rtol=0.2)
