"""The researcher in Chromium: every step of the two waves through the pages, with pictures."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SURVEY = "Knowledge sourcing in firms"
_FLAGS = ["--no-sandbox", "--disable-background-networking", "--no-first-run"]
_PATIENCE = 120_000  # milliseconds
_A_WORKER = 600  # seconds that anything of a worker's may take
_WIDE, _NARROW, _HIGH = 1280, 390, 900
_KEY_QUESTIONS = ("employment_last", "turnover_last", "cooperated", "new_good")


class NotThere(Exception):
    """A page did not come to what it was waited for."""


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        expect.set_options(timeout=_PATIENCE)
        yield started
        started.close()


@dataclass
class Researcher:
    """One person at one browser; `broken` are errors that pages wrote to the console."""

    browser: Browser
    address: str
    pictures: Path | None
    page: Page = field(init=False)
    broken: list[str] = field(default_factory=list)
    _seen: int = 0

    def __post_init__(self) -> None:
        context = self.browser.new_context(
            viewport={"width": _WIDE, "height": _HIGH}, accept_downloads=True
        )
        context.set_default_timeout(_PATIENCE)
        context.set_default_navigation_timeout(_PATIENCE)
        self.page = context.new_page()
        self.page.on("console", self._heard)

    def _heard(self, message) -> None:
        if message.type == "error":
            self.broken.append(f"{self.page.url}: {message.text}")

    def look(self, name: str, *, narrow: bool = False) -> None:
        """A picture of the page as it is, perhaps also as a phone shows it."""
        if self.pictures is None:
            return
        self._seen += 1
        for width in (_WIDE, _NARROW) if narrow else (_WIDE,):
            self.page.set_viewport_size({"width": width, "height": _HIGH})
            path = self.pictures / f"{self._seen:02}-{name}-{width}.png"
            self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size({"width": _WIDE, "height": _HIGH})

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def stat(self, label: str) -> int:
        """A whole number of the strip at the head of the page."""
        stats = self.page.locator(".stat").filter(has=self.page.locator(f"dt:text-is('{label}')"))
        return int(re.sub(r"\D", "", stats.locator(".stat-value").inner_text()))

    def stage(self, name: str) -> None:
        """A stage of the wave, by the rail."""
        self.page.locator(".rail").get_by_role("link", name=name, exact=True).click()
        expect(self.page.locator(".rail [aria-current=page]")).to_have_text(name)

    def at_survey(self) -> None:
        self.page.locator(".crumbs").get_by_role("link", name=SURVEY).click()
        expect(self.page.get_by_role("heading", name=SURVEY, exact=True)).to_be_visible()

    def reload_until(self, what: Callable[[], bool], *, why: str) -> None:
        ends = time.monotonic() + _A_WORKER
        while not what():
            if time.monotonic() > ends:
                raise NotThere(f"{why}: {self.page.url}")
            time.sleep(0.5)
            self.page.reload()

    def downloaded(self, press: Callable[[], None], to: Path) -> Path:
        with self.page.expect_download() as waiting:
            press()
        path = to / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def log_in(self, name: str, password: str) -> None:
        self.page.goto(f"{self.address}/login/")
        self.page.locator("[name=username]").fill(name)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main button[type=submit]").click()
        expect(self.page).to_have_url(re.compile("/research/$"))
        self.look("surveys", narrow=True)

    def make_survey(self) -> None:
        self.follow("New survey")
        self.page.get_by_label("Title").fill(SURVEY)
        self.page.get_by_label("Institute").fill("Institute for Invented Surveys")
        self.page.get_by_label("Whom firms can ask").fill("Ben Moe, fieldwork")
        self.page.get_by_label("Phone").fill("+47 55 00 00 00")
        self.page.get_by_label("E-mail").fill("help@institute.example")
        promise = "Answers are used for research only; no figure tells of a single firm."
        self.page.get_by_label("What firms are promised").fill(promise)
        self.look("new-survey", narrow=True)
        self.press("Make the survey")
        self.sees("The survey is made")
        self.look("survey")

    def load_list(self, path: Path) -> int:
        """How many firms the version says it has."""
        self.follow("Lists of firms")
        self.look("lists")
        self.page.locator("[name=file]").set_input_files(path)
        self.press("Upload and look at the columns")
        expect(self.page.locator("[name=field_employees]")).to_have_value("Employees")
        self.page.get_by_label("Founded").check()
        self.look("mapping", narrow=True)
        self.press("Load the firms")
        self.look("loading")
        loaded = self.page.get_by_role("heading", name=re.compile(rf"^Version \d+: {path.stem}$"))
        expect(loaded).to_be_visible(timeout=_A_WORKER * 1000)
        self.look("version", narrow=True)
        return self.stat("Firms")

    def changes(self) -> dict[str, int]:
        self.follow(re.compile("What changed since"))
        self.follow("In another stratum")
        self.look("changes", narrow=True)
        labels = {"births": "New", "deaths": "Gone", "moved": "In another stratum"}
        return {name: self.stat(label) for name, label in labels.items()}

    def make_wave(self, title: str, last_year: int, like: str = "") -> None:
        today = timezone.localdate()
        self.follow("New wave")
        self.page.get_by_label("Title").fill(title)
        if like:
            self.page.get_by_label("Take over from").select_option(label=like)
        self.page.get_by_label("First year asked about").fill(str(last_year - 2))
        self.page.get_by_label("Last year asked about").fill(str(last_year))
        # The invitation's day has passed: it waits for the researcher.
        start = today - timedelta(days=1 if like else 60)
        self.page.get_by_label("First day to answer").fill(str(start))
        self.page.get_by_label("Last day to answer").fill(str(today + timedelta(days=30)))
        self.look("new-wave", narrow=True)
        self.press("Make the wave")
        self.sees("The wave is made")
        self.look("wave")

    def publish(self, path: Path) -> None:
        self.stage("Instrument")
        self.look("no-instrument")
        self.follow("Publish an instrument")
        self.page.locator("[name=file]").set_input_files(path)
        self.press("Publish")
        self.sees("This wave uses it.")
        self.look("instrument", narrow=True)

    def choose_frame(self, version: int) -> int:
        self.stage("Frame")
        choices = self.page.get_by_label("Version", exact=True)
        found = choices.locator("option").filter(has_text=f"Version {version}:")
        choices.select_option(value=found.get_attribute("value"))
        self.press("Draw from this version")
        self.sees("The wave draws from version")
        self.look("frame", narrow=True)
        return self.stat("Firms on the frame")

    def draw(self, size: int, *, seed: int, again_from: str = "") -> int:
        """How many firms the page says were drawn."""
        self.stage("Sample")
        self.page.locator("[name=method]").select_option("power")
        self.page.get_by_label("Firms to draw", exact=True).fill(str(size))
        self.page.locator("[name=seed]").fill(str(seed))
        if again_from:
            self.page.locator("[name=wave]").select_option(again_from)
            self.page.locator("[name=rotate]").fill("20")
        self.look("plan", narrow=True)
        self.press("Preview")
        self.look("working-out")
        planned = self.page.get_by_role("heading", name="What the plan would give")
        expect(planned).to_be_visible(timeout=_A_WORKER * 1000)
        self.look("preview", narrow=True)
        self.follow("Draw this sample")
        self.press("Draw the sample")
        drawn = self.page.locator(".stat dt:text-is('Drawn, n')")
        expect(drawn).to_be_visible(timeout=_A_WORKER * 1000)
        self.look("sample", narrow=True)
        return self.stat("Drawn, n")

    def offer_contacts(self) -> None:
        self.stage("Contacts")
        self.look("no-contacts")
        self.press("Use the usual protocol")
        self.sees("The usual protocol is there now.")
        self.look("contacts", narrow=True)

    def open_field(self, title: str) -> None:
        self.page.locator(".rail-title a").click()
        self.follow("Open the field")
        self.look("open")
        self.press("Open the field")
        self.sees("The field is open.")
        assert title in self.page.title()

    def invite(self) -> int:
        """How many firms the page says would get the invitation, before it is sent."""
        self.stage("Contacts")
        self.follow("Invitation")
        number = self.stat("Would get it now")
        self.look("invitation", narrow=True)
        self.page.get_by_label(re.compile("^Send it to")).check()
        self.press("Send now")
        self.sees("e-mails are waiting to go")
        self.look("sending")
        return number

    def remind_today(self) -> None:
        """Move the first reminder to today: the clock sends it, nobody presses a button."""
        self.stage("Contacts")
        self.follow("Reminder")
        self.follow("Change the step")
        self.page.get_by_label("Or on a date").fill(str(timezone.localdate()))
        self.look("reminder")
        self.press("Save the step")
        self.sees("The step was changed.")

    def fieldwork(self) -> int:
        """How many cases the page says are complete, with its slow figures computed."""
        self.stage("Fieldwork")
        self.press("Compute them now")
        computed = self.page.get_by_text(re.compile("were computed on"))
        self.reload_until(lambda: computed.count() > 0, why="fieldwork was not computed")
        self.look("fieldwork", narrow=True)
        complete = self.stat("Complete")
        self.follow("All cases")
        self.look("cases", narrow=True)
        return complete

    def close(self) -> None:
        self.stage("Fieldwork")
        self.follow("Close the field")
        self.page.get_by_label("Share of key questions").fill("50")
        self.page.locator("summary").filter(has_text="Key questions").click()
        for name in _KEY_QUESTIONS:
            self.page.locator(f"[name=key_items][value={name}]").check()
        self.press("Save the rules")
        self.sees("The rules are saved")
        self.look("close", narrow=True)
        self.press("Close the field")
        self.sees("The field is closed. Every case")
        self.look("closed")

    def weigh(self, folder: Path) -> Path:
        """The file of the published weights."""
        self.stage("Weights")
        self.follow("Make weights")
        for name, value in (("variables", "region"), ("variables", "size_class")):
            self.page.locator(f"[name={name}][value={value}]").check()
        self.page.get_by_label("Bring weights to known totals").select_option("raking")
        for margin in ("size_class", "industry", "region"):
            self.page.locator(f"[name=margins][value={margin}]").check()
        self.look("recipe", narrow=True)
        self.press("Make weights")
        publish = self.page.get_by_role("button", name=re.compile("^Publish weights"))
        self.reload_until(lambda: publish.count() > 0, why="no weights were made")
        publish.click()
        self.sees("are published")
        self.look("weights", narrow=True)
        return self.downloaded(lambda: self.press("Download CSV"), folder)
