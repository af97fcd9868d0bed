"""One page seen at every width, in the light and in the dark, by axe-core; loaded only once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.eyes import RULES

WIDTHS = (320, 390, 1280)
SCHEMES = ("light", "dark")

_OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
_RUN = """(options) => axe.run(document, options).then(({ violations }) => violations.map(
  (one) => `${one.id} at ${one.nodes.map((node) => node.target.join(' ')).join(', ')}: ${one.help}`
))"""
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Spectacles:
    """Keeps what is wrong in `faults`, one line each, so that a run tells of all at once."""

    widths: Sequence[int] = WIDTHS
    schemes: Sequence[str] = SCHEMES
    faults: list[str] = field(default_factory=list)
    seen: int = 0

    def look(self, page: Page, name: str) -> None:
        """The page must not animate: ask for reduced motion."""
        page.evaluate(Axe().axe_script)
        page.evaluate(_OPEN)
        for width in self.widths:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in self.schemes:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                where = f"{name}, {width} px, {scheme}"
                found = page.evaluate(_RUN, RULES)
                self.faults += [f"{where}: {fault}" for fault in found]
                self.seen += 1
            if page.evaluate(_TOO_WIDE):
                self.faults.append(f"{name} scrolls sideways at {width} px")
