"""The block of R that estimates one model anew."""

from collections.abc import Sequence

from analysis.replication.columns import one_line, quoted
from analysis.replication.formulas import Sides, written
from analysis.replication.layout import Layout
from analysis.replication.recipes import LinearTest, MarginalEffect, Recipe

Lines = list[str]

_LINKS = {
    "logit": ("binomial", "logit"),
    "probit": ("binomial", "probit"),
    "cloglog": ("binomial", "cloglog"),
    "fractional_logit": ("binomial", "logit"),
    "fractional_probit": ("binomial", "probit"),
    "poisson": ("poisson", "log"),
}
GENERALISED = ("linear", *_LINKS)


def vector(texts: Sequence[str]) -> str:
    return f"c({', '.join(quoted(each) for each in texts)})"


def side_of(side: Sides, names: Layout) -> str:
    return written(side, names.columns, names.levels, "R")


def outcome_of(recipe: Recipe, names: Layout, categories: frozenset[str]) -> str:
    column = names.columns[recipe.outcome]
    return f"as.numeric({column})" if recipe.outcome in categories else column


def firms_of(recipe: Recipe, names: Layout) -> Lines:
    """Which firms count, their data and weights."""
    inside = names.inside(recipe)
    if recipe.key in names.samples:
        first = f"  inside <- firms${inside} == 1"
    else:
        columns = vector([names.columns[name] for name in recipe.needs])
        first = f"  inside <- complete({columns}{f', {quoted(inside)}' if inside else ''})"
    weight = "data$weight" if recipe.is_weighted else "rep(1, nrow(data))"
    return [first, "  data <- firms[inside, ]", f"  w <- {weight}"]


def generalised(recipe: Recipe, names: Layout, categories: frozenset[str]) -> Lines:
    """Least squares and generalised linear models: lm, glm and svyglm."""
    formula = f"{outcome_of(recipe, names, categories)} ~ {side_of(recipe.main, names)}"
    if "exposure" in recipe.columns:
        formula += f" + offset(log({names.columns[recipe.columns['exposure']]}))"
    return [
        *firms_of(recipe, names),
        *_fitted(recipe, names, formula),
        f"  terms <- {vector(recipe.main.terms('R'))}",
        *_reported(recipe),
        *effects(recipe, names, "predicts(fit)", "coef(fit)"),
        *tests(recipe, "coef(fit)"),
    ]


def _reported(recipe: Recipe) -> Lines:
    """Of a model of a curve its effect alone is told, and that may be a marginal one."""
    return [f"  report({quoted(recipe.key)}, coef(fit), V, df, terms)"] if recipe.terms else []


def _fitted(recipe: Recipe, names: Layout, formula: str) -> Lines:
    is_linear, how = recipe.estimator == "linear", recipe.covariance
    family, link = _LINKS.get(recipe.estimator, ("gaussian", "identity"))
    if how in ("design", "replicate"):
        design = names.design(recipe.specification.design, how)
        call = f"design = subset({design.name}, inside)"
        lonely = recipe.specification.design.lonely.replace("refuse", "fail")
        head = [f'  options(survey.lonely.psu = "{lonely}")']
        if is_linear:
            fit = f"  fit <- svyglm({formula},\n                {call})"
        else:
            fit = (
                f"  fit <- again(svyglm, {formula},\n               {call},\n"
                f"               family = quasi{family}({quoted(link)}))"
            )
        return [*head, fit, "  V <- vcov(fit); df <- fit$df.residual"]
    quasi = "quasi" if recipe.is_weighted or recipe.estimator.startswith("fractional") else ""
    if is_linear:
        fit = f"  fit <- lm({formula},\n            data = data, weights = w)"
    else:
        fit = (
            f"  fit <- again(glm, {formula},\n               data = data, weights = w,\n"
            f"               family = {quasi}{family}({quoted(link)}))"
        )
    df = "fit$df.residual" if is_linear else "Inf"
    return [fit, f"  V <- {_covariance(recipe, names)}", f"  df <- {_df(recipe, names, df)}"]


def _covariance(recipe: Recipe, names: Layout) -> str:
    match recipe.covariance:
        case "model":
            return "vcov(fit)"
        case "cluster":
            clusters = cluster_of(recipe, names)
            return f'vcovCL(fit, cluster = {clusters}, type = "HC1", cadjust = TRUE)'
        case kind:
            return f'vcovHC(fit, type = "{kind}")'


def cluster_of(recipe: Recipe, names: Layout) -> str:
    for role in ("cluster", "unit", "region"):
        if role in recipe.columns:
            return f"data${names.columns[recipe.columns[role]]}"
    return "data$cluster" if recipe.specification.design.clusters else "seq_len(nrow(data))"


def _df(recipe: Recipe, names: Layout, otherwise: str) -> str:
    if recipe.covariance == "cluster":
        return f"length(unique({cluster_of(recipe, names)})) - 1"
    return otherwise


def effects(
    recipe: Recipe, names: Layout, prediction: str, theta: str, tolerance: str = ""
) -> Lines:
    """Average marginal effects, where the table has them."""
    if not recipe.margins:
        return []
    listed = ",\n    ".join(_effect(each, names) for each in recipe.margins)
    return [
        f"  # Average marginal effects on: {one_line(recipe.margins_of)}",
        f"  effects <- average_effects({prediction}, {theta}, V, data, w, list(",
        f"    {listed}))",
        f"  report_effects({quoted(recipe.key)}, effects, df{tolerance})",
    ]


def _effect(each: MarginalEffect, names: Layout) -> str:
    column, terms = quoted(names.columns[each.variable]), vector(each.terms)
    if each.kind == "number":
        in_log = "TRUE" if each.in_log else "FALSE"
        return f'list(name = {column}, kind = "number", terms = {terms}, in_log = {in_log})'
    values = ("0", "c(1)") if each.kind == "binary" else (quoted(each.start), vector(each.to))
    return (
        f'list(name = {column}, kind = "change", terms = {terms}, '
        f"from = {values[0]}, to = {values[1]})"
    )


def tests(recipe: Recipe, theta: str) -> Lines:
    """Wald tests of the terms."""
    return [
        line
        for number, each in enumerate(recipe.tests)
        for line in _test(recipe, number, each, theta)
    ]


def _test(recipe: Recipe, number: int, each: LinearTest, theta: str) -> Lines:
    sums = ", ".join(
        f"c({', '.join(f'{quoted(term)} = {weight!r}' for term, weight in weights)})"
        for weights, _ in each.sums
    )
    values = ", ".join(repr(value) for _, value in each.sums)
    return [
        f"  # Test: {one_line(each.asked)}",
        f"  linear_test({quoted(recipe.key)}, {quoted(f'test {number + 1}')},",
        f"              {theta}, V, df, terms,",
        f"              list({sums}), c({values}), sign = {each.sign})",
    ]
