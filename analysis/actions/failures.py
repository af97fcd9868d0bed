"""Failures that are not the plan's fault, in words for a researcher."""

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
        "Responses of the wave changed between the request of this run and its start.",
        "Request a run of the wave as it is now; a closed wave does not change.",
    )


def code_changed() -> Refusal:
    return Refusal(
        "code_changed",
        "Milieu was upgraded between the request of this run and its start.",
        "Request a run with the code as it is now.",
    )


MAY_GO_BETTER = frozenset(
    {
        "internal_error",
        "out_of_time",
        "out_of_memory",
        "worker_lost",
        "code_changed",
        "data_changed",
    }
)

OF_THE_RUN = frozenset({"code_changed", "data_changed"})
"""Failures of one piece that every other piece of the run would share."""
