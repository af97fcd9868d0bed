from datetime import datetime

from django.db import transaction

from analysis.extracts import User, Wave
from analysis.models import Plan, PlanVersion
from analysis.specification.plan import read_plan


@transaction.atomic
def write_plan(*, wave: Wave, slug: str, source: str, by: User | None, at: datetime) -> PlanVersion:
    """Keep a text of a plan as its newest version; the text it already has stays as it is.

    Raises Refusal, with every problem of the text, if it is no plan.
    """
    read = read_plan(source)
    plan, _ = Plan.objects.get_or_create(wave=wave, slug=slug, defaults={"title": read.title})
    # Two people who save at once take their numbers one after the other.
    Plan.objects.select_for_update().get(pk=plan.pk)
    newest = plan.versions.order_by("-number").first()
    if newest is not None and newest.source == source:
        return newest
    Plan.objects.filter(pk=plan.pk).update(title=read.title)
    return PlanVersion.objects.create(
        plan=plan,
        number=1 if newest is None else newest.number + 1,
        source=source,
        fingerprint=read.fingerprint,
        written_by=by,
        written_at=at,
    )
