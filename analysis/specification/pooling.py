"""Fits and descriptions of several completed data sets as one."""

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.effects import DesignEffects
from analysis.estimation.descriptive.intervals import logit_interval, t_interval
from analysis.estimation.estimates import Estimates, Fit, Floats
from analysis.estimation.imputation.pooling import Pooled, barnard_rubin, pool
from analysis.refusals import Refusal
from analysis.specification.describing import Result


def pooled_fit(fits: Sequence[Fit]) -> tuple[Fit, Pooled]:
    """Fits of the same model on m completed data sets as one (Rubin 1987).

    Beside the fit its coefficients with what lies within and between the imputations, which
    tests of several of them need.

    Raises: Refusal ``terms_differ`` where a level or column is missing in some of them.
    """
    first = fits[0]
    notes = tuple(dict.fromkeys(note for fit in fits for note in fit.notes))
    pooled = pool([fit.estimates for fit in fits])
    fit = replace(
        first,
        estimates=pooled.estimates,
        margins=_pooled_or_none([fit.margins for fit in fits]),
        derived=_pooled_or_none([fit.derived for fit in fits]),
        log_likelihood=None,
        fit_measures={
            name: float(np.mean([fit.fit_measures[name] for fit in fits]))
            for name in first.fit_measures
            if all(name in fit.fit_measures for fit in fits) and name not in ("aic", "bic")
        },
        notes=notes + _different_firms([fit.n for fit in fits]),
    )
    return fit, pooled


def _different_firms(counts: Sequence[int]) -> tuple[str, ...]:
    if min(counts) == max(counts):
        return ()
    return (
        f"The imputations differ in which firms are in the model: {min(counts)} to "
        f"{max(counts)}; the number given is that of the first.",
    )


def _pooled_or_none(estimates: Sequence[Estimates | None]) -> Estimates | None:
    given = [each for each in estimates if each is not None]
    return pool(given).estimates if len(given) == len(estimates) else None


def pooled_result(results: Sequence[Result]) -> Result:
    """One description of m completed data sets as one, by Rubin's rules.

    Raises: Refusal ``terms_differ`` where a group or level is there in some of them only.
    """
    first = results[0]
    found = pooled_description([each.description for each in results])
    codes: dict[str, dict[str, str]] = {}
    for each in results:
        for role, labels in each.codes.items():
            codes[role] = codes.get(role, {}) | dict(labels)
    return replace(first, description=found, codes=codes)


def pooled_description(each: Sequence[Description]) -> Description:
    """Estimates, covariance and degrees of freedom of Rubin's rules; design effects averaged.

    A term without a standard error in some imputation has none. Intervals are logit where the
    descriptions' are and the share is not 0 or 1, else of t.
    """
    first, count = each[0], len(each)
    _refuse_other_terms(each)
    values = np.array([one.estimates.coefficients for one in each])
    away = values - values.mean(axis=0)
    between = (1 + 1 / count) * away.T @ away / (count - 1)
    covariance = np.mean([one.estimates.covariance for one in each], axis=0) + between
    complete = np.min([one.degrees_of_freedom for one in each], axis=0)
    df = _freedom(np.diag(between), np.diag(covariance), count, complete)
    estimates = Estimates(
        first.estimates.terms, values.mean(axis=0), covariance, float(df.min()), term_df=df
    )
    intervals, kind = _intervals(estimates, first)
    return replace(
        first,
        estimates=estimates,
        intervals=intervals,
        interval=kind,
        population=np.mean([one.population for one in each], axis=0),
        degrees_of_freedom=df,
        effects=_mean_effects([one.effects for one in each]),
        notes=tuple(dict.fromkeys(note for one in each for note in one.notes)) + _told(each, kind),
        influence=np.mean([one.influence for one in each], axis=0),
        replicates=None,
    )


def _refuse_other_terms(each: Sequence[Description]) -> None:
    terms = [one.estimates.terms for one in each]
    unshared = sorted(set().union(*terms) - set(terms[0]).intersection(*terms))
    if unshared or any(one != terms[0] for one in terms):
        raise Refusal(
            "terms_differ",
            f"Not every imputation has the same groups or levels: {', '.join(unshared)}.",
            "Join the level with another, or narrow the subpopulation.",
        )


def _freedom(between: Floats, total: Floats, count: int, complete: Floats) -> Floats:
    """(k,) of Barnard & Rubin; of Rubin where only imputation makes the estimate unsure."""
    known = np.isfinite(total) & (total > 0)
    share = np.where(known, between / np.where(known, total, 1.0), 0.0)
    alone = share >= 1
    return np.array(
        [
            count - 1 if only else float(barnard_rubin(np.array(part), count, freedom))
            for part, freedom, only in zip(share, complete, alone, strict=True)
        ],
        dtype=float,
    )


def _intervals(estimates: Estimates, first: Description) -> tuple[Floats, str]:
    values, errors = estimates.coefficients, estimates.std_errors
    df, level = estimates.degrees_of_freedom, first.level
    plain = t_interval(values, errors, df, level)
    inside = (values > 0) & (values < 1)
    if first.interval != "logit" or not inside.any():
        return plain, "t"
    plain[inside] = logit_interval(values[inside], errors[inside], df[inside], level)
    return plain, "logit"


def _mean_effects(each: Sequence[DesignEffects]) -> DesignEffects:
    return DesignEffects(
        **{
            part.name: np.mean([getattr(one, part.name) for one in each], axis=0)
            for part in fields(DesignEffects)
        }
    )


def _told(each: Sequence[Description], kind: str) -> tuple[str, ...]:
    """What differs between the imputations, or from what was asked."""
    notes = []
    counts = np.array([one.n for one in each])
    if (counts != counts[0]).any():
        notes.append(
            "The imputations differ in which firms each estimate is of; the numbers given are "
            "those of the first."
        )
    if each[0].interval != kind:
        notes.append(
            "Intervals are of t with the pooled standard errors: there is no other for several "
            "imputations."
        )
    return tuple(notes)
