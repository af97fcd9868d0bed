from django.db import models
from django.db.models import Q


class CorrectedContact(models.Model):
    """Whom to reach at a firm, in place of what the register says.

    Given by the firm, or by a person of the institute (`by`), in the wave `given_in`. It
    counts as a whole: what is blank here is not taken from the register, whose address is that
    of somebody else. It holds for the firm in every wave; a case whose firm is not known over
    waves has one of its own. `register_hash` is the keyed hash of what the register said then,
    by which a newer list that has learnt something is told from one that repeats itself.
    """

    enterprise = models.OneToOneField(
        "surveys.Enterprise",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="corrected_contact",
    )
    case = models.OneToOneField(
        "surveys.Case",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="corrected_contact",
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    register_hash = models.CharField(max_length=64, blank=True)
    given_at = models.DateTimeField()
    given_in = models.ForeignKey(
        "surveys.Wave",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
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
                condition=~Q(email="") | ~Q(phone=""),
                name="a_corrected_contact_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=True) ^ Q(case__isnull=True),
                name="a_corrected_contact_is_of_a_firm_or_a_case",
            ),
        ]

    def __str__(self) -> str:
        return self.name
