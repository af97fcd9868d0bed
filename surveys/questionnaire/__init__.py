"""The instrument and what it does with answers. Pure: no Django, no I/O."""

from surveys.questionnaire.binding import BoundColumn, bound_columns, bound_values
from surveys.questionnaire.codebook import CodebookVariable, codebook, kind_of
from surveys.questionnaire.condition_language import ConditionError, parse_condition
from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.edits import (
    MONEY_UNITS,
    Fault,
    Finding,
    check_page,
    check_value,
    facet_applies,
)
from surveys.questionnaire.fills import NOT_PROVIDED, FillContext, answer_text, fill, number_text
from surveys.questionnaire.instrument import Edit, Instrument, Page, Section
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Binding,
    Code,
    Facet,
    Item,
    Money,
    MultipleChoice,
    Number,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.parsing import compile_document, compile_text, fingerprint
from surveys.questionnaire.problems import CATALOGUE as PROBLEM_CATALOGUE
from surveys.questionnaire.problems import InstrumentErrors, Problem
from surveys.questionnaire.reading import read_document
from surveys.questionnaire.routing import (
    Route,
    SectionStatus,
    missing_state,
    route,
    section_statuses,
)

__all__ = [
    "ALWAYS",
    "MONEY_UNITS",
    "NOT_PROVIDED",
    "PROBLEM_CATALOGUE",
    "Allocation",
    "BatteryRow",
    "Binding",
    "BoundColumn",
    "Code",
    "CodebookVariable",
    "Condition",
    "ConditionError",
    "Edit",
    "Facet",
    "Fault",
    "FillContext",
    "Finding",
    "Instrument",
    "InstrumentErrors",
    "Item",
    "Money",
    "MultipleChoice",
    "Number",
    "Page",
    "Problem",
    "Route",
    "Section",
    "SectionStatus",
    "Share",
    "SingleChoice",
    "Text",
    "Year",
    "answer_text",
    "bound_columns",
    "bound_values",
    "check_page",
    "check_value",
    "codebook",
    "compile_document",
    "compile_text",
    "facet_applies",
    "fill",
    "fingerprint",
    "kind_of",
    "missing_state",
    "number_text",
    "parse_condition",
    "read_document",
    "route",
    "section_statuses",
]
