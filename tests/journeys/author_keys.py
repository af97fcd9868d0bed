"""An author without a mouse: Tab, Enter, letters, and a focus that is never lost."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

MOST_STOPS = 120

# The element with the focus: its id and words, whether one sees the focus, and the element.
_FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) return null;
  const shows = (one) => {
    const style = getComputedStyle(one);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return ring || style.boxShadow !== 'none';
  };
  const box = it.getBoundingClientRect();
  const middle = document.elementFromPoint(
    box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 10));
  return {
    id: it.id, tag: it.tagName.toLowerCase(),
    words: (it.getAttribute('aria-label') || it.innerText || it.value || '').trim().slice(0, 60),
    seen: shows(it) || Boolean(it.parentElement && shows(it.parentElement)),
    inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    covered: Boolean(middle && middle !== it && !it.contains(middle) && !middle.contains(it)
      && middle.closest('.save-line') && !it.closest('.save-line')),
  };
}"""
_MARK = "document.getElementById('main').dataset.former = 'yes'; window.samePage = true"
_DRAWN = "() => { const it = document.getElementById('main'); return it && !it.dataset.former; }"
_QUIET = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"


@dataclass
class AuthorKeys:
    """Presses keys in the editor; what is wrong with the focus is kept in `faults`."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def go_to(self, element: str, *, back: bool = False) -> None:
        """Tab, or Shift+Tab, until the element of that id has the focus."""
        for _ in range(MOST_STOPS):
            if self._id() == element:
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if self._id():  # from the last stop Tab goes out of the page and comes back
                self._look(f"on the way to {element}")
        raise AssertionError(f"Tab does not come to {element} on {self.page.url}")

    def go_to_words(self, words: str, tag: str = "a") -> None:
        """Tab until what has the focus reads so."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_FOCUSED)
            if stop and stop["tag"] == tag and stop["words"].startswith(words):
                return
        raise AssertionError(f"Tab does not come to {tag} “{words}” on {self.page.url}")

    def press(self, key: str = "Enter") -> None:
        """Press a key that draws the page anew; the focus must be somewhere afterwards."""
        before = self.page.evaluate(_FOCUSED)
        self.page.evaluate(_MARK)
        self.page.keyboard.press(key)
        self.page.wait_for_function(_DRAWN)
        self.settle()
        if self.page.evaluate("Boolean(window.samePage)"):
            self._look(f"after {before['words'] if before else key}")

    def press_at(self, element: str, *, back: bool = False) -> None:
        self.go_to(element, back=back)
        self.press()

    def write(self, text: str) -> None:
        """Type over what stands in the field."""
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, words: str) -> None:
        """Choose from the list that has the focus by typing how the entry begins."""
        self.page.keyboard.type(words)
        self.page.wait_for_timeout(100)
        self.settle()
        self._look(f"after choosing {words}")

    def settle(self) -> None:
        self.page.wait_for_load_state("domcontentloaded")
        self.page.wait_for_function(_QUIET)

    @property
    def focus(self) -> str:
        """The id of what has the focus, empty if it has none."""
        return self._id()

    def _id(self) -> str:
        stop = self.page.evaluate(_FOCUSED)
        return str(stop["id"]) if stop else ""

    def _look(self, when: str) -> None:
        stop = self.page.evaluate(_FOCUSED)
        if stop is None:
            self.faults.append(f"{when}: the focus is lost")
        elif not stop["seen"]:
            self.faults.append(f"{when}: {stop['tag']} “{stop['words']}” does not show its focus")
        elif not stop["inView"]:
            self.faults.append(f"{when}: {stop['tag']} “{stop['words']}” is out of sight")
        elif stop["covered"]:
            self.faults.append(f"{when}: {stop['tag']} “{stop['words']}” is covered")
