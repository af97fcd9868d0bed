"""What would keep a plan's models from being set up, told before anything is estimated."""

from collections.abc import Callable
from functools import partial

from analysis.dataset import Dataset
from analysis.pipeline.designs import refuse_design
from analysis.pipeline.naming import nameable
from analysis.refusals import Refusal
from analysis.specification.composing import refuse_composed_of_imputed
from analysis.specification.computing import Vocabulary, unknown_term
from analysis.specification.describing import unknown_names
from analysis.specification.imputing import refuse_cross_tabulation
from analysis.specification.matrix import equation, unknown_terms, with_definitions
from analysis.specification.model import Plan
from analysis.specification.problems import Ledger, PlanProblem


def check(dataset: Dataset, plan: Plan, held: Vocabulary | None = None) -> tuple[PlanProblem, ...]:
    """What would keep the plan's models from being set up, before anything is estimated.

    `held` is the vocabulary of the data set under the plan's scales, where it is there already.
    """
    ledger = Ledger()
    count = len(dataset.frame)
    try:
        known = with_definitions(
            plan, nameable(dataset, dict(plan.scales)) if held is None else held, count
        )
    except Refusal as refusal:
        return (PlanProblem(refusal.code, "define", refusal.message, refusal.remedy),)
    models = [(f"model {each.name}", each) for each in plan.specifications]
    if plan.curve is not None:
        numbers = dict.fromkeys(plan.curve.probes())
        models += [("curve", plan.curve.specification(number)) for number in numbers]
    for where, specification in models:
        unknown = unknown_terms(specification, known)
        for unknown_name in unknown:
            ledger.keep(where, unknown_name)
        if not unknown:
            _keep(ledger, where, partial(equation, specification, known, count))
        covariance = specification.covariance
        _keep(ledger, where, partial(refuse_design, specification.design, dataset, covariance))
    for asked in plan.descriptives:
        where = f"descriptives > {asked.name or asked.outcome or asked.statistic}"
        for name in unknown_names(asked, known):
            ledger.keep(where, unknown_term(name, known))
        _keep(ledger, where, partial(refuse_design, asked.design, dataset, asked.covariance))
        if plan.imputation is not None:
            _keep(ledger, where, partial(refuse_cross_tabulation, asked))
            _keep(ledger, where, partial(refuse_composed_of_imputed, asked))
    return tuple(ledger.problems)


def _keep(ledger: Ledger, where: str, attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except Refusal as refusal:
        ledger.keep(where, refusal)
