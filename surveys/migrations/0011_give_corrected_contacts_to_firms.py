import hashlib
import hmac

from django.conf import settings
from django.db import migrations


def _hash(name: str, email: str, phone: str) -> str:
    """As `surveys.queries.case_contacts.contact_hash` was when this was written."""
    key = settings.ACCESS_CODE_PEPPER.encode()
    spelled = "\n".join(" ".join(part.split()).casefold() for part in (name, email, phone))
    return hmac.new(key, b"contact:" + spelled.encode(), hashlib.sha256).hexdigest()


def give_to_firms(apps, _schema_editor):
    """A correction that held for its case holds for the firm; of several, the latest one."""
    contacts = apps.get_model("surveys", "CorrectedContact").objects.select_related("case__unit")
    firms = set()
    for contact in contacts.order_by("-given_at", "-pk"):
        case = contact.case
        unit = case.unit
        contact.given_in_id = case.wave_id
        if unit is not None:
            contact.register_hash = _hash(unit.contact_name, unit.email, unit.phone)
        if unit is not None and unit.enterprise_id is not None:
            if unit.enterprise_id in firms:
                contact.delete()
                continue
            firms.add(unit.enterprise_id)
            contact.enterprise_id, contact.case = unit.enterprise_id, None
        contact.save()


def give_to_cases(apps, _schema_editor):
    """Back to the case of the wave in which it was given; where that is gone, not at all."""
    contacts = apps.get_model("surveys", "CorrectedContact").objects
    cases = apps.get_model("surveys", "Case").objects
    for contact in contacts.filter(case=None):
        found = cases.filter(wave=contact.given_in_id, unit__enterprise=contact.enterprise_id)
        contact.case, contact.enterprise = found.first(), None
        contact.save() if contact.case else contact.delete()


class Migration(migrations.Migration):
    # Apart from the change of the table, before and after: PostgreSQL alters none whose rows
    # were moved in the same transaction.
    dependencies = [
        ("surveys", "0010_contacts_of_firms_over_waves"),
    ]

    operations = [
        migrations.RunPython(give_to_firms, give_to_cases),
    ]
