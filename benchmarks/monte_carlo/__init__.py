"""Bias and coverage of every estimator under every covariance it claims, on made populations."""

import os

# Read when NumPy is imported: workers are processes, and each keeps to one thread.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
