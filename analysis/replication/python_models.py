"""The block of Python that estimates one model anew."""

from collections.abc import Sequence

from analysis.replication.columns import one_line, quoted
from analysis.replication.formulas import Sides, written
from analysis.replication.layout import Layout
from analysis.replication.recipes import LinearTest, MarginalEffect, Recipe

Lines = list[str]

_FAMILIES = {
    "linear": "sm.families.Gaussian()",
    "logit": "sm.families.Binomial()",
    "probit": "sm.families.Binomial(sm.families.links.Probit())",
    "cloglog": "sm.families.Binomial(sm.families.links.CLogLog())",
    "fractional_logit": "sm.families.Binomial()",
    "fractional_probit": "sm.families.Binomial(sm.families.links.Probit())",
    "poisson": "sm.families.Poisson()",
}


def listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(quoted(each) for each in texts)}]"


def side_of(side: Sides, names: Layout) -> str:
    return written(side, names.columns, names.levels, "Python")


def firms_of(recipe: Recipe, names: Layout) -> Lines:
    """Which firms count, their data and weights."""
    inside = names.inside(recipe)
    if recipe.key in names.samples:
        first = f'    inside = firms["{inside}"] == 1'
    else:
        columns = ", ".join(quoted(names.columns[name]) for name in recipe.needs)
        first = f"    inside = complete({columns}{f', inside={quoted(inside)}' if inside else ''})"
    weight = 'data["weight"].to_numpy()' if recipe.is_weighted else "np.ones(len(data))"
    return [first, "    data = firms[inside]", f"    w = {weight}"]


def outcome_of(recipe: Recipe, names: Layout) -> str:
    return f'    y = data["{names.columns[recipe.outcome]}"].astype(float).to_numpy()'


def generalised(recipe: Recipe, names: Layout) -> Lines:
    """Least squares and generalised linear models, by statsmodels."""
    exposure = recipe.columns.get("exposure")
    column = quoted(names.columns[exposure]) if exposure else "None"
    offset = f"np.log(data[{column}].to_numpy(dtype=float))" if exposure else "None"
    return [
        *firms_of(recipe, names),
        outcome_of(recipe, names),
        f"    formula = {quoted(side_of(recipe.main, names))}",
        f"    family = {_FAMILIES[recipe.estimator]}",
        "    X = matrix(formula, data)",
        f"    fit = glm(y, X, family, w, offset={offset})",
        *covariance(
            recipe, names, f"lambda v: glm(y, X, family, v, offset={offset}, start=fit.theta).theta"
        ),
        f"    terms = {listed(recipe.main.terms('Python'))}",
        *_reported(recipe),
        *effects(recipe, names, f"predicts(formula, family.link.inverse, {column})"),
        *tests(recipe),
    ]


def _reported(recipe: Recipe) -> Lines:
    """Of a model of a curve its effect alone is told, and that may be a marginal one."""
    return [f"    report({quoted(recipe.key)}, fit.theta, V, df, terms)"] if recipe.terms else []


def covariance(recipe: Recipe, names: Layout, refit: str, widest: str = "") -> Lines:
    how = recipe.covariance
    more = f", widest={widest}" if widest else ""
    if how in ("design", "replicate"):
        more += f", design={names.design(recipe.specification.design, how).name}"
    if how == "replicate":
        more += f",\n                       refit={refit}"
    if how == "cluster":
        more += f", cluster={cluster_of(recipe, names)}"
    return [f'    V, df = covariance(fit, "{how}", inside{more})']


def cluster_of(recipe: Recipe, names: Layout) -> str:
    for role in ("cluster", "unit", "region"):
        if role in recipe.columns:
            return f'data["{names.columns[recipe.columns[role]]}"]'
    return 'data["cluster"]' if recipe.specification.design.clusters else "data.index"


def effects(recipe: Recipe, names: Layout, prediction: str, tolerance: str = "") -> Lines:
    """Average marginal effects, where the table has them."""
    if not recipe.margins:
        return []
    each_of = ",\n        ".join(_effect(each, names) for each in recipe.margins)
    return [
        f"    # Average marginal effects on: {one_line(recipe.margins_of)}",
        f"    effects = average_effects({prediction}, fit.theta, V, data, w, [",
        f"        {each_of}])",
        f"    report_effects({quoted(recipe.key)}, effects, df{tolerance})",
    ]


def _effect(each: MarginalEffect, names: Layout) -> str:
    column = quoted(names.columns[each.variable])
    if each.kind == "number":
        return f"number({column}, in_log={each.in_log}, term={quoted(each.terms[0])})"
    values = ("0.0", "[1.0]") if each.kind == "binary" else (quoted(each.start), listed(each.to))
    return f"change({column}, {values[0]}, {values[1]}, {listed(each.terms)})"


def tests(recipe: Recipe) -> Lines:
    """Wald tests of the terms."""
    return [
        line for number, each in enumerate(recipe.tests) for line in _test(recipe, number, each)
    ]


def _test(recipe: Recipe, number: int, each: LinearTest) -> Lines:
    sums = ", ".join(
        "{" + ", ".join(f"{quoted(term)}: {weight!r}" for term, weight in weights) + "}"
        for weights, _ in each.sums
    )
    values = ", ".join(repr(value) for _, value in each.sums)
    return [
        f"    # Test: {one_line(each.asked)}",
        f"    linear_test({quoted(recipe.key)}, {quoted(f'test {number + 1}')},",
        "                fit.theta, V, df, terms,",
        f"                [{sums}], [{values}], sign={each.sign})",
    ]
