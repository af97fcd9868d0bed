"""A tree to the language of conditions, given what each question became."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from surveys.interchange.expressions.tree import (
    Call,
    Listed,
    Literal,
    Name,
    Operation,
    Tree,
    Untranslatable,
)

Kind = OneOf["code", "codes", "number", "text", "date", "entries", "ticked"]
ORDERS = ("=", "!=", "<", "<=", ">", ">=")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_LONGEST_TEXT = 80


@dataclass(frozen=True, slots=True)
class Target:
    """What a question became.

    Attributes
    ----------
    reference : how conditions name it
    kind : what an answer to it is; ``ticked`` is one code of a multiple choice, which the
        other program has as a question of its own
    codes : the codes of the other program, and ours
    code : for ``ticked``, the code
    """

    reference: str
    kind: Kind
    codes: Mapping[str, str] = field(default_factory=dict)
    code: str = ""


Lookup = Callable[[str], Target | None]


def condition_text(tree: Tree, lookup: Lookup) -> str:
    """The tree as a condition.

    Raises
    ------
    Untranslatable
        With the part that has no counterpart.
    """
    return _Translator(lookup).condition(tree)


def operand_text(tree: Tree, lookup: Lookup) -> str:
    """The tree as something that has a number, such as a computed value. Raises Untranslatable."""
    return _Translator(lookup).operand(tree)


@dataclass(frozen=True, slots=True)
class _Translator:
    lookup: Lookup

    def condition(self, tree: Tree) -> str:
        match tree:
            case Operation(("and" | "or") as word, parts):
                return "(" + f" {word} ".join(self.condition(part) for part in parts) + ")"
            case Operation("not", (part,)):
                return f"not ({self.condition(part)})"
            case Operation(operator, (left, right)) if operator in ORDERS:
                return self._comparison(operator, left, right)
            case Call(function, arguments):
                return self._function(function, arguments)
            case Name(name):
                return self._alone(name)
        raise Untranslatable("a part of it is neither true nor false by itself")

    def operand(self, tree: Tree) -> str:
        match tree:
            case Literal(bool()):
                raise Untranslatable("it calculates with true or false")
            case Literal(str() as text):
                return _number_written(text)
            case Literal(int() | float() as number):
                return number_text(number)
            case Name(name):
                return self._numeric(name)
            case Operation("-", (part,)):
                return f"(0 - {self.operand(part)})"
            case Operation(("+" | "-" | "*" | "/") as operator, (left, right)):
                return f"({self.operand(left)} {operator} {self.operand(right)})"
            case Call(function, arguments):
                return self._calculation(function, arguments)
        raise Untranslatable("it calculates with something that is no number")

    def _target(self, name: str) -> Target:
        target = self.lookup(name)
        if target is None:
            raise Untranslatable(f"it reads “{name[:60]}”, which is not an earlier question here")
        return target

    def _alone(self, name: str) -> str:
        target = self._target(name)
        if target.kind == "ticked":
            return f"{target.reference} has {quoted(target.code)}"
        if target.kind == "code" and "true" in target.codes:
            return f"{target.reference} = {quoted(target.codes['true'])}"
        if target.kind in ("codes", "text", "date", "code"):
            return f"answered({target.reference})"
        raise Untranslatable(f"it takes “{name[:60]}” for true or false")

    def _comparison(self, operator: str, left: Tree, right: Tree) -> str:
        if not isinstance(left, Name) and isinstance(right, Name):
            return self._comparison(_MIRRORED[operator], right, left)
        if isinstance(left, Name) and isinstance(right, Literal):
            return self._against_literal(self._target(left.name), operator, right)
        if isinstance(left, Name) and isinstance(right, Name):
            return self._between(self._target(left.name), operator, self._target(right.name))
        if isinstance(left, Call) and isinstance(right, Literal) and right.value is True:
            return self.condition(left)
        return f"{self.operand(left)} {operator} {self.operand(right)}"

    def _between(self, left: Target, operator: str, right: Target) -> str:
        kinds = {left.kind, right.kind}
        if len(kinds) > 1 or not kinds <= {"number", "code", "text", "date"}:
            raise Untranslatable("it compares two questions of different kinds")
        if kinds & {"code", "text"} and operator not in ("=", "!="):
            raise Untranslatable("it puts texts in order")
        return f"{left.reference} {operator} {right.reference}"

    def _against_literal(self, target: Target, operator: str, literal: Literal) -> str:
        value = literal.value
        if value == "" and operator in ("=", "!="):
            return self._blank(target, is_blank=operator == "=")
        if target.kind == "ticked":
            return self._ticked(target, operator, str(value))
        if target.kind in ("code", "codes"):
            return self._against_code(target, operator, literal)
        if target.kind == "number":
            return f"{target.reference} {operator} {self.operand(literal)}"
        if target.kind == "entries":
            return f"count({target.reference}) {operator} {self.operand(literal)}"
        if target.kind == "text" and operator not in ("=", "!="):
            raise Untranslatable("it puts texts in order")
        return f"{target.reference} {operator} {quoted(str(value))}"

    def _against_code(self, target: Target, operator: str, literal: Literal) -> str:
        if operator not in ("=", "!="):
            return self._ordered_codes(target, operator, literal)
        code = self._code(target, literal)
        if target.kind == "code":
            return f"{target.reference} {operator} {quoted(code)}"
        has = f"{target.reference} has {quoted(code)}"
        return has if operator == "=" else f"not ({has})"

    def _ordered_codes(self, target: Target, operator: str, literal: Literal) -> str:
        """``scale >= 3`` where the codes are numbers: those codes that are."""
        bound = float(_number_written(str(literal.value)))
        numbers = {code: float(_number_written(code)) for code in target.codes}
        tests: dict[str, Callable[[float], bool]] = {
            "<": lambda number: number < bound,
            "<=": lambda number: number <= bound,
            ">": lambda number: number > bound,
            ">=": lambda number: number >= bound,
        }
        fitting = [
            target.codes[code] for code, number in numbers.items() if tests[operator](number)
        ]
        if not fitting:
            raise Untranslatable("no code of the question fits the comparison")
        return f"{target.reference} in ({', '.join(quoted(code) for code in fitting)})"

    def _ticked(self, target: Target, operator: str, value: str) -> str:
        has = f"{target.reference} has {quoted(target.code)}"
        if value.lower() not in ("y", "true", "1") or operator not in ("=", "!="):
            raise Untranslatable("a tick box is compared with something other than “Y”")
        return has if operator == "=" else f"not ({has})"

    def _blank(self, target: Target, *, is_blank: bool) -> str:
        if target.kind == "ticked":
            has = f"{target.reference} has {quoted(target.code)}"
            return f"not ({has})" if is_blank else has
        answered = f"answered({target.reference})"
        return f"not {answered}" if is_blank else answered

    def _code(self, target: Target, literal: Tree) -> str:
        if not isinstance(literal, Literal):
            raise Untranslatable("a code is not written out")
        value = literal.value
        text = str(value).lower() if isinstance(value, bool) else _written(value)
        if text not in target.codes:
            raise Untranslatable(f"“{target.reference}” has no code “{text[:40]}”")
        return target.codes[text]

    def _function(self, function: str, arguments: tuple[Tree, ...]) -> str:
        match function, arguments:
            case "not", (part,):
                return f"not ({self.condition(part)})"
            case (("empty" | "is_empty"), (Name(name),)):
                return self._blank(self._target(name), is_blank=True)
            case "notempty", (Name(name),):
                return self._blank(self._target(name), is_blank=False)
            case (("selected" | "contains"), (Name(name), Literal() as code)):
                return self._selected(name, (code,))
            case "notcontains", (Name(name), Literal() as code):
                return f"not ({self._selected(name, (code,))})"
            case (("anyof" | "allof" | "noneof"), (Name(name), Listed(codes))):
                return self._of(function, name, codes)
        raise Untranslatable(f"the function “{function[:40]}” has no counterpart")

    def _of(self, function: str, name: str, codes: tuple[Literal, ...]) -> str:
        if not codes:
            raise Untranslatable("its list of codes is empty")
        if function == "allof":
            return "(" + " and ".join(self._selected(name, (code,)) for code in codes) + ")"
        among = self._selected(name, codes)
        return among if function == "anyof" else f"not ({among})"

    def _selected(self, name: str, codes: tuple[Literal, ...]) -> str:
        target = self._target(name)
        if target.kind not in ("code", "codes"):
            raise Untranslatable(f"“{name[:60]}” has no codes")
        ours = [quoted(self._code(target, code)) for code in codes]
        if len(ours) == 1:
            return f"{target.reference} has {ours[0]}"
        return f"{target.reference} in ({', '.join(ours)})"

    def _numeric(self, name: str) -> str:
        target = self._target(name)
        if target.kind != "number":
            raise Untranslatable(f"it calculates with “{name[:60]}”, which is no number")
        return target.reference

    def _calculation(self, function: str, arguments: tuple[Tree, ...]) -> str:
        match function, arguments:
            case (("number" | "int" | "integer" | "decimal"), (part,)):
                return self.operand(part)
            case (("count" | "count-selected" | "length"), (Name(name),)):
                return self._count(self._target(name))
            case (("count"), several) if several:
                return self._count_ticked(several)
            case "if" | "iif", (test, then, otherwise):
                parts = self.condition(test), self.operand(then), self.operand(otherwise)
                return f"if({', '.join(parts)})"
            case "coalesce", (Name(name), otherwise):
                first = self._numeric(name)
                return f"if(answered({first}), {first}, {self.operand(otherwise)})"
            case "round", (part,):
                return f"round({self.operand(part)}, 0)"
            case "round", (part, Literal(int() as places)):
                return f"round({self.operand(part)}, {places})"
            case (("abs" | "sum" | "min" | "max"), (_, *_)):
                return f"{function}({', '.join(self.operand(part) for part in arguments)})"
        raise Untranslatable(f"the function “{function[:40]}” has no counterpart")

    def _count(self, target: Target) -> str:
        if target.kind not in ("codes", "entries"):
            raise Untranslatable(f"“{target.reference}” has nothing to count")
        return f"count({target.reference})"

    def _count_ticked(self, names: tuple[Tree, ...]) -> str:
        """``count(q_1, q_2)`` over all the tick boxes of one multiple choice."""
        targets = [self._target(part.name) for part in names if isinstance(part, Name)]
        of = {target.reference for target in targets}
        whole = targets[0].codes if targets else {}
        if (
            len(targets) < len(names)
            or len(of) != 1
            or any(target.kind != "ticked" for target in targets)
            or {target.code for target in targets} != set(whole.values())
        ):
            raise Untranslatable("it counts something other than the ticks of one question")
        return f"count({of.pop()})"


def quoted(text: str) -> str:
    """The text as a literal of a condition. Raises Untranslatable if there is no way."""
    if len(text) > _LONGEST_TEXT or "\n" in text or ("'" in text and '"' in text):
        raise Untranslatable("a text in it cannot be quoted in a condition")
    return f'"{text}"' if "'" in text else f"'{text}'"


def number_text(number: float) -> str:
    """The number as a condition writes it, at most 15 digits and 6 decimals."""
    if abs(number) >= 10**15:
        raise Untranslatable("a number in it is too large")
    return str(int(number)) if float(number).is_integer() else f"{number:.6f}".rstrip("0")


def _number_written(text: str) -> str:
    try:
        return number_text(float(text))
    except (ValueError, OverflowError):
        raise Untranslatable(f"“{text[:40]}” stands where a number is needed") from None


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else number_text(value)
