"""The instrument and what it does with answers. Pure: no Django, no I/O."""

from surveys.questionnaire.binding import (
    BoundColumn,
    bound_columns,
    bound_values,
    values_on_route,
)
from surveys.questionnaire.catalogues import UnreadableCatalogue, from_po, to_po
from surveys.questionnaire.code_lists import (
    CodeList,
    ListedCode,
)
from surveys.questionnaire.codebook import (
    MISSING_CODES,
    MISSING_OF_STATE,
    CodebookVariable,
    codebook,
    kind_of,
    missing_codes,
)
from surveys.questionnaire.comparison import Comparison, VariableChange, compare
from surveys.questionnaire.condition_language import ConditionError, parse_condition
from surveys.questionnaire.conditions import (
    ALWAYS,
    Condition,
    stated_missing,
)
from surveys.questionnaire.data_names import (
    stata_name,
    stata_names,
)
from surveys.questionnaire.edits import (
    MONEY_UNITS,
    Fault,
    Finding,
    check_page,
    check_value,
    facet_applies,
    required_findings,
    total_of,
)
from surveys.questionnaire.fills import NOT_PROVIDED, FillContext, answer_text, fill, number_text
from surveys.questionnaire.instrument import Edit, Instrument, Page, Section
from surveys.questionnaire.item_fingerprints import item_fingerprints
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Binding,
    Code,
    Computed,
    Date,
    EntryPage,
    Facet,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Note,
    Number,
    Roster,
    Scale,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.linting.lint import WARNINGS as WARNING_CATALOGUE
from surveys.questionnaire.linting.lint import lint
from surveys.questionnaire.modules import compose, insert
from surveys.questionnaire.parsing import compile_document, compile_text, fingerprint
from surveys.questionnaire.problems import CATALOGUE as PROBLEM_CATALOGUE
from surveys.questionnaire.problems import About, InstrumentErrors, Problem
from surveys.questionnaire.reading import read_document
from surveys.questionnaire.roster_rows import RosterTable, roster_rows, roster_tables
from surveys.questionnaire.routing import (
    Route,
    SectionStatus,
    missing_state,
    route,
    section_statuses,
)
from surveys.questionnaire.translations import SourceString, mark, states, strings, translate
from surveys.questionnaire.wide_form import WideColumn, wide_columns
from surveys.questionnaire.wide_values import LongRow, long_rows, wide_values

__all__ = [
    "ALWAYS",
    "MISSING_CODES",
    "MISSING_OF_STATE",
    "MONEY_UNITS",
    "NOT_PROVIDED",
    "PROBLEM_CATALOGUE",
    "WARNING_CATALOGUE",
    "About",
    "Allocation",
    "BatteryRow",
    "Binding",
    "BoundColumn",
    "Code",
    "CodeList",
    "CodebookVariable",
    "Comparison",
    "Computed",
    "Condition",
    "ConditionError",
    "Date",
    "Edit",
    "EntryPage",
    "Facet",
    "Fault",
    "FillContext",
    "Finding",
    "Instrument",
    "InstrumentErrors",
    "Item",
    "ListedCode",
    "LongRow",
    "Lookup",
    "Money",
    "MultipleChoice",
    "Note",
    "Number",
    "Page",
    "Problem",
    "Roster",
    "RosterTable",
    "Route",
    "Scale",
    "Section",
    "SectionStatus",
    "Share",
    "SingleChoice",
    "SourceString",
    "Text",
    "UnreadableCatalogue",
    "VariableChange",
    "WideColumn",
    "Year",
    "answer_text",
    "bound_columns",
    "bound_values",
    "check_page",
    "check_value",
    "codebook",
    "compare",
    "compile_document",
    "compile_text",
    "compose",
    "facet_applies",
    "fill",
    "fingerprint",
    "from_po",
    "insert",
    "item_fingerprints",
    "kind_of",
    "lint",
    "long_rows",
    "mark",
    "missing_codes",
    "missing_state",
    "number_text",
    "parse_condition",
    "read_document",
    "required_findings",
    "roster_rows",
    "roster_tables",
    "route",
    "section_statuses",
    "stata_name",
    "stata_names",
    "stated_missing",
    "states",
    "strings",
    "to_po",
    "total_of",
    "translate",
    "values_on_route",
    "wide_columns",
    "wide_values",
]
