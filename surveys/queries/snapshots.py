"""The figures of a wave's fieldwork that read every case or every answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mathematics.refusals import Refusal
from surveys import questionnaire
from surveys.fieldwork.auxiliaries import auxiliaries
from surveys.fieldwork.completeness import (
    ItemNonresponse,
    State,
    break_off_by_page,
    item_nonresponse,
)
from surveys.fieldwork.dispositions import term
from surveys.fieldwork.durations import durations
from surveys.fieldwork.priority import priority, under_representation
from surveys.fieldwork.representativity import Representativity, representativity
from surveys.models import Case, CaseEvent, Response, Wave
from surveys.queries.instruments import compiled, reads_frame
from surveys.queries.key_items import state_of
from surveys.queries.outcomes import NOT_STATED, outcome_name
from surveys.queries.prior import frame_values
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.offering import takes_answer

_WAITING = (Case.Disposition.NOT_STARTED.value, Case.Disposition.STARTED.value)
_VARIABLES = ("size class", "industry", "region")
_LEAST_TIMES = 5
_Z95 = 1.959964
_CHUNK = 500
_FILL = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a snapshot keeps, and the priority of every open case by its key."""

    document: dict[str, Any]
    priorities: dict[int, float]


def figures(wave: Wave) -> Figures:
    """All of it, in a fixed number of statements; answers are read in portions."""
    balance, priorities = _balance(wave)
    return Figures({"balance": balance, "minutes": _minutes(wave), **_answers(wave)}, priorities)


def _balance(wave: Wave) -> tuple[dict[str, Any], dict[int, float]]:
    """How alike the groups of firms responded, and whom to follow up first."""
    place = "unit" if wave.frame_id else "stratum"
    fields = [f"{place}__{name}" for name in ("size_class", "industry", "region")]
    rows = Case.objects.filter(wave=wave).values_list(
        "pk", "disposition", "final_code", "design_weight", "stratum", *fields
    )
    eligible = [row for row in rows.order_by("pk") if _letter(row) != "NE"]
    if not eligible:
        return {"refused": "The wave has no cases yet."}, {}
    variables = {
        name: np.array([row[5 + number] or NOT_STATED for row in eligible], dtype=object)
        for number, name in enumerate(_VARIABLES)
    }
    variables = {name: values for name, values in variables.items() if len(set(values)) > 1}
    responded = np.array([_letter(row) in ("I", "P") for row in eligible])
    weight = np.array([row[3] for row in eligible], dtype=float)
    stratum = np.array([row[4] for row in eligible])
    try:
        found = _representativity(variables, responded, weight, stratum)
    except Refusal as refusal:
        return {"refused": f"{refusal.message} {refusal.remedy}"}, {}
    is_open = np.array([row[1] in _WAITING for row in eligible])
    behind = under_representation(auxiliaries(variables, weight), found.partial)
    influence = behind if behind[is_open].any() else np.ones(len(behind))
    chance = np.clip(found.propensities.p, 0, 1)
    scores = priority(chance, weight, influence, is_open).score * is_open.sum()
    keys = [row[0] for row in eligible]
    priorities = {
        key: round(float(score), 4)
        for key, score, opened in zip(keys, scores, is_open, strict=True)
        if opened
    }
    return _told(found, len(eligible)), priorities


def _letter(row: tuple[Any, ...]) -> str:
    return term(outcome_name(row[1], row[2])).symbol


def _representativity(
    variables: dict[str, Any], responded: Any, weight: Any, stratum: Any
) -> Representativity:
    """By a logit; by rates fitted by least squares where a group responded wholly or not at all."""
    try:
        return representativity(variables, responded, weight, stratum=stratum)
    except Refusal as refusal:
        if refusal.code not in ("response_separated", "propensity_no_summit"):
            raise
    return representativity(variables, responded, weight, stratum=stratum, link="linear")


def _told(found: Representativity, cases: int) -> dict[str, Any]:
    return {
        "r": found.r,
        "low": max(0.0, found.r - _Z95 * found.std_error),
        "high": min(1.0, found.r + _Z95 * found.std_error),
        "std_error": found.std_error,
        "variation": found.variation,
        "cases": cases,
        "model": found.propensities.link,
        "variables": [
            {
                "name": each.name,
                "unconditional": each.unconditional,
                "std_error": each.std_error,
                "categories": [
                    {
                        "level": str(category.level),
                        "cases": category.cases,
                        "rate": category.propensity,
                        "unconditional": category.unconditional,
                    }
                    for category in sorted(each.categories, key=lambda one: one.unconditional)
                ],
            }
            for each in found.partial
        ],
    }


def _minutes(wave: Wave) -> dict[str, Any]:
    """Minutes with pages open, of firms that handed in; from begin to end where none is known."""
    handed_in = Response.objects.filter(case__wave=wave, submitted_at__isnull=False)
    spans = {
        case: (end - begun).total_seconds()
        for case, begun, end in handed_in.values_list("case", "begun_at", "submitted_at")
        if end is not None
    }
    open_for: dict[int, float] = {}
    visits = CaseEvent.objects.filter(case__wave=wave, kind="page_left").values_list(
        "case", "detail__visible", "detail__open"
    )
    for case, visible, opened in visits.iterator(chunk_size=5000):
        seconds = visible if visible is not None else opened
        open_for[case] = open_for.get(case, 0.0) + float(seconds or 0)
    times = [open_for.get(case) or span for case, span in spans.items()]
    minutes = [seconds / 60 for seconds in times if seconds > 0]
    if len(minutes) < _LEAST_TIMES:
        return {"firms": len(minutes), "too_few": True}
    found = durations(minutes)
    return {
        "firms": found.kept,
        "too_few": False,
        "quantiles": {f"{share:g}": value for share, value in found.quantiles.items()},
        "too_short": found.too_short,
        "too_long": found.too_long,
        "by_pages": sum(case in open_for for case in spans),
    }


def _answers(wave: Wave) -> dict[str, Any]:
    """Where firms stopped, and which questions they left without an answer."""
    if wave.instrument is None:
        return {"pages": [], "items": []}
    instrument = compiled(wave.instrument)
    visits: list[tuple[str, bool]] = []
    missing = item_nonresponse(_states(wave, instrument, visits))
    losses = break_off_by_page([page.name for page in instrument.pages], visits)
    titles = {page.name: _plain(page.title, wave) for page in instrument.pages}
    return {
        "pages": [
            {"page": each.page, "title": titles[each.page], "reached": each.reached,
             "broke_off": each.broke_off, "share": each.share}
            for each in losses
        ],
        "items": [
            _item(each, instrument, wave)
            for each in sorted(missing, key=lambda one: -(one.share or 0))
            if each.asked
        ],
    }  # fmt: skip


def _plain(text: str, wave: Wave) -> str:
    """Words of the questionnaire without its fills: for all firms, not for one."""
    known = {
        "firm": "the firm",
        "first_year": str(wave.reference_first_year),
        "last_year": str(wave.reference_last_year),
        "period": f"{wave.reference_first_year} to {wave.reference_last_year}",
    }
    return _FILL.sub(lambda found: known.get(found[1], "…"), text)


def _item(found: ItemNonresponse, instrument: Instrument, wave: Wave) -> dict[str, Any]:
    item = next(each for each in instrument.items if each.name == found.item)
    return {
        "item": found.item,
        "label": _plain(item.label, wave),
        "asked": found.asked,
        "answered": found.answered,
        "dont_know": found.dont_know,
        "refused": found.refused,
        "blank": found.blank,
        "share": found.share,
    }


def _states(
    wave: Wave, instrument: Instrument, visits: list[tuple[str, bool]]
) -> Iterator[tuple[str, State]]:
    """States of the answers of firms that handed in; of every firm, where it stopped."""
    kept = Response.objects.filter(case__wave=wave).select_related("case__unit", "case__stratum")
    fields = ("answers", "page_revisions", "submitted_at", "case__unit", "case__stratum")
    on_frame = wave.instrument is not None and reads_frame(wave.instrument)
    for response in kept.only(*fields).order_by("pk").iterator(chunk_size=_CHUNK):
        known = frame_values(response.case) if on_frame else None
        route = questionnaire.route(instrument, response.answers, known)
        unsaved = [page.name for page in route.pages if page.name not in response.page_revisions]
        last = unsaved[0] if unsaved else route.pages[-1].name
        visits.append((last, response.is_submitted or not unsaved))
        if not response.is_submitted:
            continue
        for page in route.pages:
            for item in route.items_of(page):
                if takes_answer(item):
                    yield item.name, state_of(item, route.answers.get(item.name))
