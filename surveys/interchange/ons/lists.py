"""List collectors and repeated sections to rosters."""

from typing import Any

from surveys.interchange.ons.known import RosterKnown, Scope
from surveys.interchange.ons.names import local_names
from surveys.interchange.ons.pages import page_of
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.texts import text_of

Document = dict[str, Any]

MOST_ENTRIES = 100


def roster_page(block: Part, scope: Scope) -> Document:
    """The page of the roster that a list collector fills."""
    list_name = block.word("for_list", needed=True) or "list"
    question = block.part("question")
    title = text_of(block.get("page_title"), block.where, scope)
    if question is not None:
        block.kept("the question whether there is another entry", "the roster's own buttons")
        label = text_of(question.get("title"), question.where, scope)
    else:
        label = title
    name = scope.item_name(list_name)
    thing = list_name.replace("-", " ").replace("_", " ")
    roster: Document = {
        "name": name,
        "kind": "roster",
        "label": label or f"Which {thing} are there?",
        "thing": thing.removesuffix("s") or thing,
        "things": thing,
        "most": MOST_ENTRIES,
        "pages": [],
    }
    known = RosterKnown(name, roster, local_names())
    scope.lists[list_name] = scope.rosters[name] = known
    scope.place_of[name] = scope.place
    _fill_roster(block, known, scope)
    return {"title": " ".join((title or label or thing).split()), "items": [roster]}


def _fill_roster(block: Part, known: RosterKnown, scope: Scope) -> None:
    scope.roster = known.name
    adding = block.part("add_block")
    for asked in [*([adding] if adding else []), *block.parts("repeating_blocks")]:
        add_entry_page(asked, "", known, scope)
    scope.roster = ""
    _begin_with_name(known)
    for key, words in (
        ("edit_block", "the roster's own page for an entry"),
        ("remove_block", "the roster's own page to remove an entry"),
        ("summary", "the roster's own list of entries"),
        ("same_name_answer_ids", "nothing: entries may have the same name"),
    ):
        if block.get(key):
            block.kept(f"“{key}” of a list collector", words)


def add_entry_page(block: Part, when: str, known: RosterKnown, scope: Scope) -> None:
    """Ask the questions of the block of every entry."""
    page = page_of(block, scope)
    if page is None:
        return
    if page.pop("edits", None):
        block.kept("checks within an entry of a roster")
    items = [item for item in page["items"] if _fits(item, block)]
    if not items:
        return
    if page.get("intro"):
        intro = page["intro"].partition("\n")
        note = {"name": scope.item_name("about entry"), "kind": "note", "label": intro[0]}
        items.insert(0, {**note, "hint": intro[2]} if intro[2] else note)
    known.item["pages"].append(
        {"title": page["title"], **({"when": when} if when else {}), "items": items}
    )


def _fits(item: Document, block: Part) -> bool:
    if item["kind"] not in ("computed", "roster"):
        return True
    block.kept(f"a {item['kind']} item within an entry of a roster")
    return False


def _begin_with_name(known: RosterKnown) -> None:
    """An entry begins with a text that names it: the first text, or one more."""
    pages = known.item["pages"]
    items: list[Document] = pages[0]["items"] if pages else []
    first = next((item for item in items if item["kind"] == "text" and "when" not in item), None)
    if first is None:
        known.locals.add("name")
        first = {"name": "name", "kind": "text", "label": f"Name of the {known.item['thing']}"}
    else:
        items.remove(first)
    if not pages:
        pages.append({"title": first["label"], "items": []})
    pages[0]["items"].insert(0, first)
