"""A router of eq schemas for comparison: it interprets the JSON itself, block after block.

It shares no code with the importer. Answers are ``{answer id: value}``; an answer counts only
once a block that asks it is on the path, as in the eq runner.
"""

OPERATORS = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a is not None and b is not None and a < b,
    "<=": lambda a, b: a is not None and b is not None and a <= b,
    ">": lambda a, b: a is not None and b is not None and a > b,
    ">=": lambda a, b: a is not None and b is not None and a >= b,
    "in": lambda a, b: a is not None and b is not None and a in b,
    "any-in": lambda a, b: bool(set(a or ()) & set(b or ())),
    "all-in": lambda a, b: a is not None and b is not None and set(a) <= set(b),
}


class Router:
    def __init__(self, schema, answers):
        self.schema, self.answers = schema, answers
        self.counting = {}
        self.blocks = []  # identifiers of blocks on the path
        self.asked = []  # identifiers of answers asked

    def run(self):
        for section in self.schema["sections"]:
            enabled = section.get("enabled")
            if enabled is None or self.holds(enabled["when"]):
                self.walk(section)
        return self

    def walk(self, section):
        blocks = [
            (block, group.get("skip_conditions"))
            for group in section["groups"]
            for block in group["blocks"]
        ]
        place = 0
        while place < len(blocks):
            block, group_skip = blocks[place]
            skip = block.get("skip_conditions")
            if any(each and self.holds(each["when"]) for each in (group_skip, skip)):
                place += 1
                continue
            self.visit(block)
            rules = block.get("routing_rules")
            if not rules:
                place += 1
                continue
            place = self.target(rules, [each["id"] for each, _ in blocks], place)
            if place is None:
                return

    def target(self, rules, names, place):
        for rule in rules:
            if "when" not in rule or self.holds(rule["when"]):
                if "section" in rule or names.index(rule["block"]) <= place:
                    return None
                return names.index(rule["block"])
        return None

    def visit(self, block):
        self.blocks.append(block["id"])
        question = block.get("question")
        for variant in block.get("question_variants", ()):
            if question is None and self.holds(variant["when"]):
                question = variant["question"]
        for answer in question["answers"] if question else ():
            self.asked.append(answer["id"])
            value = self.answers.get(answer["id"])
            if value not in (None, []):
                self.counting[answer["id"]] = value

    def holds(self, rule):
        (operator, arguments), *_ = rule.items()
        if operator == "and":
            return all(self.holds(each) for each in arguments)
        if operator == "or":
            return any(self.holds(each) for each in arguments)
        if operator == "not":
            return not self.holds(arguments[0])
        return OPERATORS[operator](*(self.value(each) for each in arguments))

    def value(self, argument):
        if not isinstance(argument, dict):
            return argument
        if "count" in argument:
            return len(self.value(argument["count"][0]) or ())
        assert argument["source"] == "answers", argument
        return self.counting.get(argument["identifier"])


def questions(schema):
    """Every question of the schema, variants among them, with its block."""
    for section in schema["sections"]:
        for group in section["groups"]:
            for block in group["blocks"]:
                if "question" in block:
                    yield block, block["question"]
                for variant in block.get("question_variants", ()):
                    yield block, variant["question"]
