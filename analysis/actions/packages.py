"""Replication packages of runs: which data a survey lets go out in them, and making one."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from analysis import extracts
from analysis.actions.output_checks import is_released
from analysis.actions.snapshots import dataset_asked_for
from analysis.extracts import Survey, User
from analysis.models import PackageRule, Run
from analysis.refusals import Refusal
from analysis.replication.contents import DataKind
from analysis.replication.package import package
from analysis.specification.plan import read_plan

_TABLES = ("table", "margins_table", "descriptives_table", "curve_table")


@dataclass(frozen=True, slots=True)
class Made:
    """A package as it goes out."""

    content: bytes
    kind: DataKind
    name: str


def package_rule(survey: Survey) -> str:
    """``none``, ``synthetic`` or ``pseudonymised``: the most that goes out; first synthetic."""
    newest = PackageRule.objects.filter(survey=survey).first()
    return PackageRule.Data.SYNTHETIC.value if newest is None else newest.data


def set_package_rule(*, survey: Survey, data: str, by: User | None, at: datetime) -> PackageRule:
    """Say which data go out in packages of the survey. Raises: Refusal ``unknown_choice``."""
    if data not in PackageRule.Data.values:
        raise Refusal(
            "unknown_choice",
            f"There is no rule “{data[:40]}” for packages.",
            f"Choose one of {', '.join(PackageRule.Data.values)}.",
        )
    told = {"from": package_rule(survey), "to": data}
    kept = PackageRule.objects.create(survey=survey, data=data, set_by=by, set_at=at)
    extracts.note(by=by, survey=survey, action="set_package_rule", at=at, detail=told)
    return kept


def kinds_allowed(survey: Survey) -> tuple[DataKind, ...]:
    """What may go out, what tells least of firms first."""
    rule = package_rule(survey)
    every: tuple[DataKind, ...] = get_args(DataKind)
    return every[: {"none": 0, "synthetic": 1, "pseudonymised": 2}[rule]]


def make_package(*, run: Run, kind: str, by: User | None, at: datetime) -> Made:
    """The run's package, made anew each time with a key that nobody keeps, and noted.

    Raises: Refusal ``not_released``, ``no_packages``, ``data_not_allowed``, those of
    `dataset_asked_for` where the data are no longer there, and of `package`.
    """
    wave = run.plan_version.plan.wave
    if run.state != Run.State.DONE or not is_released(run):
        raise Refusal(
            "not_released",
            "The results of the run are not released, so nothing of it goes out.",
            "Wait for the output check, or have it decided.",
        )
    wanted = _allowed(kind, wave.survey)
    plan = read_plan(run.plan_version.source)
    dataset = dataset_asked_for(
        wave=wave, waves=plan.waves, fingerprint=run.extract_fingerprint, at=run.requested_at
    )
    content = package(
        dataset,
        plan,
        run.estimates or {},
        {name: getattr(run, name) for name in _TABLES},
        kind=wanted,
        key=secrets.token_bytes(32),
        folder=_stem(run),
        origin=_origin(run),
    )
    told = {"run": str(run.pk), "wave": wave.slug, "data": wanted, "firms": len(dataset.frame)}
    extracts.note(by=by, survey=wave.survey, action="package_downloaded", at=at, detail=told)
    return Made(content, wanted, f"{_stem(run)}-{wanted}.zip")


def _allowed(kind: str, survey: Survey) -> DataKind:
    allowed = kinds_allowed(survey)
    if not allowed:
        raise Refusal(
            "no_packages",
            "The survey lets no data go out in replication packages.",
            "Ask an owner of the survey.",
        )
    if kind not in allowed:
        raise Refusal(
            "data_not_allowed",
            f"The survey lets {' and '.join(allowed)} data go out, not “{kind[:40]}”.",
            "Choose what it lets go out, or ask an owner of the survey.",
        )
    return allowed[allowed.index(kind)]


def _stem(run: Run) -> str:
    plan = run.plan_version.plan
    return f"replication-{plan.wave.survey.slug}-{plan.wave.slug}-{plan.slug}-{run.fingerprint[:8]}"


def _origin(run: Run) -> dict[str, Any]:
    return {
        "run": str(run.pk),
        "plan_version": run.plan_version.number,
        "code_fingerprint": run.code_fingerprint,
    }
