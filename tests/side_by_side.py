"""What keeps processes apart that run tests at the same time: a folder and a queue of their own.

Databases are kept apart by pytest-django.
"""

import tempfile
from collections.abc import Mapping
from urllib.parse import urlsplit


def of_this_process(environment: Mapping[str, str]) -> dict[str, str]:
    """Settings that differ between the processes of pytest-xdist; none without it.

    Redis has numbered databases: the process ``gw0`` takes the next after the one named. RabbitMQ
    has virtual hosts: it takes the one named with ``_gw0`` behind, which has to be there.
    """
    worker = environment.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return {}
    own = {"MILIEU_VAR": tempfile.mkdtemp(prefix=f"milieu-tests-{worker}-")}
    broker = urlsplit(environment.get("MILIEU_TEST_BROKER_URL", ""))
    if broker.scheme == "redis":
        number = int(broker.path.strip("/") or 0) + int(worker.removeprefix("gw")) + 1
        own["MILIEU_TEST_BROKER_URL"] = broker._replace(path=f"/{number}").geturl()
    elif broker.scheme == "amqp":
        own["MILIEU_TEST_BROKER_URL"] = broker._replace(path=f"{broker.path}_{worker}").geturl()
    return own
