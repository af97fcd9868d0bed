"""A wave is closed, weighted and its weights published, in Chromium."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from surveys.actions import weighting
from surveys.models import Survey, User, Wave, Weighting, WeightingRequest
from tests.factories import NOON, make_case, make_response, make_stratum
from tests.journeys.eyes import Eyes
from tests.surveys.views.world import open_wave

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.fixture
def wave(survey: Survey, settings: Any, tmp_path: Path) -> Wave:
    """Forty firms in two strata, half of which handed in."""
    settings.MEDIA_ROOT = tmp_path
    wave = open_wave(survey)
    for label in ("small", "large"):
        stratum = make_stratum(wave, label, size_class=label, population=200, drawn=20)
        for number in range(20):
            done = number < (8 if label == "small" else 12)
            standing = "complete" if done else "not_started"
            case = make_case(wave, stratum, f"{label}-{number:02}", disposition=standing)
            if done:
                make_response(
                    case, {"employment_last": number}, submitted_at=NOON, reference=case.pseudonym
                )
    return wave


@pytest.mark.parametrize("width", [1280, 390])
def test_a_wave_is_closed_weighted_and_published(
    live_server: Any, visit: Visit, eyes: Eyes, wave: Wave, ada: User, width: int
) -> None:
    page = visit(width=width)
    page.goto(f"{live_server.url}/login/")
    page.locator("[name=username]").fill("ada")
    page.locator("[name=password]").fill("a long password")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    address = f"{live_server.url}{wave.get_absolute_url()}"

    page.goto(f"{address}weights/")
    expect(page.get_by_text("The field is not closed")).to_be_visible()
    page.goto(f"{address}close/")
    expect(page.get_by_role("row", name="No reply yet")).to_contain_text("20")
    eyes.look(page, "close")
    page.get_by_label("Last day to correct").fill("2027-01-31")
    page.get_by_role("button", name="Save the rules").click()
    expect(page.get_by_text("The rules are saved")).to_be_visible()
    page.get_by_role("button", name="Close the field").click()
    expect(page.get_by_text("The field is closed. Every case")).to_be_visible()

    page.goto(f"{address}weights/")
    eyes.look(page, "no weights yet")
    page.get_by_role("link", name="Make weights").click()
    page.get_by_label("Bring weights to known totals").select_option("raking")
    page.get_by_role("button", name="Make weights").click()
    expect(page.get_by_text("Choose at least one total")).to_be_visible()
    page.locator("[name=margins][value=size_class]").check()
    eyes.look(page, "recipe")
    page.get_by_role("button", name="Make weights").click()
    expect(page.get_by_text("New weights are wanted and wait for a worker")).to_be_visible()
    asked = WeightingRequest.objects.get()
    weighting.carry_out_request(request=asked.pk, at=NOON)
    page.get_by_role("link", name="Look again").click()

    page.get_by_role("button", name="Publish weights 1").click()
    expect(page.get_by_text("Weights 1 are published")).to_be_visible()
    eyes.look(page, "weights")
    assert Weighting.objects.get().is_published
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download CSV").click()
    lines = Path(saved.value.path()).read_text().splitlines()
    assert lines[0].startswith("pseudonym,design_weight,final_weight,")
    assert len(lines) == 41
