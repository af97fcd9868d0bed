"""A worker's hold on a row, renewed from a thread of its own as long as the worker lives."""

import logging
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet

_RENEWALS_PER_LEASE = 5

logger = logging.getLogger(__name__)


class Lease:
    """Keeps a claimed row claimed while the block runs.

    `held` finds the row as long as it is this worker's; `renewal` are the columns by which the
    others see that the worker lives. `lost` is set once the row is this worker's no more.
    """

    def __init__(self, held: QuerySet[Any], renewal: Mapping[str, Any]) -> None:
        self.held = held
        self.lost = threading.Event()
        self._renewal = renewal
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _renew(self) -> None:
        period = settings.RUN_LEASE_SECONDS / _RENEWALS_PER_LEASE
        try:
            while not self._over.wait(period) and not self.lost.is_set():
                self._renew_once()
        finally:
            connection.close()

    def _renew_once(self) -> None:
        try:
            if not self.held.all().update(**self._renewal):
                self.lost.set()
        except DatabaseError:
            # The next turn tries again; if the lease ran out meanwhile, the claim decides.
            logger.warning("A worker's hold could not be renewed")
            connection.close()
