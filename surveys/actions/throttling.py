"""A brake on guessing access codes: refused attempts, counted for each network address.

Two spans: ten refusals a minute from one address, a hundred an hour from its neighbourhood.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from surveys.models import AccessAttempts


@dataclass(frozen=True, slots=True)
class _Limit:
    seconds: int
    refusals: int
    prefix_4: int
    prefix_6: int


_LIMITS = (
    _Limit(seconds=60, refusals=10, prefix_4=32, prefix_6=64),
    _Limit(seconds=3600, refusals=100, prefix_4=24, prefix_6=48),
)


def seconds_to_wait(*, address: str, at: datetime) -> int:
    """Seconds until the address may try again; 0 if it may try now."""
    spans = [(limit, *_span(limit, address, at)) for limit in _LIMITS]
    rows = Q()
    for _, address_hash, start, end in spans:
        rows |= Q(address_hash=address_hash, span=start, ends_at=end)
    counts = {
        (row.address_hash, row.ends_at): row.count for row in AccessAttempts.objects.filter(rows)
    }
    waits = [
        int((end - at).total_seconds()) + 1
        for limit, address_hash, _, end in spans
        if counts.get((address_hash, end), 0) >= limit.refusals
    ]
    return max(waits, default=0)


@transaction.atomic
def count_refusal(*, address: str, at: datetime) -> None:
    """Count one refused code against the address, and drop counts of spans long over."""
    for limit in _LIMITS:
        address_hash, start, end = _span(limit, address, at)
        row, _ = AccessAttempts.objects.get_or_create(
            address_hash=address_hash, span=start, ends_at=end
        )
        AccessAttempts.objects.filter(pk=row.pk).update(count=F("count") + 1)
    AccessAttempts.objects.filter(ends_at__lt=at).delete()


def _span(limit: _Limit, address: str, at: datetime) -> tuple[str, datetime, datetime]:
    """Hash of the address or its neighbourhood, and the start and end of the running span."""
    start_second = int(at.timestamp()) // limit.seconds * limit.seconds
    start = datetime.fromtimestamp(start_second, UTC)
    key = settings.ACCESS_CODE_PEPPER.encode()
    network = _network(limit, address).encode()
    address_hash = hmac.new(key, b"address:" + network, hashlib.sha256).hexdigest()
    return address_hash, start, start + timedelta(seconds=limit.seconds)


def _network(limit: _Limit, address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    prefix = limit.prefix_4 if parsed.version == 4 else limit.prefix_6
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False))
