"""A person without a mouse: Tab, the arrows, space, Enter and letters, and nothing else."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

MOST_STOPS = 80

# The element that has the focus: what it is, where it stands, and whether one sees that it has it.
_FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) return null;
  const box = (it.matches('.option-input') && it.closest('.option, .point') || it).getBoundingClientRect();
  const shows = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  let seen = shows(it);
  for (let up = it.parentElement, n = 0; up && n < 3 && !seen; up = up.parentElement, n += 1) {
    seen = shows(up);
  }
  const label = it.labels && it.labels[0] || it;
  return {
    tag: it.tagName.toLowerCase(), type: it.type || '', name: it.name || '', value: it.value || '',
    checked: Boolean(it.checked), text: (label.innerText || '').trim(), seen,
    inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left,
  };
}"""

# Everything that Tab should come to; a group of radio buttons counts once.
_REACHABLE = """() => {
  const all = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]')];
  const groups = new Set();
  return all.filter((it) => {
    if (it.disabled || it.type === 'hidden' || it.tabIndex < 0) return false;
    if (!it.checkVisibility({ visibilityProperty: true })) return false;
    if (it.type !== 'radio') return true;
    if (groups.has(it.name)) return false;
    groups.add(it.name);
    return true;
  }).length;
}"""

Stop = dict[str, Any]


@dataclass
class Keys:
    """Presses keys and counts them; what is wrong with a page is kept in `faults`.

    Going around a page to look at it is not counted.

    Attributes
    ----------
    pressed : keys so far, a text typed being one key for each character
    first_field : by place, how often Tab is pressed from the top to the first answer
    """

    page: Page
    pressed: int = 0
    first_field: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def arrive(self, place: str) -> None:
        """Go once around the page with Tab, as far as the beginning."""
        stops: list[Stop] = []
        before = self.pressed
        reachable = self.page.evaluate(_REACHABLE)
        while len(stops) <= reachable and (stop := self._tab()) is not None:
            if stops and _same(stop, stops[0]):
                break
            stops.append(stop)
        self._judge(place, stops, reachable)
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        self.pressed = before

    def _judge(self, place: str, stops: list[Stop], reachable: int) -> None:
        if len(stops) != reachable:
            self.faults.append(f"{place}: {len(stops)} stops for {reachable} controls")
        for stop in stops:
            named = f"{place}: {stop['tag']} “{stop['text'][:30]}” {stop['name']}"
            if not stop["seen"]:
                self.faults.append(f"{named} does not show its focus")
            if not stop["inView"]:
                self.faults.append(f"{named} has the focus out of sight")
        in_main = [stop for stop in stops if stop["name"] or stop["tag"] == "summary"]
        for above, below in pairwise(in_main):
            if below["bottom"] < above["top"]:
                self.faults.append(f"{place}: from {above['name']} up to {below['name']}")
        fields = [number for number, stop in enumerate(stops, start=1) if stop["tag"] == "input"]
        if fields:
            self.first_field[place] = fields[0]

    def choose(self, name: str, *values: str) -> None:
        if not values:
            self._tab_to(lambda stop: stop["name"] == name, name)
            self._press("Space")
        for value in values:
            stop = self._tab_to(lambda stop: stop["name"] == name, f"a box of {name}")
            if stop["type"] == "radio":
                self._arrow_to(stop, value)
                continue
            self._tab_on(stop, value)
            self._press("Space")

    def _tab_on(self, stop: Stop, value: str) -> None:
        """From a box to that of the same name with the value."""
        name = stop["name"]
        for _ in range(MOST_STOPS):
            if stop["value"] == value:
                return
            stop = self._tab_to(lambda each: each["name"] == name, f"{name} = {value}")
        raise AssertionError(f"Tab does not come to {name} = {value}")

    def _arrow_to(self, stop: Stop, value: str) -> None:
        if stop["value"] == value:
            if not stop["checked"]:
                self._press("Space")
            return
        for _ in range(MOST_STOPS):
            self._press("ArrowDown")
            if self.page.evaluate("document.activeElement.value") == value:
                return
        raise AssertionError(f"the arrows do not come to {stop['name']} = {value}")

    def write(self, name: str, text: str) -> None:
        self._tab_to(lambda stop: stop["name"] == name, name)
        self.page.keyboard.insert_text(text)
        self.pressed += len(text)

    def find(self, name: str, label: str) -> None:
        self.write(name, label)
        self.page.get_by_role("option", name=label).first.wait_for()
        self._press("ArrowDown")
        self._press("Enter")

    def press(self, button: str | re.Pattern[str]) -> None:
        self._go("button", button)

    def follow(self, link: str | re.Pattern[str]) -> None:
        self._go("a", link)

    def _go(self, tag: str, words: str | re.Pattern[str]) -> None:
        pattern = re.compile(words if isinstance(words, re.Pattern) else re.escape(words))
        self._tab_to(
            lambda stop: stop["tag"] == tag and pattern.search(stop["text"]) is not None,
            f"{tag} {pattern.pattern}",
        )
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self._press("Enter")

    def _tab_to(self, wanted: Any, called: str) -> Stop:
        """Press Tab until the focus is where it is wanted; going once around is allowed."""
        for _ in range(MOST_STOPS):
            stop = self._tab()
            if stop is not None and wanted(stop):
                return stop
        raise AssertionError(f"Tab does not come to {called} on {self.page.url}")

    def _tab(self) -> Stop | None:
        self._press("Tab")
        stop: Stop | None = self.page.evaluate(_FOCUSED)
        return stop

    def _press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1


def _same(one: Stop, other: Stop) -> bool:
    return all(one[key] == other[key] for key in ("tag", "name", "value", "text", "left"))
