"""Elements of a survey as items, kind by kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from surveys.interchange.expressions.translate import Kind
from surveys.interchange.foreign.choices import Option, choice, register
from surveys.interchange.surveyjs.source import Node, Source, mappings, number, value_text, whole

NOT_KEPT = (
    "requiredIf", "enableIf", "setValueIf", "resetValueIf", "defaultValue", "choicesByUrl",
    "choicesVisibleIf", "choicesEnableIf", "choicesFromQuestion", "defaultValueExpression",
    "correctAnswer", "minValueExpression", "maxValueExpression", "readOnly",
)  # fmt: skip
_DATES = {"date": "day", "month": "month"}
_PLAIN_INPUTS = ("", "text", "email", "tel", "url", "password")
LONG, SHORT = 2000, 200


@dataclass(slots=True)
class Elements:
    """Turns an element into an item; `edits` gathers what validators became."""

    source: Source
    edits: list[Node] = field(default_factory=list)

    def question(self, element: Node, where: str) -> list[Node]:
        """The items of a question; none, with a note, for what no firm can be asked here."""
        type_ = element.get("type")
        make = _MAKERS.get(type_) if isinstance(type_, str) else None
        if make is None:
            self.source.reading.lack(f"an element of type “{str(type_)[:60]}”", where)
            return []
        self.source.note_passed_over(element, NOT_KEPT, where)
        return make(self, element, where)

    def base(self, element: Node, where: str) -> Node:
        """Name, label, hint, universe and required level."""
        foreign = str(element.get("name") or "question")
        name = self.source.reading.name_item(foreign, where)
        title = self.source.text(element.get("title"))
        node: Node = {"name": name, "label": title or foreign.replace("{", "(").replace("}", ")")}
        hint = self.source.text(element.get("description"))
        if hint:
            node["hint"] = hint
        self.source.put_when(node, element, where)
        if element.get("isRequired") is True:
            node["required"] = "hard"
        return node

    def known(
        self, element: Node, node: Node, kind: Kind, codes: dict[str, str] | None = None
    ) -> None:
        """Remember the item under the names that expressions give it."""
        foreign, roster = str(element.get("name")), self.source.roster
        roster_name = self.source.reading.targets[roster].reference if roster else ""
        reference = f"{roster_name}.{node['name']}" if roster else node["name"]
        key = f"{roster}/{foreign}" if roster else foreign
        register(self.source.reading, key, reference, kind, codes, roster=roster_name)

    def options(self, element: Node) -> list[Option]:
        options = []
        choices = element.get("choices")
        for entry in choices if isinstance(choices, list) else ():
            value = entry.get("value") if isinstance(entry, dict) else entry
            more: Node = {}
            if isinstance(entry, dict):
                self.source.put_when(more, entry, f"element {element.get('name')}")
            label = entry.get("text", value) if isinstance(entry, dict) else entry
            options.append(Option(value_text(value), self.source.label(label), more))
        return options + self.special(element)

    def special(self, element: Node) -> list[Option]:
        """The options that an element adds by a switch: other, and none."""
        found = []
        if element.get("hasOther") is True or element.get("showOtherItem") is True:
            label = self.source.label(element.get("otherText")) or "Other"
            found.append(Option("other", label, {"specify": "text"}))
        if element.get("hasNone") is True or element.get("showNoneItem") is True:
            label = self.source.label(element.get("noneText")) or "None"
            more = {"exclusive": "yes"} if element.get("type") in ("checkbox", "tagbox") else {}
            found.append(Option("none", label, more))
        return found

    def chosen(self, element: Node, where: str, *, many: bool) -> list[Node]:
        node, codes = choice(
            self.source.reading, self.base(element, where), self.options(element), where, many=many
        )
        most = whole(element.get("maxSelectedChoices"), 1, 1000)
        if most and node["kind"] == "multiple_choice":
            node["most"] = most
        kind: Kind = "codes" if many else "code"
        self.known(element, node, kind if "codes" in node else "text", codes)
        self.validate(element, node, where)
        return [node]

    def text(self, element: Node, where: str) -> list[Node]:
        node = self.base(element, where)
        input_type = str(element.get("inputType") or "")
        if input_type in ("number", "range"):
            self._number(element, node)
        elif input_type in _DATES:
            node |= {"kind": "date", "precision": _DATES[input_type]}
            self.known(element, node, "date")
        else:
            if input_type not in _PLAIN_INPUTS:
                self.source.reading.lack(f"the input type “{input_type[:40]}”", where, "a text")
            node["kind"] = "text"
            self._length(element, node, SHORT)
        self.validate(element, node, where)
        return [node]

    def _number(self, element: Node, node: Node) -> None:
        node["kind"] = "number"
        for key, bound in (("min", "minimum"), ("max", "maximum")):
            found = number(element.get(key))
            if found is not None:
                node[bound] = found
        step = number(element.get("step"))
        decimals = len(str(step).partition(".")[2]) if step and step != int(step) else 0
        if decimals:
            node["decimals"] = min(decimals, 6)
        self.known(element, node, "number")

    def _length(self, element: Node, node: Node, usual: int) -> None:
        longest = whole(element.get("maxLength"), 1, 20_000)
        if longest and longest != usual:
            node["max_length"] = longest
        self.known(element, node, "text")

    def comment(self, element: Node, where: str) -> list[Node]:
        node = self.base(element, where) | {"kind": "text", "long": "yes"}
        self._length(element, node, LONG)
        self.validate(element, node, where)
        return [node]

    def rating(self, element: Node, where: str) -> list[Node]:
        if isinstance(element.get("rateValues"), list) and element["rateValues"]:
            return self.chosen(element | {"choices": element["rateValues"]}, where, many=False)
        first = whole(element.get("rateMin", 1), -100, 100)
        last = whole(element.get("rateMax", element.get("rateCount", 5)), -100, 100)
        if first is None or last is None or first >= last or element.get("rateStep", 1) != 1:
            self.source.reading.lack("the points of a rating", where, "1 to 5")
            first, last = 1, 5
        low = self.source.label(element.get("minRateDescription")) or str(first)
        high = self.source.label(element.get("maxRateDescription")) or str(last)
        node = self.base(element, where) | {"kind": "scale", "minimum": first, "maximum": last}
        node["points"] = {str(first): low, str(last): high}
        self.known(element, node, "number")
        return [node]

    def boolean(self, element: Node, where: str) -> list[Node]:
        node = self.base(element, where) | {"kind": "single_choice"}
        yes = self.source.label(element.get("labelTrue")) or "Yes"
        no = self.source.label(element.get("labelFalse")) or "No"
        node["codes"] = [{"value": "yes", "label": yes}, {"value": "no", "label": no}]
        codes = {"true": "yes", "false": "no"}
        codes[value_text(element.get("valueTrue", True))] = "yes"
        codes[value_text(element.get("valueFalse", False))] = "no"
        self.known(element, node, "code", codes)
        return [node]

    def html(self, element: Node, where: str) -> list[Node]:
        node = self.base(element, where)
        text = self.source.text(element.get("html"))
        note: Node = {"name": node["name"], "kind": "note", "label": text or node["label"]}
        return [note | ({"when": node["when"]} if "when" in node else {})]

    def expression(self, element: Node, where: str) -> list[Node]:
        node = self.base(element, where) | {"kind": "computed"}
        node.pop("required", None)
        pending = self.source.expression(element.get("expression"), where)
        node["expression"] = pending
        if self.source.roster:
            self.source.reading.lack("a calculation within a panel", where)
            return []
        self.known(element, node, "number")
        return [node]

    def multipletext(self, element: Node, where: str) -> list[Node]:
        """A text, number or date for each of its items, under the title as a note."""
        heading = self.base(element, where)
        inherited = {key: heading[key] for key in ("when", "required") if key in heading}
        nodes: list[Node] = [
            {"name": heading["name"], "kind": "note", "label": heading["label"]}
            | {key: value for key, value in inherited.items() if key == "when"}
        ]
        for entry in mappings(element.get("items")):
            name = f"{element.get('name')}.{entry.get('name')}"
            title = entry.get("title") or entry.get("name")
            parts = self.text(entry | {"name": name, "title": title}, where)
            nodes += [inherited | part for part in parts]
        return nodes

    def ranking(self, element: Node, where: str) -> list[Node]:
        self.source.reading.lack("an order of choices", where, "a multiple choice")
        return self.chosen(element, where, many=True)

    def pictures(self, element: Node, where: str) -> list[Node]:
        self.source.reading.lack("pictures of choices", where, "their texts")
        return self.chosen(element, where, many=element.get("multiSelect") is True)

    def validate(self, element: Node, node: Node, where: str) -> None:
        for validator in mappings(element.get("validators")):
            if not self._as_bound(validator, node):
                self._as_edit(validator, node, where)

    def _as_bound(self, validator: Node, node: Node) -> bool:
        """Whether the validator became a bound of the item."""
        pairs = {
            ("numeric", "number"): (("minValue", "minimum"), ("maxValue", "maximum")),
            ("text", "text"): (("maxLength", "max_length"),),
            ("answercount", "multiple_choice"): (("maxCount", "most"),),
        }.get((str(validator.get("type")), str(node["kind"])), ())
        for key, bound in pairs:
            found = number(validator.get(key))
            if found is not None and (found > 0 or bound in ("minimum", "maximum")):
                node[bound] = found
        lost = {"minLength", "minCount", "allowDigits"} & set(validator)
        return bool(pairs) and not lost

    def _as_edit(self, validator: Node, node: Node, where: str) -> None:
        if validator.get("type") != "expression" or self.source.roster:
            self.source.reading.lack(f"a validator: {str(validator)[:200]}", where)
            return
        pending = self.source.expression(validator.get("expression"), where)
        message = self.source.text(validator.get("text")) or "Check this answer."
        self.edits.append(
            {
                "name": f"{node['name'][:50]}_check_{len(self.edits) + 1}",
                "severity": "hard",
                "when": [pending.negated()],
                "message": message,
                "items": [node["name"]],
            }
        )


_Maker = Callable[[Elements, Node, str], list[dict[str, Any]]]


def _one(elements: Elements, element: Node, where: str) -> list[Node]:
    return elements.chosen(element, where, many=False)


def _many(elements: Elements, element: Node, where: str) -> list[Node]:
    return elements.chosen(element, where, many=True)


_MAKERS: dict[str, _Maker] = {
    "radiogroup": _one,
    "dropdown": _one,
    "buttongroup": _one,
    "checkbox": _many,
    "tagbox": _many,
    "imagepicker": Elements.pictures,
    "ranking": Elements.ranking,
    "text": Elements.text,
    "comment": Elements.comment,
    "rating": Elements.rating,
    "slider": Elements.rating,
    "boolean": Elements.boolean,
    "html": Elements.html,
    "expression": Elements.expression,
    "multipletext": Elements.multipletext,
}
