"""The demonstration's table and its documentation, held against the truth."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from analysis import extracts, pipeline
from analysis.specification.plan import read_plan
from surveys import demonstration as made
from surveys.actions import demonstration
from surveys.demonstration import PRODUCT_INNOVATION
from tests.factories import NOON

LADDER = Path("analysis/plans/local_national_global.yaml")
TRUE_STEP = "+ European and global"


@pytest.mark.parametrize(
    ("heading", "truth"),
    [
        ("## The truth", made.PRODUCT_INNOVATION),
        ("### Growth", made.EMPLOYMENT_GROWTH),
        ("### Reaching out", made.REACHING_OUT),
        ("### Ties kept", made.TIES_KEPT),
        ("### Ties won", made.TIES_WON),
        ("### Later innovation", made.LATER_INNOVATION),
    ],
)
def test_the_page_on_made_data_tells_the_coefficients_in_use(heading, truth):
    page = Path("docs/methods/made-data.md").read_text()
    section = re.split(r"^#+ ", page.split(f"{heading}\n", 1)[1], flags=re.MULTILINE)[0]

    rows = re.findall(r"^\| `([^`]+)` \| ([−\d.]+) \|", section, flags=re.MULTILINE)

    assert {term: float(number.replace("−", "-")) for term, number in rows} == truth


def test_the_true_model_is_a_step_of_the_shipped_ladder():
    plan = read_plan(LADDER.read_text())

    (step,) = [each for each in plan.specifications if each.name == TRUE_STEP]
    terms = {str(term) for term in step.formula.terms}
    assert terms | {"(Intercept)"} == set(PRODUCT_INNOVATION)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demonstrations_table_is_as_near_to_the_truth_as_its_errors_say():
    """Wald's test of all eleven true coefficients together; the seed was not searched for."""
    wave = demonstration.load(at=NOON).closed_wave
    plan = read_plan(LADDER.read_text())

    results = pipeline.run(extracts.dataset(wave), plan)

    names = [each.name for each in results.specifications]
    fit = results.fits[names.index(TRUE_STEP)]
    order = [fit.estimates.terms.index(term) for term in PRODUCT_INNOVATION]
    distance = fit.estimates.coefficients[order] - np.array(list(PRODUCT_INNOVATION.values()))
    covariance = fit.estimates.covariance[np.ix_(order, order)]
    statistic = distance @ np.linalg.solve(covariance, distance)
    assert fit.n > 1_080
    assert stats.chi2.sf(statistic, len(order)) > 0.05
