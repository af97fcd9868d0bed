"""A task for the tests: how many threads does linear algebra use in this worker?"""

from pathlib import Path

import numpy as np
from celery import shared_task
from threadpoolctl import threadpool_info


@shared_task(name="tests.faults.probe.count_threads")
def count_threads(answer: str) -> None:
    np.linalg.inv(np.eye(3))
    draft = Path(f"{answer}.draft")
    draft.write_text(" ".join(str(library["num_threads"]) for library in threadpool_info()))
    draft.rename(answer)
