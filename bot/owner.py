"""Who holds a lease: this process, by a name that tells another process on the same machine whether it still lives.

A process that was killed cannot give its leases back. On the same machine (and in the same container) the next one
sees that it is gone and need not wait for them to run out; elsewhere nobody can tell, and the lease decides.
"""

import hashlib
import os
import socket
from pathlib import Path

_HOST_LENGTH = 40
_PROC = Path("/proc")


def this_process() -> str:
    """Return the name of this process: host, machine, process id, and when that process began."""
    pid = os.getpid()
    return f"{socket.gethostname()[:_HOST_LENGTH]}:{_machine()}:{pid}:{_began(pid) or 0}"


def is_gone(owner: str) -> bool:
    """Whether this owner certainly lives no more. Of what ran elsewhere nobody knows, so that is False."""
    _, _, rest = owner.partition(":")
    machine, _, rest = rest.partition(":")
    pid, _, began = rest.partition(":")
    if machine != _machine() or not pid.isdigit() or not began.isdigit():
        return False
    return not _lives(int(pid)) or (_began(int(pid)) or int(began)) != int(began) or _is_zombie(int(pid))


def _machine() -> str:
    """Return what is the same for all processes whose process ids mean the same: boot and PID namespace."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text()
        namespace = str((_PROC / "self/ns/pid").readlink())
    except OSError:  # no Linux: the host is the machine
        boot = namespace = ""
    return hashlib.sha256(f"{socket.gethostname()} {boot} {namespace}".encode()).hexdigest()[:12]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's
        return True
    return True


def _began(pid: int) -> int | None:
    """Return when the process began, in the kernel's ticks since boot: a process id is used again. None if unknown."""
    facts = _facts(pid)
    return int(facts[19]) if facts else None


def _is_zombie(pid: int) -> bool:
    """Whether it has ended and nobody has taken note, as in containers without an init."""
    facts = _facts(pid)
    return bool(facts) and facts[0] in {"Z", "X"}


def _facts(pid: int) -> list[str]:
    """Return what the kernel says of a process from its state on, field 3 of proc(5); empty where it says nothing."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()  # the name before it may hold spaces
    except OSError:
        return []
