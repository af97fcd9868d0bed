"""Checks of a condition against the instrument: names, codes, order and kinds of value."""

from collections.abc import Iterator

from surveys.questionnaire.condition_kinds import (
    DATES,
    FRAME,
    LAST,
    MANIFOLD,
    NAMED,
    NUMERIC,
    WORDS,
    Kind,
    Target,
    is_date,
    target_of,
)
from surveys.questionnaire.condition_places import Place
from surveys.questionnaire.conditions import (
    Absolute,
    AllOf,
    Answered,
    AnswerTo,
    AnyOf,
    Arithmetic,
    Chose,
    Compares,
    Condition,
    Count,
    Either,
    Gathered,
    Literally,
    Not,
    Operand,
    Rounded,
)

__all__ = ["Kind", "Place", "Target", "note_condition", "note_expression", "target_of"]

_CODES_NAMED = 40


def note_condition(condition: Condition, place: Place) -> None:
    """Note what is wrong with a condition that stands at the place."""
    _note_references(condition.reads, place)
    _note_parts(condition, place)


def note_expression(expression: Operand, place: Place) -> None:
    """Note what is wrong with an expression that must give a number."""
    _note_references(expression.reads, place)
    _numeric(expression, expression, place)


def _note_references(references: frozenset[str], place: Place) -> None:
    for reference in sorted(references):
        target = target_of(reference, place.items)
        if target is None:
            place.note(
                "unknown_item",
                f"The condition reads {reference!r}, which is not there.",
                _remedy_for_unknown(reference),
                reference,
                why=_why_unknown(reference),
            )
        elif _reads_ahead(target, place):
            place.note(
                "reads_ahead",
                f"The condition reads {reference!r}, which is asked on this page or later.",
                "Read items of earlier pages only.",
                reference,
            )


def _remedy_for_unknown(reference: str) -> str:
    if reference.startswith("frame."):
        return f"The frame has {', '.join(FRAME)}."
    if reference.startswith(LAST):
        return "Write last.item, with the name of an item of this instrument."
    return "Correct the name; a row of a battery is battery.row.facet."


def _why_unknown(reference: str) -> str:
    return next((kind[:-1] for kind in (LAST, "frame.") if reference.startswith(kind)), "")


def _reads_ahead(target: Target, place: Place) -> bool:
    if target.item is None or target.earlier_wave:
        return False
    return target.item.name not in place.asked


def _note_parts(condition: Condition, place: Place) -> None:
    for part in _parts(condition):
        if isinstance(part, Chose):
            _note_chosen(part.reference, part.codes, place)
        elif isinstance(part, Compares):
            _note_comparison(part, place)


def _parts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.conditions:
            yield from _parts(part)
    elif isinstance(condition, Not):
        yield from _parts(condition.condition)
    elif not isinstance(condition, Answered):
        yield condition


def _note_chosen(reference: str, codes: tuple[str, ...], place: Place) -> None:
    target = target_of(reference, place.items)
    if target is None or target.item is None:
        return
    if target.kind not in ("code", "codes"):
        place.mismatch(f"{reference} has no codes to choose from.", "Compare it with =.")
        return
    known = {code.value for code in target.codes}
    for code in codes:
        if code not in known and not (target.listed and code in target.listed):
            said = f"{reference!r} has no code {code!r}."
            place.note("unknown_code", said, _codes_of(target), reference, code)


def _codes_of(target: Target) -> str:
    if target.listed:
        return f"Its codes are those of {target.listed.name}@{target.listed.version}."
    if not target.codes:
        return "It has no codes."
    shown = [code.value for code in target.codes[:_CODES_NAMED]]
    return f"Its codes: {', '.join(shown)}{', …' if len(target.codes) > _CODES_NAMED else ''}."


def _note_comparison(condition: Compares, place: Place) -> None:
    left, right = _pair(condition.left, condition.right, place)
    if left is None or right is None:
        return
    if left in MANIFOLD or right in MANIFOLD:
        place.mismatch(
            f"{condition} compares {NAMED[left if left in MANIFOLD else right]}.",
            "Write has or in for codes, name.part for a part, and count for how many.",
        )
    elif not _alike(left, right):
        place.mismatch(
            f"{condition} compares {NAMED[left]} with {NAMED[right]}.", _remedy({left, right})
        )
    elif left in WORDS and condition.comparator not in ("=", "!="):
        place.mismatch(f"{condition} puts texts in order.", "Use = or !=.")
    else:
        _note_compared_code(condition.left, condition.right, place)
        _note_compared_code(condition.right, condition.left, place)


def _alike(left: Kind, right: Kind) -> bool:
    """Whether two simple values may be compared, added or take each other's place."""
    if left in NUMERIC and right in NUMERIC:
        return left == right or "number" in (left, right)
    return left == right or (left in WORDS and right in WORDS)


def _remedy(kinds: set[Kind]) -> str:
    if kinds & DATES:
        return "Compare a day with a day, 'YYYY-MM-DD', and a month with a month, 'YYYY-MM'."
    if kinds == {"share", "money"}:
        return "Make the amount a share first: 100 * part / whole."
    return "Compare like with like."


def _pair(left: Operand, right: Operand, place: Place) -> tuple[Kind | None, Kind | None]:
    """The kinds of two operands side by side: beside a date, a text may be a date."""
    first, second = _single(left, place), _single(right, place)
    return _beside(left, first, second), _beside(right, second, first)


def _beside(operand: Operand, kind: Kind | None, other: Kind | None) -> Kind | None:
    if isinstance(operand, Literally) and isinstance(operand.literal, str) and other in DATES:
        return other if is_date(operand.literal, other) else kind
    return kind


def _note_compared_code(answer: Operand, literal: Operand, place: Place) -> None:
    if not (isinstance(answer, AnswerTo) and isinstance(literal, Literally)):
        return
    target = target_of(answer.reference, place.items)
    if target is not None and target.kind == "code":
        _note_chosen(answer.reference, (str(literal.literal),), place)


def _single(operand: Operand, place: Place) -> Kind | None:
    """The kind of an operand that must have one value; notes it if it has one for every entry."""
    if isinstance(operand, AnswerTo):
        target = target_of(operand.reference, place.items)
        if target is not None and target.several:
            place.mismatch(
                f"{operand} has a value for every entry of {operand.reference.split('.')[0]!r}.",
                "Write sum, min, max or count of it, or has or in for codes.",
            )
            return None
    return _kind(operand, place)


def _kind(operand: Operand, place: Place) -> Kind | None:
    """What the operand is; None where it names something unknown, or what is noted already."""
    match operand:
        case Literally():
            return "text" if isinstance(operand.literal, str) else "number"
        case AnswerTo():
            target = target_of(operand.reference, place.items)
            return target.kind if target else None
        case Arithmetic():
            return _arithmetic(operand, place)
        case Count():
            return _counted(operand, place)
        case Gathered():
            return _gathered(operand, place)
        case Rounded() | Absolute():
            return _numeric(operand.operand, operand, place)
        case Either():
            return _either(operand, place)
        case _:
            return None


def _numeric(operand: Operand, whole: Operand, place: Place) -> Kind | None:
    """The kind of an operand that must be one number; None, with a note, if it is not."""
    kind = _single(operand, place)
    if kind is None or kind in NUMERIC:
        return kind
    place.mismatch(f"{whole} calculates with {NAMED[kind]}.", "Use numbers.")
    return None


def _arithmetic(operand: Arithmetic, place: Place) -> Kind | None:
    left = _numeric(operand.left, operand, place)
    right = _numeric(operand.right, operand, place)
    if left is None or right is None:
        return None
    match operator := operand.operator:
        case "+" | "-":
            if not _alike(left, right):
                place.mismatch(
                    f"{operand} puts {NAMED[left]} and {NAMED[right]} together.",
                    "Calculate with values of one kind.",
                )
                return None
            difference = operator == "-" and left == right == "year"
            return "number" if difference else _the_special_one(left, right)
        case "*":
            plain = left in ("number", "share") or right in ("number", "share")
            return _the_special_one(left, right) if plain else "number"
        case "/":
            return left if right in ("number", "share") and left != right else "number"


def _the_special_one(left: Kind, right: Kind) -> Kind:
    """Money, say, where the other is a mere number, or a share of it."""
    if left == "number" or (left == "share" and right != "number"):
        return right
    return left


def _counted(operand: Count, place: Place) -> Kind | None:
    target = target_of(operand.reference, place.items)
    if target is None:
        return None
    if target.kind in ("codes", "entries") or target.several:
        return "number"
    place.mismatch(
        f"{operand} counts {NAMED[target.kind]}.",
        "Count the codes of a multiple choice, or the entries of a roster.",
    )
    return None


def _gathered(operand: Gathered, place: Place) -> Kind | None:
    kinds = [_member(each, operand, place) for each in operand.operands]
    found: Kind = "number"
    for kind in kinds:
        if kind is None:
            return None
        if not _alike(found, kind):
            place.mismatch(
                f"{operand} puts {NAMED[found]} and {NAMED[kind]} together.",
                "Give it values of one kind.",
            )
            return None
        found = _the_special_one(found, kind)
    return found


def _member(operand: Operand, whole: Gathered, place: Place) -> Kind | None:
    """As `_numeric`, but a value for every entry of a roster is welcome."""
    target = target_of(operand.reference, place.items) if isinstance(operand, AnswerTo) else None
    if target is not None and target.several and target.kind in NUMERIC:
        return target.kind
    if target is not None and target.several:
        place.mismatch(f"{whole} calculates with {NAMED[target.kind]}.", "Use numbers.")
        return None
    return _numeric(operand, whole, place)


def _either(operand: Either, place: Place) -> Kind | None:
    if isinstance(operand.condition, Condition):
        _note_parts(operand.condition, place)
    then, otherwise = _pair(operand.then, operand.otherwise, place)
    if then is None or otherwise is None:
        return None
    if then in MANIFOLD or not _alike(then, otherwise):
        place.mismatch(
            f"{operand} is either {NAMED[then]} or {NAMED[otherwise]}.",
            "Let both be one value of the same kind.",
        )
        return None
    if then in NUMERIC:
        return _the_special_one(then, otherwise)
    return then if then == otherwise else "text"
