"""Small descriptions of made firms."""

import numpy as np

from analysis.estimation.descriptive.entry import describe
from analysis.estimation.descriptive.tables import CrossTabulation
from analysis.estimation.design import survey_design
from analysis.specification.describing import Result
from analysis.specification.model import Described, DesignChoice


def result(statistic, y, *, by=None, weight=None, name="turnover", title="", **asked):
    """One description of these answers, drawn simply."""
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
    )
    return Result(
        named,
        title or f"{statistic} of {name}",
        found.shares if is_table else found,
        found if is_table else None,
        {},
    )


def groups(**sizes):
    """Labels: so many firms of each group."""
    return np.repeat(np.array(list(sizes), dtype=object), list(sizes.values()))
