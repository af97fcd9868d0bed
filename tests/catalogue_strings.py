"""Every sentence of the firm's pages that a catalogue has to have, read from the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates" / "respondent"
_FOLDERS = (
    *("questionnaire", "questionnaire/authored", "forms", "queries", "views", "exports"),
    "templatetags",
)
MODULES = tuple(
    path for folder in _FOLDERS for path in sorted((ROOT / "surveys" / folder).glob("*.py"))
)
_FAILURES = ("base.html", "failure.html", "400.html", "404.html", "413.html", "500.html")
FIRM_SIDE = (
    *("forms/right_person", "views/right_person"),
    *("forms/" + name for name in ("teams", "feedback", "offline", "offline_words", "drawing")),
    *("forms/offline_" + name for name in ("checked", "drawing", "entries", "rosters", "rows")),
    *("forms/" + name for name in ("fields", "numbers", "pages", "pages_layout", "text")),
    *("forms/" + name for name in ("items", "items_base", "items_composite", "items_simple")),
    *("queries/" + name for name in ("contributors", "offline_sheets", "responses", "prior")),
    *("exports/" + name for name in ("offline", "offline_reading", "paper")),
    *("views/" + name for name in ("admission", "autosave", "copies", "entrance", "failures")),
    *("views/" + name for name in ("feedback", "firm", "handing_in", "hub_sections", "languages")),
    *("views/" + name for name in ("lookups", "offline", "pages", "prior_answers", "refusals")),
    *("views/" + name for name in ("respondent", "rosters", "soft_edits", "speaking", "teams")),
    *("views/" + name for name in ("prior_entries", "roster_lists", "roster_places")),
)
"""Modules whose every sentence is read by a firm."""
_SAYS = {"say", "gettext", "gettext_lazy"}
_NAMES_A_FIELD = {"label", "help_text"}
_SENTENCE = re.compile(r"[A-Z][^\n]* [^\n]*[.?]$", re.S)
_OUTSIDE = re.compile(
    r"\{% comment.*?\{% endcomment %\}|\{#.*?#\}|\{% blocktranslate.*?\{% endblocktranslate %\}"
    r"|\{% block \w*class %\}.*?\{% endblock %\}",
    re.S,
)
_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
_SPOKEN_ATTRIBUTE = re.compile(r"""(?:aria-label|title|alt|placeholder)="([^"]*)\"""")
_DEFAULT = re.compile(r"""\|default:(?:"([^"]*)"|'([^']*)')""")
_WORD = re.compile(r"[A-Za-z]{2,}")
NO_WORDS = {"Milieu", "XLSX", "PDF"}
"""Names that stand as they are in every language."""
_CALL = re.compile(r"""(n?p?gettext|_)\((.*?)\)\s""", re.S)
_TEXT = re.compile(r"""u?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")""")


def in_code() -> dict[str, str]:
    """Templates that `say` or `gettext` get, each with the file that says it."""
    found: dict[str, str] = {}
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in _said(tree):
            found.setdefault(text, path.name)
    return found


def in_templates() -> dict[str, str]:
    """Texts of ``translate`` and ``blocktranslate``, each with its template."""
    found: dict[str, str] = {}
    for path in _templates():
        for line in templatize(path.read_text(encoding="utf-8")).splitlines():
            for function, arguments in _CALL.findall(f"{line} "):
                texts = [ast.literal_eval(match.group(0)) for match in _TEXT.finditer(arguments)]
                for text in texts[1:2] if function == "pgettext" else texts[:2]:
                    found.setdefault(text, path.name)
    return found


def _templates() -> list[Path]:
    """Templates that a firm sees, with those for what goes wrong at any address."""
    return [*sorted(TEMPLATES.rglob("*.html")), *(TEMPLATES.parent / name for name in _FAILURES)]


def untranslated_in_templates() -> set[tuple[str, str]]:
    """Words of the firm's templates that stand outside ``translate``, with their template."""
    found: set[tuple[str, str]] = set()
    for path in _templates():
        text = _OUTSIDE.sub("", path.read_text(encoding="utf-8"))
        defaults = [one or other for one, other in _DEFAULT.findall(text)]
        text = _CODE.sub("", text)
        spoken = [*_SPOKEN_ATTRIBUTE.findall(text), *re.sub(r"<[^>]*>", "\n", text).splitlines()]
        spoken += [each for each in defaults if each[:1].isupper()]
        for piece in spoken:
            if set(_WORD.findall(piece)) - NO_WORDS and '="' not in piece:
                found.add((path.name, piece.strip()))
    return found


def untranslated_in_code() -> set[tuple[str, str]]:
    """Sentences, labels and helps of the firm-side modules that no catalogue is asked for."""
    known = in_code()
    found: set[tuple[str, str]] = set()
    for name in FIRM_SIDE:
        path = ROOT / "surveys" / f"{name}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in _plain_sentences(tree):
            if text not in known:
                found.add((path.name, text))
    return found


def _plain_sentences(tree: ast.Module) -> Iterator[str]:
    """Texts that read as sentences or stand where a field is named, documentation aside."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg=str(arg), value=ast.Constant(value=str(text))) if text:
                if arg in _NAMES_A_FIELD:
                    yield text
            case ast.Constant(value=str(text)) if id(node) not in documentation:
                if _SENTENCE.match(text):
                    yield text
            case ast.JoinedStr(values=values):
                pieces = [getattr(each, "value", "") for each in values]
                text = "".join(each if isinstance(each, str) else "…" for each in pieces)
                if _SENTENCE.match(text):
                    yield text


def _said(tree: ast.Module) -> Iterator[str]:
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    assigned.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            assigned.setdefault(node.target.id, []).append(node.value)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id in _SAYS:
            yield from _texts(node.args[0], assigned)


def _texts(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The texts that an argument may stand for."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name):
            for value in assigned.pop(name, []):
                yield from _texts(value, assigned)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, assigned)
            yield from _texts(other, assigned)
        case ast.Subscript(value=value) | ast.Call(func=ast.Attribute(value=value, attr="get")):
            yield from _texts(value, assigned)
        case ast.Dict(values=values) | ast.Tuple(elts=values):
            for value in values:
                yield from _texts(value, assigned)
