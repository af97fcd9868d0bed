"""The door: a wave as columns in construct space, pseudonymous, with its design."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db.models import Q, QuerySet

from surveys.models import Case, Response, Stratum, Wave
from surveys.queries.extract_columns import Columns, Firm, firm_of, portions
from surveys.queries.extract_entries import Entries, entries_of, rosters_of
from surveys.queries.extract_marks import extract_mark
from surveys.queries.instruments import compiled
from surveys.queries.prior import frame_values, last_values
from surveys.queries.published_weights import PublishedWeights, Replicated, published_weights
from surveys.questionnaire import BoundColumn, bound_columns, route, values_on_route
from surveys.questionnaire.constructs import CATALOGUE
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.routing import Route
from surveys.questionnaire.routing_reads import reads_last_wave

__all__ = [
    "FRAME_CONSTRUCTS",
    "Extract",
    "columns_of",
    "counted",
    "eligible_by_stratum",
    "extract",
    "extract_mark",
    "frame_construct_values",
    "known_of_all",
    "with_design",
]

_OF_UNITS = ("register_id", "size_class", "industry", "region", "employees")
FRAME_CONSTRUCTS = {
    "control.region": "region",
    "control.size_class": "size_class",
    "control.industry": "industry",
}


@dataclass(frozen=True, slots=True, eq=False)
class Extract:
    """Submitted responses of one wave.

    Attributes
    ----------
    columns : codebook of the columns of `frame`, in order
    frame : (n, p) DataFrame indexed by pseudonym, sorted by it; floats with NaN, or texts
        with None
    design : (n, 4) DataFrame with ``weight``, ``stratum``, ``cluster``, ``population``; where
        weights are published also ``design_weight``, from which they were made
    provenance : survey, wave, reference period, instrument, made_data, numbers of firms; the
        version of the weights where one is published
    replicates : the published replicate weights of the n firms, or None
    entries : what the firms said of each thing they named, for every roster that is bound
    """

    columns: tuple[BoundColumn, ...]
    frame: pd.DataFrame
    design: pd.DataFrame
    provenance: dict[str, Any]
    replicates: Replicated | None = None
    entries: tuple[Entries, ...] = ()


def extract(wave: Wave) -> Extract:
    """The wave's submitted responses: what answers measure, and how firms were drawn.

    Strata of the frame stand in for region, size class and industry where the instrument
    does not bind them. The weight is the final one of the published weighting: firms are then
    those that it gives a weight, partial responses among them if its recipe counts them. Until
    one is published, that of a wave collected here is the design weight times n_h / r_h, drawn
    over responding firms of the stratum (a weighting-class adjustment); that of an imported
    wave is taken as it was given.
    """
    published = published_weights(wave)
    found = _found(wave, published)
    instrument = compiled(wave.instrument) if wave.instrument is not None else None
    columns, drawn = columns_of(wave), eligible_by_stratum(wave)
    pseudonyms = sorted(
        pseudonym
        for pseudonym in found.values_list("case__pseudonym", flat=True)
        # Under published weights, those that stand for others.
        if published is None or published.weight.get(pseudonym, 0.0) > 0
    )
    read = _read(wave, instrument, with_design(found), columns, pseudonyms)
    index = pd.Index([firm.pseudonym for firm in read.firms], dtype=object)
    return Extract(
        columns=columns,
        frame=read.columns.frame(index),
        design=(
            _design(drawn, read.firms, index)
            if published is None
            else _published_design(published, read.firms, index)
        ),
        provenance=_provenance(wave, drawn, read.firms)
        | ({} if published is None else {"weighting": published.named}),
        replicates=None if published is None else published.replicates(index),
        entries=entries_of(wave, instrument, read.named),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of the firms, in the order of their pseudonyms."""

    columns: Columns
    firms: list[Firm]
    named: list[tuple[str, dict[str, Any]]]


def _read(
    wave: Wave,
    instrument: Instrument | None,
    found: QuerySet[Response],
    columns: tuple[BoundColumn, ...],
    pseudonyms: Sequence[str],
) -> _Read:
    """Every response once, by portions; one that came in since its pseudonym was read is left."""
    table = Columns(columns, {pseudonym: row for row, pseudonym in enumerate(pseudonyms)})
    listed = rosters_of(instrument)
    firms: dict[str, Firm] = {}
    named: dict[str, dict[str, Any]] = {}
    for portion in portions(found):
        responses = [each for each in portion if each.case.pseudonym in table.places]
        records = {}
        for response, taken in zip(responses, _routes(wave, instrument, responses), strict=True):
            firm = firm_of(response)
            firms[firm.pseudonym] = firm
            named[firm.pseudonym] = {name: taken.answers.get(name) for name in listed}
            records[firm.pseudonym] = frame_construct_values(response.case.stratum) | (
                values_on_route(instrument, taken) if instrument is not None else {}
            )
        table.fill(records)
    order = sorted(firms)
    return _Read(table, [firms[each] for each in order], [(each, named[each]) for each in order])


def _found(wave: Wave, published: PublishedWeights | None) -> QuerySet[Response]:
    """Responses of eligible firms that were handed in; of published weights partials, too."""
    found = (
        Response.objects.filter(case__wave=wave, submitted_at__isnull=False)
        if published is None
        else counted(wave)
    )
    return found.exclude(case__disposition=Case.Disposition.NOT_ELIGIBLE)


def _routes(
    wave: Wave, instrument: Instrument | None, responses: Sequence[Response]
) -> list[Route]:
    if instrument is None:
        return [Route((), {}) for _ in responses]
    known = known_of_all(wave, responses)
    return [
        route(instrument, response.answers, facts) if facts else route(instrument, response.answers)
        for response, facts in zip(responses, known, strict=True)
    ]


def columns_of(wave: Wave) -> tuple[BoundColumn, ...]:
    """The codebook of what is measured: cells of constructs, then strata that stand in for some."""
    columns = bound_columns(compiled(wave.instrument)) if wave.instrument is not None else ()
    return columns + _frame_columns(wave, {column.name for column in columns})


def known_of_all(wave: Wave, responses: Sequence[Response]) -> list[dict[str, Any]]:
    """What conditions read beside the answers of each response, as when it was given.

    Former answers take a query a firm, and are read only where the route rests on them.
    """
    if wave.instrument is None:
        return [{} for _ in responses]
    with_last = wave.previous_id is not None and reads_last_wave(compiled(wave.instrument))
    known = []
    for response in responses:
        response.case.wave = wave
        last = last_values(response.case) if with_last else {}
        known.append(frame_values(response.case) | last)
    return known


def counted(wave: Wave) -> QuerySet[Response]:
    """Of the wave, what was handed in and partials; in no order, and of any firm."""
    ended = Q(submitted_at__isnull=False) | Q(case__disposition=Case.Disposition.PARTIAL)
    return Response.objects.filter(ended, case__wave=wave)


def with_design(found: QuerySet[Response]) -> QuerySet[Response]:
    """Those of eligible firms, with what the draw and the frame say of each."""
    found = found.exclude(case__disposition=Case.Disposition.NOT_ELIGIBLE)
    return found.select_related("case__stratum", "case__unit").only(
        "answers",
        "prior_flags",
        "feedback",
        "mode",
        "submitted_at",
        "case__wave",
        "case__pseudonym",
        "case__design_weight",
        "case__cluster",
        "case__stratum__label",
        "case__stratum__population",
        "case__stratum__drawn",
        "case__stratum__region",
        "case__stratum__size_class",
        "case__stratum__industry",
        *(f"case__unit__{name}" for name in _OF_UNITS),
    )


def _frame_columns(wave: Wave, bound: set[str]) -> tuple[BoundColumn, ...]:
    strata = list(Stratum.objects.filter(wave=wave).order_by("label"))
    columns = []
    for construct, attribute in FRAME_CONSTRUCTS.items():
        values = list(dict.fromkeys(getattr(stratum, attribute) for stratum in strata))
        if construct not in bound and any(values):
            codes = tuple(
                (value, value.replace("_", " ")) for value in sorted(filter(None, values))
            )
            columns.append(
                BoundColumn(
                    name=construct,
                    construct=construct,
                    measure="category",
                    label=CATALOGUE[construct].label,
                    codes=codes,
                )
            )
    return tuple(columns)


def frame_construct_values(stratum: Stratum) -> dict[str, Any]:
    return {
        construct: getattr(stratum, attribute) or None
        for construct, attribute in FRAME_CONSTRUCTS.items()
        if getattr(stratum, attribute)
    }


def _design(drawn: Mapping[str, int], firms: Sequence[Firm], index: pd.Index) -> pd.DataFrame:
    responding = Counter(firm.stratum for firm in firms)
    rows = [
        {
            "weight": firm.design_weight
            * (drawn.get(firm.stratum, responding[firm.stratum]) / responding[firm.stratum]),
            "stratum": firm.stratum,
            "cluster": firm.cluster,
            "population": float("nan") if firm.population is None else firm.population,
        }
        for firm in firms
    ]
    columns = ["weight", "stratum", "cluster", "population"]
    return pd.DataFrame(rows, index=index, columns=columns).astype(
        {"weight": float, "stratum": object, "cluster": object, "population": float}
    )


def _published_design(
    published: PublishedWeights, firms: Sequence[Firm], index: pd.Index
) -> pd.DataFrame:
    design = _design({}, firms, index)
    design["weight"] = [published.weight[str(name)] for name in index]
    design["design_weight"] = [firm.design_weight for firm in firms]
    return design.astype({"weight": float, "design_weight": float})


def eligible_by_stratum(wave: Wave) -> dict[str, int]:
    """Drawn firms of each stratum that were eligible as far as is known.

    None of an imported wave, whose weights came with it.
    """
    if wave.origin != Wave.Origin.COLLECTED:
        return {}
    cases = Case.objects.filter(wave=wave).exclude(disposition=Case.Disposition.NOT_ELIGIBLE)
    counts: dict[str, int] = {}
    for label in cases.values_list("stratum__label", flat=True):
        counts[label] = counts.get(label, 0) + 1
    return counts


def _provenance(wave: Wave, drawn: Mapping[str, int], firms: Sequence[Firm]) -> dict[str, Any]:
    heard = {firm.stratum for firm in firms}
    return {
        "survey": wave.survey.slug,
        "survey_title": wave.survey.title,
        "wave": wave.slug,
        "wave_title": wave.title,
        "reference_period": wave.reference_period,
        "reference_last_year": wave.reference_last_year,
        "instrument": wave.instrument.fingerprint if wave.instrument is not None else "",
        "made_data": wave.made_data,
        "origin": wave.origin,
        "source": wave.provenance.get("source", ""),
        "n_sampled": Case.objects.filter(wave=wave).count(),
        "n_responding": len(firms),
        "n_strata": len(heard.union(drawn)),
        "n_strata_silent": len(set(drawn) - heard),
    }
