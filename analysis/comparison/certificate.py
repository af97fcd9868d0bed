"""The certificate of a registration: a plain text whose SHA-256 anyone can compute again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.comparison.content import Content

FORMAT = 1
TEXT_FOLLOWS = "--- the text of the plan follows to the end of this file ---\n"
_FACTS = (
    ("survey", "Survey"),
    ("wave", "Wave"),
    ("plan", "Plan"),
    ("version", "Version of the plan"),
    ("number", "Registration"),
    ("supersedes", "Takes the place of"),
    ("at", "Registered at"),
    ("by", "Registered by"),
    ("wave_state", "State of the wave then"),
    ("field", "Field period planned"),
    ("drawn", "Firms drawn"),
    ("begun", "Firms that had begun"),
    ("handed_in", "Firms that had handed in"),
    ("runs_of_wave", "Runs on data of the wave before"),
    ("runs_of_plan", "Runs of this plan before"),
    ("plan_fingerprint", "SHA-256 of the plan's content"),
    ("text_sha256", "SHA-256 of the plan's text"),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a text is a certificate, and what it says of itself."""

    sha256: str
    is_certificate: bool
    text_is_intact: bool | None


def sha256_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def certificate_text(facts: Mapping[str, Any], contents: Sequence[Content], source: str) -> str:
    """Facts, one a line; each specification with the SHA-256 of what it says; the plan's text."""
    lines = [f"Milieu registration certificate, format {FORMAT}", ""]
    lines += [f"{words}: {_on_one_line(facts[key])}" for key, words in _FACTS]
    lines += ["", "Specifications (SHA-256 of what each says, its kind, its name):"]
    for each in contents:
        lines.append(f"{each.fingerprint}  {each.kind}  {_on_one_line(each.name)}")
        lines += [f"{'':64}  reported beside it: {_on_one_line(e.words)}" for e in each.extras]
    return "\n".join([*lines, "", TEXT_FOLLOWS]) + source


def facts_in_words(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Pairs of words and value, in the order of the certificate."""
    return tuple((words, _on_one_line(facts[key])) for key, words in _FACTS)


def checked(content: bytes) -> Checked:
    """What a file is; its plan's text is intact if it still has the SHA-256 told above it."""
    sha256 = hashlib.sha256(content).hexdigest()
    text = content.decode("utf-8", "replace")
    head, mark, source = text.partition(TEXT_FOLLOWS)
    if not mark or not head.startswith("Milieu registration certificate"):
        return Checked(sha256, is_certificate=False, text_is_intact=None)
    told = f"SHA-256 of the plan's text: {sha256_of_text(source)}\n"
    return Checked(sha256, is_certificate=True, text_is_intact=told in head)


def _on_one_line(value: Any) -> str:
    """No value can pass for a line of its own."""
    return " ".join(str(value).split())
