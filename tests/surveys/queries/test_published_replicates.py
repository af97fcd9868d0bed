"""Analyses take the replicates that were published with the weights, if a plan asks for them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from analysis import pipeline
from analysis.extracts import dataset
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from surveys.actions import weighting
from surveys.models import Wave
from surveys.queries.weighting import replicates_of
from tests.factories import NOON, make_case, make_stratum
from tests.surveys.queries.test_extracts import make_door_wave, respond

# Sums of a few dozen products in another order.
CLOSE = 1e-9


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def wave(db: None) -> Wave:
    """Two strata of twenty firms; fourteen of one answered and eight of the other."""
    wave = make_door_wave(closed_at=NOON)
    for label, answering, population in (("small", 14, 200), ("large", 8, 60)):
        stratum = make_stratum(wave, label, population=population, drawn=20)
        for number in range(20):
            done = "complete" if number < answering else "non_contact"
            weight = population / 20
            name = f"{label}{number:02}"
            case = make_case(wave, stratum, name, disposition=done, design_weight=weight)
            if number < answering:
                persons = (number * 7) % 11 + (20 if label == "large" else 1)
                respond(case, {"persons": persons, "branch": "trade"})
    return wave


def published(wave: Wave, **replicates: Any) -> Any:
    recipe = {"replicates": replicates} if replicates else {}
    made = weighting.weigh(wave=wave, recipe=recipe, by=None, at=NOON)
    return weighting.publish(weighting=made, by=None, at=NOON)


def plan(**design: Any):
    model = {
        "name": "A",
        "outcome": "employment",
        "formula": "1",
        "estimator": "linear",
        "covariance": "replicate",
        "margins": False,
        "design": design,
    }
    defined = {"employment": "control.employment"}
    return read_plan(yaml.safe_dump({"title": "T", "define": defined, "models": [model]}))


@pytest.mark.parametrize(
    "how", [{"method": "jackknife"}, {"method": "bootstrap", "count": 30, "seed": 4}]
)
def test_the_standard_error_is_that_of_the_published_replicates(
    wave: Wave, how: dict[str, Any]
) -> None:
    made = published(wave, **how)

    result = pipeline.run(dataset(wave), plan(replicates="published")).fits[0]

    names, weights, about = replicates_of(made)
    of_firm = dict(zip(names, weights, strict=True))
    data = dataset(wave)
    y = data.frame["control.employment"].to_numpy()
    w = np.array([of_firm[name] for name in data.frame.index])
    means = (w * y[:, None]).sum(axis=0) / w.sum(axis=0)
    spread = (means - means.mean()) ** 2 * np.array(about["rscales"])
    assert result.estimates.std_errors == pytest.approx([np.sqrt(about["scale"] * spread.sum())])
    full = data.design["weight"].to_numpy()
    assert result.estimates.coefficients == pytest.approx([np.average(y, weights=full)], rel=CLOSE)


def test_they_have_what_adjusting_for_nonresponse_adds(wave: Wave) -> None:
    """Replicates made anew from the respondents know nothing of those who did not answer."""
    published(wave, method="jackknife")

    data = dataset(wave)
    ours = pipeline.run(data, plan(replicates="published")).fits[0].estimates.std_errors
    anew = pipeline.run(data, plan(replicates="JKn")).fits[0].estimates.std_errors

    assert abs(ours[0] / anew[0] - 1) > 0.001


@pytest.mark.parametrize(
    ("design", "code"),
    [
        ({"replicates": "published"}, "no_published_replicates"),
        ({"replicates": "published", "weights": "none"}, "replicates_without_weights"),
    ],
)
def test_without_published_replicates_the_model_is_refused(
    wave: Wave, design: dict[str, Any], code: str
) -> None:
    published(wave)
    data = dataset(wave)

    with pytest.raises(Refusal) as refused:
        pipeline.run(data, plan(**design))

    assert refused.value.code == code
    assert [each.code for each in pipeline.check(data, plan(**design))] == [code]
