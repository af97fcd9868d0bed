"""Surveys and waves as a person of the institute may see them."""

from django.db.models import Count, Q, QuerySet

from surveys.models import Case, Survey, Wave
from surveys.permissions import Person


def visible_surveys(user: Person) -> QuerySet[Survey]:
    """Surveys of the person, with the numbers of waves and of open waves."""
    return Survey.objects.visible_to(user).annotate(
        wave_count=Count("waves", distinct=True),
        open_count=Count("waves", filter=Q(waves__state=Wave.State.OPEN), distinct=True),
        imported_count=Count("waves", filter=Q(waves__origin=Wave.Origin.IMPORTED), distinct=True),
        made_count=Count("waves", filter=Q(waves__made_data=True), distinct=True),
    )


def visible_waves(user: Person) -> QuerySet[Wave]:
    """Waves of the person's surveys, with survey, instrument and frame in the same read."""
    return Wave.objects.filter(survey__in=Survey.objects.visible_to(user)).select_related(
        "survey", "instrument", "frame"
    )


def waves_of(survey: Survey) -> QuerySet[Wave]:
    """Waves of the survey; each with `n_<disposition>`, its number of cases by disposition."""
    counts = {
        f"n_{disposition}": Count("cases", filter=Q(cases__disposition=disposition))
        for disposition in Case.Disposition.values
    }
    return (
        Wave.objects.filter(survey=survey)
        .select_related("instrument")
        .annotate(n_cases=Count("cases"), **counts)
    )
