from django.db import models


class PhoneListing(models.Model):
    """A case on the phone list of its wave: who calls it, how often it was, when again.

    Every call is an event of the case; what stands here is drawn together from them. Which
    steps put the case on the list is told by its contact attempts. `ended_at` is when a call
    left nothing to be called about.
    """

    case = models.OneToOneField(
        "surveys.Case", on_delete=models.CASCADE, related_name="phone_listing"
    )
    listed_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        "surveys.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="phone_listings",
    )
    calls = models.PositiveSmallIntegerField(default=0)
    last_outcome = models.CharField(max_length=30, blank=True)
    last_called_at = models.DateTimeField(null=True, blank=True)
    call_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["call_at", "pk"]

    def __str__(self) -> str:
        return f"{self.calls} calls"
