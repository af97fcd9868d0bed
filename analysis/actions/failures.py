"""Failures that are not the plan's fault, in words for a researcher."""

from typing import Any
from uuid import UUID

from analysis.refusals import Refusal


def internal_error(reference: str) -> Refusal:
    return Refusal(
        "internal_error",
        f"An error inside Milieu stopped this run (reference {reference}).",
        "Request it again; if it fails again, tell the operator the reference.",
    )


def out_of_time(minutes: int) -> Refusal:
    return Refusal(
        "out_of_time",
        f"The run was stopped after {minutes} minutes, the longest that a run may take.",
        "Split the plan into smaller ones, or run it with manage.py run_plan.",
    )


def out_of_memory() -> Refusal:
    return Refusal(
        "out_of_memory",
        "The run needed more memory than its worker has.",
        "Take fewer terms or a subpopulation, or ask the operator for a larger worker.",
    )


def worker_lost(attempts: int) -> Refusal:
    return Refusal(
        "worker_lost",
        f"The worker died {attempts} times while it carried out this run, so it was given up.",
        "Request it again; if it fails again, tell the operator: the plan may need more memory "
        "than a worker has.",
    )


def data_changed() -> Refusal:
    return Refusal(
        "data_changed",
        "The data that this run was asked for are held no more: their snapshot is gone, and "
        "responses of the wave changed since.",
        "Request a run of the wave as it is now.",
    )


def snapshot_gone() -> Refusal:
    return Refusal(
        "snapshot_gone",
        "The snapshot of the data is no longer in the storage.",
        "Request the run again, or have the operator bring the storage back.",
    )


def storage_unreachable(why: str) -> Refusal:
    return Refusal(
        "storage_unreachable",
        f"The storage of snapshots could not be used ({why}). The run waits and is tried again "
        "every minute.",
        "If it stays so, tell the operator.",
    )


def storage_full() -> Refusal:
    return Refusal(
        "storage_full",
        "The storage of snapshots has no room left for the data of this run. The run waits and is "
        "tried again every minute.",
        "Tell the operator: manage.py delete_snapshots makes room.",
    )


class SameRun(Refusal):
    """That the data make the run one that there is; its page leads there."""

    def __init__(self, run: UUID) -> None:
        super().__init__(
            "same_run",
            f"The data had not changed, and so this is run {run}, which was asked for before.",
            "Look at that run.",
        )
        self.run = run

    def document(self) -> dict[str, Any]:
        return super().document() | {"run": str(self.run)}


def code_changed() -> Refusal:
    return Refusal(
        "code_changed",
        "Milieu was upgraded between the request of this run and its start.",
        "Request a run with the code as it is now.",
    )


def rules_changed() -> Refusal:
    return Refusal(
        "rules_changed",
        "The rules for output of the survey changed between the request of this run and its start.",
        "Request a run under the rules as they are now.",
    )


MAY_GO_BETTER = frozenset(
    {
        "internal_error",
        "out_of_time",
        "out_of_memory",
        "worker_lost",
        "code_changed",
        "data_changed",
        "rules_changed",
        "same_run",
        "snapshot_damaged",
        "snapshot_gone",
        "snapshot_newer",
        "storage_full",
        "storage_unreachable",
    }
)

OF_THE_RUN = frozenset(
    {"code_changed", "data_changed", "rules_changed", "snapshot_damaged", "snapshot_newer"}
)
"""Failures of one piece that every other piece of the run would share."""

PASSING = frozenset({"storage_unreachable", "storage_full"})
"""What stops nothing for good: the run waits until it is over, and no attempt is counted."""
