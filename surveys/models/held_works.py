from django.db import models


class HeldWork(models.Model):
    """What is kept of any work that is left to the workers.

    `claim` is the token of the worker that has it, `heard_at` when that worker was last heard
    of, by the clock of the database; `attempts` counts how often it was begun.
    """

    claim = models.UUIDField(null=True, blank=True, editable=False)
    heard_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class Work(HeldWork):
    """Work that waits, is worked on, and ends done or refused, with a sentence for the page."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Being worked out"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    message = models.TextField(blank=True)
    by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.WORKING)
