"""A long unit beside a number leaves room for the figures, on a phone and on a desk."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page

from surveys.forms.pages import PageForm
from surveys.questionnaire import FillContext, compile_text
from tests.journeys.eyes import Eyes

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Visit = Callable[..., Page]
STYLES = Path(__file__).resolve().parents[2] / "surveys" / "static" / "surveys"
FIGURES = "123 456 789"
CUT = "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth).map(box => box.id)"
TEXT = """
instrument: units
version: '1'
title: Units
sections:
  - name: s
    title: S
    pages:
      - name: one
        title: In 2025
        items:
          - {name: alone, kind: number, label: Value added, unit: thousand NOK per full-time equivalent}
          - name: parts
            kind: allocation
            label: How did it divide?
            unit: thousand NOK per full-time equivalent
            parts: [{value: wages, label: Wages and what goes with them}, {value: rest, label: Rest}]
      - name: rows
        title: Rows in 2025
        items:
          - name: spent
            kind: battery
            label: 'Spent on {row}'
            rows: [{value: research, label: research}]
            facets:
              - name: sum
                label: How much?
                choose: number
                unit: thousand NOK per full-time equivalent
                codes: [{value: home, label: At home}, {value: abroad, label: Abroad}]
"""


def drawn(number: int) -> str:
    """A page of the questionnaire with its style sheets in it, so that no server is asked."""
    instrument = compile_text(TEXT)
    page = instrument.pages[number]
    context = FillContext(firm="Nord AS", first_year=2024, last_year=2025, instrument=instrument)
    html = render_to_string(
        "research/editor/firm_page.html",
        {"form": PageForm(page=page, context=context), "page": page, "title": page.title},
    )
    sheets = re.findall(r'<link rel="stylesheet" href="[^"]*/surveys/([^"]+)">', html)
    styles = "".join((STYLES / sheet).read_text() for sheet in sheets)
    return html.replace("</head>", f"<style>{styles}</style></head>")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("number", [0, 1])
def test_nine_figures_are_seen_beside_a_long_unit(
    visit: Visit, eyes: Eyes, width: int, number: int
) -> None:
    page = visit(width=width)
    page.set_content(drawn(number))
    boxes = page.locator("input[data-number]")
    for box in boxes.all():
        box.fill(FIGURES)

    eyes.look(page, f"units-{width}", check=False)

    assert boxes.count() >= 2
    assert boxes.evaluate_all(CUT) == []
    wide, there = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= there
