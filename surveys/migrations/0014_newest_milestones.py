from django.db import migrations, models

MILESTONES = (
    "begun", "submitted", "reopened", "returned", "refused", "refusal_withdrawn", "bounced",
    "complained", "opted_out", "not_to_be_contacted", "wrong_contact", "contact_corrected",
    "responsibility_transferred", "phone_no_answer", "phone_busy", "phone_voicemail",
    "phone_call_back", "phone_wrong_number", "phone_completed", "phone_reached",
    "phone_promised", "unavailable", "given_up", "unable", "language_barrier", "reached_again",
    "out_of_business", "merged", "out_of_scope", "duplicate", "not_eligible", "found_eligible",
    "disposition",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0013_works_held_by_workers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(
                condition=models.Q(("kind__in", MILESTONES)),
                fields=["-at", "-id"],
                name="case_event_milestone_idx",
            ),
        ),
    ]
