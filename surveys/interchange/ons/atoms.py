"""Single questions about answers, as rules of an eq schema ask them.

To eq an answer that is not there is simply false in a comparison, and its negation true. In
the language of conditions a comparison over a blank is neither, so that every negation says
of its answers that they may be blank.
"""

from dataclasses import dataclass

from surveys.interchange.ons.known import Known

_PLAIN_WORDS = 80


@dataclass(frozen=True, slots=True)
class Atom:
    """A variable of the truth functions.

    Attributes
    ----------
    text : the condition that holds when it is true; empty if it is beyond the language
    reads : items whose blank makes it false
    item, codes : for a choice, the item and the codes that make it true
    one : whether the item holds one code at most
    """

    text: str
    reads: tuple[str, ...] = ()
    item: str = ""
    codes: frozenset[str] = frozenset()
    one: bool = False
    beyond: str = ""

    @property
    def denied(self) -> str:
        """The condition that holds when it is false."""
        if self.text.startswith("answered("):
            return f"not {self.text}"
        blanks = "".join(f"not answered({item}) or " for item in self.reads)
        if self.one and len(self.codes) == 1:
            return f"({blanks}{self.text.replace(' = ', ' != ')})"
        return f"({blanks}not {self.text})"


def chose(known: Known, codes: list[str]) -> Atom:
    """One of the codes was chosen."""
    listed = sorted(set(codes))
    if len(listed) > 1:
        quoted = ", ".join(f"'{code}'" for code in listed)
        text = f"{known.item} in ({quoted})"
    else:
        text = f"{known.item} {'=' if known.kind == 'choice' else 'has'} '{listed[0]}'"
    one = known.kind == "choice"
    return Atom(text, (known.item,), known.item, frozenset(listed), one)


def answered(known: Known) -> Atom:
    """The answer is there; where the item holds other answers, too, one of its own codes is."""
    if known.is_part and known.codes:
        return chose(known, list(known.codes.values()))
    return answered_item(known.item)


def answered_item(item: str) -> Atom:
    return Atom(f"answered({item})", (), item)


def compared(left: str, comparator: str, right: str, reads: tuple[str, ...]) -> Atom:
    return Atom(f"{left} {comparator} {right}", reads)


def beyond(what: str) -> Atom:
    """A question that the language cannot ask: it may be true or false."""
    return Atom("", beyond=what)


def number_literal(value: float | int) -> str | None:
    """The number as conditions write it; None where it is too long or too fine."""
    text = f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    digits = text.lstrip("-").partition(".")[0]
    return text if len(digits) <= 15 and (isinstance(value, int) or float(text) == value) else None


def text_literal(value: str) -> str | None:
    """The text in quotes; None where it is too long or has both kinds of quotes."""
    if len(value) > _PLAIN_WORDS or "\n" in value or ("'" in value and '"' in value):
        return None
    return f'"{value}"' if "'" in value else f"'{value}'"


def excludes(first: Atom, second: Atom) -> bool:
    """Whether the two cannot be true together: different codes of one single choice."""
    return first.one and second.one and first.item == second.item != "" and not (
        first.codes & second.codes
    )  # fmt: skip


def implies(first: Atom, second: Atom) -> bool:
    """Whether the first makes the second true."""
    if not first.item or first.item != second.item or not first.codes:
        return False
    return not second.codes or first.codes < second.codes
