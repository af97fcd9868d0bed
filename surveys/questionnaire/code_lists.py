"""Long lists of codes, such as industries, countries and regions, and finding codes in them."""

import heapq
import unicodedata
from dataclasses import dataclass, field

MOST_FOUND = 12
_LONGEST_SEARCH = 100
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


@dataclass(frozen=True, slots=True)
class ListedCode:
    """One code; `parent` is the code above it, empty at the top. `words` are other names."""

    value: str
    label: str
    parent: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class CodeList:
    """A version of a code list: ``nace`` in version ``2.1``."""

    name: str
    version: str
    title: str
    codes: tuple[ListedCode, ...]
    _labels: dict[str, str] = field(init=False, repr=False, compare=False, hash=False)
    _index: list[tuple[str, str]] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_labels", {code.value: code.label for code in self.codes})
        object.__setattr__(self, "_index", [])

    def __contains__(self, value: object) -> bool:
        return value in self._labels

    def label(self, value: str) -> str:
        """The label of the code; the code itself where the list does not have it."""
        return self._labels.get(value, value)

    def search(self, typed: str, most: int = MOST_FOUND) -> tuple[ListedCode, ...]:
        """The codes that were probably meant, best first, at most `most` of them.

        Every word typed must occur. Codes that begin with what was typed come first, then
        labels that do, then labels in which every word begins a word, then the others; within
        each in the order of the list. Accents, case and punctuation make no difference.
        """
        sought = plain_words(typed[:_LONGEST_SEARCH])
        if not sought:
            return ()
        words = sought.split()
        ranked = (
            (rank, place)
            for place, (code, text) in enumerate(self._indexed())
            if (rank := _rank(sought, words, code, text)) is not None
        )
        return tuple(self.codes[place] for _, place in heapq.nsmallest(most, ranked))

    def meant(self, typed: str) -> ListedCode | None:
        """The one code whose value or label was typed in full, or None."""
        sought = plain_words(typed)
        found = [
            self.codes[place]
            for place, (code, text) in enumerate(self._indexed())
            if sought and sought in (code, text.partition(" | ")[0].strip())
        ]
        exact = [code for code in found if plain_words(code.value) == sought]
        return (exact or found)[0] if len(exact or found) == 1 else None

    def _indexed(self) -> list[tuple[str, str]]:
        """Of every code the plain value, and `` label | other words``; made at first use."""
        if not self._index:
            self._index.extend(
                (
                    plain_words(code.value),
                    f" {plain_words(code.label)} | {plain_words(code.words)}",
                )
                for code in self.codes
            )
        return self._index


def plain_words(text: str) -> str:
    """The text in small letters without accents and punctuation: ``zurich 62 1``."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN_LETTERS))
    kept = (
        letter if letter.isalnum() else " "
        for letter in letters
        if not unicodedata.combining(letter)
    )
    return " ".join("".join(kept).split())


def _rank(sought: str, words: list[str], code: str, text: str) -> int | None:
    """How well a code fits, 0 the best; None if it does not."""
    if code.startswith(sought) or code.replace(" ", "").startswith(sought):
        return 0
    if text.startswith(sought, 1):
        return 1
    if not all(word in text for word in words):
        return None
    return 2 if all(f" {word}" in text for word in words) else 3
