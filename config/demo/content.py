"""What is in the demo: made data, its people, one firm to play, and a first table."""

from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from analysis import actions, tasks
from analysis.models import Plan
from surveys.actions import demonstration
from surveys.models import Survey

FIRST_PLAN = "local-national-global"


@dataclass(frozen=True, slots=True)
class Made:
    """`people` are pairs of user name and what the person may do; `table` is a path."""

    people: tuple[tuple[str, str], ...]
    password: str
    firm: str
    code: str
    table: str


def is_made() -> bool:
    """Whether the database is up to date and holds the demonstration."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    return Survey.objects.filter(slug=demonstration.SURVEY).exists()


def prepare(say: Callable[[str], None]) -> Made:
    """Bring the database up to date, load what is missing, and ask for a first table."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    if not is_made():
        say("Making the data (half a minute, the first time only) ...")
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
    """Path of the run that makes it."""
    plan = Plan.objects.get(
        wave__survey__slug=demonstration.SURVEY,
        wave__slug=demonstration.CLOSED_WAVE,
        slug=FIRST_PLAN,
    )
    run, is_new = actions.request(
        plan_version=plan.versions.latest("number"), by=None, at=timezone.now()
    )
    if is_new:
        tasks.publish_on_commit(run.pk)
    return run.get_absolute_url()
