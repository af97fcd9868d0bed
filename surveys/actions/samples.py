"""Planning and drawing the sample of a wave from its frame."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from surveys.models import AuditEvent, Case, Frame, SamplePlan, Stratum, Unit, User, Wave
from surveys.queries.ended_firms import ended_firms
from surveys.queries.samples import FrameRead, Reading, earlier_arcs, earlier_draws, read_frame
from surveys.sampling import SamplePlan as PlainPlan
from surveys.sampling.arrays import Integers
from surveys.sampling.designs import (
    Design,
    Stratified,
    drawn_sample,
    outlook,
    read,
    remark_on_ended,
    remarks,
    shortfall,
    sized_for_draw,
    starts_of,
    stratified,
)
from surveys.sampling.selection.draws import Draw

AT_ONCE = 5_000
Kept = Callable[[], None]
"""Told at the end of the transaction that keeps a plan or a sample; raising, it keeps nothing."""


class DrawRefused(Exception):
    """A sample that cannot be planned or drawn now. The text says why and what would do."""


@dataclass(frozen=True, slots=True, eq=False)
class _WorkedOut:
    frame: FrameRead
    on: Stratified
    draw: Draw
    preview: dict[str, Any]


def plan(
    *,
    wave: Wave,
    document: Mapping[str, Any],
    by: User | None,
    at: datetime,
    reading: Reading | None = None,
    kept: Kept = lambda: None,
) -> SamplePlan:
    """Keep the plan of a wave and what it would give; nothing is drawn.

    The plan is worked out before anything is locked; `reading` is told how many firms of the
    frame were read. Raises DesignErrors for a document with problems; DrawRefused if the wave has
    no frame or a sample already; SamplingRefused if the frame cannot give the sample.
    """
    design = read(document)
    frame = _frame_to_draw(wave)
    worked_out = _work_out(wave, frame, design, reading)
    with transaction.atomic():
        wave = _locked(wave, frame)
        made = _keep(wave, frame, document, design, worked_out, by=by, at=at, drawn_at=None)
        kept()
    return made


def draw(
    *,
    wave: Wave,
    plan: PlainPlan | None = None,
    seed: int | None = None,
    by: User | None,
    at: datetime,
    reading: Reading | None = None,
    kept: Kept = lambda: None,
) -> list[Case]:
    """Draw the sample of a wave that has none yet: its strata, and one case a firm.

    Without `plan` the kept one is drawn, from the frame that it was made for. Raises
    DrawRefused if the wave has no frame, no plan, cases already or is closed, or if the frame
    is another than that of the plan; SamplingRefused if the frame cannot give the sample.
    """
    frame = _frame_to_draw(wave)
    document = _kept(wave, frame) if plan is None else document_of(plan, seed or 0)
    design = read(document)
    worked_out = _work_out(wave, frame, design, reading, is_drawn=True)
    with transaction.atomic():
        wave = _locked(wave, frame)
        if plan is None and _kept(wave, frame) != document:
            raise DrawRefused("The plan was changed meanwhile. Look at it, and draw then.")
        if plan is None:
            _refuse_other_firms(wave, worked_out)
        _keep(wave, frame, document, design, worked_out, by=by, at=at, drawn_at=at)
        cases = _write(wave, worked_out, design.seed)
        AuditEvent.objects.create(
            user=by,
            survey=wave.survey,
            action="sample_drawn",
            at=at,
            detail={
                "wave": wave.slug,
                "plan": plan.document() if plan else document,
                "seed": design.seed,
                "frame": frame.fingerprint,
                "cases": len(cases),
            },
        )
        kept()
    return cases


def document_of(plan: PlainPlan, seed: int) -> dict[str, Any]:
    """The document of a plan by size, smallest number, classes taken whole and power."""
    return {
        "strata": {"take_all": list(plan.take_all)},
        "allocation": {
            "method": "power",
            "total": plan.size,
            "minimum": plan.minimum,
            "power": plan.power,
        },
        "seed": seed,
    }


def _frame_to_draw(wave: Wave) -> Frame:
    """The frame of a wave that may be drawn. Raises DrawRefused."""
    wave.refresh_from_db(fields=["frame", "state"])
    if wave.frame is None:
        raise DrawRefused("The wave has no frame to draw from. Load a frame first.")
    if wave.cases.exists():
        raise DrawRefused("The wave has a sample already; a second one would break its weights.")
    if wave.state == Wave.State.CLOSED:
        raise DrawRefused("The wave is closed. Draw the sample in a new wave.")
    return wave.frame


def _locked(wave: Wave, frame: Frame) -> Wave:
    """The wave for this transaction alone, found as it was when the frame was read."""
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    if _frame_to_draw(wave).pk != frame.pk:
        raise DrawRefused("Another frame was chosen meanwhile. Preview the plan on that one.")
    return wave


def _kept(wave: Wave, frame: Frame) -> Mapping[str, Any]:
    kept = SamplePlan.objects.filter(wave=wave).first()
    if kept is None:
        raise DrawRefused("The wave has no sample plan. Plan the sample first.")
    if kept.frame_fingerprint != frame.fingerprint:
        raise DrawRefused(
            "The frame is another than the one that the plan was worked out on. Preview the "
            "plan again, look at what changed, and draw then."
        )
    document: Mapping[str, Any] = kept.document
    return document


def _refuse_other_firms(wave: Wave, worked_out: _WorkedOut) -> None:
    """What was recorded of firms since the preview must not change who is drawn unseen."""
    seen = SamplePlan.objects.get(wave=wave).preview.get("ended")
    now = worked_out.preview["ended"]["fingerprint"]
    if seen is not None and seen["fingerprint"] != now:
        raise DrawRefused(
            "What became of firms was recorded since the preview, so that the plan would leave "
            "out others. Preview it again, and draw then."
        )


def _work_out(
    wave: Wave, frame: Frame, design: Design, reading: Reading | None, *, is_drawn: bool = False
) -> _WorkedOut:
    """The sample and its preview; what would meet targets is not sought of one that is drawn."""
    rotation = design.selection.rotation
    earlier = earlier_arcs(wave, rotation.wave) if rotation else None
    if rotation and earlier is None:
        raise DrawRefused(
            f"No sample was drawn by a kept plan in a wave {rotation.wave} of this survey. Name "
            "another wave in selection.rotation, or leave it out."
        )
    ended = ended_firms(frame)
    found = read_frame(frame, design.measures, reading).without(ended.of(design.leave_out))
    on = stratified(design, found.columns, origin=wave.survey.slug)
    size = sized_for_draw(design, on)
    drawn = drawn_sample(design, on, size, earlier=earlier)
    starts = starts_of(design, on, earlier)
    preview = outlook(design, on, size, drawn, starts=starts, earlier=earlier_draws(wave))
    missing = None if is_drawn else shortfall(design, on, size)
    preview["shortfall"] = missing.document() if missing else None
    told = ended.document(design.leave_out, found.keys[drawn.unit].tolist())
    preview["ended"] = told
    said = remark_on_ended(left_out=told["left_out"], staying=told["staying"], drawn=told["drawn"])
    preview["remarks"] = [*said, *remarks(design, size, missing)]
    return _WorkedOut(found, on, drawn, preview)


def _keep(
    wave: Wave,
    frame: Frame,
    document: Mapping[str, Any],
    design: Design,
    worked_out: _WorkedOut,
    *,
    by: User | None,
    at: datetime,
    drawn_at: datetime | None,
) -> SamplePlan:
    kept, _ = SamplePlan.objects.update_or_create(
        wave=wave,
        defaults={
            "document": dict(document),
            "seed": design.seed,
            "frame_fingerprint": frame.fingerprint,
            "preview": worked_out.preview,
            "saved_by": by,
            "saved_at": at,
            "drawn_at": drawn_at,
        },
    )
    return kept


def _write(wave: Wave, worked_out: _WorkedOut, seed: int) -> list[Case]:
    lines = worked_out.preview["strata"]
    strata = Stratum.objects.bulk_create(_strata(wave, lines), batch_size=AT_ONCE)
    drawn = worked_out.draw
    names = _names(worked_out.frame.keys[drawn.unit])
    pseudonyms = _pseudonyms(len(drawn.unit), seed)
    groups = worked_out.on.firms.group
    first_stage = _first_stage(worked_out)
    cases = [
        Case(
            wave=wave,
            unit_id=key,
            stratum=strata[stratum],
            pseudonym=pseudonyms.pop(),
            firm_name=names[key],
            group_id=str(groups[position]),
            inclusion_probability=chance,
            design_weight=1 / chance,
            first_stage_probability=of_group,
            cluster=str(groups[position]) if of_group is not None else "",
        )
        for position, key, stratum, chance, of_group in zip(
            drawn.unit.tolist(),
            worked_out.frame.keys[drawn.unit].tolist(),
            drawn.stratum.tolist(),
            drawn.probability.tolist(),
            first_stage,
            strict=True,
        )
    ]
    return Case.objects.bulk_create(cases, batch_size=AT_ONCE)


def _first_stage(worked_out: _WorkedOut) -> list[float | None]:
    """Of every firm drawn, the chance of its group: its own over that within the group."""
    groups, drawn = worked_out.on.groups, worked_out.draw
    if groups is None or drawn.group is None:
        return [None] * len(drawn.unit)
    taken = np.bincount(drawn.group, minlength=len(groups.name))
    within = taken[drawn.group] / groups.establishments[drawn.group]
    return [min(chance, 1.0) for chance in (drawn.probability / within).tolist()]


def _names(keys: Integers) -> dict[int, str]:
    wanted = keys.tolist()
    found: dict[int, str] = {}
    for first in range(0, len(wanted), AT_ONCE):
        units = Unit.objects.filter(pk__in=wanted[first : first + AT_ONCE])
        found.update(units.values_list("pk", "name"))
    return found


def _strata(wave: Wave, lines: Sequence[Mapping[str, Any]]) -> list[Stratum]:
    taken: set[str] = set()
    return [
        Stratum(
            wave=wave,
            label=_label(line["label"], taken),
            size_class=_shortened(line["size_class"], 20),
            industry=_shortened(line["industry"], 20),
            region=_shortened(line["region"], 40),
            population=line["population"],
            drawn=line["drawn"],
        )
        for line in lines
    ]


def _label(text: str, taken: set[str]) -> str:
    """A label of its own; joined strata can have names longer than is kept of them."""
    label, number = _shortened(text, 120), 2
    while label in taken:
        ending = f" ({number})"
        label, number = _shortened(text, 120 - len(ending)) + ending, number + 1
    taken.add(label)
    return label


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _pseudonyms(number: int, seed: int) -> list[str]:
    """Labels in an order that tells nothing of the register or the stratum."""
    labels = [f"F{index:05}" for index in range(1, number + 1)]
    random.Random(f"pseudonyms {seed}").shuffle(labels)  # noqa: S311 -- to be repeated
    return labels
