"""What of a plan the controls of its editor change: the whole plan, a model, the ladder, a step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.refusals import Refusal
from analysis.specification.plan import LADDER_KEYS, MODEL_KEYS, PLAN_KEYS, STEP_KEYS
from analysis.specification.plan_edit import Place, with_term, with_value, without_key
from analysis.specification.plan_parts import DESIGN_KEYS, DESIGN_PARTS
from analysis.specification.plan_text import read_document

# Written in a plan before what holds for all models of it.
_SHARED = ("estimator", "covariance", "subpopulation")
CONTROLS = ("outcome", "term", *_SHARED, *DESIGN_KEYS)
MOST_TARGETS = 200


@dataclass(frozen=True, slots=True)
class Target:
    """One part of a plan with what it says itself and what it takes from the plan.

    Attributes
    ----------
    key : for forms, such as ``models.0``
    own : what stands at the place, as text, by control; without what is left out
    holds : what holds there, be it of its own or of the plan
    """

    key: str
    label: str
    place: Place
    own: Mapping[str, str]
    holds: Mapping[str, str]


def targets(text: str) -> tuple[Target, ...]:
    """The plan, its models, its ladder and the steps of that, as far as they can be made out.

    Empty for a text that is no mapping at all.
    """
    try:
        document = read_document(text)
    except Refusal:
        return ()
    return tuple(_found(document))[:MOST_TARGETS]


def changed(text: str, target: str, control: str, value: str) -> str:
    """The text with the control of the target at the value; empty takes the key out again.

    Raises: Refusal ``not_yaml``, ``no_such_place``, ``cannot_edit``, ``choose_a_model``.
    """
    document = read_document(text)
    if target == "plan" and control in ("outcome", "term"):
        return _changed_in_all(text, document, control, value)
    place = _place(target)
    if control == "term":
        return _with_term(text, document, place, value)
    if control in DESIGN_KEYS:
        return _with_design(text, document, place, control, value)
    if control == "outcome" and place[:1] == ("ladder",):
        place = ("ladder",)
        if "outcomes" in _mapping(document.get("ladder")):
            raise Refusal(
                "cannot_edit",
                "The ladder is climbed for several outcomes.",
                "Change the list  outcomes  in the text.",
            )
    elif place[1:2] == ("steps",):
        place = ("ladder",)
    return _set(text, place, control, value)


def _found(document: dict[str, Any]) -> Iterator[Target]:
    yield _target("plan", "Whole plan", (), document, document)
    for number, model in enumerate(_list(document.get("models"))):
        label = f"Model {model.get('name') or number + 1}"
        yield _target(f"models.{number}", label, ("models", number), model, document)
    ladder = document.get("ladder")
    if isinstance(ladder, dict):
        yield _target("ladder", "Ladder, all steps", ("ladder",), ladder, document)
        for number, step in enumerate(_list(ladder.get("steps"))):
            label = f"Step {step.get('name') or number + 1}"
            place: Place = ("ladder", "steps", number)
            said = {**ladder, "formula": step.get("add")}
            yield _target(f"ladder.steps.{number}", label, place, said, document)


def _target(
    key: str, label: str, place: Place, said: dict[str, Any], document: dict[str, Any]
) -> Target:
    own = _texts(said)
    return Target(key, label[:80], place, own, {**_texts(document), **own})


def _texts(said: dict[str, Any]) -> dict[str, str]:
    names = ("outcome", "formula", *_SHARED)
    texts = {name: _text(said[name]) for name in names if said.get(name) is not None}
    design = said.get("design")
    if design in ("none", "design"):
        design = dict.fromkeys(DESIGN_PARTS, design)
    return texts | {
        key: _text(each) for key, each in _mapping(design).items() if key in DESIGN_KEYS
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if isinstance(value, dict | list) else str(value)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [_mapping(each) for each in value] if isinstance(value, list) else []


def _place(target: str) -> Place:
    if target == "plan":
        return ()
    return tuple(int(step) if step.isdecimal() else step for step in target.split(".")[:4])


def _order(place: Place) -> tuple[str, ...]:
    match place:
        case ():
            return PLAN_KEYS
        case ("ladder",):
            return LADDER_KEYS
        case ("ladder", "steps", _):
            return STEP_KEYS
    return DESIGN_KEYS if place[-1] == "design" else MODEL_KEYS


def _set(text: str, place: Place, key: str, value: str) -> str:
    if not value:
        return without_key(text, place, key)
    return with_value(text, place, key, value, _order(place))


def _changed_in_all(text: str, document: dict[str, Any], control: str, value: str) -> str:
    """The outcome of every model; a term has to be given to one of them."""
    parts = [target for target in _found(document) if target.key.count(".") == 1]
    if isinstance(document.get("ladder"), dict):
        parts.append(_target("ladder", "", ("ladder",), document["ladder"], document))
    if not parts or (control == "term" and len(parts) > 1):
        raise Refusal(
            "choose_a_model",
            "It is not clear which formula is meant." if parts else "The plan has no model yet.",
            "Choose a model or a step to change."
            if parts
            else "Write  models:  with a model, then choose it.",
        )
    for part in parts:
        text = changed(text, part.key, control, value)
    return text


def _with_term(text: str, document: dict[str, Any], place: Place, term: str) -> str:
    if place[:1] != ("ladder",):
        return with_term(text, place, "formula", term, MODEL_KEYS)
    if len(place) == 1:
        steps = _list(_mapping(document.get("ladder")).get("steps"))
        place = ("ladder", "steps", len(steps) - 1)
    return with_term(text, place, "add", term, STEP_KEYS)


def _with_design(text: str, document: dict[str, Any], place: Place, key: str, value: str) -> str:
    """A part of the design; what the target took from the plan as a whole it says itself then."""
    place = ("ladder",) if place[:1] == ("ladder",) else place
    said: Any = document
    for step in place:
        said = _below(said, step)
    own = _mapping(said).get("design")
    if isinstance(own, dict) and own:
        return _set(text, (*place, "design"), key, value)
    base = own if own is not None else document.get("design")
    parts = dict.fromkeys(DESIGN_PARTS, base) if base in ("none", "design") else _mapping(base)
    written = {name: _text(each) for name, each in parts.items() if each != "design"}
    written = {**written, key: value} if value not in ("", "design") else _less(written, key)
    if not written:
        return without_key(text, place, "design") if place == () else _all(text, place)
    return with_value(text, place, "design", written, _order(place))


def _all(text: str, place: Place) -> str:
    return with_value(text, place, "design", "design", _order(place))


def _less(mapping: dict[str, str], key: str) -> dict[str, str]:
    return {name: each for name, each in mapping.items() if name != key}


def _below(said: Any, step: str | int) -> Any:
    """What stands at one step further in; nothing where there is no such step."""
    if isinstance(said, list) and isinstance(step, int):
        return said[step] if step < len(said) else {}
    return said.get(step, {}) if isinstance(said, dict) else {}
