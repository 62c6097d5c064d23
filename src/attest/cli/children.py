"""Child processes that never outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """To run in a child before its program: asks the kernel for `stop_signal` when the parent dies.

    On systems other than Linux it does nothing: there, killing the parent with SIGKILL leaves its children.
    """
    parent = os.getpid()

    def ask() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
            if os.getppid() != parent:  # the parent died before the request was made
                os._exit(1)

    return ask


@dataclass
class Child:
    """A long-running process in a process group of its own, and how to end it politely."""

    name: str
    process: "subprocess.Popen[bytes]"
    stop_signal: signal.Signals = signal.SIGTERM

    @classmethod
    def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        orphan_signal: signal.Signals = signal.SIGTERM,
    ) -> "Child":
        """Start the program with both its outputs appended to `log` and nothing to read from.

        `orphan_signal` is what it gets when this process ends without stopping it.
        """
        with log.open("ab") as output:
            process = subprocess.Popen(
                list(command),
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(orphan_signal),
            )
        return cls(name, process)

    def ended(self) -> bool:
        """Whether the process is no longer there."""
        return self.process.poll() is not None

    def stop(self, patience: float) -> None:
        """Ask the process to end; after `patience` seconds end it, and whatever it started, by force."""
        if not self.ended():
            self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
