"""The course of the run: what the researcher does, what made firms do, what is compared."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Permission

from benchmarks import two_waves_facts as facts
from benchmarks.respondents_servers import ROOT, visit_all
from benchmarks.two_waves_firms import LAST_YEARS, Firms, links_of
from benchmarks.two_waves_pages import Researcher, browser
from benchmarks.two_waves_results import analysis, panel
from benchmarks.two_waves_servers import Servers, busy_worker
from surveys.models import User, Wave

TITLES = {number: f"Wave {year}" for number, year in LAST_YEARS.items()}
_INSTRUMENT = ROOT / "surveys" / "instruments" / "knowledge_sourcing.yaml"
_NAME, _PASSWORD = "ada", "made data 2026"
_AT_ONCE = 8  # firms that answer at the same time
_BEFORE_DEATH = 0.2  # share of invitations that went out when the worker is killed
_A_WHILE = 900  # seconds until every e-mail must have gone; a dead worker's lease is 300


@dataclass
class Walk:
    """One run. `seconds` are of its steps, `compared` what was held against what."""

    running: Servers
    firms_on_list: int
    sample: int
    pictures: Path | None
    kills: bool
    seconds: dict[str, float] = field(default_factory=dict)
    compared: list[dict[str, Any]] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.firms = Firms(self.firms_on_list)
        self.folder = self.running.folder

    def whole(self) -> dict[str, Any]:
        _operator_makes_the_researcher()
        started = time.perf_counter()
        with browser() as chromium:
            researcher = Researcher(chromium, self.running.address, self.pictures)
            try:
                self._walk(researcher)
            except Exception:
                # The picture must not hide why it stopped.
                with suppress(Exception):
                    researcher.look("stopped-here")
                raise
            self._same("errors in the browser's console", researcher.broken, [])
        held = all(each["held"] for each in self.compared)
        return {
            "firms": self.firms_on_list,
            "sample": self.sample,
            "whole_seconds": round(time.perf_counter() - started, 1),
            "seconds": self.seconds,
            "figures": self.figures,
            "compared": self.compared,
            "held": held,
        }

    def _walk(self, researcher: Researcher) -> None:
        with self._timed("log in, make the survey"):
            researcher.log_in(_NAME, _PASSWORD)
            researcher.make_survey()
        for number in (1, 2):
            self._wave(researcher, number)
        self._linked(researcher)

    def _wave(self, researcher: Researcher, number: int) -> None:
        title = TITLES[number]
        self._list(researcher, number)
        with self._timed(f"{title}: plan, questionnaire, frame"):
            researcher.at_survey()
            like = TITLES[1] if number > 1 else ""
            researcher.make_wave(title, LAST_YEARS[number], like)
            if number == 1:
                researcher.publish(_INSTRUMENT)
            shown = researcher.choose_frame(number)
        wave = facts.wave_of(title)
        self._same(f"{title}: firms on the frame", shown, facts.frame_units(wave))
        self._drawn(researcher, number, wave)
        with self._timed(f"{title}: contacts, opening"):
            if number == 1:
                researcher.offer_contacts()
            researcher.open_field(title)
        self._invited(researcher, number, wave)
        self._reminded(researcher, number, wave)
        self._closed(researcher, number, wave)

    def _list(self, researcher: Researcher, number: int) -> None:
        path = self.folder / f"register-{LAST_YEARS[number] + 1}.csv"
        self.firms.write_list(path, number)
        if number > 1:
            researcher.at_survey()
        with self._timed(f"list {number}: upload, map, load"):
            shown = researcher.load_list(path)
        self._same(f"list {number}: firms", shown, len(self.firms.numbers(number)))
        if number > 1:
            with self._timed("list 2: what changed"):
                changed = researcher.changes()
            self._same("list 2: what changed", changed, self.firms.changes())
            self._same("permanent random numbers that changed", facts.random_numbers_changed(), 0)
        everyone = self.firms.first + (self.firms.changes()["births"] if number > 1 else 0)
        self._same(f"list {number}: enterprises", facts.enterprises(), everyone)

    def _drawn(self, researcher: Researcher, number: int, wave: Wave) -> None:
        again = wave.previous.slug if wave.previous else ""
        with self._timed(f"{TITLES[number]}: plan and draw the sample"):
            shown = researcher.draw(self.sample, seed=2026 + number, again_from=again)
        self._same(f"{TITLES[number]}: drawn", shown, wave.cases.count())
        weight = round(facts.base_weight(wave), 6)
        self._same(f"{TITLES[number]}: sum of design weights", weight, facts.frame_units(wave))
        if wave.previous:
            both = facts.overlap(wave.previous, wave)
            self.figures["firms drawn in both waves"] = both
            self._same("the samples overlap by half or more", both * 2 >= self.sample, True)

    def _invited(self, researcher: Researcher, number: int, wave: Wave) -> None:
        """The invitation goes out, in the first wave while a worker dies; firms answer."""
        title = TITLES[number]
        before = len(self.running.sink.taken)
        started = time.perf_counter()
        shown = researcher.invite()
        self._same(f"{title}: invitations queued", facts.queued(wave, "invitation"), shown)
        if number == 1 and self.kills:
            self._kill_the_sender(before, shown)
        reached = self._answer(number, wave, "invitation", before, late=False, started=started)
        self.figures[f"{title}: firms that answered the invitation"] = reached

    def _kill_the_sender(self, before: int, invited: int) -> None:
        while len(self.running.sink.taken) - before < invited * _BEFORE_DEATH:
            time.sleep(0.02)
        name = busy_worker("surveys.tasks.send_contacts", within=10)
        self._same("a worker was sending when it was killed", bool(name), True)
        if name:
            self.running.kill_worker(name)
            taken = len(self.running.sink.taken) - before
            self._same("e-mails were left when the worker died", taken < invited, True)
            self.figures["e-mails out when the worker died"] = taken
            self.running.start_worker(name)

    def _reminded(self, researcher: Researcher, number: int, wave: Wave) -> None:
        """The clock sends the reminder; those who waited for it answer."""
        title = TITLES[number]
        before = len(self.running.sink.taken)
        started = time.perf_counter()
        researcher.remind_today()
        self._until(lambda: facts.queued(wave, "reminder") > 0, "the clock queued no reminder")
        reached = self._answer(number, wave, "reminder", before, late=True, started=started)
        self.figures[f"{title}: firms that answered the reminder"] = reached
        with self._timed(f"{title}: fieldwork page with its figures"):
            shown = researcher.fieldwork()
        self._same(f"{title}: complete", shown, facts.complete(wave))
        self._same(f"{title}: answers not as typed", facts.differing(wave, self.firms, number), 0)

    def _answer(
        self, number: int, wave: Wave, kind: str, before: int, *, late: bool, started: float
    ) -> int:
        """Firms answer as their e-mails come, until none waits to be sent."""
        what = f"{TITLES[number]}: {kind}s out, firms answered"
        instrument = facts.instrument_of(wave)
        met: set[int] = set()
        ends = time.monotonic() + _A_WHILE
        while True:
            is_last = not facts.waiting(wave, kind)
            taken = self.running.sink.taken[before:]
            visits = [
                self.firms.visit(firm, number, start, instrument)
                for firm, start in links_of(taken)
                if firm not in met and self._comes(firm, number, late=late)
            ]
            met |= {visit["number"] for visit in visits}
            self._visit(visits, what)
            if is_last or time.monotonic() > ends:
                break
            time.sleep(0.5)
        self._took(what, started)
        self._same(f"{what}: waiting", facts.waiting(wave, kind), 0)
        return len(met)

    def _comes(self, firm: int, number: int, *, late: bool) -> bool:
        return self.firms.answers(firm, number) and self.firms.is_late(firm, number) == late

    def _visit(self, visits: list[dict[str, Any]], what: str) -> None:
        if not visits:
            return
        site = self.running.address.removeprefix("http://")
        port = int(site.partition(":")[2])
        told = visit_all(port, visits, _AT_ONCE, site=site, scheme="http")
        leaving = sum("leaves_at" in visit for visit in visits)
        self._same(f"{what}: visits that failed", told["failures"][:3], [])
        self._same(f"{what}: handed in", told["completed"], len(visits) - leaving)

    def _closed(self, researcher: Researcher, number: int, wave: Wave) -> None:
        title = TITLES[number]
        mail = facts.mail(wave, self.running.sink)
        self.figures[f"{title}: e-mails"] = mail
        self._same(f"{title}: firms that got a step twice", mail["twice"], 0)
        self._same(f"{title}: e-mails lost untold", mail["lost"], 0)
        self._same(f"{title}: at most one of unknown fate", mail["unknown"] <= 1, True)
        with self._timed(f"{title}: rules, close, freeze"):
            researcher.close()
        wave.refresh_from_db()
        self._same(f"{title}: frozen", wave.frozen_at is not None, True)
        self._same(f"{title}: cases without a final code", facts.without_final_code(wave), 0)
        self.figures[f"{title}: dispositions"] = facts.dispositions(wave)
        with self._timed(f"{title}: weights by a worker, published"):
            path = researcher.weigh(self.folder)
        total = round(facts.sum_of_column(path, "final_weight"), 3)
        self._same(f"{title}: sum of final weights", total, facts.frame_units(wave))
        self._same(f"{title}: rows of weights", len(facts.rows_of(path)), wave.cases.count())

    def _linked(self, researcher: Researcher) -> None:
        first, second = (facts.wave_of(TITLES[number]) for number in (1, 2))
        with self._timed("panel, linked file"):
            stayed, path = panel(researcher, self.folder)
        answered, asked, again = facts.retention(first, second)
        self._same(
            "panel: answered, asked again, answered again",
            [stayed.answered, stayed.asked, stayed.again],
            [answered, asked, again],
        )
        rows, both = facts.rows_of(path), facts.weighted_in_both(first, second)
        self._same("linked file: rows", len(rows), 2 * both)
        self._same("linked file: firms", len({row["firm"] for row in rows}), both)
        self.figures["linked file: columns"] = len(rows[0]) if rows else 0
        with self._timed("analysis by a worker"):
            text = analysis(researcher, TITLES[2])
        self._same("the table names the weights", "weights version 1" in text, True)

    def _until(self, what: Callable[[], bool], otherwise: str) -> None:
        ends = time.monotonic() + _A_WHILE
        while not what() and time.monotonic() < ends:
            time.sleep(0.5)
        self._same(otherwise, not what(), False)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._took(step, started)

    def _took(self, step: str, started: float) -> None:
        self.seconds[step] = round(time.perf_counter() - started, 1)
        print(f"{self.seconds[step]:7.1f} s  {step}", file=sys.stderr, flush=True)

    def _same(self, what: str, found: Any, wanted: Any) -> None:
        held = found == wanted
        self.compared.append({"what": what, "found": found, "wanted": wanted, "held": held})
        if not held:
            print(f"DIFFERS  {what}: {found}, not {wanted}", file=sys.stderr, flush=True)


def _operator_makes_the_researcher() -> None:
    """The one step before the pages: an operator makes the account of who may make surveys."""
    user = User.objects.create_user(_NAME, f"{_NAME}@institute.example", _PASSWORD)
    user.first_name, user.last_name = "Ada", "Lund"
    user.save()
    user.user_permissions.add(Permission.objects.get(codename="add_survey"))
