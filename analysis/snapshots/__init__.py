"""A data set as one file that never changes: Parquet, codebook, design and hash together."""

from analysis.snapshots.contents import FORMAT
from analysis.snapshots.distributions import Bin
from analysis.snapshots.fingerprint import fingerprint_of
from analysis.snapshots.profile import Profile, VariableProfile, profile_of
from analysis.snapshots.reading import read, read_profile, verified
from analysis.snapshots.writing import write

__all__ = [
    "FORMAT",
    "Bin",
    "Profile",
    "VariableProfile",
    "fingerprint_of",
    "profile_of",
    "read",
    "read_profile",
    "verified",
    "write",
]
