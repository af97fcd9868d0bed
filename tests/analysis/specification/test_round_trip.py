"""What is printed of a formula or an expression reads back as the same value."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.specification.expressions import (
    FUNCTIONS,
    Among,
    Call,
    CodeText,
    Name,
    Number,
    Operation,
    parse_expression,
)
from analysis.specification.formula import Formula, Part, Term, parse_formula

names = st.sampled_from(
    ["a", "breadth", "depth.global", "control.age", "networking.cooperation[suppliers,local]"]
)
codes = st.text("abc17 '", max_size=5) | st.text('abc17 "', max_size=5)
parts = (
    st.builds(Part, names)
    | st.builds(Part, names, st.just("power"), st.integers(2, 4))
    | st.builds(Part, names, st.just("log"))
    | st.builds(Part, names, st.just("categories"), level=codes)
    | st.builds(Part, names, st.just("indicator"), level=codes)
)
terms = st.lists(parts, min_size=1, max_size=3, unique=True).map(lambda found: Term(tuple(found)))
formulas = st.lists(terms, max_size=6, unique_by=lambda term: tuple(sorted(term.parts))).map(
    lambda found: Formula(tuple(found))
)

numbers = st.builds(Number, st.decimals(0, 10**6, places=3).map(float))
leaves = numbers | st.builds(Name, names)


def _chain(operator, left, right):
    """The value that the parser builds: sums and products flat from the left."""
    if operator in "+*" and isinstance(left, Operation) and left.operator == operator:
        return Operation(operator, (*left.operands, right))
    return Operation(operator, (left, right))


def _larger(inner):
    return (
        st.builds(_chain, st.sampled_from(["+", "-", "*", "/", "^"]), inner, inner)
        | st.builds(
            lambda operator, left, right: Operation(operator, (left, right)),
            st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
            inner,
            inner,
        )
        | st.builds(
            lambda operator, operands: Operation(operator, tuple(operands)),
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3),
        )
        | st.builds(lambda operand: Operation("not", (operand,)), inner)
        | st.builds(lambda operand: Operation("minus", (operand,)), inner)
        | st.builds(
            lambda operand, choices: Among(operand, tuple(choices)),
            inner,
            st.lists(numbers | st.builds(CodeText, codes), min_size=1, max_size=3),
        )
        | st.sampled_from(sorted(FUNCTIONS)).flatmap(
            lambda function: st.tuples(*[inner] * FUNCTIONS[function]).map(
                lambda arguments: Call(function, arguments)
            )
        )
    )


@given(formula=formulas)
def test_a_printed_formula_reads_back_as_itself(formula):
    assert parse_formula(str(formula)) == formula


@given(expression=st.recursive(leaves, _larger, max_leaves=12))
def test_a_printed_expression_reads_back_as_itself(expression):
    assert parse_expression(str(expression)) == expression


def test_a_minus_before_a_power_is_taken_after_it():
    assert parse_expression("-a^2") == Operation(
        "minus", (Operation("^", (Name("a"), Number(2.0))),)
    )


def test_a_term_holds_each_part_once_and_a_formula_each_term_once():
    assert str(parse_formula("a:a + b:a + a:b + (a + b)*a")) == "a + b:a + b"


def test_a_star_writes_its_parts_and_their_products_out():
    assert str(parse_formula("(a + b)*c")) == "a + b + c + a:c + b:c"


def test_functions_are_names_where_nothing_is_called():
    assert str(parse_formula("log + base + factor")) == "log + base + factor"
