"""Modules: blocks of sections that instruments are put together from.

A module is a document with ``module`` (its name), ``title``, ``summary``, ``minutes``,
``needs`` (names of the modules that its conditions and fills read), and ``codes``,
``code_lists``, ``sections``, ``languages`` and ``translations`` as an instrument has them.
Its money is in no currency until it is composed, see `surveys.questionnaire.currencies`.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from surveys.questionnaire.currencies import EURO, in_currency
from surveys.questionnaire.problems import About, InstrumentErrors, Problem
from surveys.questionnaire.translatable import entries
from surveys.questionnaire.translations import languages_of

_RENAME = "Rename it in one of the two."

Document = Mapping[str, Any]


def compose(
    title: str,
    slug: str,
    version: str,
    modules: Sequence[Document],
    *,
    library: Mapping[str, Document] | None = None,
    currency: str = EURO,
) -> dict[str, Any]:
    """The instrument that the modules make in the order given, its money in the currency.

    A module that another one needs, and that is not chosen, is taken from the library and
    stands before the module that needs it.

    Raises
    ------
    InstrumentErrors
        With every problem: modules that are missing, names that stand twice, lists of codes
        of one name with different content, different languages of the authors.
    KeyError
        If there is no such currency.
    """
    chosen, problems = with_needed(modules, library or {})
    composed: dict[str, Any] = {"instrument": slug, "version": version, "title": title}
    composed["language"] = languages_of(modules[0])[0] if modules else "en"
    for module in chosen:
        problems += _merge(composed, in_currency(module, currency), position=None)
    if problems:
        raise InstrumentErrors(tuple(problems))
    return composed


def insert(
    document: Document,
    module: Document,
    after_section: str = "",
    *,
    library: Mapping[str, Document] | None = None,
    currency: str = EURO,
) -> dict[str, Any]:
    """The instrument with the sections of the module behind a section; at the end without one.

    Modules that it needs and whose sections the instrument does not have come before it.

    Raises
    ------
    InstrumentErrors
        As `compose`, and if there is no section of that name.
    """
    wanted, problems = with_needed((module,), library or {}, had=_modules_in(document, library))
    changed = copy.deepcopy(dict(document))
    names = [section.get("name") for section in entries(changed, "sections")]
    if after_section and after_section not in names:
        problems.append(_no_section(after_section))
    position = names.index(after_section) + 1 if after_section in names else len(names)
    for each in wanted:
        problems += _merge(changed, in_currency(each, currency), position)
        position += len(list(entries(dict(each), "sections")))
    if problems:
        raise InstrumentErrors(tuple(problems))
    return changed


def with_needed(
    modules: Sequence[Document], library: Mapping[str, Document], had: frozenset[str] = frozenset()
) -> tuple[list[Document], list[Problem]]:
    """The modules with those that they need before them, and what cannot be had.

    Modules named in `had` are there already. Modules that need each other in a circle come
    in the order in which they were met.
    """
    known = dict(library) | {name_of(module): module for module in modules}
    placed: dict[str, Document] = {}
    chosen = [name_of(module) for module in modules]
    repeated = dict.fromkeys(name for name in chosen if chosen.count(name) > 1)
    problems = [_twice("module", name) for name in repeated]

    def place(module: Document, on_the_way: frozenset[str]) -> None:
        name = name_of(module)
        if name in placed or name in on_the_way:
            return
        for needed in needs_of(module):
            if needed in known:
                place(known[needed], on_the_way | {name})
            elif needed not in had:
                problems.append(_missing(name, needed))
        placed[name] = module

    for module in modules:
        place(module, had - {name_of(module)})
    return [
        module for name, module in placed.items() if name not in had or name in chosen
    ], problems


def name_of(module: Document) -> str:
    return str(module.get("module") or "")


def needs_of(module: Document) -> tuple[str, ...]:
    """The modules that it names under ``needs``."""
    needs = module.get("needs")
    return tuple(str(each) for each in needs) if isinstance(needs, list) else ()


def _modules_in(document: Document, library: Mapping[str, Document] | None) -> frozenset[str]:
    """Modules of the library all of whose sections the instrument has."""
    names = _names(document)["section"]
    return frozenset(
        name
        for name, module in (library or {}).items()
        if set(_names(module)["section"]) <= set(names)
    )


def _merge(target: dict[str, Any], module: Document, position: int | None) -> list[Problem]:
    """Put the module into the document, which is changed; what does not fit comes back."""
    own: dict[str, Any] = copy.deepcopy(dict(module))
    problems = [
        _twice(kind, name)
        for kind, names in _names(module).items()
        for name in names
        if name in _names(target)[kind]
    ]
    problems += _merge_lists(target, own)
    problems += _merge_languages(target, own)
    sections = target.setdefault("sections", [])
    at = len(sections) if position is None else position
    sections[at:at] = list(entries(own, "sections"))
    return problems


def _names(document: Document) -> dict[str, list[str]]:
    sections = list(entries(dict(document), "sections"))
    pages = [page for section in sections for page in entries(section, "pages")]
    items = [item for page in pages for item in entries(page, "items")]
    return {
        "section": [str(each.get("name")) for each in sections],
        "page": [str(each.get("name")) for each in pages],
        "item": [str(each.get("name")) for each in items],
    }


def _merge_lists(target: dict[str, Any], module: dict[str, Any]) -> list[Problem]:
    problems = []
    if isinstance(codes := module.get("codes"), dict) and codes:
        shared = target.setdefault("codes", {})
        for name, content in codes.items():
            if shared.setdefault(name, content) != content:
                problems.append(_differ(f"codes {name}", name))
    for listed in entries(module, "code_lists"):
        problems += _merge_code_list(target.setdefault("code_lists", []), listed)
    return problems


def _merge_code_list(known: list[dict[str, Any]], listed: dict[str, Any]) -> Iterator[Problem]:
    key = (listed.get("name"), listed.get("version"))
    same = [each for each in known if (each.get("name"), each.get("version")) == key]
    if not same:
        known.append(listed)
    elif same[0] != listed:
        name = f"{key[0]}@{key[1]}"
        yield _differ(f"code_lists {name}", name)


def _merge_languages(target: dict[str, Any], module: dict[str, Any]) -> list[Problem]:
    own, others = languages_of(target), languages_of(module)
    if own[0] != others[0]:
        return [
            Problem(
                "unknown_language",
                f"module {name_of(module)}",
                f"Its texts are in {others[0]!r}, those before it in {own[0]!r}.",
                "Choose modules of one author's language.",
                About("module", "", (others[0], own[0])),
            )
        ]
    together = list(dict.fromkeys((*own, *others)))
    if len(together) > 1:
        target["languages"] = together
    _merge_translations(target, module)
    return []


def _merge_translations(target: dict[str, Any], module: dict[str, Any]) -> None:
    """Translations of the module's own title and summary are left behind."""
    translations = module.get("translations")
    if not isinstance(translations, dict):
        return
    for language, texts in translations.items():
        kept = target.setdefault("translations", {}).setdefault(language, {})
        for key, text in (texts or {}).items():
            if not key.startswith("module."):
                kept.setdefault(key, text)


def _missing(name: str, needed: str) -> Problem:
    return Problem(
        "missing_module",
        f"module {name}",
        f"It needs the module {needed[:80]!r}, which is not chosen.",
        f"Choose {needed[:80]} too.",
        About(values=(needed,)),
    )


def _no_section(name: str) -> Problem:
    return Problem(
        "unknown_item",
        "sections",
        f"There is no section {name[:80]!r}.",
        "Name a section of the questionnaire.",
        About("section", "", (name,)),
    )


def _twice(kind: str, name: str) -> Problem:
    about = About(kind, "name", (name,))
    return Problem("duplicate_name", f"{kind} {name}", f"{name!r} is used twice.", _RENAME, about)


def _differ(where: str, name: str) -> Problem:
    return Problem(
        "duplicate_name",
        where,
        f"Two lists are called {name!r} and hold different codes.",
        _RENAME,
        About("shared", "", (name,)),
    )
