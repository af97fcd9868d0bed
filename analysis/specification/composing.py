"""Descriptions that make a table of their own, carried out."""

from analysis.dataset import SampleAgainstFrame
from analysis.estimation.design import SurveyDesign
from analysis.refusals import Refusal
from analysis.specification.composed_parts import COMPOSED
from analysis.specification.computing import Vocabulary
from analysis.specification.correlating import correlation_matrix
from analysis.specification.crossing import crossed
from analysis.specification.describing import Result, described
from analysis.specification.framing import against_frame
from analysis.specification.model import Described
from analysis.specification.table_one import table_one


def all_described(
    asked: Described,
    place: int,
    vocabulary: Vocabulary,
    design: SurveyDesign,
    count: int,
    frame: SampleAgainstFrame | None,
) -> tuple[Result, ...]:
    """Every description that an entry of a plan comes to; several where it makes a table.

    `place` is that of the entry, from 1; `frame` what is known of the firms that were drawn.

    Raises: Refusal ``unknown_term``, ``no_frame`` and those of the statistics.
    """
    if asked.statistic == "table_one":
        return table_one(asked, place, vocabulary, design, count)
    if asked.statistic == "correlation":
        return correlation_matrix(asked, place, vocabulary, design, count)
    if asked.statistic == "respondents_against_frame":
        return against_frame(asked, place, design, frame)
    found = described(asked, vocabulary, design, count)
    if found.table is None:
        return (found,)
    return crossed(asked, place, found, vocabulary, design, count)


def refuse_composed_of_imputed(asked: Described) -> None:
    """Raises: Refusal ``composed_of_imputed``; such tables have no pooled form here."""
    if asked.statistic in COMPOSED:
        words = asked.statistic.replace("_", " ")
        raise Refusal(
            "composed_of_imputed",
            f"The {words} “{asked.name}” stands in a plan that imputes, and such tables and "
            "their tests are not pooled over imputations.",
            "Describe it in a plan of its own, without imputation.",
        )
