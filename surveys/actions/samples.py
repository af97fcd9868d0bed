"""Drawing the sample of a wave from its frame."""

import random
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from surveys.models import AuditEvent, Case, Frame, Stratum, Unit, User, Wave
from surveys.sampling import DrawnStratum, FrameUnit, SamplePlan
from surveys.sampling import draw as draw_units


class DrawRefused(Exception):
    """A sample that cannot be drawn now. The text says why and what would do."""


@transaction.atomic
def draw(*, wave: Wave, plan: SamplePlan, seed: int, by: User | None, at: datetime) -> list[Case]:
    """Draw the sample of a wave that has none yet: its strata, and one case a firm.

    Raises DrawRefused if the wave has no frame, has cases already, or is no draft or open
    wave; AllocationRefused if the frame cannot give the sample.
    """
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    if wave.frame is None:
        raise DrawRefused("The wave has no frame to draw from. Load a frame first.")
    if wave.cases.exists():
        raise DrawRefused("The wave has a sample already; a second one would break its weights.")
    if wave.state == Wave.State.CLOSED:
        raise DrawRefused("The wave is closed. Draw the sample in a new wave.")
    units = {unit.register_id: unit for unit in wave.frame.units.all()}
    drawn = draw_units(_frame_units(wave.frame), plan, seed=seed)
    cases = _write(wave, drawn, units, seed)
    AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="sample_drawn",
        at=at,
        detail={"wave": wave.slug, "plan": plan.document(), "seed": seed, "cases": len(cases)},
    )
    return cases


def _frame_units(frame: Frame) -> list[FrameUnit]:
    fields = ("register_id", "size_class", "industry", "region", "permanent_random_number")
    return [FrameUnit(*values) for values in frame.units.values_list(*fields)]


def _write(
    wave: Wave, drawn: Sequence[DrawnStratum], units: dict[str, Unit], seed: int
) -> list[Case]:
    strata = Stratum.objects.bulk_create(_row(wave, stratum) for stratum in drawn)
    pseudonyms = _pseudonyms(sum(stratum.drawn for stratum in drawn), seed)
    return Case.objects.bulk_create(
        [
            Case(
                wave=wave,
                unit=units[unit.identifier],
                stratum=row,
                pseudonym=pseudonyms.pop(),
                firm_name=units[unit.identifier].name,
                inclusion_probability=stratum.weight.inclusion_probability,
                design_weight=stratum.weight.design_weight,
            )
            for row, stratum in zip(strata, drawn, strict=True)
            if stratum.weight is not None
            for unit in stratum.units
        ],
        batch_size=500,
    )


def _row(wave: Wave, stratum: DrawnStratum) -> Stratum:
    return Stratum(
        wave=wave,
        label=stratum.key.label,
        size_class=stratum.key.size_class,
        industry=stratum.key.industry,
        region=stratum.key.region,
        population=stratum.population,
        drawn=stratum.drawn,
    )


def _pseudonyms(number: int, seed: int) -> list[str]:
    """Labels in an order that tells nothing of the register or the stratum."""
    labels = [f"F{index:05}" for index in range(1, number + 1)]
    random.Random(f"pseudonyms {seed}").shuffle(labels)  # noqa: S311 -- to be repeated
    return labels
