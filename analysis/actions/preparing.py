"""The data and the plan of a run, held to what it was asked for, and kept for its next piece."""

from analysis import extracts, pipeline
from analysis.actions import failures
from analysis.actions.fingerprints import code_fingerprint
from analysis.models import Run
from analysis.specification.plan import read_plan

# Two runs that take turns need not be prepared anew with every turn; a process's memory has
# room for no more.
_MOST_HELD = 2
_HELD: dict[tuple[int, str], pipeline.Prepared] = {}


def prepared_anew(run: Run) -> pipeline.Prepared:
    """Read from the database now. Raises: Refusal ``code_changed``, ``data_changed``."""
    refuse_other_code(run)
    dataset = extracts.dataset(run.plan_version.plan.wave)
    if run.extract_fingerprint != dataset.fingerprint:
        raise failures.data_changed()
    prepared = pipeline.Prepared(dataset, read_plan(run.plan_version.source))
    prepared.refuse_empty()
    # Refused here, a definition or imputation is refused once and not piece by piece.
    _ = prepared.worlds
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
