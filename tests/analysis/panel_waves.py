"""A survey of two made waves, small enough for a test: some firms answer both, some one."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from surveys import questionnaire
from surveys.models import Frame, Instrument, Wave
from tests.analysis.answered import QUESTIONS
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_instrument,
    make_response,
    make_stratum,
    make_survey,
    make_unit,
    make_wave,
)

WITH_EXPORTS = (
    QUESTIONS
    + """
          - name: exports
            kind: number
            label: What share of turnover comes from abroad?
            minimum: 0
            maximum: 100
            bind: {construct: control.export_share}
"""
)
Answers = Mapping[int, Mapping[str, Any]]


def instrument_of(text: str, version: str = "1") -> Instrument:
    compiled = questionnaire.compile_text(text.replace('version: "1"', f'version: "{version}"'))
    return make_instrument(
        dict(compiled.document), fingerprint=compiled.fingerprint, version=version
    )


def make_followed_wave(
    frame: Frame,
    instrument: Instrument,
    year: int,
    answers: Answers,
    *,
    strata: Sequence[int] = (1,),
    state: str = Wave.State.CLOSED,
) -> Wave:
    """A wave that firms of the frame answer: firm number to its answers.

    Firm k is in stratum k mod the number of strata; each has a design weight of 10 + its stratum.
    """
    wave = make_wave(
        frame.survey,
        str(year),
        title=f"Wave {year}",
        instrument=instrument,
        frame=frame,
        state=state,
        reference_first_year=year - 2,
        reference_last_year=year,
    )
    made = [
        make_stratum(wave, f"stratum {number}", population=1000, drawn=len(answers))
        for number in range(len(strata))
    ]
    for number, given in answers.items():
        place = number % len(strata)
        unit = frame.units.filter(register_id=f"R{number}").first()
        case = make_case(
            wave,
            made[place],
            f"F{year}-{number:03}",
            unit=unit or make_unit(frame, f"R{number}"),
            design_weight=10.0 + place,
            disposition="complete",
        )
        make_response(
            case,
            dict(given),
            page_revisions={"firm": 1},
            revision=1,
            submitted_at=NOON + timedelta(minutes=number),
            reference=case.pseudonym,
        )
    return wave


def made_answers(wave: int, firms: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Persons and a new good that depend on the firm and the wave in no simple way."""
    return {
        number: {
            "new_good": "yes" if (number * 7 + wave * 3) % 5 < 2 + wave % 2 else "no",
            "persons": 8 + (number * 37) % 53 + wave * ((number * 11) % 9) + number % 4,
        }
        for number in firms
    }


def make_two_waves(
    *, first: Sequence[int] = range(40), second: Sequence[int] = range(8, 44), strata: int = 2
) -> tuple[Wave, Wave]:
    """Waves 2023 and 2025 of one survey; by default 32 firms answer both."""
    frame = make_frame(make_survey())
    instrument = instrument_of(QUESTIONS)
    places = tuple(range(strata))
    return (
        make_followed_wave(frame, instrument, 2023, made_answers(0, first), strata=places),
        make_followed_wave(frame, instrument, 2025, made_answers(1, second), strata=places),
    )
