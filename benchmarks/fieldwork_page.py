"""How long the page of the fieldwork takes for a wave of so many cases, and its slow figures.

    python -m benchmarks.fieldwork_page --database postgres://…/name [--cases 50000]

Migrates the database that is named, which should be an empty one, makes a wave with a frame,
its predecessor and answers of half the firms, and asks for the page as the owner. Prints JSON;
exit code 1 if the median of the page is above the bar.
"""

# ruff: noqa: PLC0415 -- the environment must be set before Django and its models are imported
import argparse
import json
import os
import random
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

BAR_MS = 300.0
REPETITIONS = 15
# Disposition of the page, AAPOR's code, and how many of 23 cases end so.
_ENDS = (
    ("complete", "1.1", 9),
    ("started", "1.2", 2),
    ("refusal", "2.111", 2),
    ("not_started", "2.20", 8),
    ("not_started", "3.30", 1),
    ("not_eligible", "4.90", 1),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="postgres://…/name or sqlite:///file")
    parser.add_argument("--cases", type=int, default=50_000)
    options = parser.parse_args()
    os.environ |= {"DATABASE_URL": options.database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    os.environ["MILIEU_TEST_DATABASE_URL"] = options.database
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    wave = _wave(options.cases)
    told = _measured(wave)
    sys.stdout.write(json.dumps({"cases": options.cases, **told}, indent=2) + "\n")
    return 0 if told["page_ms_median"] <= BAR_MS else 1


def _wave(cases: int) -> Any:
    from tests.factories import make_frame, make_survey, make_wave
    from tests.surveys.views.world import open_wave

    survey = make_survey(f"bench-{time.time_ns()}")
    frame = make_frame(survey, attributes=["exporter"])
    earlier = make_wave(survey, "2023", state="closed", frame=frame)
    wave = open_wave(survey)
    type(wave).objects.filter(pk=wave.pk).update(
        frame=frame, previous=earlier, target_rates={"RR1": 0.5}
    )
    for number, each in enumerate((earlier, wave)):
        _fill(each, frame, cases, number)
    return type(wave).objects.select_related("survey", "instrument", "frame").get(pk=wave.pk)


def _fill(wave: Any, frame: Any, cases: int, number: int) -> None:
    from surveys.models import Case, Response, Stratum, Unit
    from tests.factories import NOON

    chance = random.Random(number)  # noqa: S311 -- made data, to be repeated
    strata = [Stratum(wave=wave, label=f"{size} {branch}", population=100_000, drawn=cases // 40)
              for size in range(4) for branch in range(10)]  # fmt: skip
    strata = Stratum.objects.bulk_create(strata)
    units = Unit.objects.bulk_create(
        [
            Unit(
                frame=frame, register_id=f"{number}-{each}", name=f"Firm {each}",
                size_class=("10-49", "50-99", "100-249", "250+")[each % 4],
                industry=f"C{each % 20}", region=f"NO0{each % 7}",
                permanent_random_number=chance.random(),
                attributes={"exporter": "yes" if each % 3 else "no"},
            )
            for each in range(cases)
        ],
        batch_size=5000,
    )  # fmt: skip
    ends = chance.choices(_ENDS, [weight for *_, weight in _ENDS], k=cases)
    made = Case.objects.bulk_create(
        [
            Case(
                wave=wave, unit=unit, stratum=strata[place % 40], pseudonym=f"F{place}",
                firm_name=unit.name, design_weight=1 + place % 9, disposition=end[0],
                final_code=end[1],
            )
            for place, (unit, end) in enumerate(zip(units, ends, strict=True))
        ],
        batch_size=5000,
    )  # fmt: skip
    answering = [case for case in made if case.disposition in ("complete", "started")]
    Response.objects.bulk_create(
        [
            Response(
                case=case, answers={"employment_last": 12}, revision=1,
                page_revisions={"size": 1}, begun_at=NOON - timedelta(minutes=30),
                submitted_at=NOON - timedelta(days=chance.randint(0, 60))
                if case.disposition == "complete" else None,
                reference=f"M-{case.pk}" if case.disposition == "complete" else "",
            )
            for case in answering
        ],
        batch_size=5000,
    )  # fmt: skip
    _tell(answering, chance)


def _tell(answering: list[Any], chance: random.Random) -> None:
    """What a history has that is long: ten pages of each firm between beginning and handing in."""
    from surveys.models import CaseEvent
    from tests.factories import NOON

    events = []
    for case in answering:
        at = NOON - timedelta(minutes=chance.randint(0, 80_000))
        pages = ["page_saved"] * 10
        ended = ["submitted"] if case.disposition == "complete" else []
        for minutes, kind in enumerate(["begun", *pages, *ended]):
            events.append(CaseEvent(case=case, kind=kind, at=at + timedelta(minutes=minutes)))
    CaseEvent.objects.bulk_create(events, batch_size=5000)


def _measured(wave: Any) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from surveys.actions import snapshots
    from tests.factories import make_member, make_user

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    began = time.perf_counter()
    snapshots.refresh(wave=wave, at=timezone.now())
    slow = time.perf_counter() - began
    owner = make_user(f"owner-{time.time_ns()}")
    make_member(owner, wave.survey)
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner)
    address = f"/research/{wave.survey.slug}/{wave.slug}/fieldwork/"
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    # Read now: the next request empties the log.
    asked = [round(1000 * float(each["time"])) for each in caught.captured_queries]
    times = []
    for number in range(REPETITIONS):
        by = ("size_class", "industry", "x-exporter")[number % 3]
        began = time.perf_counter()
        client.get(address, {"by": by})
        times.append(1000 * (time.perf_counter() - began))
    return {
        "page_ms_median": round(statistics.median(times), 1),
        "page_ms_worst": round(max(times), 1),
        "queries": len(asked),
        "slowest_queries_ms": sorted(asked, reverse=True)[:5],
        "snapshot_seconds": round(slow, 1),
        "database": connection.vendor,
    }


if __name__ == "__main__":
    sys.exit(main())
