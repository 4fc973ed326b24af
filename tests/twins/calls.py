"""One call over HTTP, met by whatever trouble was switched on for its path."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests.twins.clock import Clock
from tests.twins.faults import Fault, Faults
from tests.twins.record import Record


class Calls(ABC):
    """The HTTP side of a platform; which path does what, the platform says."""

    def __init__(self, record: Record, clock: Clock, faults: Faults) -> None:
        self._record, self._clock, self._faults = record, clock, faults

    @abstractmethod
    def _answer(
        self, path: str, request: Request, raw: bytes, fault: Fault | None = None
    ) -> Response:
        """Do what is asked, or refuse it with the code of *fault*; recorded either way."""

    async def serve(self, path: str, request: Request, abort: Callable[[], None]) -> Response:
        """Answer one request; *abort* closes its socket."""
        self._record.tried(path)
        fault = self._faults.next(path)
        raw = await request.body()
        if fault is None:
            return self._answer(path, request, raw)
        if fault.kind == "errcode":
            if fault.acted:
                self._answer(path, request, raw)
            return self._answer(path, request, raw, fault)
        pause = self._faults.pause(fault, self._clock) if fault.kind == "late" else None
        answer = self._answer(path, request, raw) if fault.acted else None
        if pause is not None:
            await pause
            return answer or self._answer(path, request, raw)
        return self._spoilt(fault, abort)

    def _spoilt(self, fault: Fault, abort: Callable[[], None]) -> Response:
        if fault.kind == "abort":
            abort()
            return Response()
        if fault.kind == "other":
            return Response(fault.body, media_type="application/json")
        if fault.kind == "page":
            return HTMLResponse("<html><body>网关</body></html>")
        return HTMLResponse("<h1>error</h1>", status_code=fault.status)
