"""Where the numbers of a run are from: plan, extract, code, packages, seeds."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from analysis.actions.fingerprints import code_fingerprint
from analysis.comparison.origins import Traced, placed_descriptions, placed_models, traced
from analysis.comparison.prov import Facts, prov_document
from analysis.extracts import may_analyse
from analysis.models import Run
from analysis.tables.table import Table
from analysis.views.access import table_page
from analysis.views.files import attachment, file_name
from analysis.views.results import frame_of
from analysis.views.standing import standing_of

_MODELS = ("coefficients", "margins")


@require_safe
@table_page
def provenance(request: HttpRequest, run: Run) -> HttpResponse:
    if run.state != Run.State.DONE:
        raise Http404
    found = traced_of(run)
    may = may_analyse(request.user, run.plan_version.plan.wave)
    context = {
        **frame_of(run),
        "traced": found,
        "origin": run.origin,
        "data": run.estimates["data"],
        "standing": standing_of(run),
        "other_code": is_of_other_code(run),
        "may_analyse": may,
    }
    return render(request, "analysis/provenance/provenance.html", context)


@require_safe
@table_page
def as_json(request: HttpRequest, run: Run) -> HttpResponse:  # noqa: ARG001 -- a view takes it
    """The same as W3C PROV-JSON, as docs/reference/provenance.md describes it."""
    if run.state != Run.State.DONE:
        raise Http404
    text = json.dumps(document_of(run), ensure_ascii=False, indent=1, allow_nan=False)
    name = file_name(run, "provenance", "json")
    return attachment(text, name, "application/json; charset=utf-8")


def traced_of(run: Run) -> tuple[Traced, ...]:
    """Each specification of the run with its lines in the plan, its seeds and its numbers."""
    return traced(run.plan_version.source, run.estimates)


def document_of(run: Run) -> dict[str, Any]:
    """The run's provenance as PROV-JSON."""
    version = run.plan_version
    by = run.requested_by
    facts = Facts(
        run=str(run.pk),
        fingerprint=run.fingerprint,
        requested_at=run.requested_at.isoformat(),
        started_at=None if run.started_at is None else run.started_at.isoformat(),
        finished_at=None if run.finished_at is None else run.finished_at.isoformat(),
        requested_by="" if by is None else by.get_full_name() or by.get_username(),
        plan=version.plan.title,
        version=version.number,
        plan_fingerprint=version.fingerprint,
        extract_fingerprint=run.extract_fingerprint,
        code_fingerprint=run.code_fingerprint,
        data=run.estimates["data"],
        origin=run.origin,
        registrations=standing_of(run).registrations,
    )
    return prov_document(facts, traced_of(run))


def is_of_other_code(run: Run) -> bool:
    """Whether the code that runs now is not the code that made the run's numbers."""
    return run.code_fingerprint != code_fingerprint()


def links_of(run: Run, table: Table, what: str) -> Mapping[str, str]:
    """Headings of the table to the places of the provenance page that they lead to."""
    page = reverse("analysis:provenance", args=[run.pk])
    estimates = run.estimates
    if what in _MODELS and estimates["models"]:
        return {
            f"({place}) {model['name']}".strip(): f"{page}#model-{place}"
            for place, model in placed_models(estimates)
        }
    groups = [row.label for row in table.rows if row.kind == "group"]
    described = placed_descriptions(run.plan_version.source, estimates)
    if what not in (*_MODELS, "descriptives") or len(groups) != len(described):
        return {}
    return {
        label: f"{page}#description-{place}"
        for label, (place, _) in zip(groups, described, strict=True)
        if place
    }
