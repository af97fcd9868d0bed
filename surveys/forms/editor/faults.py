"""A problem of a draft as its author meets it: where, in whose words, and at which field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from surveys.forms.editor import form_class
from surveys.forms.editor.columns import CODES, EDITS, FACETS, GROUPS, PARTS, ROWS, SHARED
from surveys.forms.editor.fault_words import IN_THE_FILE
from surveys.forms.editor.fault_words_logic import WORDS
from surveys.forms.editor.tables import MOST_TYPED, Column
from surveys.questionnaire import Problem
from surveys.questionnaire.editing.faults import Fault, Locator, Path
from surveys.questionnaire.editing.places import Place, level, node_at, place_text
from surveys.questionnaire.linting.lint import WARNINGS

_TABLES: dict[str, tuple[str, str, tuple[Column, ...]]] = {
    "codes": ("Codes", "code {}", CODES),
    "parts": ("Parts", "part {}", PARTS),
    "rows": ("Rows", "row {}", ROWS),
    "facets": ("Questions asked of every row", "question {} of the rows", FACETS),
    "groups": ("Groups of rows", "group {}", GROUPS),
    "edits": ("Checks of the answers", "check {}", EDITS),
}
_CODED = ("codes", "parts", "rows")
_BUTTONS = {
    "sections": ("add-section", "The sections"),
    "pages": ("add-page", "The pages"),
    "items": ("add-item", "The questions"),
    "kind": ("new-kind", "“Kind of question”"),
}
_LEVELS = {"item": "Question", "entry item": "Question", "entry page": "Page of an entry"}
_TYPED_SHARED = ("value", "label")  # what the settings show of a shared list
_LONGEST = 60
_BLANK = ("", "", "")  # for a problem that names nothing where its words would


@dataclass(frozen=True, slots=True)
class Told:
    """One problem in an author's words.

    `tab` is where it is solved: draft, translations or files; `query` and `aim` are the rest
    of the address, `aim` the field that takes the focus.
    """

    place: str
    subject: str
    message: str
    remedy: str
    is_warning: bool
    tab: str = "draft"
    query: str = ""
    aim: str = ""


def tell(document: Mapping[str, Any], problems: Sequence[Problem]) -> tuple[Told, ...]:
    """Every problem once, in the order given."""
    locator = Locator(document)
    told = (_told(document, problem, locator) for problem in problems)
    return tuple(dict.fromkeys(told))


def said(problem: Problem, field: str = "This", path: Path = ()) -> tuple[str, str]:
    """What is wrong and what to do, in an author's words; `field` is what the form calls it."""
    about = problem.about
    own = f"{problem.code}:{path[-1]}" if len(path) == 1 or path[:1] == ("bind",) else ""
    keys = (f"{problem.code}.{about.why}", own, problem.code)
    words = next((WORDS[key] for key in keys if key in WORDS), ("{message}", "{remedy}"))
    values = (*about.values, *_BLANK)
    named = {
        "field": field,
        "message": _uncapitalised(problem.message) if words[0][0] != "{" else problem.message,
        "remedy": problem.remedy,
        "all": ", ".join(about.values),
        "others": ", ".join(about.values[1:]),
    }
    message, remedy = (text.format(*values, **named) for text in words)
    return message[:1].upper() + message[1:], remedy


def reworded(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The same problems, where they are, in an author's words."""
    words = ((problem, *said(problem)) for problem in problems)
    return tuple(
        replace(problem, message=message, remedy=remedy) for problem, message, remedy in words
    )


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _told(document: Mapping[str, Any], problem: Problem, locator: Locator) -> Told:
    is_warning = problem.code in WARNINGS
    if problem.where.startswith("translations") and problem.about.key != "languages":
        return _in_translations(problem, is_warning)
    fault = locator.find(problem)
    if fault.path[:1] == ("code_lists",):
        return Told("", _long_list(document, fault), *said(problem), is_warning, tab="files")
    if problem.code == "unknown_key":
        fault = Fault(fault.place)  # the form has no field for it
    aim, field = aim_of(node_at(document, fault.place), fault)
    place = place_text(fault.place)
    message, remedy = said(problem, field, fault.path)
    if fault.path == ("expression",):
        message = message.replace("The condition", "The calculation")
    if not fault.place and fault.path[:1] == ("codes",) and _hidden(fault.path):
        remedy = IN_THE_FILE
    return Told(
        place=place,
        subject=subject_of(document, fault.place),
        message=message,
        remedy=remedy,
        is_warning=is_warning,
        query=urlencode({"at": place}) if place else "",
        aim=aim,
    )


def _hidden(path: Path) -> bool:
    """Whether the settings do not show what is at fault in a shared list."""
    return len(path) == 4 and path[-1] not in _TYPED_SHARED


def _long_list(document: Mapping[str, Any], fault: Fault) -> str:
    entries = document.get("code_lists")
    at = next((step for step in fault.path if isinstance(step, int)), 0)
    known = entries[at] if isinstance(entries, list) and at < len(entries) else {}
    return f"Long list {known.get('name', '')}".strip()


def _in_translations(problem: Problem, is_warning: bool) -> Told:
    _, _, rest = problem.where.replace(" > ", " ").partition(" ")
    language, _, key = rest.partition(" ")
    only = {"missing_translations": "missing", "outdated_translations": "out_of_date"}
    asked = {"language": language, "only": only.get(problem.code, ""), "words": key}
    return Told(
        "",
        f"Translation {language}".strip(),
        *said(problem),
        is_warning,
        tab="translations",
        query=urlencode({name: value for name, value in asked.items() if value}),
        aim="text-1",
    )


def subject_of(document: Mapping[str, Any], place: Place) -> str:
    """What stands at the place, by its text and its name: Question “How many …” (persons)."""
    if not place:
        return "Settings"
    node = node_at(document, place)
    words = _LEVELS.get(level(place), level(place).capitalize())
    name = str(node.get("name") or "")
    text = " ".join(str(node.get("label") or node.get("title") or "").split())
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1].rstrip()}…"
    shown = f"{words} “{text}”" if text else f"{words} {place[-1] + 1}, without text"
    return f"{shown} ({name})" if name else shown


def aim_of(node: Mapping[str, Any], fault: Fault) -> tuple[str, str]:
    """Id of the field that solves the fault, and what the form calls it."""
    if not fault.path:
        return "place-heading", "This"
    key = str(fault.path[0])
    if key in _BUTTONS and (len(fault.path) == 1 or key != "kind"):
        return _BUTTONS[key]
    if not fault.place and key == "codes":
        return _shared(node, fault.path)
    fields = form_class(node, fault.place).base_fields
    if key in _CODED and isinstance(node.get(key), str) and key not in fields:
        return "id_shared", f"“{fields['shared'].label}”" if "shared" in fields else "This"
    if key == "bind":
        return _binding(fault.path)
    if key in fields:
        return "id_missing_0" if key == "missing" else f"id_{key}", f"“{fields[key].label}”"
    if key == "when":
        return "id_when", "“Who is asked”"
    if key in _TABLES:
        return _in_table(node, key, fault.path)
    return "place-heading", f"“{key}”"


def _in_table(node: Mapping[str, Any], key: str, path: Path) -> tuple[str, str]:
    caption, thing, columns = _TABLES[key]
    entries = node.get(key)
    if isinstance(entries, list) and len(entries) > MOST_TYPED:
        return f"table-{key}", f"“{caption}”"
    row = path[1] if len(path) > 1 and isinstance(path[1], int) else None
    wanted = next((step for step in path[2:] if isinstance(step, str)), "")
    column = next((each for each in columns if each.key == wanted), columns[0])
    if row is None:
        return f"id_{key}-0-{columns[0].key}", f"“{caption}”"
    return f"id_{key}-{row}-{column.key}", f"“{column.label}” of {thing.format(row + 1)}"


def _shared(node: Mapping[str, Any], path: Path) -> tuple[str, str]:
    """A list of codes in the settings, by its name."""
    lists = node.get("codes")
    names = list(lists) if isinstance(lists, Mapping) else []
    name = path[1] if len(path) > 1 else ""
    if name not in names:
        return "id_codes-0-name", "The shared codes"
    column = SHARED[1].key if lists and name else SHARED[0].key
    return f"id_codes-{names.index(name)}-{column}", f"The shared list {name}"


def _binding(path: Path) -> tuple[str, str]:
    row = next((step for step in path if isinstance(step, int)), 0)
    return f"id_bind-{row}-construct", "“What the answer measures”"
