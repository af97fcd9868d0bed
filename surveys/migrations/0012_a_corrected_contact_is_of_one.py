from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0011_give_corrected_contacts_to_firms"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="correctedcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("enterprise__isnull", True), ("case__isnull", True), _connector="XOR"
                ),
                name="a_corrected_contact_is_of_a_firm_or_a_case",
            ),
        ),
    ]
