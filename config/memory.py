"""What a worker's process may take of a machine's memory."""

import resource

_MEGABYTE = 1024 * 1024


def bound(megabytes: int) -> None:
    """Let this process have no more data than that; 0 lifts nothing and bounds nothing.

    Whoever asks for more is told so by `MemoryError`, and the task ends with a refusal that
    names memory, instead of the machine's choosing a process to kill.
    """
    if megabytes == 0:
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    asked = megabytes * _MEGABYTE
    soft = asked if most == resource.RLIM_INFINITY else min(asked, most)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, most))
