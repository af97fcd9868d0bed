"""Truth functions over questions about answers, kept small: binary decision diagrams.

A function is a whole number: a node of the diagram that a `Logic` holds. Equal functions are
equal numbers, so that two routes that meet again need no condition.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

MOST_NODES = 60_000
FALSE, TRUE = 0, 1
_LAST = 10**9  # the level of the two ends, below every variable

Cube = tuple[tuple[int, bool], ...]


class TooIntricate(Exception):
    """The function needs more nodes than the limit."""


@dataclass(slots=True)
class Logic:
    """Variables in the order of their first use, and the nodes (variable, if no, if yes)."""

    keys: list[Hashable] = field(default_factory=list)
    _places: dict[Hashable, int] = field(default_factory=dict)
    _nodes: list[tuple[int, int, int]] = field(
        default_factory=lambda: [(_LAST, 0, 0), (_LAST, 1, 1)]
    )
    _unique: dict[tuple[int, int, int], int] = field(default_factory=dict)
    _known: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def variable(self, key: Hashable) -> int:
        if key not in self._places:
            self._places[key] = len(self.keys)
            self.keys.append(key)
        return self._node(self._places[key], FALSE, TRUE)

    def negation(self, f: int) -> int:
        return self._choice(f, FALSE, TRUE)

    def both(self, f: int, g: int) -> int:
        return self._choice(f, g, FALSE)

    def either(self, f: int, g: int) -> int:
        return self._choice(f, TRUE, g)

    def all_of(self, functions: list[int]) -> int:
        return self._fold(functions, self.both, TRUE)

    def any_of(self, functions: list[int]) -> int:
        return self._fold(functions, self.either, FALSE)

    def support(self, f: int) -> list[int]:
        """The places of the variables that the function rests on, in order."""
        seen: set[int] = set()
        found: set[int] = set()
        waiting = [f]
        while waiting:
            node = waiting.pop()
            if node > TRUE and node not in seen:
                seen.add(node)
                variable, no, yes = self._nodes[node]
                found.add(variable)
                waiting += [no, yes]
        return sorted(found)

    def possible(self, f: int, unknown: Callable[[Hashable], bool]) -> int:
        """Whether some truth of the unknown variables makes the function true."""
        for place in self.support(f):
            if unknown(self.keys[place]):
                f = self.either(self._given(f, place, 0, {}), self._given(f, place, 1, {}))
        return f

    def cubes(self, lower: int, upper: int) -> list[Cube]:
        """An irredundant sum of products between two functions (Minato and Morreale)."""
        return self._cubes(lower, upper, {})[0]

    @staticmethod
    def _fold(functions: list[int], join: Callable[[int, int], int], start: int) -> int:
        for function in functions:
            start = join(start, function)
        return start

    def _node(self, variable: int, no: int, yes: int) -> int:
        if no == yes:
            return no
        node = (variable, no, yes)
        if node not in self._unique:
            if len(self._nodes) >= MOST_NODES:
                raise TooIntricate
            self._unique[node] = len(self._nodes)
            self._nodes.append(node)
        return self._unique[node]

    def _choice(self, f: int, g: int, h: int) -> int:
        """If f then g else h."""
        if f <= TRUE:
            return g if f == TRUE else h
        if g == h:
            return g
        if (g, h) == (TRUE, FALSE):
            return f
        asked = (f, g, h)
        if asked not in self._known:
            place = min(self._nodes[node][0] for node in asked)
            no, yes = zip(*(self._split(node, place) for node in asked), strict=True)
            self._known[asked] = self._node(place, self._choice(*no), self._choice(*yes))
        return self._known[asked]

    def _split(self, f: int, place: int) -> tuple[int, int]:
        """The function with a variable, none of its own being before it, false and true."""
        variable, no, yes = self._nodes[f]
        return (no, yes) if variable == place else (f, f)

    def _given(self, f: int, place: int, truth: int, known: dict[int, int]) -> int:
        """The function where the variable is false (0) or true (1)."""
        variable, no, yes = self._nodes[f]
        if variable >= place:
            return self._split(f, place)[truth]
        if f not in known:
            known[f] = self._node(
                variable,
                self._given(no, place, truth, known),
                self._given(yes, place, truth, known),
            )
        return known[f]

    def _cubes(
        self, lower: int, upper: int, known: dict[tuple[int, int], tuple[list[Cube], int]]
    ) -> tuple[list[Cube], int]:
        if lower == FALSE:
            return [], FALSE
        if upper == TRUE:
            return [()], TRUE
        if (lower, upper) not in known:
            known[(lower, upper)] = self._cubes_by_first(lower, upper, known)
        return known[(lower, upper)]

    def _cubes_by_first(
        self, lower: int, upper: int, known: dict[tuple[int, int], tuple[list[Cube], int]]
    ) -> tuple[list[Cube], int]:
        place = min(self._nodes[lower][0], self._nodes[upper][0])
        lower_no, lower_yes = self._split(lower, place)
        upper_no, upper_yes = self._split(upper, place)
        nos, no = self._cubes(self.both(lower_no, self.negation(upper_yes)), upper_no, known)
        yeses, yes = self._cubes(self.both(lower_yes, self.negation(upper_no)), upper_yes, known)
        rest = self.either(
            self.both(lower_no, self.negation(no)), self.both(lower_yes, self.negation(yes))
        )
        boths, both = self._cubes(rest, self.both(upper_no, upper_yes), known)
        cubes = [
            *(((place, False), *cube) for cube in nos),
            *(((place, True), *cube) for cube in yeses),
            *boths,
        ]
        if len(cubes) > MOST_NODES:
            raise TooIntricate
        return cubes, self.either(self._node(place, no, yes), both)
