"""Results wait for a second person, who looks at them in the browser and lets them go."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demonstration import Demonstration
from tests.journeys.eyes import Eyes
from tests.journeys.test_researcher import RUN_WITHIN, WAVE, log_in

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]
RULES = "/research/knowledge-sourcing/output/rules/"
CHECKS = "/research/knowledge-sourcing/output/checks/"


def set_rules(page: Page, demonstration: Demonstration, second: str, beyond: int) -> None:
    """Other rules make another run, however often the journey is made."""
    page.goto(demonstration.address + RULES)
    page.get_by_label("Second person").fill(second)
    page.get_by_label("Firms beyond a quantile").fill(str(beyond))
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("The rules are kept.")).to_be_visible()


def run_the_plan(page: Page, demonstration: Demonstration) -> None:
    page.goto(demonstration.address + WAVE + "analysis/local-national-global/")
    page.get_by_role("button", name="Save and request run").click()
    expect(page.get_by_text("Not released.")).to_be_visible(timeout=RUN_WITHIN)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_second_person_lets_results_go(
    demonstration: Demonstration, visit: Visit, eyes: Eyes, width: int
) -> None:
    ada = visit(width=width)
    log_in(ada, demonstration)
    set_rules(ada, demonstration, "yes", beyond=11 + width % 7)
    eyes.look(ada, f"rules at {width}")
    try:
        run_the_plan(ada, demonstration)
    finally:
        # Others walk through the same demonstration. A run keeps the rules it was asked for under.
        run = ada.url.partition("?")[0]
        set_rules(ada, demonstration, "no", beyond=10)
    ada.goto(run)
    eyes.look(ada, f"not released at {width}")
    assert ada.request.get(f"{run}table.csv").status == 409
    ada.get_by_role("link", name="Output check", exact=True).click()
    expect(ada.get_by_text("somebody else decides")).to_be_visible()

    vera = visit(width=width)
    log_in(vera, demonstration, "vera")
    vera.goto(run)
    expect(vera.get_by_role("heading", name="Not released")).to_be_visible()
    eyes.look(vera, f"held back at {width}")

    carl = visit(width=width)
    log_in(carl, demonstration, "carl")
    carl.goto(demonstration.address + CHECKS)
    eyes.look(carl, f"what waits at {width}")
    carl.locator(f"a[href='{run.partition(demonstration.address)[2]}check/']").click()
    eyes.look(carl, f"to decide at {width}")
    carl.get_by_role("button", name="Approve").click()
    expect(carl.get_by_role("heading", name="Released")).to_be_visible()

    vera.goto(run)
    expect(vera.get_by_role("region", name="Table")).to_be_visible()
    assert vera.request.get(f"{run}table.csv").status == 200
