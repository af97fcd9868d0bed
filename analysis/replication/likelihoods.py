"""Models that the scripts estimate by their likelihood: how each is called, and its terms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.estimation.likelihood.levels import level_name
from analysis.replication.columns import quoted
from analysis.replication.formulas import Language
from analysis.replication.layout import Layout
from analysis.replication.recipes import Recipe

ROLES: Mapping[str, str] = {
    "hurdle_poisson": "participation",
    "hurdle_negative_binomial": "participation",
    "zero_inflated_poisson": "inflation",
    "zero_inflated_negative_binomial": "inflation",
    "heckman": "selection",
}
"""The second equation of those that have two."""


@dataclass(frozen=True, slots=True)
class Call:
    """What makes the model in a script, and the terms in the order of its parameters."""

    text: str
    terms: tuple[str, ...]


def call_of(recipe: Recipe, names: Layout, language: Language) -> Call:
    """The call of a model's likelihood."""
    return LIKELIHOODS[recipe.estimator](recipe, names, language)


def _ordered(recipe: Recipe, names: Layout, language: Language) -> Call:  # noqa: ARG001
    link = recipe.estimator.removeprefix("ordered_")
    levels = ", ".join(f"{each!r}" for each in recipe.levels)
    text = (
        f'ordered_model(c({levels}), "{link}")'
        if language == "R"
        else f'Ordered([{levels}], "{link}")'
    )
    cuts = tuple(f"cut{place}" for place in range(1, len(recipe.levels)))
    return Call(text, (*recipe.main.terms(language, intercept=False), *cuts))


def _multinomial(recipe: Recipe, names: Layout, language: Language) -> Call:  # noqa: ARG001
    others = list(dict.fromkeys(term.partition("|")[0] for term in recipe.terms))
    numbers = {level_name(each): each for each in recipe.levels}
    (base,) = [name for name in numbers if name not in others]
    shown = recipe.margins_of.removeprefix("Probability of level ")
    last = numbers.get(shown, recipe.levels[0])
    listed = ", ".join(repr(numbers[each]) for each in others)
    text = (
        f"multinomial_model({numbers[base]!r}, c({listed}), {last!r})"
        if language == "R"
        else f"Multinomial({numbers[base]!r}, [{listed}], {last!r})"
    )
    terms = recipe.main.terms(language)
    return Call(text, tuple(f"{level}|{term}" for level in others for term in terms))


def _tobit(recipe: Recipe, names: Layout, language: Language) -> Call:  # noqa: ARG001
    sign = " = " if language == "R" else "="
    limits = ", ".join(f"{role}{sign}{float(value)!r}" for role, value in recipe.numbers.items())
    name = "tobit_model" if language == "R" else "Tobit"
    return Call(f"{name}({limits})", (*recipe.main.terms(language), "log_sigma"))


def _interval(recipe: Recipe, names: Layout, language: Language) -> Call:
    upper = _column(recipe, "upper", names, language)
    name = "interval_model" if language == "R" else "Interval"
    return Call(f"{name}({upper})", (*recipe.main.terms(language), "log_sigma"))


def _negative_binomial(recipe: Recipe, names: Layout, language: Language) -> Call:  # noqa: ARG001
    name = "negative_binomial_model()" if language == "R" else "NegativeBinomial()"
    return Call(name, (*recipe.main.terms(language), "log_alpha"))


def _two_part(recipe: Recipe, names: Layout, language: Language) -> Call:  # noqa: ARG001
    is_hurdle = recipe.estimator.startswith("hurdle")
    has_alpha = recipe.estimator.endswith("negative_binomial")
    flags = [str(each).upper() if language == "R" else str(each) for each in (is_hurdle, has_alpha)]
    name = "two_part_model" if language == "R" else "TwoPart"
    alpha = ("log_alpha",) if has_alpha else ()
    return Call(f"{name}({', '.join(flags)})", (*_both(recipe, language), *alpha))


def _heckman(recipe: Recipe, names: Layout, language: Language) -> Call:
    selected = _column(recipe, "selected", names, language)
    name = "heckman_model" if language == "R" else "Heckman"
    return Call(f"{name}({selected})", (*_both(recipe, language), "atanh_rho", "log_sigma"))


def _both(recipe: Recipe, language: Language) -> tuple[str, ...]:
    role = ROLES[recipe.estimator]
    side = recipe.others.get(role, recipe.main)
    return (
        *recipe.main.terms(language),
        *(f"{role}|{term}" for term in side.terms(language)),
    )


def _column(recipe: Recipe, role: str, names: Layout, language: Language) -> str:
    column = names.columns[recipe.columns[role]]
    return f"data${column}" if language == "R" else f"data[{quoted(column)}].to_numpy(dtype=float)"


LIKELIHOODS: Mapping[str, Callable[[Recipe, Layout, Language], Call]] = {
    "ordered_logit": _ordered,
    "ordered_probit": _ordered,
    "multinomial_logit": _multinomial,
    "tobit": _tobit,
    "interval_regression": _interval,
    "negative_binomial": _negative_binomial,
    "hurdle_poisson": _two_part,
    "hurdle_negative_binomial": _two_part,
    "zero_inflated_poisson": _two_part,
    "zero_inflated_negative_binomial": _two_part,
    "heckman": _heckman,
}
"""By estimator."""
