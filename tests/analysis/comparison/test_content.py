"""What counts as the same specification, and what does not."""

import random
import re
from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparison.content import Content, contents_of

PLAN: dict[str, Any] = {
    "title": "Ladder",
    "define": {
        "near": "partners.local + partners.region",
        "young": "age < 5",
        "young_near": "near * young",
    },
    "labels": {"near": "Near partners"},
    "covariance": "HC1",
    "models": [
        {
            "name": "Near",
            "outcome": "product",
            "estimator": "logit",
            "formula": "near + ln_employment + factor(control.industry)",
            "subpopulation": "young = 1",
            "tests": ["near > 0"],
        },
        {
            "name": "Both",
            "outcome": "product",
            "estimator": "probit",
            "formula": "near + young_near + near:ln_employment",
            "bootstrap": {"replicates": 99, "seed": 3},
        },
    ],
    "descriptives": [{"statistic": "share", "outcome": "product", "by": "young"}],
    "curve": {
        "outcomes": ["product", "process"],
        "measures": ["near", "partners.global"],
        "controls": {"few": "ln_employment", "many": "ln_employment + young"},
        "optional": ["exporter", "rd"],
        "estimators": ["logit", "linear"],
    },
}


def written(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def fingerprints(document: dict[str, Any]) -> list[str]:
    return [each.fingerprint for each in contents_of(written(document))]


def named(document: dict[str, Any], name: str) -> Content:
    return next(each for each in contents_of(written(document)) if each.name == name)


def shuffled(value: Any, rng: random.Random) -> Any:
    """The same data with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {key: shuffled(value[key], rng) for key in keys}
    return [shuffled(each, rng) for each in value] if isinstance(value, list) else value


def spaced(text: str, rng: random.Random) -> str:
    """A plan's text with comments and empty lines strewn in."""
    lines = []
    for line in text.splitlines():
        if rng.random() < 0.3:
            lines.append(rng.choice(["", "# a remark", "   "]))
        lines.append(line + rng.choice(["", "   ", "  # why"]))
    return "\n".join(lines) + "\n"


@given(st.integers(0, 10_000))
def test_order_of_keys_comments_and_spaces_do_not_matter(seed: int):
    rng = random.Random(seed)
    text = spaced(written(shuffled(PLAN, rng)), rng)

    assert [each.fingerprint for each in contents_of(text)] == fingerprints(PLAN)


@given(st.permutations(["near", "ln_employment", "factor(control.industry)"]))
def test_order_of_terms_does_not_matter(terms: list[str]):
    other = deepcopy(PLAN)
    other["models"][0]["formula"] = "  +  ".join(terms)

    assert fingerprints(other) == fingerprints(PLAN)


@given(st.from_regex(r"[a-z]{3,12}_[a-z]{3,8}", fullmatch=True), st.sampled_from(["near", "young"]))
def test_a_definition_under_another_name_says_the_same(name: str, old: str):
    text = written(PLAN)
    for word in (old,):
        text = "\n".join(_renamed(line, word, name) for line in text.splitlines())

    found = contents_of(text)

    assert [each.fingerprint for each in found] == fingerprints(PLAN)
    assert [[e.fingerprint for e in each.extras] for each in found] == [
        [e.fingerprint for e in each.extras] for each in contents_of(written(PLAN))
    ]


def _renamed(line: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w.]){old}(?![\w.])", new, line)


NAMES_ONLY = {
    "title": lambda plan: plan.update(title="Another"),
    "about": lambda plan: plan.update(about="Why"),
    "labels": lambda plan: plan.update(labels={}),
    "name of a model": lambda plan: plan["models"][0].update(name="Else"),
    "name of a description": lambda plan: plan["descriptives"][0].update(name="Else"),
    "names of the curve's choices": lambda plan: plan["curve"].update(
        controls={"a": "ln_employment", "b": "young + ln_employment"}
    ),
    "order of the curve's choices": lambda plan: plan["curve"].update(
        outcomes=["process", "product"], optional=["rd", "exporter"]
    ),
    "a definition that nothing reads": lambda plan: plan["define"].update(unused="age > 9"),
    "what is said twice": lambda plan: plan["models"][0].update(covariance="HC1"),
}


@pytest.mark.parametrize("change", NAMES_ONLY)
def test_names_and_words_do_not_count(change: str):
    other = deepcopy(PLAN)
    NAMES_ONLY[change](other)

    assert fingerprints(other) == fingerprints(PLAN)


def _first(**changes: Any):
    return lambda plan: plan["models"][0].update(changes)


CONTENT = {
    "outcome": _first(outcome="process"),
    "estimator": _first(estimator="probit"),
    "a term more": _first(formula="near + ln_employment + factor(control.industry) + exporter"),
    "a term less": _first(formula="near + ln_employment"),
    "a power": _first(formula="near + near^2 + ln_employment + factor(control.industry)"),
    "base of a factor": _first(
        formula="near + ln_employment + factor(control.industry, base = 'c')"
    ),
    "covariance": _first(covariance="HC3"),
    "weights": _first(design={"weights": "none"}),
    "lonely strata": _first(design={"lonely": "certainty"}),
    "subpopulation": _first(subpopulation="young = 0"),
    "no subpopulation": _first(subpopulation="none"),
    "missing values": _first(missing="refuse"),
    "what a definition says": lambda plan: plan["define"].update(near="partners.local"),
    "what a definition reads": lambda plan: plan["define"].update(young="age < 6"),
    "imputation": lambda plan: (
        plan.pop("curve"), plan["models"][1].pop("bootstrap"),
        plan.update(imputation={"variables": ["control.employment"], "seed": 4}),
    ),
    "scales": lambda plan: plan.update(scales={"close": ["local"]}),
}  # fmt: skip


@pytest.mark.parametrize("change", CONTENT)
def test_any_change_of_what_a_model_says_is_another_content(change: str):
    other = deepcopy(PLAN)
    CONTENT[change](other)
    try:
        after = contents_of(written(other))[0]
    except Exception as refusal:  # the reader has no such word: the list above is wrong
        pytest.fail(f"{change}: {refusal}")

    assert after.fingerprint != contents_of(written(PLAN))[0].fingerprint


def test_the_seed_of_an_imputation_is_content():
    plans = []
    for seed in (1, 2):
        plan = {key: deepcopy(PLAN[key]) for key in ("title", "define", "models")}
        plan["models"][1].pop("bootstrap")
        plan["imputation"] = {"variables": ["control.employment"], "seed": seed}
        plans.append(fingerprints(plan))

    assert not set(plans[0]) & set(plans[1])


def test_what_is_reported_beside_a_model_is_told_apart_from_what_it_says():
    other = deepcopy(PLAN)
    other["models"][0]["tests"] = ["near>0", "ln_employment > 0"]
    other["models"][1]["bootstrap"] = {"replicates": 99, "seed": 4}

    near, both = named(other, "Near"), named(other, "Both")

    assert near.fingerprint == named(PLAN, "Near").fingerprint
    assert near.extras[1].fingerprint == named(PLAN, "Near").extras[1].fingerprint
    assert len(near.extras) == len(named(PLAN, "Near").extras) + 1
    assert both.fingerprint == named(PLAN, "Both").fingerprint
    assert both.extras[-1] != named(PLAN, "Both").extras[-1]


def test_a_curve_says_what_each_of_its_models_says():
    curve = named(PLAN, "Specification curve")
    longer = deepcopy(PLAN)
    longer["curve"]["estimators"] = ["logit", "linear", "probit"]

    after = named(longer, "Specification curve")

    assert len(curve.members) == 2 * 2 * 2 * 4 * 2
    assert len(set(curve.members)) == len(curve.members)
    assert set(curve.members) < set(after.members)
    assert curve.fingerprint != after.fingerprint


def test_two_words_of_one_meaning_in_a_plan_are_not_one_word():
    """A definition may bear the name of an estimator's word; the word is not taken for it."""
    plan = {
        "title": "Words",
        "define": {"logit": "age < 5", "probit": "age < 5"},
        "models": [{"name": "M", "outcome": "product", "formula": "near", "estimator": "logit"}],
    }
    other = deepcopy(plan)
    other["models"][0]["estimator"] = "probit"

    assert fingerprints(plan) != fingerprints(other)
