"""How long type-ahead takes on a list of 10,000 codes, in milliseconds, as JSON.

    python -m benchmarks.lookups [--codes 10000] [--rounds 5]

The list is made of NACE Rev. 2.1 in several towns and uploaded to a survey as anybody's is; a
firm that entered with its code types phrases, and every letter is a request. `search` is the
search alone; `request` is what the server does with a request, from the address to the JSON, with
its queries to an SQLite database in memory, through Django's test client, without a network.
Elapsed times hold what other programs take of a shared machine, processor times do not: exit code
1 if the median of the one or the 95th percentile of the other is not under 30 ms for a request.
"""

import argparse
import csv
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.test.runner import DiscoverRunner
from django.test.utils import setup_test_environment

from surveys import questionnaire
from surveys.actions.code_lists import upload
from surveys.models import Case, Wave
from surveys.queries import code_lists
from surveys.questionnaire.code_lists import CodeList
from tests.factories import NOON, make_case, make_instrument, make_stratum, make_survey, make_wave
from tests.surveys.firms import admitted

BAR_MS = 30.0
TOWNS = (
    "Oslo", "Bergen", "Trondheim", "Stavanger", "Zürich", "Torino", "Göteborg", "Łódź", "Tromsø",
    "Århus",
)  # fmt: skip
PHRASES = (
    "software publishing", "manufacture of machinery", "fabbricazione di macchine", "62.01.3",
    "fishing tromso", "e", "wholesale of wood zurich", "n.e.c.", "xylophone repair",
)  # fmt: skip


def table(size: int) -> bytes:
    """That many codes as CSV."""
    nace = code_lists.find("nace", "2.1")
    assert nace is not None
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["value", "label", "words"])
    for number in range(size):
        code, town = nace.codes[number % len(nace.codes)], number // len(nace.codes)
        writer.writerow(
            [f"{code.value}.{town}", f"{code.label}, {TOWNS[town % len(TOWNS)]}", code.words]
        )
    return target.getvalue().encode()


def case_of(size: int) -> tuple[Case, CodeList]:
    """A firm that is asked for a code of a list of that size, and the list."""
    survey = make_survey()
    upload(
        survey=survey, name="made", version="1", title="Made", data=table(size), by=None, at=NOON
    )
    item = {"name": "industry", "kind": "lookup", "label": "Industry", "codes": "made@1"}
    page = {"name": "industry", "title": "Industry", "items": [item]}
    document: dict[str, Any] = {
        "instrument": "lookups",
        "version": "1",
        "title": "Lookups",
        "sections": [{"name": "industry", "title": "Industry", "pages": [page]}],
    }
    definition = questionnaire.compile_document(document, code_lists=code_lists.find)
    instrument = make_instrument(document, fingerprint=definition.fingerprint)
    wave = make_wave(survey, instrument=instrument, state=Wave.State.OPEN)
    found = code_lists.find("made", "1")
    assert found is not None
    return make_case(wave, make_stratum(wave)), found


def timed(work: Callable[[str], object], rounds: int) -> dict[str, float]:
    """What the work takes for every beginning of every phrase, in ms, after one of each."""
    beginnings = [phrase[:end] for phrase in PHRASES for end in range(1, len(phrase) + 1)]
    start = time.perf_counter()
    work(beginnings[0])
    first = time.perf_counter() - start
    elapsed, processor = [], []
    for _ in range(rounds):
        for typed in beginnings:
            begun, used = time.perf_counter(), time.process_time()
            work(typed)
            elapsed.append(time.perf_counter() - begun)
            processor.append(time.process_time() - used)
    return {
        "calls": len(elapsed),
        "first_ms": round(first * 1000, 2),
        "median_ms": round(statistics.median(elapsed) * 1000, 2),
        "p95_processor_ms": round(statistics.quantiles(processor, n=20)[-1] * 1000, 2),
        "p95_ms": round(statistics.quantiles(elapsed, n=20)[-1] * 1000, 2),
        "slowest_ms": round(max(elapsed) * 1000, 2),
    }


def measured(size: int, rounds: int) -> dict[str, Any]:
    case, codes = case_of(size)
    browser = admitted(case)
    address = f"/firm/{case.public_id}/lookup/industry/"

    def ask(typed: str) -> None:
        answer = browser.post(address, {"q": typed})
        assert answer.status_code == 200
        assert "hits" in answer.json()

    request = timed(ask, rounds)
    passed = max(request["median_ms"], request["p95_processor_ms"]) < BAR_MS
    search = timed(codes.search, rounds)
    return {
        "codes": len(codes.codes),
        "search": search,
        "request": request,
        "bar_ms": BAR_MS,
        "passed": passed,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--codes", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    setup_test_environment(debug=False)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        figures = measured(chosen.codes, chosen.rounds)
    finally:
        runner.teardown_databases(databases)
    print(json.dumps(figures, indent=2))
    return 0 if figures["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
