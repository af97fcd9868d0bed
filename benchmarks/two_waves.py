"""From an uploaded list of firms to a closed, weighted, linked second wave, in the browser.

    python -m benchmarks.two_waves --firms 100000 --sample 1200 --pictures FOLDER

A researcher walks in Chromium through every step of two waves of one survey: list of firms,
questionnaire, sample, contacts, field, close, weights; then a changed list and a second wave,
the panel with its linked file, and an analysis that names the weights. Made firms take the
link out of the e-mail that they got and answer through the real pages over HTTP. It all runs
on gunicorn, PostgreSQL, Redis, two Celery workers and beat; the worker that sends the
invitations is killed in the middle and started anew.

Every number that a page shows is compared with the database, every e-mail with the mail
server. Prints JSON with the seconds of every step; status 1 if anything differs.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from benchmarks.respondents_servers import SERVER
from benchmarks.two_waves_servers import servers

_BROKER = os.environ.get("MILIEU_BENCH_BROKER_URL", "redis://127.0.0.1:6379/9")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default=SERVER, help="URL of a PostgreSQL server")
    parser.add_argument("--broker", default=_BROKER, help="a Redis database, which is emptied")
    parser.add_argument("--firms", type=int, default=100_000, help="on the first list")
    parser.add_argument("--sample", type=int, default=1_200, help="drawn in each wave")
    parser.add_argument("--no-kill", action="store_true", help="spare the worker, and 5 minutes")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the pages")
    chosen = parser.parse_args()
    if chosen.pictures:
        chosen.pictures.mkdir(parents=True, exist_ok=True)
    with servers(chosen.database, chosen.broker) as running:
        os.environ.update(running.settings)
        # Playwright's loop runs in this thread; Django would take it for an async view.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        # Models can be imported only once the settings of the run are those of this process.
        from benchmarks.two_waves_walk import Walk  # noqa: PLC0415

        walk = Walk(running, chosen.firms, chosen.sample, chosen.pictures, not chosen.no_kill)
        told = walk.whole()
    print(json.dumps(told, indent=2))
    return 0 if told["held"] else 1


if __name__ == "__main__":
    sys.exit(main())
