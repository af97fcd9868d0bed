"""The block of R that estimates a model by its likelihood, or by transformed least squares."""

from analysis.replication.columns import quoted
from analysis.replication.layout import Layout
from analysis.replication.likelihoods import ROLES, call_of
from analysis.replication.r_models import (
    Lines,
    cluster_of,
    effects,
    firms_of,
    outcome_of,
    side_of,
    tests,
    vector,
)
from analysis.replication.recipes import Recipe

_TOLERANCE = ", tolerance = 1e-4"


def by_likelihood(recipe: Recipe, names: Layout, categories: frozenset[str]) -> Lines:
    """Maximum likelihood from the log-density of each firm."""
    call = call_of(recipe, names, "R")
    exposure = recipe.columns.get("exposure")
    more = f", {quoted(names.columns[exposure])}" if exposure else ""
    prediction = (
        f"function(data) {{ X <- matrices(right, data{more}); function(b) model$predict(b, X) }}"
    )
    return [
        *firms_of(recipe, names),
        f"  y <- with(data, {outcome_of(recipe, names, categories)})",
        *_unseen(recipe),
        f"  right <- {_right(recipe, names)}",
        f"  X <- matrices(right, data{more})",
        f"  model <- {call.text}",
        f"  fit <- likelihood(model, y, X, w, {_how(recipe, names)})",
        "  V <- fit$V; df <- fit$df",
        f"  terms <- {vector(call.terms)}",
        f"  report({quoted(recipe.key)}, fit$theta, V, df, terms{_TOLERANCE})",
        *effects(recipe, names, prediction, "fit$theta", _TOLERANCE),
        *tests(recipe, "fit$theta"),
    ]


def _unseen(recipe: Recipe) -> Lines:
    return ["  y[is.na(y)] <- 0  # where it is not seen"] if recipe.estimator == "heckman" else []


def _right(recipe: Recipe, names: Layout) -> str:
    parts = [f"main = ~ {side_of(recipe.main, names)}"]
    if role := ROLES.get(recipe.estimator):
        parts.append(f"{role} = ~ {side_of(recipe.others.get(role, recipe.main), names)}")
    return f"list({', '.join(parts)})"


def _how(recipe: Recipe, names: Layout) -> str:
    how = recipe.covariance
    parts = [quoted(how), "inside"]
    if how in ("design", "replicate"):
        parts.append(f"design = {names.design(recipe.specification.design, how).name}")
    if how == "cluster":
        parts.append(f"cluster = {cluster_of(recipe, names)}")
    return ", ".join(parts)


def two_stage(recipe: Recipe, names: Layout, categories: frozenset[str]) -> Lines:
    """Two-stage least squares, with standard errors of the second stage as they should be."""
    terms = recipe.main.terms("R")
    moved = endogenous(recipe)
    places = ", ".join(str(place) for place, term in enumerate(terms, start=1) if term in moved)
    instruments = side_of(recipe.others["instruments"], names)
    return [
        *firms_of(recipe, names),
        f"  y <- with(data, {outcome_of(recipe, names, categories)})",
        f"  X <- model.matrix(~ {side_of(recipe.main, names)}, data)",
        f"  more <- model.matrix(~ {instruments}, data)[, -1, drop = FALSE]",
        f"  Z <- cbind(X[, -c({places}), drop = FALSE], more)",
        "  fit <- two_stage(y, X, Z, w)",
        *_least_squares(recipe, names, "two_stage(y, X, Z, v)$theta"),
        f"  terms <- {vector(terms)}",
        f"  report({quoted(recipe.key)}, fit$theta, V, df, terms)",
        *effects(recipe, names, _linear(recipe, names), "fit$theta"),
        *tests(recipe, "fit$theta"),
    ]


def endogenous(recipe: Recipe) -> frozenset[str]:
    """Terms that are endogenous themselves, or made of a variable that is."""
    named = {each.strip() for each in recipe.words["endogenous"].split(",")}
    return frozenset(
        term
        for part in recipe.main.parts
        for term in part.terms
        if term in named
        or named & set((part.variable,) if part.column is None else part.column.variables)
    )


def fixed_effects(recipe: Recipe, names: Layout, categories: frozenset[str]) -> Lines:
    """Least squares of deviations from the firms' means, with their level put back."""
    terms = (*recipe.main.terms("R"), *wave_terms(recipe))
    waves = f"data${names.columns[recipe.columns['wave']]}"
    listed = ", ".join(wave.partition("|")[2] for wave in wave_terms(recipe))
    head = [
        *firms_of(recipe, names),
        f"  y <- with(data, {outcome_of(recipe, names, categories)})",
        f"  X <- model.matrix(~ {side_of(recipe.main, names)}, data)",
    ]
    if listed:
        head.append(f"  for (wave in c({listed})) X <- cbind(X, as.numeric({waves} == wave))")
    return [
        *head,
        f"  unit <- data${names.columns[recipe.columns['unit']]}",
        "  fit <- within_firms(y, X, unit, w)",
        *_least_squares(recipe, names, "within_firms(y, X, unit, v)$theta"),
        f"  terms <- {vector(terms)}",
        f"  report({quoted(recipe.key)}, fit$theta, V, df, terms)",
        *effects(recipe, names, _linear(recipe, names), "fit$theta"),
        *tests(recipe, "fit$theta"),
    ]


def wave_terms(recipe: Recipe) -> tuple[str, ...]:
    return tuple(term for term in recipe.terms if term.startswith("wave|"))


def _least_squares(recipe: Recipe, names: Layout, refit: str) -> Lines:
    how = _how(recipe, names)
    return [
        f"  found <- sandwich_of(fit, {how}, refit = function(v) {refit})",
        "  V <- found$V; df <- found$df",
    ]


def _linear(recipe: Recipe, names: Layout) -> str:
    right = side_of(recipe.main, names)
    return (
        f"function(data) {{\n    X <- model.matrix(~ {right}, data)\n"
        "    function(b) drop(X %*% first(b, X))\n  }"
    )
