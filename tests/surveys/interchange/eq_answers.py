"""Answers to an eq schema as answers to the instrument made from it, and the other way round.

What belongs together is told by order alone: block by page, answer by item, option by code.
"""

from surveys.questionnaire.items import Money, MultipleChoice, SingleChoice


def paired(schema, instrument):
    """Blocks with their pages, both in order."""
    blocks = [
        block
        for section in schema["sections"]
        for group in section["groups"]
        for block in group["blocks"]
    ]
    pages = instrument.pages
    assert len(blocks) == len(pages)
    return list(zip(blocks, pages, strict=True))


def instrument_answers(schema, instrument, answers):
    """The same answers by item, for schemas whose answers have one item each."""
    found = {}
    for block, page in paired(schema, instrument):
        questions = [block["question"]] if "question" in block else []
        questions += [variant["question"] for variant in block.get("question_variants", ())]
        items = iter([item for item in page.items if type(item).__name__ != "Note"])
        for question in questions:
            for item, several in _items_of(question, items):
                value = _value(item, several, answers)
                if value is not None:
                    found[item.name] = value
    return found


def _items_of(question, items):
    if question["type"] == "MutuallyExclusive":
        yield next(items), question["answers"]
    else:
        for answer in question["answers"]:
            yield next(items), [answer]


def _value(item, several, answers):
    options = [option["value"] for answer in several for option in answer.get("options", ())]
    given = [answers.get(answer["id"]) for answer in several]
    given = [each for each in given if each not in (None, [])]
    if not given:
        return None
    if isinstance(item, MultipleChoice | SingleChoice):
        chosen = [
            each for value in given for each in (value if isinstance(value, list) else [value])
        ]
        codes = [
            code.value
            for code, option in zip(item.codes, options, strict=False)
            if option in chosen
        ]
        return codes if isinstance(item, MultipleChoice) else codes[0]
    if isinstance(item, Money):
        return {"amount": given[0], "unit": "units"}
    return given[0]
