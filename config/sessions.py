"""Sessions in the database, each looked up by a query whose SQL is made once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from surveys.queries.kept import Given, KeptQuery


def _session() -> Any:
    model = db.SessionStore.get_model_class()
    return model.objects.filter(
        session_key=Given(model, "session_key"), expire_date__gt=Given(model, "expire_date")
    )


_SESSION: KeptQuery[Any] = KeptQuery(_session)


class SessionStore(db.SessionStore):
    """Django's own, which every page of a firm reads once."""

    def _get_session_from_db(self) -> Any:
        found = _SESSION.one(session_key=self.session_key, expire_date=timezone.now())
        if found is None:
            self._session_key = None
        return found
