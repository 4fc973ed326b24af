"""Logging: short fixed events with facts in fields; never message text, names or secrets."""

import logging
import sys
from pathlib import Path
from traceback import extract_tb

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.flooding import Seldom

#: What libraries tell below a warning: every question of the scheduler; addresses with tokens in
#: them; whole frames of a connection; where a photo was taken, and whose camera it was.
_TALKATIVE = (
    "alembic",
    "apscheduler",
    "httpcore2",
    "httpx2",
    "PIL",
    "python_multipart",
    "websockets",
)


def where_it_broke(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The places of an exception instead of its text, which may quote what a person wrote."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_places(error))
    return event


def _places(error: BaseException) -> list[str]:
    """The kind of the exception and its calls, innermost last; then what it was raised from."""
    lines = [type(error).__name__]
    for frame in extract_tb(error.__traceback__):
        file = "/".join(Path(frame.filename).parts[-2:])
        lines.append(f"  {file}:{frame.lineno} {frame.name}")
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines if earlier is None else [*lines, "from", *_places(earlier)]


def set_up_logs(level: str, form: str) -> None:
    """Send structlog and the libraries' own logs to stderr, as text or as one JSON a line."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        where_it_broke,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # the command line and tests set logs up more than once
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    handler.addFilter(_OfStrangers())
    root.setLevel(level.upper())
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)


class _OfStrangers(logging.Filter):
    """Passes few of the server's lines on what is no HTTP: anybody can cause them, endlessly."""

    def __init__(self) -> None:
        super().__init__()
        self._seldom = Seldom()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name != "uvicorn.error" or record.levelno != logging.WARNING:
            return True
        times = self._seldom.times(record.msg)
        if times > 1:
            record.msg = f"{record.msg} ({times} times)"
        return times > 0
