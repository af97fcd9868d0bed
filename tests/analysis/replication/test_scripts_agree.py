"""The scripts of a package, run as a reader would: they find what Milieu found."""

from itertools import product

import pytest
import yaml

from analysis.estimation.registry import ESTIMATORS
from analysis.specification.plan import read_plan
from tests.analysis.plans_of_estimators import firms
from tests.analysis.replication.unpacked import (
    package_of,
    run_python,
    run_r,
    unpacked,
)

pytestmark = [pytest.mark.slow, pytest.mark.r]

FORMULA = "size + exports + near^2 + factor(sector) + size:exports + indicator(region = 'R3') + log(staff)"
OUTCOMES = {
    "linear": "sales",
    "logit": "product",
    "probit": "product",
    "cloglog": "product",
    "fractional_logit": "new_sales",
    "fractional_probit": "new_sales",
    "poisson": "patents",
}
RUN = {"R": run_r, "Python": run_python}


def design_for(covariance):
    if covariance == "model":
        return {"weights": "none", "strata": "none"}
    if covariance == "replicate":
        return {"replicates": "bootstrap", "count": 24, "seed": 5}
    return {}


def generalised_models():
    return [
        {
            "name": f"{estimator}, {covariance}",
            "outcome": outcome,
            "estimator": estimator,
            "covariance": covariance,
            "formula": FORMULA,
            "design": design_for(covariance),
            "subpopulation": "size > 2",
            "tests": ["size = exports", "size > exports", "size = exports = 0"],
        }
        for estimator, outcome in OUTCOMES.items()
        for covariance in sorted(ESTIMATORS[estimator].covariances)
    ]


def plan_of(**content):
    return read_plan(yaml.safe_dump({"title": "T", **content}))


@pytest.fixture(scope="module")
def generalised(tmp_path_factory):
    content = package_of(firms(), plan_of(models=generalised_models()))
    return unpacked(content, tmp_path_factory.mktemp("generalised"))


@pytest.mark.parametrize("language", RUN)
def test_generalised_linear_models_agree_under_every_covariance(generalised, language):
    ran = RUN[language](generalised)

    assert ran.agrees, ran.said
    assert not ran.left_out
    keys = [f"model {place}" for place in range(1, len(generalised_models()) + 1)]
    assert all(f"== {key} - " in ran.said for key in keys)


@pytest.mark.parametrize(("language", "place"), list(product(RUN, ("estimate", "std_error"))))
def test_a_number_that_was_tampered_with_is_found(tmp_path, language, place):
    plan = plan_of(models=[{"name": "A", "outcome": "product", "formula": "size + factor(sector)"}])
    folder = unpacked(package_of(firms(), plan), tmp_path)
    assert RUN[language](folder).agrees
    lines = (folder / "expected/expected.csv").read_text().splitlines()
    column = lines[0].split(",").index(place)
    cells = lines[2].split(",")
    cells[column] = repr(float(cells[column]) * 1.0001)
    (folder / "expected/expected.csv").write_text(
        "\n".join([*lines[:2], ",".join(cells), *lines[3:], ""])
    )

    ran = RUN[language](folder)

    assert ran.status == 1
    assert "NOT ALL AGREES" in ran.said


DESCRIPTIONS = [
    {"statistic": "mean", "outcome": "size", "by": "sector"},
    {"statistic": "total", "outcome": "staff", "by": "exports"},
    {"statistic": "share", "outcome": "way", "by": "sector"},
    {"statistic": "share", "outcome": "product", "subpopulation": "size > 2"},
    {
        "statistic": "share", "outcome": "product", "covariance": "replicate",
        "design": {"replicates": "JKn"},
    },
    {"statistic": "ratio", "outcome": "rd", "denominator": "staff"},
    {"statistic": "variance", "outcome": "size"},
    {"statistic": "standard_deviation", "outcome": "size"},
    {"statistic": "quantile", "outcome": "size", "quantile": 0.75, "by": "sector"},
    {"statistic": "cross_tabulation", "outcome": "sector", "other": "product"},
]  # fmt: skip
CURVE = {
    "outcomes": ["product", "does_rd"],
    "measures": ["size", "near + near^2"],
    "controls": {"none": "1", "sector": "factor(sector) + exports"},
    "subpopulations": {"all": None, "large": "size > 2.5"},
    "estimators": ["logit", "probit"],
    "weights": ["design", "none"],
    "effect": "margin",
    "covariance": "HC1",
}


@pytest.mark.parametrize("kind", ["pseudonymised", "synthetic"])
@pytest.mark.parametrize("language", RUN)
def test_descriptions_and_the_models_of_a_curve_agree(tmp_path, language, kind):
    plan = plan_of(descriptives=DESCRIPTIONS, curve=CURVE)
    folder = unpacked(package_of(firms(), plan, kind=kind), tmp_path)

    ran = RUN[language](folder)

    assert ran.agrees, ran.said
    assert "specification 64" in ran.said
    told = " ".join(ran.left_out)
    assert ("quantile" in told) == (language == "Python")
    assert ("specification" in told) is False


@pytest.mark.parametrize("lonely", ["certainty", "adjust", "average"])
@pytest.mark.parametrize("language", RUN)
def test_populations_and_lonely_strata_count_as_they_do_in_the_table(tmp_path, language, lonely):
    dataset = firms()
    design = dataset.design.copy()
    design["stratum"] = design["stratum"].astype(object)
    design.iloc[:1, design.columns.get_loc("stratum")] = "alone"
    design["population"] = design["stratum"].map({"a": 900.0, "b": 700.0, "c": 300.0, "alone": 6.0})
    changed = type(dataset)(dataset.frame, dataset.variables, design, dataset.provenance, "f")
    model = {"name": "A", "outcome": "product", "formula": "exports + near + factor(sector)"}
    plan = plan_of(models=[model], design={"population": "design", "lonely": lonely})

    ran = RUN[language](unpacked(package_of(changed, plan), tmp_path))

    assert ran.agrees, ran.said


def test_the_python_script_needs_nothing_of_milieu(tmp_path):
    model = {"name": "A", "outcome": "product", "formula": "size"}
    folder = unpacked(package_of(firms(), plan_of(models=[model])), tmp_path)
    script = folder / "replicate.py"
    watch = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('IMPORTED', sorted({m.split('.')[0] for m in sys.modules})))\n"
    )
    script.write_text(watch + script.read_text())

    said = run_python(folder).said

    imported = said.partition("IMPORTED")[2]
    assert "'statsmodels'" in imported
    assert not any(f"'{name}'" in imported for name in ("analysis", "surveys", "mathematics"))


def test_titles_that_would_be_code_stay_titles(tmp_path):
    """Names that end a comment or a text, in R or in Python, run nothing."""
    name = 'A\nquit(status = 7)\nraise SystemExit(7)\n"); stop("x'
    model = {"name": name, "outcome": "product", "formula": "size"}
    folder = unpacked(package_of(firms(), plan_of(models=[model])), tmp_path)

    assert run_r(folder).agrees
    assert run_python(folder).agrees
