"""Whether the extract of a wave may have changed, told without reading an answer."""

from typing import Any

from django.db.models import Count, Max, Sum

from surveys.models import Case, Response, Stratum, Wave, Weighting

# What of a wave itself an extract tells, or rests on.
_OF_WAVES = (
    "slug", "title", "reference_period", "reference_last_year", "instrument_id", "made_data",
    "origin", "provenance", "state",
)  # fmt: skip
_OF_STRATA = ("label", "population", "drawn", "region", "size_class", "industry")
_WAVES_BEFORE = 3


def extract_mark(wave: Wave) -> tuple[Any, ...]:
    """What changes whenever the extract of the wave may have changed; a few small reads.

    That answers were saved is seen by the revision of their response, which every save raises.
    """
    survey, strata = wave.survey, Stratum.objects.filter(wave=wave).order_by("label")
    seen = [
        survey.slug,
        survey.title,
        survey.made_at,
        Weighting.objects.filter(wave=wave, is_published=True).values_list("pk").first(),
        tuple(strata.values_list(*_OF_STRATA)),
        *_of_answers(wave),
    ]
    former = wave.previous
    for _ in range(_WAVES_BEFORE):
        if former is not None:
            # Routes may rest on what was said in the wave before.
            seen += _of_answers(former)
            former = former.previous
    return tuple(seen)


def _of_answers(wave: Wave) -> list[Any]:
    answers = Response.objects.filter(case__wave=wave).aggregate(
        submitted=Count("submitted_at"),
        newest=Max("submitted_at"),
        revisions=Sum("revision"),
        responses=Count("pk"),
        last=Max("pk"),
    )
    outcomes = Case.objects.filter(wave=wave).order_by("disposition").values_list("disposition")
    # Conditions may read how many persons the frame says that a firm has.
    of_units = (Count("unit"), Sum("unit__employees"))
    # That one firm took the place of another among those of an outcome leaves their number.
    which = (Sum("pk"), Max("disposition_at"))
    outcomes = outcomes.annotate(Count("pk"), *which, *of_units, Sum("design_weight"))
    return [
        wave.pk,
        *(str(getattr(wave, name)) for name in _OF_WAVES),
        tuple(answers.values()),
        # A sum of floats may end otherwise with the order in which rows are found.
        tuple((*told, f"{weight:.9g}") for *told, weight in outcomes),
    ]
