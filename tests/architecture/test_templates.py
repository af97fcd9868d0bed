"""Templates declare their inputs and hold no script, style or query of their own."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_opens_by_declaring_its_inputs(path: Path) -> None:
    text = re.sub(r"^(\s*\{% extends [^%]+%\})", "", path.read_text()).lstrip()

    assert text.startswith("{% comment %}")
    assert "nputs" in text.split("{% endcomment %}")[0]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()

    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_an_included_template_gets_only_what_it_is_given(path: Path) -> None:
    includes = re.findall(r"\{% include [^%]*%\}", path.read_text())

    assert [include for include in includes if " only " not in include] == []
