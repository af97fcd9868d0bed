"""A firm walks through a questionnaire in a browser, page by page, with answers given before.

What a page asks is read from the instrument, what to say from the answers; how it gets onto
the page is left to a hand: `Pointer` clicks and types, `Keys` (in `keyboard.py`) only presses keys.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from playwright.sync_api import Page, expect

from surveys.actions import waves
from surveys.models import Case
from surveys.models import Instrument as Published
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.instrument import Page as Definition
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Computed,
    Date,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Note,
    Roster,
    Scale,
    SingleChoice,
)
from tests.factories import NOON, make_case, make_stratum, make_survey, make_wave
from tests.surveys.firms import code_of

ONWARD = re.compile("^(Save and continue|Continue without)")
# More places than any questionnaire has: a walk that is longer goes in circles.
MOST_PLACES = 400
FROM_HUB = re.compile("^(Start with|Continue with|Check your answers)")


class Hand(Protocol):
    """How a person gets an answer onto a page."""

    page: Page

    def choose(self, name: str, *values: str) -> None:
        """Tick the boxes of these values; without any, the only box of that name."""

    def write(self, name: str, text: str) -> None: ...

    def find(self, name: str, label: str) -> None: ...

    def press(self, button: str | re.Pattern[str]) -> None: ...

    def follow(self, link: str | re.Pattern[str]) -> None: ...

    def arrive(self, place: str) -> None: ...


@dataclass
class Pointer:
    """Clicks and types; `scripts` says whether the browser runs the pages' scripts."""

    page: Page
    scripts: bool = True

    def choose(self, name: str, *values: str) -> None:
        if not values:
            self.page.locator(f"[name='{name}']").check()
        for value in values:
            self.page.locator(f"[name='{name}'][value='{value}']").check()

    def write(self, name: str, text: str) -> None:
        self.page.locator(f"[name='{name}']").fill(text)

    def find(self, name: str, label: str) -> None:
        box = self.page.locator(f"[name='{name}']")
        if self.scripts:
            box.press_sequentially(label)
            self.page.get_by_role("option", name=label).first.click()
            return
        box.fill(label)
        self.page.get_by_role("button", name="Search").click()
        self.page.get_by_role("radio", name=label).check()

    def press(self, button: str | re.Pattern[str]) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.get_by_role("button", name=button).first.click()

    def follow(self, link: str | re.Pattern[str]) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.get_by_role("link", name=link).first.click()

    def arrive(self, place: str) -> None:
        """Nothing to be looked at before a person begins."""


def in_the_field(instrument: Published, slug: str, firm_name: str) -> Case:
    """A case of an open wave of the instrument, as a researcher opens it."""
    wave = make_wave(make_survey(slug, title=instrument.title))
    waves.use_instrument(wave=wave, instrument=instrument, by=None, at=NOON)
    case = make_case(wave, make_stratum(wave), firm_name=firm_name)
    waves.open_field(wave=wave, by=None, at=NOON)
    return case


def spoken(amount: float) -> str:
    """A number as a person types it."""
    return f"{amount:g}" if amount < 1_000_000 else f"{amount:.0f}"


def say(hand: Hand, item: Item, answer: Any, name: str = "") -> None:
    """Answer one item; `name` is that of its input where it is not the item's."""
    name = name or item.name
    if isinstance(item, Note | Computed) or answer is None:
        return
    if isinstance(item, SingleChoice | Scale):
        hand.choose(name, str(answer))
    elif isinstance(item, MultipleChoice):
        hand.choose(name, *answer)
    elif isinstance(item, Money):
        thousands = answer["unit"] == "thousands"
        hand.write(name, spoken(answer["amount"] / (1000 if thousands else 1)))
        hand.choose(f"{name}-unit", answer["unit"])
    elif isinstance(item, Lookup):
        hand.find(name, item.codes.label(answer))
    elif isinstance(item, Date):
        _say_date(hand, name, answer)
    elif isinstance(item, Allocation):
        for part, share in answer.items():
            hand.write(f"{name}-{part}", spoken(share))
    elif isinstance(item, BatteryRow):
        _say_row(hand, name, answer)
    else:
        hand.write(name, spoken(answer) if isinstance(answer, int | float) else answer)


def _say_date(hand: Hand, name: str, answer: str) -> None:
    for part, number in zip(("year", "month", "day"), answer.split("-"), strict=False):
        hand.write(f"{name}-{part}", str(int(number)))


def _say_row(hand: Hand, name: str, answer: Mapping[str, Any]) -> None:
    for facet, said in answer.items():
        if isinstance(said, Mapping):
            for column, number in said.items():
                hand.write(f"{name}-{facet}-{column}", spoken(number))
        elif isinstance(said, list):
            hand.choose(f"{name}-{facet}", *said)
        elif isinstance(said, str):
            hand.choose(f"{name}-{facet}", said)
        elif said is not None:
            hand.write(f"{name}-{facet}", spoken(said))


@dataclass
class Walk:
    """One firm's way; afterwards `pages` and `hubs` say where it led.

    Attributes
    ----------
    pages : names of the pages answered, in order
    hubs : whenever the hub was met, its sections as (title, status)
    summaries : sections that ended with a page of their answers
    """

    hand: Hand
    address: str
    case: Case
    instrument: Instrument
    pages: list[str] = field(default_factory=list)
    hubs: list[list[tuple[str, str]]] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)

    @property
    def hub(self) -> str:
        return f"{self.address}/firm/{self.case.public_id}/"

    def enter(self) -> None:
        """Follow the link of the letter to the hub.

        The first page of a server is its slowest: a busy machine is given time.
        """
        self.hand.page.set_default_timeout(120_000)
        self.hand.page.goto(f"{self.address}/answer/{code_of(self.case)}/")
        self.hand.arrive("start")
        self.hand.press(re.compile("^(Start|Begin|Continue|Open)"))
        self.hand.page.wait_for_url(re.compile("/firm/"))

    def answer(self, answers: Mapping[str, Any]) -> None:
        """Answer every page that one is led to, until the page that checks all."""
        for _ in range(MOST_PLACES):
            if self.hand.page.url.endswith("/check/"):
                return
            place = self.hand.page.url.removeprefix(self.hub).partition("?")[0]
            match place.strip("/").split("/"):
                case [""]:
                    self._leave_hub()
                case ["section", section]:
                    self.summaries.append(section)
                    self.hand.arrive("summary")
                    self.hand.press("These answers are right")
                case ["page", page]:
                    self._answer_page(self.instrument.page(page), answers)
                case _:
                    raise AssertionError(f"led to {place}")
        raise AssertionError(f"led in circles: {self.pages[-3:]}, {self.summaries[-3:]}")

    def _answer_page(self, page: Definition, answers: Mapping[str, Any]) -> None:
        assert page.name not in self.pages[-1:], f"{page.name} was not taken: {self._errors()}"
        self.pages.append(page.name)
        self.hand.arrive(page.name)
        first = page.items[0]
        if isinstance(first, Roster):
            self._name_entries(first, answers.get(first.name) or ())
        for item in page.items:
            if not isinstance(item, Roster):
                say(self.hand, item, answers.get(item.name))
        self.hand.press(ONWARD)

    def _name_entries(self, roster: Roster, entries: Sequence[Mapping[str, Any]]) -> None:
        for entry in entries:
            self.hand.follow(re.compile(f"^Add .*{re.escape(roster.thing)}"))
            former = ""
            while (step := re.search(r"/entry/[a-z0-9]+/(\d+)/", self.hand.page.url)) is not None:
                assert step.group(1) != former, f"{roster.name} was not taken: {self._errors()}"
                former = step.group(1)
                for item in roster.pages[int(step.group(1)) - 1].items:
                    say(self.hand, item, entry.get(item.name.removeprefix(f"{roster.name}.")))
                self.hand.press(ONWARD)

    def _leave_hub(self) -> None:
        page = self.hand.page
        rows = page.locator(".section-row").evaluate_all(
            "rows => rows.map(row => ["
            " row.querySelector('.section-title').firstChild.textContent.trim()"
            " || row.querySelector('.section-title a').textContent.trim(),"
            " [...row.classList].find(name => name.startsWith('section-') && name !== 'section-row')"
            "])"
        )
        self.hubs.append([(title, status.removeprefix("section-")) for title, status in rows])
        self.hand.arrive("hub")
        self.hand.follow(FROM_HUB)

    def hand_in(self) -> None:
        """From the page that checks all to the receipt."""
        self.hand.arrive("check")
        self.hand.follow("Go to the end and submit")
        self.hand.write("declarant", "Kari Nord")
        self.hand.choose("authorised")
        self.hand.press("Submit the questionnaire")
        expect(self.hand.page).to_have_url(re.compile("/receipt/$"))
        self.hand.arrive("receipt")

    def _errors(self) -> str:
        return " ".join(self.hand.page.locator(".error-summary, .soft-edits").all_inner_texts())
