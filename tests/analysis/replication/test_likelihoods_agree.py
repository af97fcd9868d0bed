"""Models that the scripts estimate by their own likelihood find what Milieu found."""

import pytest

from analysis.replication.likelihoods import LIKELIHOODS
from tests.analysis.plans_of_estimators import CASES, firms, firms_in_waves
from tests.analysis.replication.test_scripts_agree import RUN, design_for, plan_of
from tests.analysis.replication.unpacked import package_of, unpacked

pytestmark = [pytest.mark.slow, pytest.mark.r]

ONE_WAVE = (*LIKELIHOODS, "two_stage_least_squares")


def models_of(estimators, covariances):
    return [
        CASES[estimator].model(
            estimator,
            name=f"{estimator}, {covariance}",
            covariance=covariance,
            design=design_for(covariance),
        )
        for estimator in estimators
        for covariance in covariances
    ]


@pytest.mark.parametrize("language", RUN)
@pytest.mark.parametrize("covariance", ["model", "design"])
def test_every_likelihood_agrees(tmp_path, language, covariance):
    plan = plan_of(models=models_of(ONE_WAVE, [covariance]))

    ran = RUN[language](unpacked(package_of(firms(), plan), tmp_path))

    assert ran.agrees, ran.said
    assert not ran.left_out


@pytest.mark.parametrize("language", RUN)
def test_likelihoods_agree_under_other_standard_errors_too(tmp_path, language):
    chosen = ["ordered_logit", "negative_binomial", "two_stage_least_squares"]
    models = models_of(chosen, ["HC0", "HC1", "cluster", "replicate"])

    ran = RUN[language](unpacked(package_of(firms(), plan_of(models=models)), tmp_path))

    assert ran.agrees, ran.said


@pytest.mark.parametrize("language", RUN)
def test_fixed_effects_of_firms_and_waves_agree(tmp_path, language):
    models = models_of(["fixed_effects"], ["model", "cluster", "design"])

    ran = RUN[language](unpacked(package_of(firms_in_waves(), plan_of(models=models)), tmp_path))

    assert ran.agrees, ran.said


@pytest.mark.parametrize("language", RUN)
def test_an_estimator_that_a_script_lacks_is_named_and_the_others_are_estimated(tmp_path, language):
    models = models_of(["logit", "bivariate_probit"], ["design"])
    folder = unpacked(package_of(firms(), plan_of(models=models)), tmp_path)

    ran = RUN[language](folder)

    assert ran.agrees, ran.said
    (line,) = ran.left_out
    assert "model 2" in line
    assert "bivariate_probit" in line
    assert f"{language}: model 2" in (folder / "README.md").read_text()
