"""The block of Python that estimates a model by its likelihood, or by transformed least squares."""

from analysis.replication.columns import quoted
from analysis.replication.layout import Layout
from analysis.replication.likelihoods import ROLES, call_of
from analysis.replication.python_models import (
    Lines,
    covariance,
    effects,
    firms_of,
    listed,
    outcome_of,
    side_of,
    tests,
)
from analysis.replication.r_likelihood import endogenous, wave_terms
from analysis.replication.recipes import Recipe

_TOLERANCE = ", tolerance=1e-4"


def by_likelihood(recipe: Recipe, names: Layout) -> Lines:
    """Maximum likelihood from the log-density of each firm."""
    call = call_of(recipe, names, "Python")
    exposure = recipe.columns.get("exposure")
    more = f", {quoted(names.columns[exposure])}" if exposure else ""
    return [
        *firms_of(recipe, names),
        outcome_of(recipe, names),
        *_unseen(recipe),
        f"    right = {_right(recipe, names)}",
        f"    model, X = {call.text}, matrices(right, data{more})",
        "    fit, again = likelihood(model, y, X, w)",
        *covariance(recipe, names, "again", "widest(X)"),
        f"    terms = {listed(call.terms)}",
        f"    report({quoted(recipe.key)}, fit.theta, V, df, terms{_TOLERANCE})",
        *effects(recipe, names, f"prediction_of(model, right{more})", _TOLERANCE),
        *tests(recipe),
    ]


def _unseen(recipe: Recipe) -> Lines:
    return (
        ["    y = np.nan_to_num(y)  # where it is not seen"]
        if recipe.estimator == "heckman"
        else []
    )


def _right(recipe: Recipe, names: Layout) -> str:
    parts = [f'"main": {quoted(side_of(recipe.main, names))}']
    if role := ROLES.get(recipe.estimator):
        side = side_of(recipe.others.get(role, recipe.main), names)
        parts.append(f'"{role}": {quoted(side)}')
    return "{" + ", ".join(parts) + "}"


def two_stage(recipe: Recipe, names: Layout) -> Lines:
    """Two-stage least squares, with standard errors of the second stage as they should be."""
    terms, moved = recipe.main.terms("Python"), endogenous(recipe)
    places = ", ".join(str(place) for place, term in enumerate(terms) if term in moved)
    instruments = quoted(side_of(recipe.others["instruments"], names))
    return [
        *firms_of(recipe, names),
        outcome_of(recipe, names),
        f"    formula = {quoted(side_of(recipe.main, names))}",
        "    X = matrix(formula, data)",
        f"    more = matrix({instruments}, data)[:, 1:]",
        f"    Z = np.hstack([np.delete(X, [{places}], axis=1), more])",
        "    fit = two_stage(y, X, Z, w)",
        *covariance(recipe, names, "lambda v: two_stage(y, X, Z, v).theta"),
        f"    terms = {listed(terms)}",
        f"    report({quoted(recipe.key)}, fit.theta, V, df, terms)",
        *effects(recipe, names, "predicts(formula, lambda eta: eta)"),
        *tests(recipe),
    ]


def fixed_effects(recipe: Recipe, names: Layout) -> Lines:
    """Least squares of deviations from the firms' means, with their level put back."""
    terms = (*recipe.main.terms("Python"), *wave_terms(recipe))
    waves = f'data["{names.columns[recipe.columns["wave"]]}"]'
    unit = f'data["{names.columns[recipe.columns["unit"]]}"]'
    numbers = ", ".join(wave.partition("|")[2] for wave in wave_terms(recipe))
    return [
        *firms_of(recipe, names),
        outcome_of(recipe, names),
        f"    formula = {quoted(side_of(recipe.main, names))}",
        "    X = matrix(formula, data)",
        *(
            [f"    X = np.column_stack([X, *({waves} == wave for wave in [{numbers}])])"]
            if numbers
            else []
        ),
        f"    fit = within_firms(y, X, {unit}, w)",
        *covariance(recipe, names, f"lambda v: within_firms(y, X, {unit}, v).theta"),
        f"    terms = {listed(terms)}",
        f"    report({quoted(recipe.key)}, fit.theta, V, df, terms)",
        *effects(recipe, names, "predicts(formula, lambda eta: eta)"),
        *tests(recipe),
    ]
