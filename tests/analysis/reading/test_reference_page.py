import re
from pathlib import Path
from typing import get_args

from analysis.reading.paragraphs import RULES
from analysis.reading.verdicts import Verdict

PAGE = (Path(__file__).resolve().parents[3] / "docs/reference/reading-aid.md").read_text()


def section(heading: str) -> str:
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def names(text: str) -> list[str]:
    cells = re.findall(r"^\| (`[^|]*) \|", text, flags=re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_every_rule_is_documented_in_the_order_of_its_sentence():
    assert tuple(names(section("Every rule"))) == RULES


def test_every_verdict_is_documented():
    assert sorted(names(section("What an interval allows to say"))) == sorted(get_args(Verdict))
