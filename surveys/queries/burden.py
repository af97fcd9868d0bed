"""In which waves each firm of a survey was drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from surveys.models import Case, Enterprise, Survey, Wave

COLUMNS = ("register_id", "name", "waves", "first", "last", "drawn_in")
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class BurdenedFirm:
    """A firm and the waves that drew it, the oldest first."""

    enterprise: Enterprise
    waves: tuple[Wave, ...]


def drawn_enterprises(
    survey: Survey, *, at_least: int = 1, wave: str = "", search: str = ""
) -> QuerySet[Enterprise]:
    """Firms drawn in at least so many waves, those drawn most often first.

    With `wave`, those that this wave drew, too; `search` is how the name or the register
    identifier begins.
    """
    firms = Enterprise.objects.filter(survey=survey, units__cases__isnull=False)
    firms = firms.annotate(drawn=Count("units__cases", distinct=True)).filter(drawn__gte=at_least)
    if wave:
        of_wave = Case.objects.filter(wave__slug=wave, unit__enterprise=OuterRef("pk"))
        firms = firms.filter(Exists(of_wave))
    if search:
        firms = firms.filter(Q(register_id__startswith=search) | Q(name__istartswith=search))
    return firms.order_by("-drawn", "register_id")


def with_waves(enterprises: Iterable[Enterprise]) -> list[BurdenedFirm]:
    """The firms with their waves, in one statement more."""
    firms = list(enterprises)
    cases = (
        Case.objects.filter(unit__enterprise__in=[firm.pk for firm in firms])
        .select_related("wave__survey", "unit")
        .only("wave", "wave__title", "wave__slug", "wave__field_start", "wave__survey__slug",
              "unit__enterprise_id")
        .order_by("wave__field_start", "wave__pk")
    )  # fmt: skip
    found: dict[int, list[Wave]] = {}
    for case in cases:
        found.setdefault(case.unit.enterprise_id, []).append(case.wave)
    return [BurdenedFirm(firm, tuple(found.get(firm.pk, ()))) for firm in firms]


def burden_rows(enterprises: QuerySet[Enterprise]) -> Iterator[tuple[str | int, ...]]:
    """A row a firm for a file, some thousand firms at a time."""
    firms = enterprises.iterator(_AT_ONCE)
    while chunk := list(islice(firms, _AT_ONCE)):
        for each in with_waves(chunk):
            starts = [wave.field_start.isoformat() for wave in each.waves]
            yield (
                each.enterprise.register_id,
                each.enterprise.name,
                len(each.waves),
                starts[0],
                starts[-1],
                " ".join(wave.slug for wave in each.waves),
            )


def waves_that_drew(survey: Survey) -> list[Wave]:
    """Waves with a sample of units of the frame, the newest first."""
    drawn = Case.objects.filter(wave=OuterRef("pk"), unit__isnull=False)
    return list(Wave.objects.filter(Exists(drawn), survey=survey).order_by("-field_start", "-pk"))
