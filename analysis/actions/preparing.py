"""The data and the plan of a run, held to what it was asked for, and kept for its next piece."""

from analysis import extracts, pipeline
from analysis.actions import failures
from analysis.actions.fingerprints import code_fingerprint
from analysis.actions.output_checks import earlier_plans
from analysis.actions.output_rules import holdings_of, rules_of
from analysis.actions.snapshots import dataset_asked_for
from analysis.disclosure.rules import DisclosurePolicy
from analysis.models import Run
from analysis.specification.plan import read_plan

# Two runs that take turns need not be prepared anew with every turn; a process's memory has
# room for no more.
_MOST_HELD = 2
_HELD: dict[tuple[int, str], pipeline.Prepared] = {}


def prepared_anew(run: Run) -> pipeline.Prepared:
    """On the data that the run was asked for, from their snapshot.

    Raises: Refusal ``code_changed``, ``data_changed``, ``rules_changed``, and those of
    `dataset_asked_for`.
    """
    refuse_other_code(run)
    plan = read_plan(run.plan_version.source)
    wave = run.plan_version.plan.wave
    dataset = dataset_asked_for(
        wave=wave, waves=plan.waves, fingerprint=run.extract_fingerprint, at=run.requested_at
    )
    if run.output_rules != rules_of(wave):
        raise failures.rules_changed()
    prepared = pipeline.Prepared(
        dataset,
        plan,
        policy=DisclosurePolicy.from_document(run.output_rules["policy"]),
        holdings=holdings_of(wave, dataset),
        earlier=(earlier := earlier_plans(run)),
        against_frame=extracts.sample_against_frame(wave, dataset, (plan, *earlier)),
    )
    prepared.refuse_empty()
    prepared.refuse_unusable()
    for oldest in list(_HELD)[: len(_HELD) - _MOST_HELD + 1]:
        _HELD.pop(oldest, None)
    _HELD[_key(run)] = prepared
    return prepared


def _key(run: Run) -> tuple[int, str]:
    """Plans that share a fingerprint may list the choices of a curve in another order, and so
    be cut into other pieces: only the text of one version says which models a piece holds.
    """
    return run.plan_version_id, run.fingerprint


def prepared_for_piece(run: Run) -> pipeline.Prepared:
    """The same, as this process may hold it of the same plan version and fingerprint."""
    refuse_other_code(run)
    held = _HELD.get(_key(run))
    return prepared_anew(run) if held is None else held


def refuse_other_code(run: Run) -> None:
    """Raises: Refusal ``code_changed``."""
    if run.code_fingerprint != code_fingerprint():
        raise failures.code_changed()
