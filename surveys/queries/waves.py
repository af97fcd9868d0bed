"""Surveys and waves as a person of the institute may see them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from surveys.models import (
    Case,
    ContactStep,
    Invitation,
    Response,
    Stratum,
    Survey,
    Unit,
    Wave,
)
from surveys.permissions import Person
from surveys.queries.weighting import published_number


def visible_surveys(user: Person) -> QuerySet[Survey]:
    """Surveys of the person, with the numbers of waves and of open waves."""
    counted = Survey.objects.visible_to(user).annotate(
        wave_count=Count("waves", distinct=True),
        open_count=Count("waves", filter=Q(waves__state=Wave.State.OPEN), distinct=True),
        imported_count=Count("waves", filter=Q(waves__origin=Wave.Origin.IMPORTED), distinct=True),
        made_count=Count("waves", filter=Q(waves__made_data=True), distinct=True),
    )
    return counted.order_by("title", "slug")


def visible_waves(user: Person) -> QuerySet[Wave]:
    """Waves of the person's surveys, with survey, instrument and frame in the same read."""
    waves = Wave.objects.filter(survey__in=Survey.objects.visible_to(user))
    return waves.select_related("survey", "instrument", "frame").defer("instrument__document")


def waves_of(survey: Survey) -> QuerySet[Wave]:
    """Waves of the survey; each with `n_<disposition>`, its number of cases by disposition."""
    counts = {
        f"n_{disposition}": Count("cases", filter=Q(cases__disposition=disposition))
        for disposition in Case.Disposition.values
    }
    return (
        Wave.objects.filter(survey=survey)
        .select_related("survey")
        .annotate(n_cases=Count("cases"), **counts)
        .order_by("-reference_last_year", "slug")
    )


@dataclass(frozen=True, slots=True)
class WaveCounts:
    """What the stages of a wave hold; `weights` is the number of the published version."""

    frame_units: int
    strata: int
    codes_live: int
    steps: int
    responses_submitted: int
    weights: int | None


def wave_counts(wave: Wave) -> WaveCounts:
    units = Unit.objects.filter(frame=wave.frame_id).count() if wave.frame_id else 0
    return WaveCounts(
        frame_units=units,
        strata=Stratum.objects.filter(wave=wave).count(),
        codes_live=Invitation.objects.filter(case__wave=wave, revoked_at=None).count(),
        steps=ContactStep.objects.filter(wave=wave).count(),
        responses_submitted=Response.objects.filter(
            case__wave=wave, submitted_at__isnull=False
        ).count(),
        weights=published_number(wave),
    )


def wave_named(survey: str, wave: str) -> Wave | None:
    """The wave by the slugs of its survey and its own; None if there is none. For commands."""
    return (
        Wave.objects.filter(survey__slug=survey, slug=wave)
        .select_related("survey", "instrument", "frame")
        .first()
    )


def earlier_waves(wave: Wave) -> QuerySet[Wave]:
    """Waves of the survey that may be quoted in this one, the newest first."""
    earlier = Wave.objects.filter(survey=wave.survey_id, instrument__isnull=False)
    return earlier.filter(reference_last_year__lt=wave.reference_last_year).exclude(pk=wave.pk)
