"""Waves of a survey to be analysed as one data set: which they are, and what links their firms."""

import itertools
from collections.abc import Sequence

from mathematics.refusals import Refusal
from surveys.models import Wave
from surveys.queries.extracts import FRAME_CONSTRUCTS
from surveys.queries.instruments import compiled
from surveys.queries.linked import NotLinked, linked
from surveys.queries.panel import standings_of
from surveys.queries.pooling import NOT_EVERYWHERE, OTHERWISE, pooled_of
from surveys.questionnaire import bound_columns

ALL = ("all",)


def waves_together(wave: Wave, slugs: Sequence[str]) -> tuple[Wave, ...]:
    """The waves of the wave's survey with these slugs, or all that were opened, in time.

    Raises: Refusal ``unknown_wave``, ``wave_not_open``, ``wave_not_among``,
    ``waves_not_in_time``, ``number_of_waves``.
    """
    of_survey = Wave.objects.filter(survey=wave.survey_id).select_related(
        "survey", "instrument", "frame"
    )
    by_slug = {each.slug: each for each in of_survey.order_by("reference_last_year", "slug")}
    if tuple(slugs) == ALL:
        found = tuple(each for each in by_slug.values() if each.state != Wave.State.DRAFT)
    else:
        found = tuple(_known(slug, by_slug) for slug in slugs)
    for each in found:
        _refuse_draft(each)
    if wave.pk not in {each.pk for each in found}:
        raise Refusal(
            "wave_not_among",
            f"The plan belongs to the wave {wave.slug}, which is not among its waves.",
            f"Add {wave.slug} to its waves, or keep the plan with one of them.",
        )
    for earlier, later in itertools.pairwise(found):
        _refuse_back_in_time(earlier, later)
    if len(found) < 2:
        raise Refusal(
            "number_of_waves",
            "The survey has one wave that was opened, and a panel takes two.",
            "Open the next wave, or leave out the key  waves.",
        )
    return found


def units_of(waves: Sequence[Wave], pseudonyms: Sequence[Sequence[str]]) -> list[list[str]]:
    """Of each wave the firms of these pseudonyms, by a name that is the same in all waves.

    A firm goes by wave and pseudonym of the first of the waves that has it; one that was not
    drawn from a frame of the survey is linked to no other.
    """
    first: dict[str, str] = {}
    units = []
    for wave, names in zip(waves, pseudonyms, strict=True):
        firm_of = {each.pseudonym: firm for firm, each in standings_of(wave).items()}
        found = []
        for name in names:
            own = f"{wave.slug}/{name}"
            found.append(first.setdefault(firm_of[name], own) if name in firm_of else own)
        units.append(found)
    return units


def not_alike(waves: Sequence[Wave]) -> dict[str, str]:
    """Variables that do not mean the same in two waves that both asked them, with the reason.

    Categories of the frame are no codes of a question: that a wave drew no firm of an industry
    does not change what the others mean.
    """
    found: dict[str, str] = {}
    for pair in itertools.combinations(waves, 2):
        for name, why in pooled_of(pair).left_out:
            if why != NOT_EVERYWHERE and not (why == OTHERWISE and _is_of_frames(name, pair)):
                found.setdefault(name, why)
    return found


def longitudinal_weights(waves: Sequence[Wave]) -> dict[str, float]:
    """Weight of every firm that answered in all of the waves, by its name in `units_of`."""
    try:
        members = linked(waves).members
    except (NotLinked, Refusal):
        return {}
    return {f"{waves[0].slug}/{each.firm}": each.longitudinal_weight for each in members}


def _known(slug: str, waves: dict[str, Wave]) -> Wave:
    if slug in waves:
        return waves[slug]
    raise Refusal(
        "unknown_wave",
        f"The survey has no wave “{slug}”.",
        f"It has {', '.join(waves)}.",
    )


def _refuse_draft(wave: Wave) -> None:
    if wave.state == Wave.State.DRAFT:
        raise Refusal(
            "wave_not_open",
            f"The wave {wave.slug} is not open yet, so no firm has answered it.",
            "Leave it out, or wait until its field begins.",
        )


def _refuse_back_in_time(earlier: Wave, later: Wave) -> None:
    if later.reference_last_year < earlier.reference_last_year:
        raise Refusal(
            "waves_not_in_time",
            f"The wave {later.slug} stands after {earlier.slug}, but is about earlier years: what "
            "is called a lag would be a lead.",
            "Name the waves from the earliest to the latest.",
        )


def _is_of_frames(name: str, waves: Sequence[Wave]) -> bool:
    """Whether the variable is told by the frame of each wave and by no question."""
    return name in FRAME_CONSTRUCTS and not any(
        column.name == name
        for wave in waves
        if wave.instrument is not None
        for column in bound_columns(compiled(wave.instrument))
    )
