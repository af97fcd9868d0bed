"""Oaxaca-Blinder: the gap between two groups' mean outcomes, by differences in what they have
and in what it is worth to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy.linalg

from analysis.estimation.design_matrix import INTERCEPT
from analysis.estimation.estimates import Estimates, Floats
from analysis.refusals import Refusal

Form = Literal["threefold", "twofold"]
Reference = Literal["first", "second", "half", "cotton", "pooled", "pooled with group"]
WEIGHTS: Mapping[str, float] = {"first": 1.0, "second": 0.0, "half": 0.5}
FORMS: Mapping[Form, tuple[str, ...]] = {
    "threefold": ("endowments", "coefficients", "interaction"),
    "twofold": ("explained", "unexplained"),
}
# Rows of a set of pieces.
FIRST, SECOND, MEAN_FIRST, MEAN_SECOND, POOLED = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Coefficients and means of two groups, with their joint covariance.

    Attributes
    ----------
    columns : names of the k columns, the intercept first
    variables : which variable each column belongs to
    values : (p, k) floats
        Coefficients of the first and second group, means of the columns in them and, where
        p is 5, the pooled coefficients.
    covariance : (p k, p k) floats, of the values row by row
    residual_df : of the t of intervals; ``inf`` for the normal
    share : of the first group among both, by weight
    """

    columns: tuple[str, ...]
    variables: tuple[str, ...]
    values: Floats
    covariance: Floats
    residual_df: float
    share: float

    def under(self, covariance: Floats, residual_df: float) -> "Pieces":
        """The same with another joint covariance, such as that of bootstrap replicates."""
        return replace(self, covariance=covariance, residual_df=residual_df)


@dataclass(frozen=True, slots=True, eq=False)
class Decomposition:
    """A gap and its parts.

    Attributes
    ----------
    overall : Estimates of ``mean of the first``, ``mean of the second``, ``gap`` and the parts
    detailed : Estimates of ``part|variable``; the parts' sums are those of `overall`
    """

    form: Form
    reference: str
    overall: Estimates
    detailed: Estimates
    notes: tuple[str, ...] = ()


def independent_pieces(
    coefficients: tuple[Estimates, Estimates],
    means: tuple[Estimates, Estimates],
    variables: Mapping[str, str],
    share: float = 0.5,
) -> Pieces:
    """Pieces of two groups whose fits and means do not depend on each other.

    `coefficients` of the first and second group on the same terms, and the means of the
    columns in each, the intercept's being 1 with variance 0 (Jann 2008). `variables`
    says of which variable a term is, where that is not its name.

    Raises: Refusal ``terms_differ``.
    """
    terms = coefficients[0].terms
    for each in (*coefficients, *means):
        if each.terms != terms:
            differ = sorted(set(terms) ^ set(each.terms)) or ["their order"]
            raise Refusal(
                "terms_differ",
                f"The two groups' models and means are not on the same terms: {', '.join(differ)}.",
                "Fit the same terms, with the same base categories, in both groups.",
            )
    every = (*coefficients, *means)
    return Pieces(
        columns=terms,
        variables=tuple(variables.get(term, term) for term in terms),
        values=np.vstack([each.coefficients for each in every]),
        covariance=scipy.linalg.block_diag(*(each.covariance for each in every)),
        residual_df=min(each.residual_df for each in coefficients),
        share=share,
    )


def normalised(pieces: Pieces, categories: Mapping[str, tuple[str, ...]]) -> Pieces:
    """Pieces in which no category is the base: coefficients of levels are around their mean.

    `categories` maps a variable to the columns of its levels other than the base. Each gets a
    further column, ``variable[base]``; coefficients of the J + 1 levels sum to zero, and the
    intercept takes up their mean (Gardeazabal & Ugidos 2004; Yun 2005). Overall parts do not
    change; the detailed parts no longer depend on which level was the base.
    """
    k = len(pieces.columns)
    effects, shares = [np.eye(k)], [np.eye(k)]
    names, variables = list(pieces.columns), list(pieces.variables)
    intercept = pieces.columns.index(INTERCEPT)
    for variable, columns in categories.items():
        places = [pieces.columns.index(column) for column in columns]
        mean = np.zeros(k)
        mean[places] = 1 / (len(places) + 1)
        effects[0][places] -= mean
        effects[0][intercept] += mean
        effects.append(-mean[None, :])
        base = np.zeros(k)
        base[intercept], base[places] = 1.0, -1.0
        shares.append(base[None, :])
        names.append(f"{variable}[base]")
        variables.append(variable)
    to_effects, to_shares = np.vstack(effects), np.vstack(shares)
    turns = [to_effects, to_effects, to_shares, to_shares, to_effects][: len(pieces.values)]
    whole = scipy.linalg.block_diag(*turns)
    return replace(
        pieces,
        columns=tuple(names),
        variables=tuple(variables),
        values=np.vstack([turn @ row for turn, row in zip(turns, pieces.values, strict=True)]),
        covariance=whole @ pieces.covariance @ whole.T,
    )


def decomposed(pieces: Pieces, *, form: Form, reference: Reference = "second") -> Decomposition:
    r"""The gap in parts, with standard errors by the delta method.

    Parameters
    ----------
    pieces : Pieces
        Of k columns.
    form : {"threefold", "twofold"}
        ``threefold`` (seen from the second group): endowments, coefficients, interaction.
        ``twofold``: explained by the means at the reference coefficients, and unexplained.
    reference : {"first", "second", "half", "cotton", "pooled", "pooled with group"}
        Of ``twofold``: coefficients of the first group (weight 1), of the second (0), their
        mean (Reimers 1983), their mean by the groups' shares (Cotton 1988, the shares taken as
        known), or of both groups together, without (Neumark 1988) or with an indicator of the
        group (Jann 2008).

    Notes
    -----
    .. math:: \bar y_1 - \bar y_2 = (\bar x_1 - \bar x_2)'\beta_2 + \bar x_2'(\beta_1 - \beta_2)
              + (\bar x_1 - \bar x_2)'(\beta_1 - \beta_2)
              = (\bar x_1 - \bar x_2)'\beta^* + [\bar x_1'(\beta_1 - \beta^*)
              + \bar x_2'(\beta^* - \beta_2)]

    Raises: ValueError if pooled coefficients are asked for and not among the pieces.
    """
    parts = _threefold(pieces) if form == "threefold" else _twofold(pieces, reference)
    groups = list(dict.fromkeys(pieces.variables))
    belongs = np.array([[variable == group for variable in pieces.variables] for group in groups])
    everything = np.ones((1, len(pieces.columns)))
    means = _means(pieces)
    overall = [*means.items(), *parts.items()]
    return Decomposition(
        form=form,
        reference="second" if form == "threefold" else reference,
        overall=_estimates(pieces, [(name, part, everything) for name, part in overall], None),
        detailed=_estimates(
            pieces, [(name, part, belongs.astype(float)) for name, part in parts.items()], groups
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A part of the gap, by column: (k,) values and their (p, k) derivatives."""

    values: Floats
    slopes: Floats


def _product(pieces: Pieces, means: Floats, effects: Floats) -> _Part:
    """Column by column, a combination of the rows of means times one of coefficients."""
    left, right = means @ pieces.values, effects @ pieces.values
    return _Part(left * right, means[:, None] * right + effects[:, None] * left)


def _row(pieces: Pieces, **weights: float) -> Floats:
    places = {"b1": FIRST, "b2": SECOND, "x1": MEAN_FIRST, "x2": MEAN_SECOND, "b": POOLED}
    result = np.zeros(len(pieces.values))
    for name, weight in weights.items():
        result[places[name]] = weight
    return result


def _means(pieces: Pieces) -> dict[str, _Part]:
    first = _product(pieces, _row(pieces, x1=1), _row(pieces, b1=1))
    second = _product(pieces, _row(pieces, x2=1), _row(pieces, b2=1))
    gap = _Part(first.values - second.values, first.slopes - second.slopes)
    return {"mean of the first": first, "mean of the second": second, "gap": gap}


def _threefold(pieces: Pieces) -> dict[str, _Part]:
    apart, worth = _row(pieces, x1=1, x2=-1), _row(pieces, b1=1, b2=-1)
    return {
        "endowments": _product(pieces, apart, _row(pieces, b2=1)),
        "coefficients": _product(pieces, _row(pieces, x2=1), worth),
        "interaction": _product(pieces, apart, worth),
    }


def _twofold(pieces: Pieces, reference: Reference) -> dict[str, _Part]:
    if reference in {"pooled", "pooled with group"}:
        if len(pieces.values) <= POOLED:
            raise ValueError("The pieces hold no pooled coefficients.")
        star = _row(pieces, b=1)
    else:
        weight = pieces.share if reference == "cotton" else WEIGHTS[reference]
        star = _row(pieces, b1=weight, b2=1 - weight)
    explained = _product(pieces, _row(pieces, x1=1, x2=-1), star)
    first = _product(pieces, _row(pieces, x1=1), _row(pieces, b1=1) - star)
    second = _product(pieces, _row(pieces, x2=1), star - _row(pieces, b2=1))
    unexplained = _Part(first.values + second.values, first.slopes + second.slopes)
    return {"explained": explained, "unexplained": unexplained}


def _estimates(
    pieces: Pieces, parts: list[tuple[str, _Part, Floats]], groups: list[str] | None
) -> Estimates:
    """Sums of parts over columns: each part over everything, or over each group of columns."""
    terms = [
        name if groups is None else f"{name}|{group}"
        for name, _, _ in parts
        for group in (groups or [""])
    ]
    values = np.concatenate([sums @ part.values for _, part, sums in parts])
    jacobian = np.vstack([(part.slopes * row).ravel() for _, part, sums in parts for row in sums])
    return Estimates(
        terms=tuple(terms),
        coefficients=values,
        covariance=jacobian @ pieces.covariance @ jacobian.T,
        residual_df=pieces.residual_df,
    )
