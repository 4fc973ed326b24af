"""What the read API answers instead of what was asked for: problems as RFC 9457 has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

MIME = "application/problem+json"
#: What is said of a value that was sent, so that nobody's mistake fills the answer.
_MOST_ECHOED = 40


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its name in its address, status, title, and what to do about it."""

    name: str
    status: int
    title: str
    remedy: str


TOKEN = Kind(
    "token",
    401,
    "令牌不可用",
    "请求头应为 Authorization: Bearer 加令牌；令牌由运维人员用 dajuan token add 发放。",
)
PARAMETER = Kind("parameter", 400, "参数不可用", "请按说明改正后重新请求。")
ABSENT = Kind(
    "absent", 404, "没有这项内容", "请核对地址；只能读取发放令牌时写明的专项，见 /programmes。"
)
METHOD = Kind("method", 405, "本接口只能读取", "请用 GET 请求。")
BUSY = Kind("busy", 429, "同时请求太多", "请等几秒（见 Retry-After）再请求，逐页读取，不要并发。")
AWAY = Kind("away", 503, "暂时取不到文件", "请稍后再请求一次。")
FAILED = Kind("failed", 500, "服务出错", "请稍后再请求；仍不行，请把时间和地址告诉运维人员。")
KINDS = (TOKEN, PARAMETER, ABSENT, METHOD, BUSY, AWAY, FAILED)

#: What each parameter takes, as a refusal says it.
TAKEN = {
    "limit": "1至200的整数",
    "cursor": "上一页 next 所带的值，原样使用",
    "at": "2000年至2100年的日期，如 2021-08-31",
    "due_from": "2000年至2100年的日期，如 2021-09-01",
    "due_to": "2000年至2100年的日期，如 2021-09-30",
    "task": "任务编号，如 州1-7",
    "number": "通报的 id，整数",
}


@dataclass
class Problem(Exception):
    """Ends a call with an answer of this kind; *detail* says what came and what is expected."""

    kind: Kind
    detail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class ProblemBody(BaseModel):
    """出错时的回答，类型 application/problem+json（RFC 9457）。"""

    type: str = Field(description="这一类问题的说明地址")
    title: str = Field(description="哪一类问题")
    status: int = Field(description="HTTP 状态码")
    detail: str = Field(description="收到的是什么、应当怎样")


def refuse(name: str, came: object) -> Problem:
    """The problem of a parameter that holds something else than it takes."""
    said = f"“{str(came)[:_MOST_ECHOED]}”"
    return Problem(PARAMETER, f"参数 {name} 的值{said}不可用，应为{TAKEN.get(name, '其他值')}。")


class Problems:
    """Writes problems, with the address under *docs* where each kind is explained."""

    def __init__(self, docs: str) -> None:
        self._docs = docs

    def add_to(self, api: FastAPI) -> None:
        """Let every failure of *api* be answered so."""
        api.add_exception_handler(Problem, self._problem)
        api.add_exception_handler(HTTPException, self._of_routing)
        api.add_exception_handler(RequestValidationError, self._of_parameter)
        api.add_exception_handler(Exception, self._of_a_bug)

    def _problem(self, _: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return self._answer(error)

    def _of_routing(self, _: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        kind = next((each for each in KINDS if each.status == error.status_code), FAILED)
        return self._answer(Problem(kind, headers=error.headers or {}))

    def _of_parameter(self, _: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first: Mapping[str, Any] = next(iter(error.errors()))
        where: Sequence[Any] = first["loc"]
        return self._answer(refuse(str(where[-1]), first.get("input", "")))

    def _of_a_bug(self, _: Request, error: Exception) -> Response:
        return self._answer(Problem(FAILED))  # what broke is logged by the server, and told nobody

    def _answer(self, problem: Problem) -> Response:
        kind = problem.kind
        body = ProblemBody(
            type=f"{self._docs}#{kind.name}",
            title=kind.title,
            status=kind.status,
            detail=problem.detail or kind.remedy,
        )
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return Response(
            body.model_dump_json(), kind.status, {**headers, **problem.headers}, media_type=MIME
        )
