"""A thread that works when it is woken: the inbox and the delivery each have one."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger()


class Loop:
    """Does its work once for any number of wake-ups that came before it began."""

    def __init__(self, name: str, *work: Callable[[], object]) -> None:
        self._work = work
        self._name = name
        self._woken = threading.Event()
        self.is_ending = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with a first round for what was left by the last process."""
        self._woken.set()
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def stop(self) -> None:
        """Let the round that runs end, then end."""
        self.is_ending = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self.is_ending:
            self._woken.wait()
            self._woken.clear()
            if self.is_ending:
                return
            for work in self._work:
                try:
                    work()
                except Exception:  # rows stay where they are; the next wake-up takes them
                    log.exception("round failed", loop=self._name)
