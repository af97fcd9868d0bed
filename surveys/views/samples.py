"""The frame of a wave, and the sample drawn from it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.fieldwork.rates import response_rate_1
from surveys.models import Wave
from surveys.queries.fieldwork import StratumTally, tally
from surveys.queries.frames import frame_cells, frame_size
from surveys.views.access import wave_page


@dataclass(frozen=True, slots=True)
class StratumLine:
    """A stratum as the sample page shows it; shares in [0, 1], None where not known."""

    label: str
    population: int | None
    drawn: int
    fraction: float | None
    weight: float | None
    responded: int
    response_rate: float | None


@require_safe
@wave_page()
def frame(request: HttpRequest, wave: Wave) -> HttpResponse:
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "frame",
        "frame": wave.frame,
        "cells": frame_cells(wave.frame) if wave.frame else (),
        "size": frame_size(wave.frame) if wave.frame else 0,
    }
    return render(request, "research/samples/frame.html", context)


@require_safe
@wave_page()
def sample(request: HttpRequest, wave: Wave) -> HttpResponse:
    counted = tally(wave)
    lines = [_line(stratum) for stratum in counted.strata]
    populations = [line.population for line in lines]
    known = bool(lines) and None not in populations
    population = sum(number or 0 for number in populations) if known else None
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "sample",
        "lines": lines,
        "population": population,
        "cases": counted.cases,
        "complete": counted.number("complete"),
        "fraction": counted.cases / population if population else None,
        "response_rate": response_rate_1(counted.outcomes),
    }
    return render(request, "research/samples/sample.html", context)


def _line(stratum: StratumTally) -> StratumLine:
    weight = sum(weight for _, weight in stratum.weights)
    return StratumLine(
        label=stratum.label,
        population=stratum.population,
        drawn=stratum.drawn,
        fraction=stratum.drawn / stratum.population if stratum.population else None,
        weight=weight / stratum.cases if stratum.cases else None,
        responded=stratum.number("complete"),
        response_rate=response_rate_1(stratum.outcomes),
    )
