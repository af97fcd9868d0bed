"""Which specifications of a run were registered before it, which are exploratory, which lack."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.comparison.content import Content, Kind, contents_of
from analysis.comparison.origins import placed_descriptions, refusals_of

Status = Literal["registered", "exploratory", "partly"]


@dataclass(frozen=True, slots=True)
class RegisteredPlan:
    """A registration as it stood when a run was asked for.

    Attributes
    ----------
    number : of the registration within its plan
    at : when, in words
    fingerprint : SHA-256 of its certificate
    is_in_force : False where another registration of the plan took its place before the run
    is_of_plan : whether it is of the plan that was run
    """

    number: int
    title: str
    at: str
    fingerprint: str
    source: str
    is_in_force: bool = True
    is_of_plan: bool = True

    @property
    def words(self) -> str:
        title = "" if self.is_of_plan else f" of “{self.title}”"
        return f"registration {self.number}{title} of {self.at}"


@dataclass(frozen=True, slots=True)
class Judged:
    """One specification of the run.

    Attributes
    ----------
    registration : the one that holds it, None if none does
    registered_as : its name there
    added : what is reported beside it and was not registered
    replaced : the registration that held it, of which another took the place before the run
    members : of a curve, whether each of its models is registered
    """

    kind: Kind
    place: int
    name: str
    status: Status
    registration: RegisteredPlan | None = None
    registered_as: str = ""
    added: tuple[str, ...] = ()
    replaced: RegisteredPlan | None = None
    members: tuple[bool, ...] = ()

    @property
    def count(self) -> int:
        """Models of a curve that are registered."""
        return sum(self.members)


@dataclass(frozen=True, slots=True)
class Unreported:
    """What was registered and the run does not show, and why."""

    registration: RegisteredPlan
    kind: Kind
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A run against the registrations before it; false without any that concern it.

    `described` are the places of the descriptions that the run released, in their order.
    """

    registrations: tuple[RegisteredPlan, ...] = ()
    judged: tuple[Judged, ...] = ()
    unreported: tuple[Unreported, ...] = ()
    described: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.registrations)

    @property
    def partly(self) -> tuple[Judged, ...]:
        return tuple(each for each in self.judged if each.status == "partly")

    @property
    def any_registered(self) -> bool:
        return any(each.status != "exploratory" for each in self.judged)

    @property
    def any_exploratory(self) -> bool:
        return any(each.status != "registered" for each in self.judged)


def standing(
    source: str, registered: Sequence[RegisteredPlan], estimates: Mapping[str, Any]
) -> Standing:
    """How a run of the plan's text stands to the registrations that were made before it.

    A registration concerns the run if it is of the same plan or holds one of its specifications.
    `estimates` is what the run released: what it lists as refused is not reported. What a
    registration of another plan holds besides is not lacking where the plan has its own.
    """
    run = contents_of(source)
    held = [(each, contents_of(each.source)) for each in registered]
    concerned = [
        (each, contents) for each, contents in held if each.is_of_plan or _shares(run, contents)
    ]
    in_force = [pair for pair in concerned if pair[0].is_in_force]
    if not in_force:
        return Standing()
    replaced = [pair for pair in concerned if not pair[0].is_in_force]
    own = [pair for pair in in_force if pair[0].is_of_plan]
    return Standing(
        registrations=tuple(each for each, _ in in_force),
        judged=tuple(_judged(each, in_force, replaced) for each in run),
        unreported=tuple(
            lack
            for each, contents in own or in_force
            for lack in _lacking(each, contents, run, estimates)
        ),
        described=tuple(place for place, _ in placed_descriptions(source, estimates)),
    )


_Held = Sequence[tuple[RegisteredPlan, tuple[Content, ...]]]


def _shares(run: Iterable[Content], registered: Iterable[Content]) -> bool:
    known = {key for each in registered for key in _keys(each)}
    return any(key in known for each in run for key in _keys(each))


def _keys(content: Content) -> tuple[str, ...]:
    return content.members or (content.fingerprint,)


def _judged(content: Content, in_force: _Held, replaced: _Held) -> Judged:
    if content.members:
        return _judged_curve(content, in_force)
    found = _found(content, in_force)
    if found is None:
        before = _found(content, replaced)
        return Judged(
            content.kind, content.place, content.name, "exploratory",
            replaced=None if before is None else before[0],
        )  # fmt: skip
    registration, held = found
    known = {extra.fingerprint for extra in held.extras}
    added = tuple(each.words for each in content.extras if each.fingerprint not in known)
    return Judged(
        content.kind, content.place, content.name, "registered", registration, held.name, added
    )


def _found(content: Content, held: _Held) -> tuple[RegisteredPlan, Content] | None:
    """The registered specification of this content; that of the run's own plan before others."""
    ordered = sorted(held, key=lambda pair: not pair[0].is_of_plan)
    return next(
        (
            (registration, each)
            for registration, contents in ordered
            for each in contents
            if each.kind == content.kind and each.fingerprint == content.fingerprint
        ),
        None,
    )


def _judged_curve(content: Content, in_force: _Held) -> Judged:
    """A curve is registered model by model: one with more choices is registered in part."""
    best: tuple[RegisteredPlan, Content] | None = None
    members: tuple[bool, ...] = (False,) * len(content.members)
    for registration, contents in in_force:
        for each in contents:
            known = set(each.members)
            marks = tuple(member in known for member in content.members)
            if sum(marks) > sum(members):
                best, members = (registration, each), marks
    status: Status = "partly" if any(members) else "exploratory"
    if all(members):
        status = "registered"
    known_extras = {extra.fingerprint for extra in best[1].extras} if best else set()
    added = [each.words for each in content.extras if each.fingerprint not in known_extras]
    return Judged(
        "curve", 1, content.name, status, best[0] if best else None, content.name,
        tuple(added) if best else (), members=members,
    )  # fmt: skip


def _lacking(
    registration: RegisteredPlan,
    registered: Sequence[Content],
    run: Sequence[Content],
    estimates: Mapping[str, Any],
) -> list[Unreported]:
    refused = refusals_of(estimates)
    by_content = {each.fingerprint: each for each in run}
    lacking = []
    for content in registered:
        found = by_content.get(content.fingerprint)
        if content.members:
            lacking += _lacking_of_curve(registration, content, run)
        elif found is None:
            lacking.append(_lack(registration, content, "It is not in the plan that was run."))
            continue
        elif (refusal := refused.get((content.kind, found.place))) is not None:
            done = "estimated" if content.kind == "model" else "described"
            why = f"It could not be {done}: {refusal}"
            lacking.append(_lack(registration, content, why))
        if found is not None:
            lacking += _lacking_extras(registration, content, found)
    return lacking


def _lack(registration: RegisteredPlan, content: Content, why: str) -> Unreported:
    return Unreported(registration, content.kind, content.name, why)


def _lacking_extras(
    registration: RegisteredPlan, content: Content, found: Content
) -> list[Unreported]:
    known = {extra.fingerprint for extra in found.extras}
    return [
        Unreported(
            registration, content.kind, f"{content.name}: {extra.words}", "It was not asked for."
        )
        for extra in content.extras
        if extra.fingerprint not in known
    ]


def _lacking_of_curve(
    registration: RegisteredPlan, content: Content, run: Sequence[Content]
) -> list[Unreported]:
    known = {member for each in run for member in each.members}
    if not known:
        return [_lack(registration, content, "The plan that was run has no curve.")]
    count = sum(member not in known for member in content.members)
    if not count:
        return []
    why = f"{count} of its {len(content.members)} models are not in the curve that was run."
    return [_lack(registration, content, why)]
