"""The provenance of a run as W3C PROV-JSON: number, model, specification, plan, data, code.

Source: Huynh, T. D. et al. (2013), The PROV-JSON Serialization, W3C Member Submission.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.comparison.origins import Traced
from analysis.comparison.registered import RegisteredPlan

PREFIXES = {"milieu": "urn:milieu:", "prov": "http://www.w3.org/ns/prov#"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a run beside its specifications; `origin` is None for runs from before."""

    run: str
    fingerprint: str
    requested_at: str
    started_at: str | None
    finished_at: str | None
    requested_by: str
    plan: str
    version: int
    plan_fingerprint: str
    extract_fingerprint: str
    code_fingerprint: str
    data: Mapping[str, Any]
    origin: Mapping[str, Any] | None
    registrations: Sequence[RegisteredPlan] = ()


def prov_document(facts: Facts, traced: Sequence[Traced]) -> dict[str, Any]:
    """The run as PROV-JSON; every number is an entity that leads back to all it rests on."""
    graph = _Graph()
    plan = graph.entity(
        f"plan:{facts.plan_fingerprint}", title=facts.plan, version=facts.version,
        sha256=facts.plan_fingerprint,
    )  # fmt: skip
    for before in facts.registrations:
        registration = graph.entity(
            f"registration:{before.fingerprint}", number=before.number, at=before.at,
            sha256=before.fingerprint,
        )  # fmt: skip
        graph.derived(plan, registration)
    extract = _extract(graph, facts)
    code = _code(graph, facts)
    run = _run(graph, facts, (plan, extract, code))
    for each in traced:
        _specification(graph, facts, each, plan, run)
    return graph.document()


def _extract(graph: "_Graph", facts: Facts) -> str:
    kept = ("survey", "wave", "reference_period", "origin", "source", "made_data", "n_responding")
    told = {key: facts.data[key] for key in kept if facts.data.get(key) not in (None, "")}
    extract = graph.entity(
        f"extract:{facts.extract_fingerprint}", sha256=facts.extract_fingerprint, **told
    )
    if instrument := facts.data.get("instrument"):
        found = graph.entity(f"instrument:{instrument}", sha256=instrument)
        graph.derived(extract, found)
    if weighting := facts.data.get("weighting"):
        number = weighting.get("number")
        name = f"weights:{facts.data.get('survey')}:{facts.data.get('wave')}:{number}"
        graph.derived(extract, graph.entity(name, **weighting))
    return extract


def _code(graph: "_Graph", facts: Facts) -> str:
    known = {} if facts.origin is None else facts.origin["code"]
    told = {key: known[key] for key in ("milieu", "commit", "python", "machine") if known.get(key)}
    packages = {f"version_of_{name}": v for name, v in known.get("packages", {}).items()}
    return graph.entity(
        f"code:{facts.code_fingerprint}", sha256=facts.code_fingerprint, **told, **packages
    )


def _run(graph: "_Graph", facts: Facts, used: Sequence[str]) -> str:
    run = graph.activity(
        f"run:{facts.run}", facts.started_at, facts.finished_at, sha256=facts.fingerprint,
        requested_at=facts.requested_at,
    )  # fmt: skip
    for each in used:
        graph.relate("used", {"prov:activity": run, "prov:entity": each})
    software = graph.agent("software", "prov:SoftwareAgent", name="Milieu")
    graph.relate("wasAssociatedWith", {"prov:activity": run, "prov:agent": software})
    if facts.requested_by:
        person = graph.agent("person", "prov:Person", name=facts.requested_by)
        graph.relate("wasAssociatedWith", {"prov:activity": run, "prov:agent": person})
    return run


def _specification(graph: "_Graph", facts: Facts, each: Traced, plan: str, run: str) -> None:
    lines = {"first_line": each.first_line, "last_line": each.last_line}
    told = {key: value for key, value in lines.items() if value is not None}
    seeds = {f"seed_of_{name.replace(' ', '_')}": seed for name, seed in each.seeds}
    asked = graph.entity(
        f"specification:{facts.plan_fingerprint}:{each.anchor}", kind=each.kind, name=each.name,
        place=each.place, sha256=each.fingerprint, **told, **seeds,
    )  # fmt: skip
    graph.derived(asked, plan)
    refusal = {"not_estimated": each.refusal} if each.refusal else {}
    made = graph.entity(f"result:{facts.run}:{each.anchor}", name=each.name, **refusal)
    graph.relate("wasGeneratedBy", {"prov:entity": made, "prov:activity": run})
    graph.derived(made, asked)
    for place, (what, term, _, estimate, error) in enumerate(each.numbers, start=1):
        number = graph.entity(
            f"number:{facts.run}:{each.anchor}:{place}", what=what, term=term, estimate=estimate,
            std_error=error,
        )  # fmt: skip
        graph.derived(number, made)


class _Graph:
    def __init__(self) -> None:
        self._nodes: dict[str, dict[str, Any]] = {"entity": {}, "activity": {}, "agent": {}}
        self._relations: dict[str, dict[str, Any]] = {}

    def entity(self, name: str, /, **attributes: Any) -> str:
        return self._node("entity", name, attributes)

    def activity(self, name: str, start: str | None, end: str | None, /, **attributes: Any) -> str:
        key = self._node("activity", name, attributes)
        times = {"prov:startTime": start, "prov:endTime": end}
        self._nodes["activity"][key] |= {k: v for k, v in times.items() if v is not None}
        return key

    def agent(self, name: str, kind: str, /, **attributes: Any) -> str:
        key = self._node("agent", name, attributes)
        self._nodes["agent"][key]["prov:type"] = {"$": kind, "type": "prov:QUALIFIED_NAME"}
        return key

    def derived(self, made: str, source: str) -> None:
        names = {"prov:generatedEntity": made, "prov:usedEntity": source}
        self.relate("wasDerivedFrom", names)

    def relate(self, relation: str, names: Mapping[str, str]) -> None:
        held = self._relations.setdefault(relation, {})
        held[f"_:{relation}{len(held) + 1}"] = dict(names)

    def document(self) -> dict[str, Any]:
        return {"prefix": dict(PREFIXES), **self._nodes, **self._relations}

    def _node(self, kind: str, name: str, attributes: Mapping[str, Any]) -> str:
        key = f"milieu:{name}"
        told = {f"milieu:{k}": _literal(v) for k, v in attributes.items() if v is not None}
        self._nodes[kind][key] = told
        return key


def _literal(value: Any) -> str | int | float | bool:
    return value if isinstance(value, str | int | float | bool) else str(value)
