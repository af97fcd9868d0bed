"""What a person with good eyes, and one with a screen reader, would object to."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    # To tell of every element that is right takes longer than to find the wrong ones.
    "resultTypes": ["violations"],
}


@dataclass
class Eyes:
    """Looks at pages: keeps a picture of each, and what axe-core finds."""

    folder: Path
    journey: str
    seen: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str, *, check: bool = True) -> None:
        """Keep a picture; fail on accessibility faults and on sideways scrolling."""
        self.seen.append(name)
        file = re.sub(r"[^a-z0-9]+", "-", f"{self.journey}-{name}".lower()).strip("-")
        page.screenshot(path=self.folder / f"{file}.png", full_page=True)
        if not check:
            return
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, f"{name}: {results.generate_report()}"
        wide, there = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= there, f"{name} scrolls sideways: {wide} > {there}"
