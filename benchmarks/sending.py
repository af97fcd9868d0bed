"""E-mails to a whole wave: how fast they queue, and that none goes twice though workers die.

Makes a database of its own on the PostgreSQL server of --database, or an SQLite file, a wave
with that many firms, a mail server on loopback that counts, and workers that are killed at
random. With --broker they are Celery workers that take the minutely message from Redis, which
comes every few seconds here; else they carry that task out by themselves. Ends with status 1 if
any firm got two e-mails, or none without anybody being told.
"""

# ruff: noqa: PLC0415 -- the environment must be set before Django and its models are imported
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

from tests.mail_sink import MailSink

LEASE_SECONDS = 10
_TICK_SECONDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="postgres://…/name or sqlite:///file")
    parser.add_argument("--firms", type=int, default=50_000)
    parser.add_argument("--send", type=int, help="let only so many go out; the rest is withdrawn")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill-every", type=float, default=3.0, help="seconds, on average")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--broker", help="redis://…: Celery workers and a queue")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    _environment(options.database, options.broker)
    if options.worker:
        return _work()
    _make_database(options.database)
    with MailSink() as sink:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
        told = _measure(options, sink)
    print(json.dumps(told, indent=2))
    return int(told["twice"] > 0 or told["lost_untold"] > 0)


def _environment(database: str, broker: str | None) -> None:
    if broker:
        os.environ["BROKER_URL"] = broker
    os.environ.update(
        DATABASE_URL=database,
        DJANGO_SETTINGS_MODULE="config.settings",
        EMAILS_PER_MINUTE="10000000",
        LOG_LEVEL="ERROR",
    )
    os.environ.setdefault("MILIEU_DEMO", "1")


def _make_database(url: str) -> None:
    if not url.startswith("postgres"):
        return
    import psycopg

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')


def _measure(options: argparse.Namespace, sink: MailSink) -> dict:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from surveys.actions import sending
    from surveys.models import ContactAttempt

    call_command("migrate", verbosity=0)
    step = _wave(options.firms)
    start = time.perf_counter()
    queued = sending.queue(step=step, by=None, at=timezone.now())
    queue_seconds = time.perf_counter() - start
    if options.send is not None:
        kept = ContactAttempt.objects.order_by("pk").values("pk")[: options.send]
        ContactAttempt.objects.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    start = time.perf_counter()
    kills = _send_while_workers_die(options)
    seconds = time.perf_counter() - start
    time.sleep(1)
    return {
        "queued": queued,
        "queue_seconds": round(queue_seconds, 2),
        "send_seconds": round(seconds, 1),
        "sent_a_second": round(len(sink.by_address) / seconds, 1),
        "workers_killed": kills,
        **_judged(sink),
    }


def _wave(firms: int):
    from django.utils import timezone

    from surveys.actions import contacts
    from surveys.actions.instruments import publish
    from surveys.fieldwork.offered_words import offered_words
    from surveys.fieldwork.protocols import StepPlan
    from surveys.models import Case, Frame, Stratum, Survey, Unit, Wave
    from tests.surveys.views.world import INSTRUMENT

    at = timezone.now()
    survey = Survey.objects.create(slug="sending", title="Sending")
    frame = Frame.objects.create(survey=survey, name="made", number=1, fingerprint="0" * 64)
    wave = Wave.objects.create(
        survey=survey,
        slug="w",
        title="Wave",
        reference_first_year=2023,
        reference_last_year=2025,
        field_start=at.date(),
        field_end=at.date() + timedelta(days=60),
        instrument=publish(text=INSTRUMENT, by=None, at=at),
        frame=frame,
        state="open",
    )
    stratum = Stratum.objects.create(wave=wave, label="all", population=firms, drawn=firms)
    units = Unit.objects.bulk_create(
        (
            Unit(
                frame=frame,
                register_id=str(number),
                name=f"Firm {number}",
                size_class="s",
                industry="C",
                region="R",
                permanent_random_number=0.5,
                email=f"f{number}@firm.example",
            )
            for number in range(firms)
        ),
        batch_size=2_000,
    )
    Case.objects.bulk_create(
        (
            Case(
                wave=wave,
                unit=unit,
                stratum=stratum,
                pseudonym=unit.register_id,
                firm_name=unit.name,
            )
            for unit in units
        ),
        batch_size=2_000,
    )
    words = {"en": offered_words("invitation", "en")}
    return contacts.add_step(wave=wave, plan=StepPlan("invitation", words=words), by=None, at=at)


def _send_while_workers_die(options: argparse.Namespace) -> int:
    from surveys.models import ContactAttempt

    chance = random.Random(options.seed)  # noqa: S311 -- for the moments of death only
    command, waiting = (
        _command(options),
        ContactAttempt.objects.filter(state__in=["queued", "sending"]),
    )
    workers = [_started(command) for _ in range(options.workers)]
    kills = 0
    # The first kill waits until workers have started, or nothing would ever be under way.
    next_kill, next_tick = time.monotonic() + 8, 0.0
    while waiting.exists():
        time.sleep(0.2)
        if options.broker and time.monotonic() > next_tick:
            _tick(options.workers)
            next_tick = time.monotonic() + _TICK_SECONDS
        if time.monotonic() > next_kill:
            chance.choice(workers).send_signal(signal.SIGKILL)
            kills += 1
            next_kill = time.monotonic() + 6 + chance.uniform(0, 2 * options.kill_every)
        for place, worker in enumerate(workers):
            if worker.poll() is not None and waiting.exists():
                workers[place] = _started(command)
    for worker in workers:
        worker.kill()
        worker.wait()
    return kills


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 -- ourselves


def _command(options: argparse.Namespace) -> list[str]:
    if options.broker:
        celery = [sys.executable, "-m", "celery", "-A", "benchmarks.sending_worker", "worker"]
        # One process each: SIGKILL ends all of it, as when the machine goes.
        return [*celery, "--pool", "solo", "--loglevel", "ERROR", "--without-mingle"]
    ourselves = [sys.executable, "-m", "benchmarks.sending", "--worker"]
    return [*ourselves, "--database", options.database]


def _tick(number: int) -> None:
    """What the clock does each minute, once a worker; who finds nothing to do is done at once."""
    from benchmarks.sending_worker import app

    for _ in range(number):
        app.send_task("surveys.tasks.send_contacts", expires=_TICK_SECONDS)


def _work() -> int:
    """A worker: the minutely task again and again, with short leases so that deaths show soon."""
    import django

    django.setup()
    from django.utils import timezone

    from surveys.actions import sending

    shorten_leases()
    while True:
        sending.settle_lost(at=timezone.now())
        if not sending.send_waiting(seconds=50).handled:
            time.sleep(0.2)


def shorten_leases() -> None:
    """Deaths show within seconds, not minutes, so that the measurement ends."""
    from surveys.actions import sending

    sending._LEASE = timedelta(seconds=LEASE_SECONDS)
    sending.UNKNOWN_AFTER = timedelta(seconds=2 * LEASE_SECONDS)


def _judged(sink: MailSink) -> dict:
    """What the mail server took against what the database says."""
    from surveys.models import ContactAttempt

    taken = sink.by_address
    rows = list(ContactAttempt.objects.values_list("state", "outcome", "case__unit__email"))
    unknown = [email for state, outcome, email in rows if outcome == "unknown"]
    return {
        "attempts": len(rows),
        "taken_by_server": sum(taken.values()),
        "sent": sum(state == "sent" for state, _, _ in rows),
        "told_unknown": len(unknown),
        "unknown_that_arrived": sum(taken[email] for email in unknown),
        "twice": sum(number > 1 for number in taken.values()),
        "lost_untold": sum(
            taken[email] == 0 and outcome != "unknown" for _, outcome, email in rows
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
