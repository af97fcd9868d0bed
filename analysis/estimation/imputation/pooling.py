"""What m imputed data sets say together: Rubin's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy import special, stats

from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.labels import named
from analysis.refusals import Refusal

# Percent of missing information that m is not to fall short of (White, Royston & Wood 2011).
PER_CENT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """k estimates pooled over m imputations.

    Attributes
    ----------
    terms : tuple of k str
    coefficients : (k,) floats, means over the imputations
    within : (k, k) floats, mean covariance of the completed data sets
    between : (k, k) floats, covariance of the estimates over the imputations
    count : m
    complete_df : degrees of freedom without missing answers; ``inf`` for the normal
    """

    terms: tuple[str, ...]
    coefficients: Floats
    within: Floats
    between: Floats
    count: int
    complete_df: float

    @property
    def covariance(self) -> Floats:
        """(k, k) total: within and, enlarged for m being finite, between."""
        return self.within + (1 + 1 / self.count) * self.between

    @property
    def relative_increase(self) -> Floats:
        """(k,) by how much missing answers raise the variance, relative to `within`."""
        return (1 + 1 / self.count) * np.diag(self.between) / np.diag(self.within)

    @property
    def missing_share(self) -> Floats:
        """(k,) share lambda of the variance that is due to missing answers."""
        return (1 + 1 / self.count) * np.diag(self.between) / np.diag(self.covariance)

    @property
    def residual_df(self) -> Floats:
        """(k,) degrees of freedom of Barnard & Rubin (1999)."""
        return barnard_rubin(self.missing_share, self.count, self.complete_df)

    @property
    def missing_information(self) -> Floats:
        """(k,) fraction of missing information (Rubin 1987, equation 3.1.10)."""
        increase = self.relative_increase
        return (increase + 2 / (self.residual_df + 3)) / (increase + 1)

    @property
    def relative_efficiency(self) -> Floats:
        """(k,) of m imputations against infinitely many (Rubin 1987, page 114)."""
        return 1 / (1 + self.missing_information / self.count)

    @property
    def estimates(self) -> Estimates:
        """The same as plain Estimates, each term with its own degrees of freedom.

        What takes them as one, as a test of several terms, takes the smallest, and so is a
        little wider than it need be.
        """
        df = self.residual_df
        return Estimates(self.terms, self.coefficients, self.covariance, float(df.min()), df)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the pooling rests on, and whether m is enough."""
        worst = int(np.argmax(self.missing_information))
        share = float(self.missing_information[worst])
        said = (
            f"Pooled over {self.count} imputations; the fraction of missing information is at "
            f"most {share:.2f} ('{self.terms[worst]}')."
        )
        if self.count >= PER_CENT * share:
            return (said,)
        return (
            said,
            f"{self.count} imputations are fewer than {PER_CENT} times that fraction: another "
            f"set of them would give noticeably other standard errors. Use at least "
            f"{ceil(PER_CENT * share)}.",
        )


def pool(
    estimates: Sequence[Estimates],
    *,
    complete_df: float | None = None,
    covariances: Sequence[str] = (),
) -> Pooled:
    """Estimates from m completed data sets as one (Rubin 1987, section 3.3).

    Parameters
    ----------
    estimates : m Estimates
        Of the same terms: coefficients, marginal effects, means.
    complete_df : float or None
        Degrees of freedom had no answer been missing; None takes the smallest of the
        estimates' own. ``inf`` gives the degrees of freedom of Rubin (1987).
    covariances : m str
        Names of their covariances, where known.

    Raises
    ------
    Refusal
        ``one_imputation``, ``terms_differ``, ``covariances_differ``, ``not_finite``,
        ``no_sampling_variance``.
    """
    if len(estimates) < 2:
        raise Refusal(
            "one_imputation",
            "From one imputation nobody can say how much the missing answers matter.",
            "Make at least two; twenty are a good start.",
        )
    _refuse_unlike(estimates, covariances)
    each = np.array([one.coefficients for one in estimates])
    within = np.mean([one.covariance for one in estimates], axis=0)
    _refuse_no_variance(estimates[0].terms, each, within)
    away = each - each.mean(axis=0)
    freedom = min(one.residual_df for one in estimates) if complete_df is None else complete_df
    return Pooled(
        terms=estimates[0].terms,
        coefficients=each.mean(axis=0),
        within=within,
        between=away.T @ away / (len(estimates) - 1),
        count=len(estimates),
        complete_df=float(freedom),
    )


def barnard_rubin(share: Floats, count: int, complete_df: float) -> Floats:
    """Degrees of freedom from the share lambda of the variance that is between imputations.

    Barnard & Rubin (1999, equation 3): the harmonic sum of those of Rubin (1987),
    (m - 1) / lambda^2, and of those that the answers given leave.
    """
    share = np.asarray(share, dtype=float)
    with np.errstate(divide="ignore"):
        many: Floats = (count - 1) / share**2
    if np.isinf(complete_df):
        return many
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    with np.errstate(divide="ignore"):
        result: Floats = 1 / (1 / many + 1 / observed)
    return result


def imputations_needed(pooled: Pooled, *, variation: float = 0.05, level: float = 0.95) -> int:
    """How many imputations give standard errors that another set would nearly repeat.

    The second stage of von Hippel (2020): m = 1 + (g / variation)^2 / 2 imputations make the
    coefficient of variation of a standard error `variation`, for g the fraction of missing
    information. For g stands the upper end of its interval from the pilot of `pooled.count`
    imputations, normal on the scale of the logit with variance 2 / m; the worst term counts.
    """
    share = float(pooled.missing_information.max())
    if not share > 0:
        return 2
    quantile = float(stats.norm.ppf((1 + level) / 2))
    upper = float(special.expit(special.logit(share) + quantile * np.sqrt(2 / pooled.count)))
    return max(2, ceil(1 + (upper / variation) ** 2 / 2))


def _refuse_unlike(estimates: Sequence[Estimates], covariances: Sequence[str]) -> None:
    terms = estimates[0].terms
    for number, one in enumerate(estimates[1:], start=2):
        if one.terms != terms:
            unshared = sorted(set(terms) ^ set(one.terms)) or list(terms)
            raise Refusal(
                "terms_differ",
                f"The models of imputation 1 and imputation {number} do not have the same terms "
                f"in the same order: {named(unshared)}.",
                "A level that only some imputations have, or a term that only some had to drop, "
                "cannot be pooled: join the level with another, or leave the term out.",
            )
    if len(set(covariances)) > 1:
        raise Refusal(
            "covariances_differ",
            f"Covariances of different kinds cannot be pooled: {named(sorted(set(covariances)))}.",
            "Estimate every imputation with the same covariance.",
        )


def _refuse_no_variance(terms: tuple[str, ...], each: Floats, within: Floats) -> None:
    finite = np.asarray(np.isfinite(np.vstack([each, within])).all(axis=0))
    if not finite.all():
        bad = [terms[place] for place in np.flatnonzero(~finite)]
        raise Refusal(
            "not_finite",
            f"In some imputation there is no finite estimate of {named(bad)}.",
            "Leave the term out, or look why it cannot be estimated.",
        )
    positive = np.asarray(np.diag(within) > 0)
    if not positive.all():
        bad = [terms[place] for place in np.flatnonzero(~positive)]
        raise Refusal(
            "no_sampling_variance",
            f"There is no sampling variance of {named(bad)} within the imputations.",
            "Pool estimates that have standard errors.",
        )
