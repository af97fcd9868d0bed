from django.db import models


class CorrectedContact(models.Model):
    """Whom to reach about a case, in place of what the register says.

    Given by the firm, or by a person of the institute (`by`). It counts as a whole: what is
    blank here is not taken from the register, whose address is that of somebody else.
    """

    case = models.OneToOneField(
        "surveys.Case", on_delete=models.CASCADE, related_name="corrected_contact"
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    given_at = models.DateTimeField()
    by = models.ForeignKey(
        "surveys.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(email="") | ~models.Q(phone=""),
                name="a_corrected_contact_can_be_reached",
            ),
        ]

    def __str__(self) -> str:
        return self.name
