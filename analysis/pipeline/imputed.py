"""A plan's models on one completed data set, and those of all of them as one.

Each imputation is a piece of work by itself: whoever carries it out makes its chain and
estimates every model of the plan on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.estimation.estimates import Fit
from analysis.estimation.imputation.chain import Link
from analysis.estimation.regression import assembled
from analysis.pipeline.designs import design_of
from analysis.pipeline.prepared import Known, Prepared
from analysis.pipeline.solving import solved
from analysis.refusals import Refusal
from analysis.specification.hypotheses import Ranges, Tested, ranges_of, tested
from analysis.specification.model import Specification
from analysis.specification.pooling import pooled_fit
from analysis.tables.curve import Unshown
from analysis.tables.drawings import Drawing
from analysis.tables.estimates_document import Wording, wording


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the table needs of one estimated model."""

    fit: Fit
    wording: Wording
    outcome_label: str
    has_population: bool
    tests: tuple[Tested, ...]
    curves: tuple[Drawing, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class OnOne:
    """A model on one completed data set: what was found, without tests, which need all of them.

    `ranges` are those of the variables that a test of shape is asked of.
    """

    found: Found
    ranges: Ranges


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """One imputation: its chain, and each model of the plan on it, or why there is none."""

    chain: Link
    models: tuple[OnOne | Unshown, ...]


def imputed(prepared: Prepared, index: int) -> Imputed:
    """Imputation `index`, from 0. Raises: Refusal of the imputation itself."""
    made = prepared.chain(index)
    known = prepared.known_with(made)
    return Imputed(
        made, tuple(_attempted(prepared, each, known) for each in prepared.plan.specifications)
    )


def _attempted(prepared: Prepared, specification: Specification, known: Known) -> OnOne | Unshown:
    try:
        return _on_one(prepared, specification, known)
    except Refusal as refusal:
        return Unshown(refusal.code, refusal.message, refusal.remedy)


def _on_one(prepared: Prepared, specification: Specification, known: Known) -> OnOne:
    design = design_of(specification.design, prepared.dataset, specification.covariance)
    ready, model = solved(specification, known, design)
    fit = assembled(model, margins=specification.margins)
    return OnOne(
        Found(
            fit=fit,
            wording=wording(ready, fit),
            outcome_label=known[specification.outcome].label,
            has_population=design.population is not None,
            tests=(),
        ),
        ranges_of(specification.tests, model.fitted.sample.variables),
    )


def pooled_models(prepared: Prepared, imputations: Sequence[Imputed]) -> list[Found | Refusal]:
    """Each model of the plan on all completed data sets as one, or why there is none."""
    notes = prepared.notes([each.chain for each in imputations])
    found: list[Found | Refusal] = []
    for place, specification in enumerate(prepared.plan.specifications):
        try:
            found.append(
                _pooled(specification, [each.models[place] for each in imputations], notes)
            )
        except Refusal as refusal:
            found.append(refusal)
    return found


def _pooled(
    specification: Specification, parts: Sequence[OnOne | Unshown], notes: Sequence[str]
) -> Found:
    """The model on all completed data sets as one, by Rubin's rules.

    Raises: the Refusal of the first data set that refuses the model, or that of pooling.
    """
    each: list[OnOne] = []
    for part in parts:
        if isinstance(part, Unshown):
            raise Refusal(part.code, part.message, part.remedy)
        each.append(part)
    fits = [one.found.fit for one in each]
    fit, both = (fits[0], None) if len(fits) == 1 else pooled_fit(fits)
    ranges = [one.ranges for one in each]
    return replace(
        each[0].found,
        fit=replace(fit, notes=(*fit.notes, *notes)),
        tests=tuple(tested(asked, fit.estimates, ranges, both) for asked in specification.tests),
    )
