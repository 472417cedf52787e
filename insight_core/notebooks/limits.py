"""What the child process may take, hold and reach.

This file is also the child's first program: it knows the standard library alone and closes the process
in while there is one thread, before anything of the workbench, or of the notebook, is imported.
"""

import ctypes
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_DIE_WITH_PARENT = 1
_MB = 1 << 20

# Audit events that would start another program, or reach another machine where no namespace could be closed.
_FORBIDDEN = {
    "os.fork": "start a program", "os.forkpty": "start a program", "os.exec": "start a program",
    "os.posix_spawn": "start a program", "os.spawn": "start a program", "os.system": "start a program",
    "subprocess.Popen": "start a program", "pty.spawn": "start a program",
    "socket.__new__": "reach the network", "socket.connect": "reach the network", "socket.bind": "reach the network",
    "socket.getaddrinfo": "reach the network", "socket.gethostbyname": "reach the network",
    "socket.sendto": "reach the network",
}  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True)
class Limits:
    """Processor and wall seconds, memory and the largest file in megabytes, and how much may be shown."""

    cpu_s: int = 900
    wall_s: int = 1200
    memory_mb: int = 6144
    file_mb: int = 1024
    text_bytes: int = 100_000
    shown_bytes: int = 24_000_000


def shut_in(limits: Limits, parent: int, may_write: list[Path]) -> str:
    """Close this process in; gives how the network was closed: `namespace`, or `python` where that is not permitted."""
    _die_with(parent)
    how = "namespace" if _without_network() else "python"
    _set_limits(limits)
    sys.addaudithook(_refuser(tuple(f"{one.resolve()}{os.sep}" for one in may_write)))
    return how


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    # The parent may have gone before the line above.
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _without_network() -> bool:
    if sys.platform != "linux":
        return False
    libc, user, group = ctypes.CDLL(None, use_errno=True), os.getuid(), os.getgid()
    if libc.unshare(_NEW_NET) == 0:
        return True
    if libc.unshare(_NEW_USER | _NEW_NET) != 0:
        return False
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path(f"/proc/self/{name}").write_text(line, encoding="ascii")
    return True


def _set_limits(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # no such limits here: the parent's clock still holds
        return
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_mb * _MB),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_FSIZE, limits.file_mb * _MB),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


def _refuser(may_write: tuple[str, ...]) -> Any:
    def refuse(event: str, given: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(f"a notebook may not {_FORBIDDEN[event]}")
        if event == "open" and isinstance(given[0], (str, bytes)) and (given[2] or 0) & _WRITES:
            path = os.path.abspath(os.fsdecode(given[0]))  # noqa: PTH100 pathlib's own would ask the disk
            if not path.startswith((*may_write, "/dev/null")):
                raise PermissionError("a notebook writes only to its own folder")

    return refuse


def main() -> None:
    """Read the request, close this process in, then run the request's cells."""
    request = json.load(sys.stdin)
    limits = Limits(**request["limits"])
    how = shut_in(limits, request["parent"], [Path(one) for one in request["may_write"]])
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What libraries write past Python goes nowhere: the pipe is ours.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    from insight_core.notebooks.child import say, work

    say(pipe, network=how)
    work(request["cells"], pipe, limits.text_bytes, limits.shown_bytes)


if __name__ == "__main__":
    main()
