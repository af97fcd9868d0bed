"""Tables with labels of any kind, for the tests of the renderers."""

from hypothesis import strategies as st

from analysis.tables.table import Cell, Row, Spanner, Table

SPECIAL = "\\{}$&#^_%~<>\"'`=+-@|[]*,;\t\n\r\x00\x1b\u202e\u200f\ufeff＝−é中🚀"
EVIL = (
    r"\input{/etc/passwd}",
    r"\write18{id}",
    "^^5c",
    r"\catcode`\_=11",
    "</td></table><script>alert(1)</script>",
    '=HYPERLINK("http://example.org")',
    "'=1+1",
    "@SUM(A1)",
    "-5",
    "＝1",
    "[x] *y",
)
texts = st.text(max_size=30) | st.text(alphabet=SPECIAL, max_size=30) | st.sampled_from(EVIL)
numbers = st.floats(-1e6, 1e6, allow_nan=False)


@st.composite
def cells(draw):
    if draw(st.booleans()):
        value = draw(numbers)
        return Cell(f"{value:.3f}".replace("-", "−"), value)
    return Cell(draw(texts))


@st.composite
def tables(draw):
    width = draw(st.integers(1, 4))
    kinds = st.sampled_from(["estimate", "uncertainty", "statistic"])
    row = st.builds(
        Row,
        texts,
        st.tuples(*[cells()] * width),
        kinds,
        st.sampled_from(["", "local", "europe"]),
    ) | st.builds(Row, texts, st.just(()), st.just("group"))
    return Table(
        title=draw(texts),
        columns=tuple(draw(st.lists(texts, min_size=width, max_size=width))),
        rows=tuple(draw(st.lists(row, min_size=1, max_size=6))),
        spanners=draw(st.sampled_from([(), (Spanner(draw(texts), 0, width - 1),)])),
        notes=tuple(draw(st.lists(texts, max_size=3))),
        fingerprint=draw(st.sampled_from(["", "ab" * 32])),
    )


def printable(text: str) -> str:
    """What of a text every format keeps: no control, direction or surrogate marks."""
    spaced = "".join(" " if letter in _SPACES else letter for letter in text)
    return "".join(letter for letter in spaced if not _is_unseen(ord(letter)))


_SPACES = "\t\n\v\f\r\x85\u2028\u2029"


def _is_unseen(code: int) -> bool:
    control = code < 32 or 127 <= code < 160
    direction = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    return control or direction or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF)
