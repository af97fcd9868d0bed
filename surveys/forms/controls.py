"""What a template draws of an item: plain values, with every text filled and every id made."""

from dataclasses import dataclass

_SHORT_LABEL = 12


@dataclass(frozen=True, slots=True)
class Option:
    """A radio button or a tick box.

    Attributes
    ----------
    when : JSON of the condition under which the option is offered, for the script; or empty
    companion : what is asked in addition of a firm that chooses the option
    note : what stands quietly beside the label, such as the code of a long list
    """

    id: str
    value: str
    label: str
    definition: str
    is_ticked: bool
    is_exclusive: bool
    scale: str
    when: str = ""
    companion: "Control | None" = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Options of which one or many are chosen; `most` of them, 0 for any number."""

    id: str
    name: str
    label: str
    many: bool
    options: tuple[Option, ...]
    errors: tuple[str, ...]
    most: int = 0

    @property
    def is_short(self) -> bool:
        """Few words that may stand side by side."""
        return bool(self.label) and all(
            len(option.label) <= _SHORT_LABEL
            and not option.definition
            and not option.scale
            and option.companion is None
            for option in self.options
        )

    @property
    def is_answered(self) -> bool:
        """Whether an option is ticked, or something was said of one."""
        return any(
            option.is_ticked or (option.companion is not None and not option.companion.is_blank)
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
class Group:
    """One question of a battery row: choices, or boxes for numbers.

    `applies_field` and `applies_codes` are empty, or the name of the field and the codes for
    which the question applies, for the script that folds it away otherwise.
    """

    label: str
    choices: Choices | None = None
    entries: tuple[Entry, ...] = ()
    applies_field: str = ""
    applies_codes: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """Finding a code in a long list: the box, what was chosen, and what fits what was typed.

    Attributes
    ----------
    url : where the script asks while the person types; empty if it cannot
    chosen, chosen_for : the code chosen before, and the text that it was chosen for
    matches : choices among the codes that fit, if no code has been chosen
    """

    title: str
    url: str
    chosen: str
    chosen_for: str
    matches: Choices | None


@dataclass(frozen=True, slots=True)
class PriorAnswer:
    """What the firm said in the wave before; `asks` whether it is still right.

    `name` is the field of that question, `choice` its answer: yes, change or empty.
    """

    text: str
    asks: bool
    name: str
    choice: str


@dataclass(frozen=True, slots=True)
class PlayedBack:
    """An earlier answer that a computed number rests on, and where it can be changed."""

    label: str
    answer: str
    url: str


@dataclass(frozen=True, slots=True)
class Control:
    """One item as it is drawn.

    Attributes
    ----------
    kind : name of the template
    name : name of the item
    leads : whether its label is the heading of the page
    errors : what is wrong with the item as a whole
    missing : reasons for giving no answer, to choose from
    notice : what the person has to know of an earlier answer
    when : JSON of the condition under which the item is asked, for the script; or empty
    total : what the parts of an allocation must sum to, or the number that was worked out;
        `total_raw` is the same for the script
    """

    kind: str
    name: str
    id: str
    label: str
    hint: str
    definition: str
    leads: bool
    intro: str = ""
    period: str = ""
    entries: tuple[Entry, ...] = ()
    choices: tuple[Choices, ...] = ()
    groups: tuple[Group, ...] = ()
    search: Search | None = None
    played_back: tuple[PlayedBack, ...] = ()
    total: str = ""
    total_raw: str = ""
    at_most: bool = False
    ends: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    missing: Choices | None = None
    notice: str = ""
    prior: PriorAnswer | None = None
    when: str = ""

    @property
    def _boxes(self) -> tuple[Entry, ...]:
        return (*self.entries, *(entry for group in self.groups for entry in group.entries))

    @property
    def _sets(self) -> tuple[Choices, ...]:
        given = (*self.choices, *(group.choices for group in self.groups), self.missing)
        return tuple(choices for choices in given if choices is not None)

    @property
    def is_wrong(self) -> bool:
        parts = (*self._boxes, *self._sets)
        return bool(self.errors) or any(part.errors for part in parts)

    @property
    def is_blank(self) -> bool:
        """Whether nothing that a firm said is in it, and nothing is said of an answer."""
        worked_out = self.kind == "computed" and self.total
        said = (self.notice, self.prior, self.search, self.played_back, worked_out)
        return not (
            any(said)
            or self.is_wrong
            or any(box.typed for box in self._boxes)
            or any(choices.is_answered for choices in self._sets)
        )

    @property
    def described_by(self) -> str:
        """Ids of the hint and of the errors of the whole item, for screen readers."""
        ids = (
            f"{self.id}-notice" if self.notice else "",
            f"{self.id}-hint" if self.hint else "",
            f"{self.id}-error" if self.errors else "",
        )
        return " ".join(filter(None, ids))
