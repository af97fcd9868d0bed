"""A methodologist plans a sample, looks at what it would give, and draws it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from surveys.models import User, Wave
from tests.factories import make_wave
from tests.journeys.eyes import Eyes
from tests.surveys.test_draw_sample import make_frame

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_from_plan_to_drawn_sample(
    live_server: LiveServer,
    visit: Callable[..., Page],
    eyes: Eyes,
    ada: User,
    width: int,
) -> None:
    wave: Wave = make_wave(
        ada.memberships.get().survey, frame=make_frame(ada.memberships.get().survey)
    )
    page = visit(width=width)
    page.goto(f"{live_server.url}/login/")
    page.locator("[name=username]").fill("ada")
    page.locator("[name=password]").fill("a long password")
    page.locator("main button[type=submit]").click()
    page.goto(f"{live_server.url}{wave.get_absolute_url()}sample/")
    eyes.look(page, f"sample-empty-{width}")

    page.get_by_label("large", exact=True).check()
    page.get_by_label("Firms to draw", exact=True).fill("99")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_contain_text("60 firms can be drawn")
    eyes.look(page, f"sample-refused-{width}")
    expect(page.get_by_label("large", exact=True)).to_be_checked()

    page.get_by_label("Firms to draw", exact=True).fill("20")
    page.get_by_label("Assumed share, %, target 1").fill("40")
    page.get_by_label("At most, %, target 1").fill("15")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("The draw misses a precision target")).to_be_visible()
    eyes.look(page, f"sample-misses-{width}")
    page.get_by_role("button", name=re.compile(r"Preview with \d+ firms")).click()
    expect(page.get_by_role("link", name="Draw this sample")).to_be_visible()
    expect(page.get_by_text("The draw misses a precision target")).to_have_count(0)

    page.get_by_label("Firms to draw", exact=True).fill("20")
    page.get_by_label("At most, %, target 1").fill("30")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What the plan would give")).to_be_visible()
    eyes.look(page, f"sample-preview-{width}")

    page.get_by_role("link", name="Draw this sample").click()
    expect(page.get_by_text("This becomes final for the wave")).to_be_visible()
    eyes.look(page, f"sample-draw-{width}")
    page.get_by_role("button", name="Draw the sample").click()
    expect(page.get_by_text("The sample is drawn: 20 firms.")).to_be_visible()
    expect(page.get_by_role("row", name="large · services · coast")).to_contain_text("1.00")
    eyes.look(page, f"sample-drawn-{width}")
    assert wave.cases.count() == 20

    page.get_by_role("link", name="How likely is this sample to show an effect?").click()
    expect(page.get_by_role("button", name="Work out the power")).to_be_visible()
    page.get_by_label("Odds ratio to be shown").fill("0")
    page.get_by_role("button", name="Work out the power").click()
    expect(page.get_by_text("Type a number above 0, up to 100.")).to_be_visible()
    eyes.look(page, f"power-{width}")
