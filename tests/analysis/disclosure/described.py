"""Small descriptions of made firms."""

import numpy as np

from analysis.estimation.descriptive.entry import describe
from analysis.estimation.descriptive.tables import CrossTabulation
from analysis.estimation.design import survey_design
from analysis.specification.describing import Result
from analysis.specification.model import Described, DesignChoice


def result(statistic, y, *, by=None, weight=None, name="turnover", title="", keeps=True, **asked):
    """One description of these answers, drawn simply; `keeps` says whether they stay with it."""
    y = np.asarray(y)
    design = survey_design(count=len(y), weight=weight)
    found = describe(
        statistic,
        y=y,
        by=None if by is None else np.asarray(by, dtype=object),
        design=design,
        **asked,
    )
    is_table = isinstance(found, CrossTabulation)
    named = Described(
        name=title,
        statistic=statistic,
        outcome=name,
        covariance="design",
        design=DesignChoice(),
        by="" if by is None else "group",
        denominator="employment" if "denominator" in asked else "",
    )
    answers = {"y": y} | ({"denominator": asked["denominator"]} if "denominator" in asked else {})
    return Result(
        named,
        title or f"{statistic} of {name}",
        found.shares if is_table else found,
        found if is_table else None,
        {},
        answers if keeps else {},
    )


def groups(**sizes):
    """Labels: so many firms of each group."""
    return np.repeat(np.array(list(sizes), dtype=object), list(sizes.values()))
