"""The firms that answered, the sample that was drawn and the frame it was drawn from."""

from dataclasses import replace
from typing import Any

import numpy as np

from analysis.dataset import FrameVariable, SampleAgainstFrame
from analysis.estimation.descriptive.shares import shares
from analysis.estimation.descriptive.tables import cross_tabulation
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal
from analysis.specification.composed_parts import Part
from analysis.specification.describing import Result
from analysis.specification.levels import test_document
from analysis.specification.model import Described

WEIGHTINGS = ("unweighted", "design", "final")


def against_frame(
    asked: Described, table: int, design: SurveyDesign, frame: SampleAgainstFrame | None
) -> tuple[Result, ...]:
    """Shares of the firms that answered, unweighted, by design weight and by final weight.

    Beside them stand the firms drawn and the frame, and the test whether to respond goes together
    with the variable, of all firms drawn under the design of the sample.

    Raises: Refusal ``no_frame``, ``frame_variable_constant`` and those of shares.
    """
    if frame is None:
        raise Refusal(
            "no_frame",
            "The firms of this wave were not drawn from a frame that is here, as those of a file "
            "of imported answers; so there is nothing to hold them against.",
            "Leave  respondents_against_frame  out, or load the frame and draw the wave from it.",
        )
    known = {each.name: each for each in frame.variables}
    results: list[Result] = []
    for name in asked.variables:
        results += _of_variable(asked, table, known[name], frame, design)
    return tuple(results)


def _of_variable(
    asked: Described,
    table: int,
    variable: FrameVariable,
    frame: SampleAgainstFrame,
    design: SurveyDesign,
) -> list[Result]:
    drawn_levels = {each for each in variable.of_drawn if each is not None}
    if len(variable.levels) < 2:
        raise Refusal(
            "frame_variable_constant",
            f"All firms of the frame are alike in {variable.label}.",
            "Leave it out of  variables.",
        )
    of_firms = variable.of_drawn[frame.row_of_firm]
    answered = sorted({each for each in of_firms if each is not None})
    more = {
        "title": asked.name or "Firms that answered against sample and frame",
        "label": variable.label,
        "levels": [[code, label] for code, label in variable.levels],
        "answered": answered,
        "frame": dict(variable.on_frame),
        "drawn": _counts(variable, np.ones(len(frame.responded))),
        "drawn_weighted": _counts(variable, frame.weight),
        "responding": _counts(variable, frame.responded.astype(float)),
        "frame_name": frame.name,
        "frame_total": frame.total,
        "test": _response_test(variable, frame) if len(drawn_levels) > 1 else None,
    }
    results = []
    for weighting in WEIGHTINGS:
        made = _design_of(weighting, frame, design)
        found = shares(
            of_firms,
            levels=answered,
            interval="korn_graubard",
            design=made,
            wording={"y": variable.label},
        )
        results.append(
            Result(
                asked=replace(asked, statistic="share", outcome=variable.name, variables=()),
                title=f"{more['title']}: {variable.label}, {weighting}",
                description=found,
                table=None,
                codes={"y": dict(variable.levels)},
                part=Part(table, asked.statistic, weighting, variable.name, (), more),
            )
        )
    return results


def _design_of(weighting: str, frame: SampleAgainstFrame, design: SurveyDesign) -> SurveyDesign:
    """The design with other weights: strata and clusters stay those of the sample."""
    if weighting == "final":
        return design
    weight = frame.weight[frame.row_of_firm]
    return replace(
        design,
        weight=np.ones(len(weight)) if weighting == "unweighted" else weight,
        replicates=None,
    )


def _counts(variable: FrameVariable, weight: Floats) -> dict[str, float]:
    return {code: float(weight[variable.of_drawn == code].sum()) for code, _ in variable.levels}


def _response_test(variable: FrameVariable, frame: SampleAgainstFrame) -> dict[str, Any] | None:
    """Rao and Scott's F of response by the variable, among all eligible firms that were drawn."""
    design = survey_design(
        count=len(frame.weight),
        weight=frame.weight,
        stratum=frame.stratum,
        lonely="average",
    )
    responded = np.where(frame.responded, "yes", "no").astype(object)
    try:
        found = cross_tabulation(variable.of_drawn, responded, design=design)
    except Refusal:
        return None
    return test_document(found.tests.get("pearson_f"))
