"""Runs whose data a worker found to be those of another run."""

from analysis.models import Run


def same_run_as(run: Run) -> Run | None:
    """The run that this one turned out to be; None if it is one of its own."""
    failure = run.failure or {}
    if run.state != Run.State.FAILED or failure.get("code") != "same_run":
        return None
    return Run.objects.filter(plan_version=run.plan_version_id, pk=failure["run"]).first()
