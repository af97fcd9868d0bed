"""How far a wave's fieldwork is, as counts."""

from surveys.models import Case, Response, Wave


def answered_so_far(wave: Wave) -> dict[str, int]:
    """Firms drawn, those that have begun to answer, and those that handed in."""
    responses = Response.objects.filter(case__wave=wave)
    return {
        "drawn": Case.objects.filter(wave=wave).count(),
        "begun": responses.count(),
        "handed_in": responses.filter(submitted_at__isnull=False).count(),
    }
