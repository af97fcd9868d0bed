"""Texts of several lines: paragraphs, lists, and nothing that a text smuggles in."""

import pytest

from surveys.templatetags.prose import prose


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("One line", "<p>One line</p>"),
        ("One\ntwo\n\nthree", "<p>One<br>two</p><p>three</p>"),
        (
            "Include:\n• goods\n• services",
            "<p>Include:</p><ul><li>goods</li><li>services</li></ul>",
        ),
        ("• <b>\nafter", "<ul><li>&lt;b&gt;</li></ul><p>after</p>"),
    ],
)
def test_lines_become_paragraphs_and_lists(text: str, shown: str) -> None:
    assert prose(text) == shown
