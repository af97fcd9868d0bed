from analysis.constructs import CATALOGUE, measures, what_is_lacking
from tests.analysis.datasets import EVERY_CONSTRUCT, dataset_of, roster_of

# What the one firm said of the two partners whose counts EVERY_CONSTRUCT has.
ENTRY = {
    "firm": 0,
    "networking.partners[scale]": "local",
    "networking.ties_by_beginning[scale]": "local",
    "tie.meetings": 4,
    "tie.beginning_year": 2010,
    "tie.cognitive": 2,
    "tie.social": 2,
}


def every(columns=EVERY_CONSTRUCT):
    """A data set of the columns, with what entries say of the constructs among them."""
    constructs = {name.partition("[")[0] for name in columns}
    entry = {
        name: said
        for name, said in ENTRY.items()
        if name == "firm" or name.partition("[")[0] in constructs
    }
    roster = roster_of([entry, entry], asked=[0])
    return dataset_of(columns, provenance={"reference_last_year": 2025}, rosters=[roster])


def general(name):
    """partners.local -> partners.<scale>"""
    stem, dot, _ = name.partition(".")
    dimension = (
        next(entry.dimension for entry in CATALOGUE if entry.stem == stem and entry.dimension)
        if dot
        else ""
    )
    return f"{stem}.<{dimension}>" if dot else stem


def test_the_catalogue_lists_exactly_what_can_be_derived():
    assert {general(name) for name in measures(every())} == {entry.name for entry in CATALOGUE}


def test_without_one_of_its_constructs_a_measure_cannot_be_derived():
    for either in {either for entry in CATALOGUE for either in entry.needs}:
        left = {
            name: column
            for name, column in EVERY_CONSTRUCT.items()
            if name.partition("[")[0] not in either
        }
        made = {general(name) for name in measures(every(left))}
        assert made.isdisjoint(entry.name for entry in CATALOGUE if either in entry.needs), either


def test_a_measure_that_a_wave_lacks_is_told_by_the_construct_it_is_made_of():
    assert what_is_lacking("depth.global", ["sourcing.importance[suppliers]"]) == (
        "The measure “depth.global” is made of sourcing.scale, which this wave does not hold."
    )
    assert what_is_lacking("ln_age", []) == (
        "The measure “ln_age” is made of control.age or control.start_year, "
        "which this wave does not hold."
    )


def test_a_scale_that_a_wave_lacks_is_told_with_those_it_has():
    held = ["networking.cooperation[suppliers,home]", "partners.home", "partners.farther"]

    assert what_is_lacking("partners.local", held) == (
        "“partners.local” needs the scale “local”; this wave has home, farther."
    )


def test_nothing_is_said_of_a_name_that_is_no_measure():
    assert what_is_lacking("shoe_size", ["control.age"]) == ""
