"""Settings, addresses and processes: what ties the two halves together and runs them."""

import os

# One thread for linear algebra in every process, set before anything imports NumPy: many
# workers on one machine are faster that way, and sums come out in the same order everywhere.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

from config.celery import app as celery_app  # noqa: E402 -- the threads must be set first

__all__ = ["celery_app"]
