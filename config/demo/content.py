"""What is in the demo: made data, its people, one firm to play, and a first table."""

from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from analysis import actions
from analysis.models import Plan
from surveys.actions import demonstration

FIRST_PLAN = "local-national-global"


@dataclass(frozen=True, slots=True)
class Made:
    """`people` are pairs of user name and what the person may do; `table` is a path."""

    people: tuple[tuple[str, str], ...]
    password: str
    firm: str
    code: str
    table: str


def prepare(say: Callable[[str], None]) -> Made:
    """Bring the database up to date, load what is missing, and ask for a first table."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    say("Looking after the made data (half a minute the first time) ...")
    loaded = demonstration.load(at=timezone.now())
    call_command(
        "load_plans",
        FIRST_PLAN.replace("-", "_"),
        survey=demonstration.SURVEY,
        wave=demonstration.CLOSED_WAVE,
        stdout=StringIO(),
    )
    return Made(
        people=tuple((person.username, person.may) for person in demonstration.PEOPLE),
        password=demonstration.PASSWORD,
        firm=loaded.case.firm_name,
        code=loaded.code,
        table=_first_table(),
    )


def _first_table() -> str:
    """Path of the run that makes it. The worker finds the request as it starts."""
    plan = Plan.objects.get(
        wave__survey__slug=demonstration.SURVEY,
        wave__slug=demonstration.CLOSED_WAVE,
        slug=FIRST_PLAN,
    )
    run, _ = actions.request(
        plan_version=plan.versions.latest("number"), by=None, at=timezone.now()
    )
    return run.get_absolute_url()
