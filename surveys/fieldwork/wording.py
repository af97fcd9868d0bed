"""The words of letters and e-mails to firms: their fills, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FILLS: Mapping[str, str] = {
    "firm": "the name of the firm",
    "person": "the contact person on the register; the firm’s name where there is none",
    "survey": "the title of the survey",
    "wave": "the title of the wave",
    "institute": "the institute that carries it out",
    "due_date": "the last day on which the firm can answer",
    "link": "the address that opens the firm’s questionnaire; new in every message",
    "code": "the access code of that address, to be typed",
    "help": "whom to ask: name, telephone and e-mail address of the survey",
}
"""Every fill by its name, with what it becomes."""

SECRET_FILLS = frozenset({"link", "code"})
LONGEST_SUBJECT = 150
LONGEST_BODY = 10_000
_FILL = re.compile(r"\{([^{}\n]*)\}")
_MARKUP = re.compile(r"<\s*[/!?]?\s*[A-Za-z][^\n]{0,200}?>|<!--|\{%|%\}|\{\{|\}\}|\{#|&#?\w{1,10};")
_BRACE = re.compile(r"[{}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, and where: line and column count from 1."""

    code: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}, character {self.column}: {self.message}"


def faults(text: str, *, one_line: bool = False) -> tuple[Fault, ...]:
    """Everything that is wrong with a subject (`one_line`) or a body, in the order of places."""
    longest = LONGEST_SUBJECT if one_line else LONGEST_BODY
    found = [*_markup(text), *_unknown_fills(text, one_line=one_line), *_characters(text, one_line)]
    if len(text) > longest:
        found.append(_fault(text, longest, "too_long", f"longer than {longest:,} characters."))
    if not text.strip():
        found.append(Fault("empty", 1, 1, "nothing is written here."))
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.column)))


def fills_in(text: str) -> frozenset[str]:
    return frozenset(match[1] for match in _FILL.finditer(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fills replaced; what a value holds is never read as a fill itself.

    Raises KeyError for a fill without a value: texts are checked when they are saved.
    """
    return _FILL.sub(lambda match: values[match[1]], text)


def one_line(text: str) -> str:
    """The text as a header may hold it: no line break, whatever a register says."""
    return " ".join(_CONTROL.sub(" ", text.replace("\t", " ").replace("\n", " ")).split())


def _markup(text: str) -> list[Fault]:
    return [
        _fault(
            text,
            match.start(),
            "markup",
            f"“{match[0][:30]}” is markup. Write plain text: blank lines make paragraphs and "
            "addresses become links by themselves.",
        )
        for match in _MARKUP.finditer(text)
    ]


def _unknown_fills(text: str, *, one_line: bool) -> list[Fault]:
    found = []
    allowed = set(FILLS) - SECRET_FILLS if one_line else set(FILLS)
    inside = {match.start() for match in _MARKUP.finditer(text)}
    for match in _FILL.finditer(text):
        name = match[1]
        if name in allowed or inside & {match.start(), match.start() - 1}:
            continue
        if name in SECRET_FILLS:
            words = f"{{{name}}} cannot stand in the subject, which others may see."
            found.append(_fault(text, match.start(), "secret_in_subject", words))
            continue
        known = ", ".join(f"{{{each}}}" for each in FILLS if each in allowed)
        words = f"there is no fill {{{name}}}. Fills are: {known}."
        found.append(_fault(text, match.start(), "unknown_fill", words))
    return found


def _characters(text: str, one_line: bool) -> list[Fault]:
    found = []
    if match := (re.compile(r"[\r\n]").search(text) if one_line else None):
        found.append(_fault(text, match.start(), "line_break", "a subject is a single line."))
    elif match := _CONTROL.search(text.replace("\r\n", " \n")):
        words = "a character that cannot be printed. Type this place anew."
        found.append(_fault(text, match.start(), "control", words))
    blank = _MARKUP.sub(lambda m: " " * len(m[0]), text)
    blank = _FILL.sub(lambda m: " " * len(m[0]), blank)
    if lonely := _BRACE.search(blank):
        words = f"a “{lonely[0]}” that opens or closes no fill."
        found.append(_fault(text, lonely.start(), "brace", words))
    return found


def _fault(text: str, place: int, code: str, message: str) -> Fault:
    before = text[:place]
    return Fault(code, before.count("\n") + 1, place - before.rfind("\n"), message)
