"""The pages after both waves are closed: the panel with its linked file, and an analysis."""

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.two_waves_pages import Researcher

_PLAN = "Local, national and global networking"
_THIN_STRATA = "population: none, lonely: adjust"
"""So that a small sample, too, has a variance where one firm of a stratum answered."""


@dataclass(frozen=True)
class Stayed:
    """The first line of the table of retention, as the page shows it."""

    answered: int
    asked: int
    again: int


def panel(researcher: Researcher, folder: Path) -> tuple[Stayed, Path]:
    """Who stayed, and the linked file."""
    researcher.at_survey()
    researcher.look("survey-two-waves", narrow=True)
    researcher.follow("Firms over waves")
    researcher.look("panel", narrow=True)
    table = researcher.page.get_by_role("table", name=re.compile("^Retention"))
    cells = table.locator("tbody tr").first.locator("td.numeric").all_inner_texts()
    answered, asked, again = (int(re.sub(r"\D", "", each)) for each in cells[:3])
    button = re.compile("^CSV: Firms$")
    path = researcher.downloaded(lambda: researcher.press(button), folder)
    return Stayed(answered, asked, again), path


def analysis(researcher: Researcher, wave: str) -> str:
    """The text of the page with the table of a shipped plan, run by a worker."""
    researcher.at_survey()
    researcher.follow(wave)
    researcher.stage("Analysis")
    researcher.look("analysis")
    researcher.follow(re.compile(_PLAN))
    text = researcher.page.locator("textarea").first
    text.fill(text.input_value().replace("population: none", _THIN_STRATA))
    researcher.look("analysis-plan", narrow=True)
    researcher.press("Save and request run")
    table = researcher.page.get_by_role("table").first
    failed = researcher.page.get_by_role("heading", name=re.compile("fail", re.IGNORECASE))
    researcher.reload_until(
        lambda: table.count() > 0 or failed.count() > 0, why="the analysis did not end"
    )
    researcher.look("table", narrow=True)
    return researcher.page.locator("main").inner_text()
