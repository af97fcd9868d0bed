"""Authored documents made by Hypothesis: every kind, key and nesting of the language."""

from hypothesis import strategies as st

TEXTS = st.one_of(
    st.sampled_from(
        [
            "How many persons?",
            "  blanks at the ends ",
            "=1+1",
            "12",
            "yes",
            '{"a": 1}',
            "<script>alert(1)</script>",
            "Two\nlines",
            "{firm} in {last_year}",
            "Åse sa «ja» – 3 > 2 & 1",
            "${x} and {answer:first}",
            "_x0041_",
            "NaN",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=30),
)
LABELS = TEXTS.filter(lambda text: text.strip() != "")
NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3)),
)
FLAGS = st.sampled_from(["yes", "no"])
CONDITIONS = st.sampled_from(
    [
        "first = 'a'",
        "first has 'b' and not (answered(first))",
        "first in ('a', 'b')",
        "count(first) > 1",
        "last.first = 'a' or frame.employees > 10",
        "nonsense that cannot be read (",
        "round(sum(a, b) / 3, 2) >= 1.5",
        "if(first = 'a', 1, 2) = abs(x - 3)",
    ]
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
CODE_VALUES = st.one_of(
    st.from_regex(r"[a-z0-9][a-z0-9_]{0,5}", fullmatch=True), st.integers(0, 99)
)


def some(needed, /, **optional):
    return st.fixed_dictionaries(needed, optional=optional)


CODES = st.lists(
    some(
        {"value": CODE_VALUES, "label": LABELS},
        definition=TEXTS,
        exclusive=FLAGS,
        specify=st.sampled_from(["text", "number"]),
        specify_label=LABELS,
        when=CONDITIONS,
        variable=LABELS,
    ),
    min_size=2,
    max_size=4,
    unique_by=lambda code: str(code["value"]),
)
CODES_OR_LIST = st.one_of(CODES, st.just("shared_list"))
FACETS = st.lists(
    some(
        {
            "name": NAMES,
            "label": LABELS,
            "choose": st.sampled_from(["one", "many", "number"]),
            "codes": CODES_OR_LIST,
        },
        when=st.just({"importance": ["1"]}),
        minimum=NUMBERS,
        decimals=st.integers(0, 3),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda facet: facet["name"],
)
BINDING = st.just({"construct": "control.employment", "values": {"a": 1, "b": 0}, "off_route": 0})
COMMON = {
    "hint": TEXTS,
    "definition": TEXTS,
    "bind": st.one_of(BINDING, st.lists(BINDING, max_size=2)),
    "when": CONDITIONS,
    "required": st.sampled_from(["none", "soft", "hard"]),
    "period": TEXTS,
    "missing": st.lists(st.sampled_from(["dont_know", "refused"]), unique=True),
    "dependent": st.sampled_from(["hidden", "shown"]),
    "variable": TEXTS,
}
BOUNDS = {"minimum": NUMBERS, "maximum": NUMBERS, "unit": TEXTS, "decimals": st.integers(0, 4)}


def kinds(name):
    base = {"name": name, "label": LABELS}

    def of(kind, needed=None, /, **optional):
        return some(base | {"kind": st.just(kind)} | (needed or {}), **COMMON, **optional)

    return st.one_of(
        of("single_choice", {"codes": CODES_OR_LIST}),
        of("multiple_choice", {"codes": CODES_OR_LIST}, most=st.integers(1, 5)),
        of("number", **BOUNDS),
        of("money", currency=st.just("NOK"), minimum=NUMBERS),
        of("share", decimals=st.integers(0, 2)),
        of("year", minimum=st.integers(1500, 1900), maximum=st.integers(1901, 2100)),
        of("text", long=FLAGS, max_length=st.integers(1, 500)),
        of("date", precision=st.sampled_from(["day", "month"]), minimum=st.just("2020-01-31")),
        of(
            "scale",
            minimum=st.integers(0, 1),
            maximum=st.integers(2, 7),
            points=st.just({"0": "Low"}),
        ),
        of("lookup", {"codes": st.just("nace@2.1")}),
        of("note"),
        of(
            "computed",
            {"expression": st.sampled_from(["a + b", "sum(a, b) * 2", "(("])},
            decimals=st.just(1),
        ),
        of("allocation", {"parts": CODES_OR_LIST}, total=NUMBERS, total_of=NAMES, at_most=FLAGS),
        of(
            "battery",
            {"rows": CODES_OR_LIST, "facets": FACETS},
            layout=st.just("stacked"),
            none_label=TEXTS,
        ),
    )


def items(min_size=1):
    return st.lists(
        NAMES.map(lambda name: name), min_size=min_size, max_size=3, unique=True
    ).flatmap(lambda names: st.tuples(*(kinds(st.just(name)) for name in names)).map(list))


ROSTER = st.one_of(
    some(
        {
            "name": st.just("partners"),
            "kind": st.just("roster"),
            "label": LABELS,
            "thing": LABELS,
            "things": LABELS,
            "pages": st.lists(
                some({"title": LABELS, "items": items()}, when=CONDITIONS), min_size=1, max_size=2
            ),
        },
        most=st.integers(1, 20),
        **COMMON,
    ),
    some({"name": st.just("sites"), "kind": st.just("roster"), "label": LABELS, "items": items()}),
)
EDITS = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES,
            "severity": st.sampled_from(["hard", "soft"]),
            "when": CONDITIONS,
            "message": LABELS,
            "items": st.lists(NAMES, min_size=1, max_size=2),
        }
    ),
    max_size=2,
)
PAGES = st.lists(
    some(
        {
            "name": NAMES,
            "title": LABELS,
            "items": st.one_of(items(), ROSTER.map(lambda roster: [roster])),
        },
        intro=TEXTS,
        when=CONDITIONS,
        edits=EDITS,
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda page: page["name"],
)
SECTIONS = st.lists(
    some(
        {"name": NAMES, "title": LABELS, "pages": PAGES},
        intro=TEXTS,
        minutes=st.integers(0, 60),
        opens=FLAGS,
        on_hub=FLAGS,
        summary=FLAGS,
        when=CONDITIONS,
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda section: section["name"],
)
ENTRY = st.fixed_dictionaries({"text": LABELS, "of": st.from_regex(r"[0-9a-f]{8}", fullmatch=True)})


def _translations(sections):
    first = sections[0]["name"]
    keys = st.sampled_from([f"sections.{first}.title", "instrument.title", "items.left.over"])
    return st.dictionaries(keys, ENTRY, min_size=1)


DOCUMENTS = SECTIONS.flatmap(
    lambda sections: some(
        {
            "instrument": st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True),
            "version": st.sampled_from(["1.0", "1", "2024-01"]),
            "title": LABELS,
            "sections": st.just(sections),
        },
        language=st.sampled_from(["en", "nb"]),
        intro=TEXTS,
        codes=st.fixed_dictionaries({"shared_list": CODES}, optional={"yes no": CODES}),
        languages=st.just(["en", "de"]),
        translations=st.fixed_dictionaries({"de": _translations(sections)}),
        code_lists=st.just(
            [{"name": "m", "version": "1", "title": "M", "codes": [{"value": "01", "label": "O"}]}]
        ),
    )
)
