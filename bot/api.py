"""`/api/v1`: what other systems read, with a token for the programmes that they were given."""

from datetime import date
from functools import partial
from pathlib import Path as Folder
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Response
from fastapi.staticfiles import StaticFiles
from pydantic import AfterValidator

from bot.api_call import HEADERS, Caller, Turns
from bot.api_docs import ABOUT, add_docs, described
from bot.api_models import (
    BulletinList,
    ObligationList,
    ProgrammeList,
    RankingList,
    SubmissionList,
    TaskList,
)
from bot.api_problems import ABSENT, AWAY, Problem, ProblemBody, Problems
from bot.files import as_download
from handlers.render.document import MIME as WORD
from handlers.standing.readable import programmes_page
from handlers.standing.readable_issued import bulletins_page, public_bulletin, rankings_page
from handlers.standing.readable_reports import submissions_page
from handlers.standing.readable_work import DueDays, obligations_page, tasks_page
from handlers.standing.tasks import data_date
from handlers.supervising.bulletin_files import file_of
from models.errors import MediaUnavailable

if TYPE_CHECKING:
    from bot.app import House

BASE = "/api/v1"
MOST, USUAL = 200, 100

Code = Annotated[str, Path(description="专项代码，见 /programmes", examples=["minsheng-2021"])]
Limit = Annotated[int, Query(ge=1, le=MOST, description=f"每页最多几条，1至{MOST}")]
Cursor = Annotated[str | None, Query(max_length=300, description="下一页：照用上一页的 next")]
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


def _in_range(day: date) -> date:
    """Days of programmes; one that is no moment in some zone breaks every comparison."""
    if not _FIRST <= day <= _LAST:
        raise ValueError("out of range")
    return day


_Day = Annotated[date, AfterValidator(_in_range)]
Day = Annotated[_Day | None, Query(description="数据日期；不写则为当前应报数据的日期")]
Since = Annotated[_Day | None, Query(description="这一天及以后截止的")]
Until = Annotated[_Day | None, Query(description="这一天及以前截止的")]
TaskNumber = Annotated[
    str | None,
    Query(max_length=40, pattern=r"^[^\x00]+$", description="只要这一项任务的，如 州1-7"),
]

_PROBLEM = {
    "model": ProblemBody,
    "description": "出错：400 参数、401 令牌、404 没有、429 太频繁、500 服务",
}
_SAME: dict[int | str, dict[str, Any]] = {304: {"description": "没有变化（If-None-Match）"}}


class ReadApi(FastAPI):
    """The application below `/api/v1`, whose description shows what answers look like."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = described(super().openapi())
        return self.openapi_schema


def add_api(app: FastAPI, house: "House") -> None:
    """Serve the read API and the page that documents it."""
    address = f"{house.settings.public_url}{BASE}"
    api = ReadApi(
        title="答卷读取接口",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": address}],
        root_path_in_servers=False,
        generate_unique_id_function=lambda route: route.name.strip("_"),
        dependencies=[Depends(Turns())],
        responses={"default": _PROBLEM},
    )
    api.state.house = house
    Problems(f"{address}/docs").add_to(api)
    add_docs(api)
    api.include_router(_routes())
    app.mount(BASE, api)
    app.mount("/static/api", StaticFiles(directory=Folder(__file__).parent / "static" / "api"))


def _routes() -> APIRouter:
    router = APIRouter()
    listed = partial(router.add_api_route, methods=["GET"], responses=_SAME)
    of = "/programmes/{code}"
    listed("/programmes", _programmes, response_model=ProgrammeList, summary="专项")
    listed(f"{of}/tasks", _tasks, response_model=TaskList, summary="任务和进度")
    listed(f"{of}/obligations", _obligations, response_model=ObligationList, summary="应报事项")
    listed(f"{of}/submissions", _submissions, response_model=SubmissionList, summary="报送")
    listed(f"{of}/rankings", _rankings, response_model=RankingList, summary="排名")
    listed(f"{of}/bulletins", _bulletins, response_model=BulletinList, summary="通报")
    file = {**_SAME, 200: {"description": "Word 文件", "content": {WORD: {}}}}
    router.add_api_route(
        f"{of}/bulletins/{{number}}/file",
        _bulletin_file,
        methods=["GET"],
        responses=file,
        response_class=Response,
        summary="通报的 Word 文件",
    )
    return router


def _programmes(call: Caller, limit: Limit = USUAL, cursor: Cursor = None) -> Response:
    """令牌可以读取的专项。"""
    asked = call.asked(limit, cursor)
    with call.house.database.read() as session:
        page = programmes_page(session, call.client_id, asked.span)
        return call.answer(ProgrammeList, page, asked)


def _tasks(
    call: Caller, code: Code, at: Day = None, limit: Limit = USUAL, cursor: Cursor = None
) -> Response:
    """全部任务在数据日期的指标、完成率、序时进度和状态，与看板、通报同一算法，只计已通过的数据。"""
    with call.reading(code) as (session, programme):
        day = at or data_date(session, programme, call.now, call.zone)
        # The next page is of the same day, also where a newer one begins in between.
        asked = call.asked(limit, cursor, at=day)
        page = tasks_page(session, programme, day, asked.span)
        return call.answer(TaskList, page, asked, data_date=day, demo=programme.demo or None)


def _obligations(
    call: Caller,
    code: Code,
    due_from: Since = None,
    due_to: Until = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Response:
    """谁在什么时候应报什么，现在是什么状态。"""
    asked = call.asked(limit, cursor, due_from=due_from, due_to=due_to)
    with call.reading(code) as (session, programme):
        days = DueDays(due_from, due_to)
        page = obligations_page(session, programme, days, asked.span, call.now, call.zone)
        return call.answer(ObligationList, page, asked, demo=programme.demo or None)


def _submissions(
    call: Caller,
    code: Code,
    task: TaskNumber = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Response:
    """各件报送的状态，以及已通过的文字和数据；已撤回的也列出，以便同步。"""
    asked = call.asked(limit, cursor, task=task)
    with call.reading(code) as (session, programme):
        page = submissions_page(session, programme, task, asked.span, call.zone)
        return call.answer(SubmissionList, page, asked, demo=programme.demo or None)


def _rankings(call: Caller, code: Code, limit: Limit = USUAL, cursor: Cursor = None) -> Response:
    """已公布的排名，公布时的原样；列出全部单位，不受各群点名开关限制。"""
    asked = call.asked(limit, cursor)
    with call.reading(code) as (session, programme):
        page = rankings_page(session, programme, asked.span, call.zone)
        return call.answer(RankingList, page, asked, demo=programme.demo or None)


def _bulletins(call: Caller, code: Code, limit: Limit = USUAL, cursor: Cursor = None) -> Response:
    """已签发的通报、专报、附件和更正说明；发给单个单位的函件不在内。"""
    asked = call.asked(limit, cursor)
    kinds = {name: kind.title for name, kind in call.house.services.registry.bulletins.items()}
    base = call.address(f"{BASE}/programmes/{code}/bulletins")
    with call.reading(code) as (session, programme):
        page = bulletins_page(session, programme, kinds, base, asked.span, call.zone)
        return call.answer(BulletinList, page, asked, demo=programme.demo or None)


def _bulletin_file(
    call: Caller, code: Code, number: Annotated[int, Path(ge=1, lt=2**31, description="通报的 id")]
) -> Response:
    """一份已签发文件的 Word 原件。"""
    services = call.house.services
    with call.reading(code) as (session, programme):
        row = public_bulletin(session, programme, number)
        if row is None:
            raise Problem(ABSENT)
        file = file_of(services, session, row)
    headers = {**HEADERS, "ETag": f'"{file.sha}"'}
    if call.has(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    try:
        data = services.media.get(file.sha)
    except MediaUnavailable as error:
        raise Problem(AWAY if error.retryable else ABSENT) from error
    return Response(data, headers={**headers, **as_download(file.name, file.mime)})
