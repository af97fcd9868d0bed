"""Conditions and expressions as JSON, for the evaluator in the browser.

``{"compare": ">", "left": {"answer": "persons"}, "right": {"number": 10}}``. The reference is
`docs/reference/conditions.md`, the evaluator `surveys/static/surveys/conditions.js`.
"""

from typing import Any

from surveys.questionnaire.conditions import (
    Absolute,
    AllOf,
    Always,
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

Tree = dict[str, Any]


def condition_json(condition: Condition) -> Tree:
    """The condition as a tree of JSON values. Raises TypeError for one not of the language."""
    match condition:
        case Always():
            return {"always": True}
        case Answered():
            return {"answered": condition.reference}
        case Chose():
            return {"chose": condition.reference, "codes": list(condition.codes)}
        case Compares():
            return {
                "compare": condition.comparator,
                "left": operand_json(condition.left),
                "right": operand_json(condition.right),
            }
        case AllOf():
            return {"all": [condition_json(each) for each in condition.conditions]}
        case AnyOf():
            return {"any": [condition_json(each) for each in condition.conditions]}
        case Not():
            return {"not": condition_json(condition.condition)}
        case _:
            raise TypeError(f"{type(condition).__name__} is no condition of the language")


def operand_json(operand: Operand) -> Tree:
    """The expression as a tree of JSON values. Raises TypeError for one not of the language."""
    match operand:
        case Literally():
            return {"text" if isinstance(operand.literal, str) else "number": operand.literal}
        case AnswerTo():
            return {"answer": operand.reference}
        case Count():
            return {"count": operand.reference}
        case Arithmetic():
            return {
                "arithmetic": operand.operator,
                "left": operand_json(operand.left),
                "right": operand_json(operand.right),
            }
        case Gathered():
            return {operand.function: [operand_json(each) for each in operand.operands]}
        case Rounded():
            return {"round": operand_json(operand.operand), "decimals": operand.decimals}
        case Absolute():
            return {"abs": operand_json(operand.operand)}
        case Either() if isinstance(operand.condition, Condition):
            return {
                "if": condition_json(operand.condition),
                "then": operand_json(operand.then),
                "else": operand_json(operand.otherwise),
            }
        case _:
            raise TypeError(f"{type(operand).__name__} is no expression of the language")
