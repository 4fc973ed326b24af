"""Words in pictures, for the service: read by a process that is started when first needed."""

import importlib.util
import subprocess
import sys
import threading
from contextlib import suppress

import structlog
from pydantic import TypeAdapter

from models.errors import SettingsError
from models.rules.picture import TextFound

log = structlog.get_logger()

#: So long one picture may take; the first one waits for the models as well.
PATIENCE = 15.0
FIRST_PATIENCE = 40.0
#: After so many pictures the process is replaced: its memory grows slowly.
MOST_PICTURES = 200
#: After so many failures in a row it is not started again.
MOST_FAILURES = 3
_LONGEST_ANSWER = 100_000
_ANSWER: TypeAdapter[tuple[TextFound, ...]] = TypeAdapter(tuple[TextFound, ...])


def is_installed() -> bool:
    """Whether the `ocr` extra is there; nothing of it is imported."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))


def open_text_reader(wanted: bool | None) -> "WorkerReader | None":
    """The reader as OCR wants it: by default where its extra is installed.

    Raises SettingsError when it is wanted and not installed.
    """
    if wanted is False or (wanted is None and not is_installed()):
        return None
    if not is_installed():
        raise SettingsError("OCR is on, but its extra is not installed: pip install '.[ocr]'")
    return WorkerReader([sys.executable, "-m", "bot.text_worker"])


class WorkerReader:
    """Asks the worker process, one picture at a time; what fails or takes too long finds nothing.

    A picture is judged without its words rather than not at all.
    """

    def __init__(
        self, command: list[str], patience: float = PATIENCE, first: float = FIRST_PATIENCE
    ) -> None:
        self._command = command
        self._patience, self._first_patience = patience, first
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0
        self._failures = 0

    def read(self, data: bytes) -> tuple[TextFound, ...]:
        """The words seen in a picture that the picture rules could read."""
        with self._lock:
            if self._failures >= MOST_FAILURES:
                return ()
            try:
                found = _ANSWER.validate_json(self._ask(data))
            except (OSError, ValueError) as error:
                self._failures += 1
                log.warning("text in picture not read", reason=type(error).__name__)
                self._end()
                return ()
            self._failures = 0
            return found

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _ask(self, data: bytes) -> bytes:
        """The answer of the process; empty when it ended, which it does when its time is up."""
        if self._count >= MOST_PICTURES:
            self._end()
        patience = self._first_patience if self._process is None else self._patience
        process = self._process or self._begin()
        assert process.stdin is not None, "it was begun with pipes"
        assert process.stdout is not None, "it was begun with pipes"
        self._count += 1
        timer = threading.Timer(patience, process.kill)
        timer.start()
        try:
            process.stdin.write(len(data).to_bytes(4, "big") + data)
            process.stdin.flush()
            return process.stdout.readline(_LONGEST_ANSWER)
        finally:
            timer.cancel()

    def _begin(self) -> "subprocess.Popen[bytes]":
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._count = 0
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what could not be written to it any more
                    pipe.close()
