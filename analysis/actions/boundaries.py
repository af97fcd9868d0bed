"""Where the regions of a survey lie: kept from a file, for maps of its results."""

from datetime import datetime

from analysis import extracts
from analysis.extracts import Survey, User, Wave
from analysis.figures.boundaries import Boundaries, read_boundaries
from analysis.models import RegionBoundaries
from analysis.refusals import Refusal

REGION = "control.region"


def region_codes(wave: Wave) -> dict[str, str]:
    """The codes of the wave's regions, each with its label; empty if it did not ask."""
    found = extracts.dataset_for_pages(wave).variables_of(REGION)
    return dict(found[0].codes) if found else {}


def keep_boundaries(
    *, wave: Wave, content: bytes, file_name: str, named: str, by: User | None, at: datetime
) -> Boundaries:
    """Keep the boundaries of the wave's regions for all of its survey; earlier ones give way.

    Raises: Refusal ``no_regions`` and those of `read_boundaries`.
    """
    codes = region_codes(wave)
    if not codes:
        raise Refusal(
            "no_regions",
            "The wave's questionnaire does not ask in which region a firm is.",
            "Take a wave with a question that is bound to control.region.",
        )
    found = read_boundaries(content, codes, named)
    RegionBoundaries.objects.update_or_create(
        survey=wave.survey,
        defaults={
            "file_name": file_name[:200],
            "document": found.document(),
            "kept_by": by,
            "kept_at": at,
        },
    )
    return found


def boundaries_of(survey: Survey) -> Boundaries | None:
    """Those that the survey has, if any."""
    kept = RegionBoundaries.objects.filter(survey=survey).first()
    return None if kept is None else Boundaries.from_document(kept.document)
