"""Reading tasks with what hangs on them: clauses, indicators, allotments."""

from decimal import Decimal
from typing import Any

from models.errors import Refused
from models.programmes.consistency import Place
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.lists import parts
from models.programmes.workbook.table import Row
from models.programmes.workbook.tree import Tree
from models.rules.curve import Curve, Shape
from models.rules.plain import normalise
from models.rules.unit import Dimension, unit_called

COUNTED = ("count", "measure", "money", "threshold")
_TASK_KEYS = (
    *("number", "theme", "title", "short", "aliases", "kind", "lead", "supporting", "stages"),
    *("project", "stated", "printed", "marks", "quota", "assumed"),
)
_INDICATOR_KEYS = (
    *("name", "aliases", "unit", "target", "upper", "comparator", "curve", "threshold"),
    "assumed",
)


class TaskPart:
    """The tasks of a workbook by number, to which the other sheets add."""

    def __init__(self, tree: Tree, findings: Findings) -> None:
        self._tree = tree
        self._findings = findings
        self.places: dict[str, Place] = {}

    def read_tasks(self, rows: tuple[Row, ...], fallback_theme: str) -> None:
        """The sheet 任务; a task without a short name goes by its title."""
        without_theme = [row for row in rows if "theme" not in row.values]
        for row in rows:
            more: dict[str, Any] = {}
            if "short" not in row.values and "title" in row.values:
                more["short"] = row.text("title")
            if "theme" not in row.values and fallback_theme:
                more["theme"] = fallback_theme
            place = self._tree.append(("tasks",), row, _TASK_KEYS, **more)
            self._read_awards(row, place)
            self.places.setdefault(row.text("number"), place)
        if without_theme:
            numbers = "、".join(row.text("number") for row in without_theme[:5])
            more_of_them = "等" if len(without_theme) > 5 else ""
            self._findings.assume(
                without_theme[0].spot("theme"),
                f"任务 {numbers}{more_of_them} 没有填主题，暂用专项简称“{fallback_theme}”",
            )

    def _read_awards(self, row: Row, place: Place) -> None:
        """`2021：城关县、河口县`; 无 for a year in which nothing was won."""
        awards: dict[str, tuple[str, ...]] = {}
        for entry in row.names("awards"):
            year, _, winners = entry.replace(":", "：").partition("：")
            if not (year.strip().isdigit() and len(year.strip()) == 4 and winners):
                text = f"“{entry}”写法不对；请写成“2021：城关县、河口县”，没有的写“2021：无”"
                self._findings.refuse(row.spot("awards"), text)
                continue
            awards[year.strip()] = () if winners.strip() == "无" else parts(winners)
        if awards:
            self._tree.put((*place, "awards"), awards, row.spot("awards"))

    def read_clauses(self, rows: tuple[Row, ...]) -> None:
        """The sheet 分工, in the order of 序; without 牵头 everybody answers."""
        for row in sorted(
            rows, key=lambda row: (row.values.get("order") is None, row.values.get("order", 0))
        ):
            place = self.places.get(row.text("task"))
            if place is None:
                continue
            more: dict[str, Any] = {"role": row.values.get("role", "lead")}
            lead, supporting = row.names("lead"), row.names("supporting")
            if more["role"] != "lead":
                lead, supporting = tuple(dict.fromkeys((*lead, *supporting))), ()
            more |= {"lead": lead, "supporting": supporting}
            if not lead and not row.names("unnamed") and "text" in row.values:
                spot = row.spot("lead")
                if not self._findings.is_marked(spot):
                    self._findings.refuse(spot, "没有写责任单位；请填“牵头单位”或“未列名”")
            self._tree.append(
                (*place, "clauses"), row, ("text", "lead", "supporting", "unnamed"), **more
            )

    def read_indicators(self, rows: tuple[Row, ...]) -> None:
        """The sheet 指标, each under its task."""
        for row in rows:
            if place := self.places.get(row.text("task")):
                more = {"unit": _measure(row.text("unit"))} if "unit" in row.values else {}
                at = self._tree.append((*place, "indicators"), row, _INDICATOR_KEYS, **more)
                self._read_links(row, at)
                self._check_bounds(row)

    def _read_links(self, row: Row, place: Place) -> None:
        links = []
        for entry in row.names("linked"):
            words = [word.strip() for word in entry.split("/", 2)]
            if len(words) < 3 or not all(words):
                text = f"“{entry}”写法不对；请写成“专项代码/任务编号/指标名称”"
                self._findings.refuse(row.spot("linked"), text)
                continue
            links.append(dict(zip(("programme", "task", "indicator"), words, strict=True)))
        if links:
            self._tree.put((*place, "linked"), links, row.spot("linked"))

    def _check_bounds(self, row: Row) -> None:
        """What the definition would refuse in the words of its file."""
        values, refuse = row.values, self._findings.refuse
        is_range = values.get("comparator") == "range"
        if is_range and "upper" not in values and not self._findings.is_marked(row.spot("upper")):
            refuse(row.spot("upper"), "比较为“区间”，还没有上限；请填写上限")
        if "upper" in values and not is_range:
            refuse(row.spot("comparator"), "写了上限，比较应为“区间”；请改比较或删去上限")
        lower, upper = values.get("target"), values.get("upper")
        if isinstance(lower, Decimal) and isinstance(upper, Decimal) and upper < lower:
            refuse(row.spot("upper"), f"上限 {upper} 小于目标 {lower}；请改正")
        is_amount = values.get("comparator", ">=") == ">=" and not values.get("threshold")
        if is_amount and lower == 0:
            refuse(row.spot("target"), "目标应大于 0，现为 0；请改正，没有目标的请留空")
        if values.get("threshold") and "target" not in values:
            if not self._findings.is_marked(row.spot("target")):
                refuse(row.spot("target"), "达标类指标应有目标值；请填写")
        self._check_curve(row)

    def _check_curve(self, row: Row) -> None:
        curve = row.values.get("curve")
        if not isinstance(curve, tuple):
            return
        if len(curve) not in (4, 12):
            text = f"曲线有 {len(curve)} 个数；应为 12 个月或 4 个季度的累计百分比"
            self._findings.refuse(row.spot("curve"), text)
            return
        try:
            Curve(
                Shape.MONTHLY if len(curve) == 12 else Shape.QUARTERLY, tuple(map(Decimal, curve))
            )
        except Refused as error:
            self._findings.refuse(row.spot("curve"), f"{error.text}请改正")

    def read_allotments(self, rows: tuple[Row, ...]) -> None:
        """The sheet 分解, each share under its indicator; once for a unit."""
        seen: dict[tuple[Place, str], Spot] = {}
        for row in rows:
            place = self._indicator_place(row)
            if place is None:
                continue
            key = (place, row.text("unit"))
            if key in seen:
                text = f"“{key[1]}”在这个指标中已分解过（{seen[key].cell}）；请保留一行"
                self._findings.refuse(row.spot("unit"), text)
            seen.setdefault(key, row.spot("unit"))
            self._tree.append((*place, "allotments"), row, ("unit", "target"))

    def _indicator_place(self, row: Row) -> Place | None:
        place = self.places.get(row.text("task"))
        if place is None:
            return None
        task = self._tree.data["tasks"][place[1]]
        indicators = task.get("indicators", [])
        called = row.text("name")
        found = [
            at
            for at, entry in enumerate(indicators)
            if called in (entry.get("name"), *entry.get("aliases", ())) or not called
        ]
        if found and (called or len(found) == 1):
            return (*place, "indicators", found[0])
        names = "、".join(entry.get("name", "") for entry in indicators)
        if not indicators:
            text = f"任务 {row.text('task')} 在工作表“指标”中没有指标；请先补上"
        elif called:
            text = f"任务 {row.text('task')} 没有叫“{called}”的指标；现有：{names}"
        else:
            text = f"任务 {row.text('task')} 有几个指标，请写明是哪一个：{names}"
        self._findings.refuse(row.spot("name"), text)
        return None

    def settle_kinds(self, rows: tuple[Row, ...]) -> None:
        """The kind where none is written, and whether the written one fits the indicators."""
        for row, task in zip(rows, self._tree.data.get("tasks", ()), strict=True):
            indicators = task.get("indicators", [])
            written = row.values.get("kind")
            if written is None and not self._findings.is_marked(row.spot("kind")):
                task["kind"] = _kind_of(task, indicators)
            elif written in COUNTED and not indicators:
                text = f"任务 {row.text('number')} 没有指标；请在“指标”中补上，或把类型改为“文字”"
                self._findings.refuse(row.spot("kind"), text)
            elif written is not None and written not in COUNTED and indicators:
                text = f"任务 {row.text('number')} 有指标，类型应为数量、计量、资金或达标；请改正"
                self._findings.refuse(row.spot("kind"), text)
            if (task.get("kind") == "milestone") != bool(task.get("stages")):
                text = "类型“节点”和“阶段”一列应同时填写；请补上或删去"
                self._findings.refuse(row.spot("stages"), text)
            self._check_lead(row, task)

    def _check_lead(self, row: Row, task: dict[str, Any]) -> None:
        spot = row.spot("lead")
        if not task.get("lead") and not task.get("clauses") and not self._findings.is_marked(spot):
            self._findings.refuse(spot, "“牵头单位”是空的；请填写，或在工作表“分工”中逐条写明")


def _measure(written: str) -> str:
    """A unit of measure in half width where that makes it a known one (％)."""
    plain = normalise(written)
    return plain if unit_called(written) is None and unit_called(plain) else written


def _kind_of(task: dict[str, Any], indicators: list[dict[str, Any]]) -> str:
    """How progress is counted, judged by the indicators (see 说明)."""
    if not indicators:
        return (
            "milestone" if task.get("stages") else "stated" if task.get("stated") else "narrative"
        )
    if all(entry.get("threshold") for entry in indicators):
        return "threshold"
    units = [unit_called(entry.get("unit", "")) for entry in indicators]
    dimensions = {unit.unit.dimension if unit else None for unit in units}
    if dimensions == {Dimension.MONEY}:
        return "money"
    measures = {Dimension.LENGTH, Dimension.AREA, Dimension.VOLUME, Dimension.MASS}
    return "measure" if dimensions <= measures else "count"
