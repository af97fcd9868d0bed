"""What a template draws of an item: plain values, with every text filled and every id made."""

from dataclasses import dataclass

_SHORT_LABEL = 12


@dataclass(frozen=True, slots=True)
class Option:
    """A radio button or a tick box."""

    id: str
    value: str
    label: str
    definition: str
    is_ticked: bool
    is_exclusive: bool
    scale: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Options of which one or many are chosen.

    `applies_when` is empty, or the name of the field and the codes for which the choices
    apply, for the script that folds them away otherwise.
    """

    id: str
    name: str
    label: str
    many: bool
    options: tuple[Option, ...]
    errors: tuple[str, ...]
    applies_field: str = ""
    applies_codes: str = ""

    @property
    def is_short(self) -> bool:
        """Few words that may stand side by side."""
        return bool(self.label) and all(
            len(option.label) <= _SHORT_LABEL and not option.definition and not option.scale
            for option in self.options
        )

    @property
    def can_clear(self) -> bool:
        """A radio button cannot be unticked without help."""
        return not self.many and any(option.is_ticked for option in self.options)


@dataclass(frozen=True, slots=True)
class Entry:
    """A box to type in; `prefix` and `suffix` are drawn, `spoken_unit` is heard."""

    id: str
    name: str
    label: str
    typed: str
    errors: tuple[str, ...]
    definition: str = ""
    prefix: str = ""
    suffix: str = ""
    spoken_unit: str = ""
    width: str = "medium"
    input_mode: str = ""
    rows: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Control:
    """One item as it is drawn.

    `leads` if its label is the heading of the page; `errors` concern it as a whole.
    """

    kind: str
    id: str
    label: str
    hint: str
    definition: str
    leads: bool
    intro: str = ""
    entries: tuple[Entry, ...] = ()
    choices: tuple[Choices, ...] = ()
    total: str = ""
    errors: tuple[str, ...] = ()

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors) or any(part.errors for part in (*self.entries, *self.choices))

    @property
    def described_by(self) -> str:
        """Ids of the hint and of the errors of the whole item, for screen readers."""
        ids = (f"{self.id}-hint" if self.hint else "", f"{self.id}-error" if self.errors else "")
        return " ".join(filter(None, ids))
