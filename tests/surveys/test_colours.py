"""Marks that style sheets draw can be seen, in light and in dark."""

import re
from pathlib import Path

import pytest

TOKENS = (
    Path(__file__).resolve().parents[2] / "surveys" / "static" / "surveys" / "tokens.css"
).read_text()
LIGHT, _, DARK = TOKENS.partition("@media screen and (prefers-color-scheme: dark)")
LEAST = 3.0  # WCAG 2.2, 1.4.11: what has to be recognised beside its background


def colour(sheet: str, name: str) -> str:
    found = re.search(rf"--{name}: #([0-9a-f]{{6}});", sheet)
    assert found is not None
    return found.group(1)


def arrow(sheet: str) -> str:
    found = re.search(r"--arrow: url\([^)]*stroke='%23([0-9a-f]{6})'", sheet)
    assert found is not None, "no arrow of its own"
    return found.group(1)


def luminance(written: str) -> float:
    parts = [int(written[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sheet", [LIGHT, DARK], ids=["light", "dark"])
def test_the_arrow_of_a_select_stands_out_from_its_paper(sheet: str) -> None:
    assert contrast(arrow(sheet), colour(sheet, "paper")) >= LEAST


def test_a_select_takes_the_arrow_of_the_theme() -> None:
    assert re.search(r"\.form-select \{ --bs-form-select-bg-img: var\(--arrow\); \}", TOKENS)
