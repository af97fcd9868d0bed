"""Short, stable names and codes made from the words of a questionnaire."""

import re
import unicodedata
from dataclasses import dataclass, field

LONGEST_ITEM = 32  # longer names cost readability in data files
LONGEST_PAGE = 60
LONGEST_CODE = 32
_TELLING_PIECE = 5  # characters of a cut word that still tell names apart
_FILLER_WORDS = (
    "a an and any as at be been by did do does during following for from had has have how if in "
    "into is it its of on or please that the their these they this to was were what when "
    "which with would you your"
)
_RESERVED_WORDS = "and or not has in answered count sum min max round abs if last frame"
_FILLERS = frozenset(re.findall(r"\w+", _FILLER_WORDS))
_RESERVED = frozenset(re.findall(r"\w+", _RESERVED_WORDS))


def words_of(text: str) -> list[str]:
    """The words of the text in plain lower-case letters and digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=\b[a-z])&(?=[a-z]\b)|'", "", plain))


def slug(text: str, longest: int, *, fallback: str, telling: bool = True) -> str:
    """The words joined by underscores and cut; without fillers if `telling`."""
    words = words_of(text)
    chosen = [word for word in words if word not in _FILLERS] if telling else words
    name = ""
    for word in chosen or words or [fallback]:
        longer = f"{name}_{word}" if name else word
        if len(longer) > longest:
            room = longest - len(name) - 1
            return longer[:longest] if not name or room >= _TELLING_PIECE else name
        name = longer
    return name


def code(text: str, taken: set[str]) -> str:
    """A code for an option with this value, other than those taken; adds it to them."""
    return _free(slug(text, LONGEST_CODE, fallback="option"), taken, LONGEST_CODE)


@dataclass(slots=True)
class Names:
    """The names given so far, of items and of pages."""

    items: set[str] = field(default_factory=lambda: set(_RESERVED))
    pages: set[str] = field(default_factory=set)
    sections: set[str] = field(default_factory=set)

    def page(self, text: str) -> str:
        name = _lettered(slug(text, LONGEST_PAGE, fallback="page", telling=False))
        return _free(name, self.pages, LONGEST_PAGE)

    def section(self, text: str) -> str:
        name = _lettered(slug(text, LONGEST_PAGE, fallback="section"))
        return _free(name, self.sections, LONGEST_PAGE)


def free_item_name(text: str, taken: set[str]) -> str:
    """A name for an item of these words, other than those taken; adds it to them.

    Where another item has the name, the last words are what tells the two apart.
    """
    name = _lettered(slug(text, LONGEST_ITEM, fallback="item"))
    if name in taken:
        head = _lettered(slug(text, LONGEST_ITEM // 2, fallback="item"))
        tail = list(reversed([word for word in words_of(text) if word not in _FILLERS]))
        room = LONGEST_ITEM - len(head)
        kept = [word for place, word in enumerate(tail) if len("_".join(tail[: place + 1])) < room]
        name = "_".join([head, *reversed(kept)])
    return _free(name, taken, LONGEST_ITEM)


def local_names() -> set[str]:
    """The names that no item of a roster's entry may have."""
    return {*_RESERVED, "entry", "missing"}


def _lettered(name: str) -> str:
    return name if name[0].isalpha() else f"q_{name}"


def _free(name: str, taken: set[str], longest: int) -> str:
    free, number = name[:longest], 2
    while free in taken:
        ending = f"_{number}"
        free = name[: longest - len(ending)].rstrip("_") + ending
        number += 1
    taken.add(free)
    return free
