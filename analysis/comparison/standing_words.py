"""How a run stands to its registrations: as sentences under a table and as plain data."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.comparison.registered import Judged, Standing

ALL_EXPLORATORY = "None of it was registered: everything here is exploratory."


def notes_of(standing: Standing, kinds: Sequence[str] = ("model",)) -> tuple[str, ...]:
    """Notes for a table of specifications of these kinds; none without a registration."""
    if not standing:
        return ()
    about = [each for each in standing.judged if each.kind in kinds]
    return (
        *_registered(standing),
        *_group("Registered", [each for each in about if each.status == "registered"]),
        *_group("Exploratory", [each for each in about if each.status == "exploratory"]),
        *(_partly(each) for each in about if each.status == "partly"),
        *(_added(each) for each in about if each.added),
        *(_replaced(each) for each in about if each.replaced is not None),
        *_unreported(standing),
    )


def _registered(standing: Standing) -> list[str]:
    return [
        f"Plan registered before this run: {each.words}, certificate SHA-256 {each.fingerprint}."
        for each in standing.registrations
    ]


def _group(words: str, judged: Sequence[Judged]) -> list[str]:
    return [f"{words}: {', '.join(named(each) for each in judged)}."] if judged else []


def named(each: Judged) -> str:
    """A model by its column, anything else by its name."""
    return f"({each.place}) {each.name}" if each.kind == "model" else each.name


def _partly(each: Judged) -> str:
    return (
        f"{each.name}: {each.count} of its {len(each.members)} models are registered, the "
        "others are exploratory."
    )


def of_models(curve: Judged) -> str:
    """How many models of a curve are registered, as a sentence for its figure."""
    if curve.status == "registered":
        return "Every one of these models is registered."
    if curve.status == "exploratory":
        return "None of these models is registered: all are exploratory."
    return (
        f"Of the {len(curve.members)} models asked for {curve.count} are registered, the others "
        "are exploratory."
    )


def _added(each: Judged) -> str:
    return f"{named(each)} is registered; not registered, and exploratory: {', '.join(each.added)}."


def _replaced(each: Judged) -> str:
    assert each.replaced is not None  # noqa: S101 -- asked for those only
    return f"{named(each)} was in {each.replaced.words}, which a later one replaced."


def _unreported(standing: Standing) -> list[str]:
    lacks = [f"{each.name} ({each.why.rstrip('.')})" for each in standing.unreported]
    return [f"Registered and not reported: {'; '.join(lacks)}."] if lacks else []


def document_of(standing: Standing) -> dict[str, Any] | None:
    """The ``registration`` of estimates.json; None where no registration concerns the run."""
    if not standing:
        return None
    return {
        "registrations": [
            {"number": each.number, "plan": each.title, "at": each.at, "sha256": each.fingerprint}
            for each in standing.registrations
        ],
        "specifications": [_judged(each) for each in standing.judged],
        "not_reported": [
            {
                "kind": each.kind,
                "name": each.name,
                "why": each.why,
                "registration": each.registration.fingerprint,
            }
            for each in standing.unreported
        ],
    }


def _judged(each: Judged) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "kind": each.kind,
        "place": each.place,
        "name": each.name,
        "status": each.status,
        "registration": None if each.registration is None else each.registration.fingerprint,
        "registered_as": each.registered_as,
        "added": list(each.added),
        "replaced": None if each.replaced is None else each.replaced.fingerprint,
    }
    return found | ({"models": list(each.members)} if each.kind == "curve" else {})
