"""What documents cost: 122 counties and 60 projects as a Word file, and reading it again."""

import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

from handlers.digests.circular import build
from handlers.render.document import Document
from handlers.render.word import word_file
from handlers.render.word_check import check_word
from tests.bench.result import Result

COUNTIES, PROJECTS = 122, 60
_LABELS = ("达到省定验收标准", "工作有序推进", "工作进度相对滞后")


def a_snapshot() -> dict[str, Any]:
    """A province's circular: 60 projects of two indicators, 122 counties with nine laggards."""
    statuses = [{"label": each, "count": PROJECTS // 3} for each in _LABELS]
    return {
        "short": "重点民生实事",
        "year": 2021,
        "month": 8,
        "day": "2021-08-31",
        "counts": {"tasks": PROJECTS, "statuses": statuses, "unknown": 0, "uncounted": 0},
        "tasks": [_task(n) for n in range(PROJECTS)],
        "counties": [_county(n) for n in range(COUNTIES)],
        "drafts": {"features": "", "problems": "", "next": ""},
    }


def _task(n: int) -> dict[str, Any]:
    indicator = {"amount": "1710个", "goal": "6000个", "percent": "28.50", "met": None}
    return {
        "number": f"新{n}",
        "theme": "新增办理" if n < PROJECTS // 2 else "继续办理",
        "title": f"第{n}个项目：建设乡村公共部位安防设备6000个，并逐村登记、逐台验收",
        "lead": ["州公安局", "州发改委"],
        "indicators": [
            {"name": f"指标{each}", "as_of": None, "counties": [], **indicator} for each in "甲乙"
        ],
        "done": "28.50",
        "stated": False,
        "scheduled": "66.67",
        "status": _LABELS[n % 3],
        "counted": True,
        "reported": True,
        "judged": None,
        "stage": None,
        "notes": ["按村登记设备，逐台验收"],
    }


def _county(n: int) -> dict[str, Any]:
    counts = zip(_LABELS, (8, 9, 9), strict=True)
    return {
        "unit": f"第{n}县",
        "items": 18,
        "indicators": 26,
        "statuses": [{"label": a, "count": b, "behind": a == _LABELS[2]} for a, b in counts],
        "unknown": 0,
        "behind": 9,
        "named": [f"农村公路安防设施建设{each}" for each in range(9)],
    }


def measure() -> list[Result]:
    snapshot = a_snapshot()
    document = build(snapshot, {})
    data = word_file(document)
    floor = _fastest(lambda: _zipped_again(data))
    written = _fastest(lambda: word_file(build(snapshot, {})))
    checked = _fastest(lambda: _checked(data, document, snapshot))
    name = f"docx of {COUNTIES} counties, {PROJECTS} projects"
    return [
        Result(name, written, "s", 1, floor, "packing its bytes once"),
        Result("reading it again and checking it", checked, "s", 1, floor, "packing its bytes"),
    ]


def _checked(data: bytes, document: Document, snapshot: dict[str, Any]) -> None:
    if found := check_word(data, document, snapshot):
        raise ValueError(f"the file should pass, not {found[0]}")


def _zipped_again(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = {each.filename: source.read(each) for each in source.infolist()}
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)


def _fastest(run: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest run: whatever else the machine does only adds to it."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        found.append(time.perf_counter() - begun)
    return min(found)
