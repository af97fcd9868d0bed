"""A roster as it was when somebody downloaded it."""

from typing import Any

from django.db.models import Q

from surveys.models import PageVersion, Response
from surveys.questionnaire.items import Roster


def entries_at(
    response: Response | None, roster: Roster, page: str, revision: int
) -> list[dict[str, Any]]:
    """The entries as they were saved at the revision of the response: every save kept them all."""
    if response is None or response.pk is None:
        return []
    of_page = Q(page=page) | Q(page__startswith=f"{page}/")
    versions = PageVersion.objects.filter(of_page, response=response, revision__lte=revision)
    version = versions.order_by("-revision").first()
    entries = version.answers.get(roster.name) if version is not None else None
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
