import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0009_sample_work_and_events_of_frames"),
    ]

    operations = [
        migrations.AddField(
            model_name="correctedcontact",
            name="enterprise",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="corrected_contact",
                to="surveys.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="correctedcontact",
            name="given_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="correctedcontact",
            name="register_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="correctedcontact",
            name="case",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="corrected_contact",
                to="surveys.case",
            ),
        ),
    ]
