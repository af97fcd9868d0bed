"""The only module of the estimating half that looks into the collecting half."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis.dataset import Dataset, FrameVariable, Roster, SampleAgainstFrame, Variable
from analysis.linking import stacked
from analysis.refusals import Refusal
from analysis.snapshots import fingerprint_of
from analysis.specification.model import Plan
from mathematics.replicates import ReplicateWeights
from surveys import permissions
from surveys.models import AuditEvent, Case, Survey, User, Wave
from surveys.queries import against_frame, answered, extracts, panel_links, samples, waves
from surveys.queries.published_weights import Replicated
from surveys.questionnaire import BoundColumn
from surveys.questionnaire.constructs import CATALOGUE

__all__ = [
    "Survey",
    "User",
    "Wave",
    "answered_so_far",
    "answers_mark",
    "codebook",
    "construct_words",
    "dataset",
    "dataset_for_pages",
    "dataset_over",
    "extract_fingerprint",
    "fingerprint_over",
    "firms_answered",
    "groups_of_firms",
    "has_more_firms_than",
    "is_held_for_pages",
    "may_analyse",
    "may_decide_outputs",
    "may_plan_power",
    "may_set_output_rules",
    "may_view_tables",
    "note",
    "planned_strata",
    "sample_against_frame",
    "survey_for",
    "survey_named",
    "wave_for",
    "wave_named",
]

_MOST_HELD = 4
_HELD: dict[int, tuple[tuple[Any, ...], Dataset]] = {}


def dataset(wave: Wave) -> Dataset:
    """The wave's submitted responses as a data set; see `surveys.queries.extracts.extract`."""
    found = extracts.extract(wave)
    made = Dataset(
        frame=found.frame,
        variables=_variables(found.columns),
        design=found.design,
        provenance=found.provenance,
        replicates=_replicates(found.replicates),
        rosters=tuple(
            Roster(each.roster, each.firms, each.units, each.frame) for each in found.entries
        ),
    )
    return replace(made, fingerprint=fingerprint_of(made))


def _variables(columns: Sequence[BoundColumn]) -> tuple[Variable, ...]:
    return tuple(
        Variable(c.name, c.construct, c.measure, c.label, c.coordinates, c.unit, c.codes)
        for c in columns
    )


def dataset_over(
    wave: Wave, slugs: Sequence[str], read: Callable[[Wave], Dataset] = dataset
) -> Dataset:
    """The wave's data set; if waves are named, these of its survey as a panel, each by `read`.

    Raises: Refusal of waves that make no panel.
    """
    if not slugs:
        return read(wave)
    several = panel_links.waves_together(wave, slugs)
    found = [read(each) for each in several]
    _refuse_empty(found)
    names = [[str(name) for name in each.frame.index] for each in found]
    panel = stacked(
        found,
        units=panel_links.units_of(several, names),
        apart=panel_links.not_alike(several),
        longitudinal=panel_links.longitudinal_weights(several),
    )
    return replace(panel, fingerprint=fingerprint_of(panel))


def _refuse_empty(waves: Sequence[Dataset]) -> None:
    """Raises: Refusal ``no_responses``."""
    for each in waves:
        if each.frame.empty:
            raise Refusal(
                "no_responses",
                f"The wave {each.provenance['wave']} has no submitted responses.",
                "Leave it out, or wait for the first firms.",
            )


def fingerprint_over(wave: Wave, slugs: Sequence[str]) -> str:
    """That of `dataset_over`. Raises: Refusal of waves that make no panel."""
    return dataset_over(wave, slugs).fingerprint if slugs else extract_fingerprint(wave)


def _replicates(found: Replicated | None) -> ReplicateWeights | None:
    if found is None:
        return None
    return ReplicateWeights(
        weights=found.weights.to_numpy(dtype=float),
        scale=found.scale,
        rscales=np.array(found.rscales),
        mse=found.mse,
        method=found.method,
    )


def dataset_for_pages(wave: Wave) -> Dataset:
    """The data set, read anew only if an answer or a disposition changed since the last page.

    For checks and codebooks, which are shown often; a run always reads anew.
    """
    mark = extracts.extract_mark(wave)
    held = _HELD.get(wave.pk)
    if held is None or held[0] != mark:
        held = mark, dataset(wave)
        # A handful of waves is looked at in one hour; the newest few are enough.
        for oldest in list(_HELD)[: len(_HELD) - _MOST_HELD + 1]:
            _HELD.pop(oldest, None)
        _HELD[wave.pk] = held
    return held[1]


def is_held_for_pages(wave: Wave) -> bool:
    """Whether `dataset_for_pages` has the data set as it is now, and need not read anything."""
    held = _HELD.get(wave.pk)
    return held is not None and held[0] == extracts.extract_mark(wave)


def answers_mark(wave: Wave) -> str:
    """64 characters that change whenever the data set of the wave may have changed."""
    return hashlib.sha256(repr(extracts.extract_mark(wave)).encode()).hexdigest()


def firms_answered(wave: Wave) -> int:
    """How many firms have submitted their answers."""
    return extracts.counted(wave).count()


def has_more_firms_than(wave: Wave, limit: int) -> bool:
    """Whether more firms than that have submitted; counts no further."""
    return extracts.counted(wave)[limit : limit + 1].exists()


def extract_fingerprint(wave: Wave) -> str:
    """SHA-256 over columns, codebook and design, the same on every database."""
    return dataset(wave).fingerprint


def codebook(wave: Wave) -> Dataset:
    """The wave's data set without its firms; the fingerprint is of the columns alone."""
    variables = _variables(extracts.columns_of(wave))
    texts = [each.name for each in variables if each.measure in ("category", "text")]
    frame = pd.DataFrame(columns=[each.name for each in variables], dtype=float)
    mark = hashlib.sha256(repr(variables).encode()).hexdigest()
    return Dataset(
        frame.astype(dict.fromkeys(texts, object)),
        variables,
        pd.DataFrame(columns=["weight", "stratum", "cluster", "population"], dtype=float),
        {"reference_last_year": 0},
        mark,
    )


def construct_words(construct: str) -> str:
    """What the construct is, in words; its name if it is none that items may be bound to."""
    return CATALOGUE[construct].label if construct in CATALOGUE else construct


def answered_so_far(wave: Wave) -> dict[str, int]:
    """Firms ``drawn``, that have ``begun`` and that have ``handed_in``."""
    return answered.answered_so_far(wave)


def may_analyse(user: permissions.Person, wave: Wave) -> bool:
    """Whether the person may write and run plans on the wave."""
    return permissions.may_analyse(user, wave.survey)


def may_view_tables(user: permissions.Person, wave: Wave) -> bool:
    """Whether the person may read the tables of finished runs."""
    return permissions.may_view_tables(user, wave.survey)


def may_plan_power(user: permissions.Person, wave: Wave) -> bool:
    """Whether the person may ask what a sample could show: who plans it, and who analyses."""
    survey = wave.survey
    return permissions.may_design(user, survey) or permissions.may_analyse(user, survey)


def may_set_output_rules(user: permissions.Person, survey: Survey) -> bool:
    """Whether the person may set the rules by which output is withheld."""
    return permissions.may_set_output_rules(user, survey)


def may_decide_outputs(user: permissions.Person, survey: Survey) -> bool:
    """Whether the person may approve output of others, or reject it."""
    return permissions.may_decide_outputs(user, survey)


def groups_of_firms(wave: Wave) -> dict[str, str]:
    """Enterprise group of each case of the wave that is known to be of one, by pseudonym."""
    of_groups = Case.objects.filter(wave=wave).exclude(group_id="")
    return dict(of_groups.values_list("pseudonym", "group_id"))


def note(
    *, by: User | None, survey: Survey, action: str, at: datetime, detail: dict[str, Any]
) -> None:
    """Write into the survey's record of who did what."""
    AuditEvent.objects.create(user=by, survey=survey, action=action, at=at, detail=detail)


def planned_strata(wave: Wave) -> list[tuple[str, int, int]]:
    """Label, N_h and n_h of the wave's strata, drawn or planned."""
    return samples.planned_strata(wave)


def sample_against_frame(
    wave: Wave, found: Dataset, plans: Sequence[Plan]
) -> SampleAgainstFrame | None:
    """The firms drawn for the wave beside its frame; None where it has none, or no plan asks.

    `found` is the data set whose firms are those that answered. A frame is of one wave: there
    is none for a panel.
    """
    asked = {each.statistic for plan in plans for each in plan.descriptives}
    if "respondents_against_frame" not in asked or found.waves:
        return None
    read = against_frame.against_frame(wave)
    rows = {each.pseudonym: row for row, each in enumerate(() if read is None else read.drawn)}
    if read is None or not {*found.frame.index} <= {*rows}:
        return None
    row_of_firm = np.array([rows[pseudonym] for pseudonym in found.frame.index], dtype=int)
    responded = np.zeros(len(read.drawn), dtype=bool)
    responded[row_of_firm] = True
    return SampleAgainstFrame(
        name=read.name,
        total=read.total,
        weight=np.array([each.weight for each in read.drawn], dtype=float),
        stratum=np.array([each.stratum for each in read.drawn], dtype=object),
        responded=responded,
        row_of_firm=row_of_firm,
        variables=tuple(
            FrameVariable(
                name=name,
                label=label,
                levels=tuple((code, code.replace("_", " ")) for code in read.on_frame[name]),
                on_frame=read.on_frame[name],
                of_drawn=np.array([each.codes[place] for each in read.drawn], dtype=object),
            )
            for place, (name, label) in enumerate(against_frame.VARIABLES.items())
        ),
    )


def wave_for(user: permissions.Person, survey: str, wave: str) -> Wave:
    """The wave by its slugs, if the person may see it. Raises: Wave.DoesNotExist."""
    return waves.visible_waves(user).get(survey__slug=survey, slug=wave)


def wave_named(survey: str, wave: str) -> Wave:
    """The wave by its slugs, for commands. Raises: Wave.DoesNotExist."""
    found = waves.wave_named(survey, wave)
    if found is None:
        raise Wave.DoesNotExist(f"There is no wave {wave!r} in a survey {survey!r}.")
    return found


def survey_for(user: permissions.Person, survey: str) -> Survey:
    """The survey by its slug, if the person may see it. Raises: Survey.DoesNotExist."""
    found = Survey.objects.get(slug=survey)
    if not permissions.may_view_survey(user, found):
        raise Survey.DoesNotExist(survey)
    return found


def survey_named(survey: str) -> Survey:
    """The survey by its slug, for commands. Raises: Survey.DoesNotExist."""
    return Survey.objects.get(slug=survey)
