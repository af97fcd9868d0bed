"""What went out before of the same data, made anew, for nobody must learn from both together.

Only what shares answers can be subtracted: the caller gives plans whose tables went out of the
same extract. Work on them is bounded; the newest count.
"""

from collections.abc import Sequence

import numpy as np

from analysis.disclosure.models import Published
from analysis.disclosure.rules import DisclosurePolicy
from analysis.disclosure.safe import safe
from analysis.pipeline.designs import design_of
from analysis.pipeline.naming import nameable
from analysis.pipeline.prepared import Known, Prepared
from analysis.refusals import Refusal
from analysis.specification.composing import all_described
from analysis.specification.describing import Result
from analysis.specification.matrix import equation, with_definitions
from analysis.specification.model import Plan, Specification
from analysis.tables.descriptives import descriptives_table
from analysis.tables.table import Table

MOST_PLANS = 20
MOST_DESCRIPTIONS = 60
MOST_MODELS = 60


def models_out(prepared: Prepared, now: Sequence[Specification]) -> list[Published]:
    """Models that went out and share outcome and formula with one of those of `now`.

    Those of imputed plans do not count: which answers were imputed hides who is left out.
    """
    asked = {(each.outcome, str(each.formula)) for each in now}
    found: list[Published] = []
    for plan in _plans(prepared):
        alike = [s for s in plan.specifications if (s.outcome, str(s.formula)) in asked]
        if not alike:
            continue
        try:
            known = _known(prepared, plan)
        except Refusal:
            continue
        for specification in alike[: MOST_MODELS - len(found)]:
            try:
                ready = equation(specification, known, prepared.firms)
            except Refusal:
                continue
            columns = (c.name for X in (ready.X, *ready.parts.matrices.values()) for c in X.columns)
            # As a fitted model counts its firms: an estimator that reads incomplete answers, too.
            rows = ready.domain & np.isfinite(ready.X.X).all(axis=1) & np.isfinite(ready.y)
            found.append(Published(specification.outcome, frozenset(columns), rows))
    return found


def tables_out(prepared: Prepared, policy: DisclosurePolicy) -> list[Table]:
    """Tables of descriptions that went out, as they were shown."""
    tables, left = [], MOST_DESCRIPTIONS
    for plan in _plans(prepared):
        if not plan.descriptives or left <= 0:
            continue
        try:
            known = _known(prepared, plan)
        except Refusal:
            continue
        results = _described(prepared, plan, known)[:left]
        left -= len(results)
        cleaned, _ = safe(descriptives_table(results, title=plan.title), policy, prepared.holdings)
        tables.append(cleaned)
    return tables


def _described(prepared: Prepared, plan: Plan, known: Known) -> list[Result]:
    results: list[Result] = []
    for place, asked in enumerate(plan.descriptives[:MOST_DESCRIPTIONS], start=1):
        try:
            design = design_of(asked.design, prepared.dataset, asked.covariance)
            frame = prepared.against_frame
            results += all_described(asked, place, known, design, prepared.firms, frame)
        except Refusal:
            continue
    return results


def _plans(prepared: Prepared) -> list[Plan]:
    return [plan for plan in prepared.earlier if plan.imputation is None][:MOST_PLANS]


def _known(prepared: Prepared, plan: Plan) -> Known:
    """The vocabulary of the plan; that which both share is not derived again.

    Raises: Refusal of a definition that the code of then could compute.
    """
    if (plan.definitions, plan.scales, plan.labels) == (
        prepared.plan.definitions, prepared.plan.scales, prepared.plan.labels,
    ):  # fmt: skip
        return prepared.known
    derived = nameable(prepared.dataset, dict(plan.scales))
    return with_definitions(plan, derived, prepared.firms)
