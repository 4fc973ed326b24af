"""Items of a document → a programme definition, with what was assumed, missed or is asked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.errors import Problem, ProgrammeError
from models.programmes.consistency import name_problems
from models.programmes.definition import (
    UNSTATED,
    ClauseEntry,
    Definition,
    Form,
    IndicatorEntry,
    RequirementEntry,
    SectionEntry,
    Share,
    TaskEntry,
)
from models.programmes.documents.head import Head
from models.programmes.documents.items import Item, Notes
from models.programmes.documents.naming import (
    TITLE_LENGTH,
    beyond_title,
    doubled_numbers,
    full_title,
    renumbered,
    task_keys,
    task_short,
    task_title,
)
from models.programmes.documents.targets import Kind, TargetReading, read_target
from models.programmes.documents.units import UnitBook, named
from models.rules.responsibility import Clause, Role
from models.rules.wording import read_wording

MAX_UNITS = 2000
_TABLE_TITLE_LENGTH = 80
_INHERITED = "原件此格为空，按合并单元格沿用上方的报送要求，请确认"
_FORMS = {
    "数据进展": Form(sections=(SectionEntry(name="进展情况", aliases=("进展",), need="expected"),)),
    "文字进展": Form(sections=(SectionEntry(name="进展情况", aliases=("进展",)),)),
}


@dataclass(frozen=True)
class Draft:
    """A programme read from a document: to be looked at before it is loaded."""

    definition: Definition
    assumed: tuple[Problem, ...] = ()
    not_understood: tuple[Problem, ...] = ()
    questions: tuple[Problem, ...] = ()


def build(head: Head, items: Sequence[Item], book: UnitBook, notes: Notes, name: str) -> Draft:
    """The definition of *items*; ProgrammeError where it would contradict itself."""
    read = [item for item in items if _is_task(item, notes)]
    if not read:
        raise ProgrammeError([Problem(name, "没有读到任务的责任单位，请在表里写“责任单位”一栏")])
    read, told = renumbered(read)
    for text in told:
        notes.assume(name, text)
    keys, own = _keys(read, notes, name)
    builder = _Builder(head, book, notes)
    titles = _titles(read)
    built = builder.tasks(keys, read, titles, own)
    if not built:
        raise ProgrammeError(notes.not_understood)
    if (many := len(book.printed)) > MAX_UNITS:
        text = f"读到{many}个责任单位，超过{MAX_UNITS}个，请核对文件，或分成几份导入"
        raise ProgrammeError([Problem(name, text)])
    tasks = tuple(task for _, task in built)
    builder.tell_missing([item for item, _ in built], tasks, name)
    try:
        definition = Definition(
            code=head.code,
            title=head.title,
            short=head.short,
            area=head.area,
            year=head.year,
            units=book.entries(),
            forms=_FORMS,
            tasks=tasks,
        )
    except ValidationError as error:
        raise ProgrammeError([Problem(name, _reason(each)) for each in error.errors()]) from error
    if problems := [Problem(name, text) for _, text in name_problems(definition)]:
        raise ProgrammeError(problems)
    return Draft(
        definition, tuple(notes.assumed), tuple(notes.not_understood), tuple(book.questions())
    )


def _reason(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ")


def _is_task(item: Item, notes: Notes) -> bool:
    if not task_title(item.text):
        notes.miss(item.place, "没有任务内容，未读作任务")
        return False
    if item.lead or item.clauses:
        return True
    notes.miss(item.place, f"没有写明责任单位，未读作任务：{task_title(item.text)}")
    return False


def _keys(items: Sequence[Item], notes: Notes, name: str) -> tuple[list[str], bool]:
    keys, own = task_keys(items)
    if not own:
        doubled = doubled_numbers(items)
        why = f"原件编号{'、'.join(doubled)}重复" if doubled else "原件有任务没有编号"
        notes.assume(name, f"{why}，任务按次序编为1—{len(items)}，原编号另存")
    return keys, own


def _titles(items: Sequence[Item]) -> list[str]:
    """Each task's title; those that would be called alike keep their whole first sentence."""
    limits = [TITLE_LENGTH if item.clauses else _TABLE_TITLE_LENGTH for item in items]
    titles = [task_title(i.text, limit) for i, limit in zip(items, limits, strict=True)]
    used = Counter(titles)
    return [
        title if used[title] == 1 else full_title(item.text, limit)
        for title, item, limit in zip(titles, items, limits, strict=True)
    ]


@dataclass(frozen=True)
class _Builder:
    head: Head
    book: UnitBook
    notes: Notes

    def tasks(
        self, keys: Sequence[str], items: Sequence[Item], titles: Sequence[str], own: bool
    ) -> list[tuple[Item, TaskEntry]]:
        """Each item with its task; one that contradicts itself is listed and left out."""
        found: list[tuple[Item, TaskEntry]] = []
        for key, item, title in zip(keys, items, titles, strict=True):
            try:
                found.append((item, self.task(key, item, title, own)))
            except ValidationError as error:
                why = "；".join(_reason(each) for each in error.errors())
                self.notes.miss(item.place, f"未读作任务：{title}（{why}）")
        return found

    def task(self, key: str, item: Item, title: str, own: bool) -> TaskEntry:
        """One task with its units, clauses, indicators and deadline.

        *own*: the key is made of the printed number, which is kept beside it where it differs.
        """
        printed = item.number if own else item.printed
        indicators, kind = self._indicators(item, title)
        return TaskEntry(
            number=key,
            theme=item.theme or self._theme(item),
            title=title,
            short=task_short(title),
            kind=kind,
            lead=named(self.book, item.lead, item.place),
            supporting=named(self.book, item.supporting, item.place),
            clauses=tuple(
                self._clause(clause, place, item)
                for clause, place in zip(item.clauses, item.places, strict=True)
            ),
            indicators=indicators,
            requirements=self._requirements(item, kind),
            printed=printed if printed != key else "",
            quota=item.quota,
            assumed=item.assumed,
        )

    def _theme(self, item: Item) -> str:
        title = item.sections[0].title if item.sections else ""
        return self.head.short if title in ("", self.head.title) else title

    def _clause(self, clause: Clause, place: str, item: Item) -> ClauseEntry:
        answers = clause.responsibility
        if clause.assumed:
            names = "、".join((*answers.lead, *answers.unnamed))
            how = "牵头" if answers.role is Role.LEAD else "按职责分工负责"
            self.notes.assume(place, f"“{names}”没有写明职责，按“{how}”读，请核对")
        for odd in answers.doubtful:
            if odd not in (*answers.lead, *answers.supporting):
                self.notes.miss(place, f"责任单位里的“{odd}”没有读入")
        return ClauseEntry(
            text=clause.text or task_title(item.text),
            role=answers.role.value,
            lead=named(self.book, answers.lead, place),
            supporting=named(self.book, answers.supporting, place),
            unnamed=answers.unnamed,
        )

    def _indicators(self, item: Item, title: str) -> tuple[tuple[IndicatorEntry, ...], Kind]:
        """The task's indicators and its kind; one amount unread leaves the task to words."""
        readings = [read_target(target, item.text) for target in item.targets]
        found: dict[str, tuple[IndicatorEntry, Kind]] = {}
        for reading in readings:
            if reading.unread:
                self.notes.miss(item.place, f"任务数{reading.unread}，“{title}”按文字类任务读入")
            if reading.doubt:
                self.notes.assume(item.place, f"任务数{reading.doubt}，请核对")
            if (entry := reading.indicator) is not None and entry.name not in found:
                found[entry.name] = (self._allotted(entry, reading, item), reading.kind)
        kinds = [kind for _, kind in found.values()]
        return tuple(entry for entry, _ in found.values()), kinds[0] if kinds else "narrative"

    def _allotted(
        self, entry: IndicatorEntry, reading: TargetReading, item: Item
    ) -> IndicatorEntry:
        """The indicator with the parts of places, which become units of the programme."""
        shares = tuple(
            Share(unit=self.book.name(name, item.place), target=value)
            for name, value in reading.shares
        )
        return entry.model_copy(update={"allotments": shares})

    def _requirements(self, item: Item, kind: Kind) -> tuple[RequirementEntry, ...]:
        form = "文字进展" if kind == "narrative" else "数据进展"
        if not item.wording:
            # The place of an admin's own deadline: `期限` finds the tasks that have none.
            return (RequirementEntry(wording=UNSTATED, form=form),)
        for miss in read_wording(item.wording, self.head.year).not_understood:
            self.notes.miss(f"{item.place}“报送时间要求”栏", miss.text)
        assumed = (_INHERITED,) if item.inherited else ()
        return (RequirementEntry(wording=item.wording, form=form, assumed=assumed),)

    def tell_missing(self, items: Sequence[Item], tasks: Sequence[TaskEntry], name: str) -> None:
        """In one line each: tasks without a deadline, tasks of a table that counts nothing."""
        for text in self._missing(items, tasks):
            self.notes.miss(name, text)

    def _missing(self, items: Sequence[Item], tasks: Sequence[TaskEntry]) -> Iterator[str]:
        yield from _left_out(items, tasks)
        if not any(item.targets for item in items):
            who = _which([task.number for task in tasks], len(tasks))
            yield f"{who}没有“任务数”，按文字类任务读入；有指标的请在工作簿里补上"


def _left_out(items: Sequence[Item], tasks: Sequence[TaskEntry]) -> Iterator[str]:
    """Tasks of tables whose title is less than their cell; clauses keep their whole text."""
    cut = {
        task.number: rest
        for item, task in zip(items, tasks, strict=True)
        if not item.clauses and (rest := beyond_title(item.text, task.title))
    }
    if cut:
        number, rest = next(iter(cut.items()))
        example = f"（如任务{number}“{rest[:20]}”）"
        yield f"{_which(list(cut), len(tasks))}只取主要内容作名称，其余文字没有读入{example}"


def _which(numbers: Sequence[str], total: int) -> str:
    if len(numbers) == total:
        return f"{total}项任务都"
    shown = "、".join(numbers[:10]) + ("等" if len(numbers) > 10 else "")
    return f"任务{shown}共{len(numbers)}项"
