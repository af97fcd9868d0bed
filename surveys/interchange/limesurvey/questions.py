"""Questions of LimeSurvey as items, type by type."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from surveys.interchange.expressions.translate import Kind
from surveys.interchange.foreign.choices import Option, choice, register
from surveys.interchange.foreign.reading import Reading
from surveys.interchange.limesurvey.source import Row, Words, answer_key, by_order

Node = dict[str, Any]
OTHER = "-oth-"
_LEVELS = {"Y": "hard", "S": "soft"}
_NOT_KEPT = (
    "hidden", "array_filter", "array_filter_exclude", "em_validation_q", "em_validation_sq",
    "min_answers", "random_order", "exclude_all_others_auto", "equals_num_value",
    "max_subquestions", "default",
)  # fmt: skip
_FIXED = {
    "Y": (("Y", "Yes"), ("N", "No")),
    "G": (("F", "Female"), ("M", "Male")),
}


@dataclass(slots=True)
class Questions:
    """Turns a question with its answers and subquestions into items."""

    reading: Reading
    words: Words
    subquestions: dict[str, list[Row]]
    answers: dict[str, list[Row]]
    attributes: dict[str, dict[str, Any]]

    def items(self, question: Row) -> list[Node]:
        """The items of a question; none, with a note, for what no firm can be asked here."""
        where = f"question {question.get('title', '')[:60]}"
        make = _MAKERS.get(question.get("type", ""))
        if make is None:
            self.reading.lack(f"a question of type “{question.get('type', '')[:20]}”", where)
            return []
        attributes = self.attributes.get(question.get("qid", ""), {})
        for name in _NOT_KEPT:
            if attributes.get(name) not in (None, "", "0"):
                self.reading.lack(f"{name}: {attributes[name][:200]}", where)
        if question.get("preg"):
            self.reading.lack(f"the pattern “{question['preg'][:200]}”", where)
        return make(self, question, where)

    def base(self, question: Row, where: str) -> Node:
        """Name, label, hint, universe and required level."""
        qid, code = question.get("qid", ""), question.get("title", "")
        name = self.reading.name_item(code or f"q{qid}", where)
        label = self.words.text("questions", qid, "question")
        node: Node = {"name": name, "label": label or code or name}
        hint = self.words.text("questions", qid, "help")
        if hint:
            node["hint"] = hint
        node |= self.universe(question.get("relevance", ""), where)
        if question.get("mandatory") in _LEVELS:
            node["required"] = _LEVELS[question["mandatory"]]
        return node

    def universe(self, relevance: str, where: str) -> Node:
        if relevance.strip() in ("", "1"):
            return {}
        return {"when": [self.reading.pending(relevance, where)]}

    def attribute(self, question: Row, name: str) -> str:
        return str(self.attributes.get(question.get("qid", ""), {}).get(name, "")).strip()

    def known(
        self, question: Row, reference: str, kind: Kind, codes: dict[str, str] | None = None
    ) -> None:
        register(self.reading, question.get("title", ""), reference, kind, codes)

    def options(self, question: Row, scale: str = "0") -> list[Option]:
        rows = [
            row
            for row in self.answers.get(question.get("qid", ""), [])
            if row.get("scale_id", "0") in (scale, "")
        ]
        return [
            Option(row.get("code", ""), self.words.label("answers", answer_key(row), "answer"))
            for row in by_order(rows, "sortorder")
        ]

    def parts(self, question: Row, scale: str = "0") -> list[Row]:
        rows = self.subquestions.get(question.get("qid", ""), [])
        return by_order(
            [row for row in rows if row.get("scale_id", "0") in (scale, "")], "question_order"
        )

    def part_options(self, question: Row, scale: str = "0") -> list[Option]:
        return [
            Option(row.get("title", ""), self.words.label("questions", row["qid"], "question"))
            for row in self.parts(question, scale)
            if "qid" in row
        ]

    def fixed(self, options: tuple[tuple[str, str], ...]) -> list[Option]:
        """Options that LimeSurvey brings along, in English."""
        return [Option(value, self.words.in_default(label)) for value, label in options]

    def other(self, question: Row) -> list[Option]:
        if question.get("other") != "Y":
            return []
        label = self.attribute(question, "other_replace_text") or "Other"
        return [Option(OTHER, self.words.in_default(label), {"specify": "text"})]

    def single(self, question: Row, where: str) -> list[Node]:
        fixed = _FIXED.get(question.get("type", ""))
        options = self.fixed(fixed) if fixed else self.options(question) + self.other(question)
        node, codes = choice(self.reading, self.base(question, where), options, where, many=False)
        self.known(question, node["name"], "code" if codes else "text", codes)
        if OTHER in codes:
            self._know_other(question, node["name"], codes[OTHER])
        return [node]

    def _know_other(self, question: Row, name: str, code: str) -> None:
        foreign = f"{question.get('title', '')}_other"
        register(self.reading, foreign, f"{name}.{code}", "text")

    def with_comment(self, question: Row, where: str) -> list[Node]:
        nodes = self.single(question, where)
        name = self.reading.items.give(f"{nodes[0]['name']}_comment")
        comment = {"name": name, "kind": "text", "long": "yes"}
        label = self.words.in_default("Comment")
        return [*nodes, comment | {"label": label} | _when(nodes[0])]

    def multiple(self, question: Row, where: str) -> list[Node]:
        if question.get("type") == "P":
            self.reading.lack("a comment on each choice", where)
        exclusive = self.attribute(question, "exclude_all_others").split(";")
        options = [
            Option(each.value, each.label, {"exclusive": "yes"} if each.value in exclusive else {})
            for each in self.part_options(question)
        ]
        options += self.other(question)
        node, codes = choice(self.reading, self.base(question, where), options, where, many=True)
        most = self.attribute(question, "max_answers")
        if most.isdigit() and 0 < int(most) <= len(codes):
            node["most"] = int(most)
        self.known(question, node["name"], "codes" if codes else "text", codes)
        for foreign, code in codes.items():
            suffix = "other" if foreign == OTHER else foreign
            key = f"{question.get('title', '')}_{suffix}"
            register(self.reading, key, node["name"], "ticked", codes, code=code)
        return [node]

    def ranking(self, question: Row, where: str) -> list[Node]:
        self.reading.lack("an order of choices", where, "a multiple choice")
        options = self.options(question) or self.part_options(question)
        node, codes = choice(self.reading, self.base(question, where), options, where, many=True)
        self.known(question, node["name"], "codes" if codes else "text", codes)
        return [node]

    def number(self, question: Row, where: str) -> list[Node]:
        node = self.base(question, where) | self.bounds(question)
        self.known(question, node["name"], "number")
        return [node]

    def bounds(self, question: Row) -> Node:
        node: Node = {"kind": "number"}
        for attribute, key in (("min_num_value_n", "minimum"), ("max_num_value_n", "maximum")):
            value = numeric(self.attribute(question, attribute))
            if value is not None:
                node[key] = value
        if self.attribute(question, "num_value_int_only") != "1":
            node["decimals"] = 2
        unit = self.attribute(question, "suffix")
        if unit:
            node["unit"] = unit.replace("{", "(").replace("}", ")")
        return node

    def several(self, question: Row, where: str) -> list[Node]:
        """A number (``K``) or a text (``Q``) for each subquestion, under the question as a note."""
        head = self.base(question, where)
        note: Node = {"name": head["name"], "kind": "note", "label": head["label"]}
        nodes = [note | _when(head)]
        is_number = question.get("type") == "K"
        for option in self.part_options(question):
            foreign = f"{question.get('title', '')}_{option.value}"
            name = self.reading.items.give(foreign)
            node = {"name": name, "label": option.label or name} | _when(head)
            node |= self.bounds(question) if is_number else {"kind": "text"}
            if "required" in head:
                node["required"] = head["required"]
            register(self.reading, foreign, name, "number" if is_number else "text")
            nodes.append(node)
        return nodes

    def text(self, question: Row, where: str) -> list[Node]:
        node = self.base(question, where) | {"kind": "text"}
        if question.get("type") in ("T", "U"):
            node["long"] = "yes"
        longest = self.attribute(question, "maximum_chars")
        if longest.isdigit() and 0 < int(longest) <= 20_000:
            node["max_length"] = int(longest)
        self.known(question, node["name"], "text")
        return [node]

    def date(self, question: Row, where: str) -> list[Node]:
        node = self.base(question, where) | {"kind": "date"}
        for name in ("date_format", "date_min", "date_max"):
            if self.attribute(question, name):
                self.reading.lack(f"{name}: {self.attribute(question, name)[:100]}", where)
        self.known(question, node["name"], "date")
        return [node]

    def five(self, question: Row, where: str) -> list[Node]:
        node = self.base(question, where) | {"kind": "scale", "minimum": 1, "maximum": 5}
        node["points"] = {"1": "1", "5": "5"}
        self.known(question, node["name"], "number")
        return [node]

    def note(self, question: Row, where: str) -> list[Node]:
        node = self.base(question, where)
        return [{"name": node["name"], "kind": "note", "label": node["label"]} | _when(node)]

    def equation(self, question: Row, where: str) -> list[Node]:
        """A computed value. Its formula is an attribute or, in old versions, the question."""
        formula = self.attribute(question, "equation")
        qid = question.get("qid", "")
        formula = formula or self.words.tables.texts.get(
            ("questions", qid, self.words.default), {}
        ).get("question", "")
        formula = formula.strip()
        if formula.startswith("{") and formula.endswith("}"):
            formula = formula[1:-1]
        node = self.base(question, where) | {"kind": "computed"}
        node.pop("required", None)
        if "(" in node["label"] and not self.attribute(question, "equation"):
            node["label"] = self.words.in_default(question.get("title", "")) or node["name"]
        node["expression"] = self.reading.pending(formula, where)
        self.known(question, node["name"], "number")
        return [node]


def _when(node: Node) -> Node:
    return {"when": list(node["when"])} if "when" in node else {}


def numeric(text: str) -> float | int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    if not abs(value) < 10**15:
        return None
    return int(value) if value.is_integer() else value


Maker = Callable[[Questions, Row, str], list[Node]]
_MAKERS: dict[str, Maker] = {
    "L": Questions.single,
    "!": Questions.single,
    "O": Questions.with_comment,
    "Y": Questions.single,
    "G": Questions.single,
    "5": Questions.five,
    "M": Questions.multiple,
    "P": Questions.multiple,
    "R": Questions.ranking,
    "N": Questions.number,
    "K": Questions.several,
    "Q": Questions.several,
    "S": Questions.text,
    "T": Questions.text,
    "U": Questions.text,
    "D": Questions.date,
    "X": Questions.note,
    "*": Questions.equation,
}
