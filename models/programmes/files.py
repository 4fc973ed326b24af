"""From a YAML file to checked data: which files are built in, and what is wrong where."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.errors import Problem, ProgrammeError
from models.programmes.consistency import Place, name_problems
from models.programmes.definition import Definition
from models.programmes.roster import Roster, roster_problems

HERE = Path(__file__).parent
MAX_BYTES = 2_000_000
ROSTER_CODE = "demo"

Model = TypeVar("Model", bound=BaseModel)

_MESSAGES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识的项，请检查拼写或删去",
    "string_type": "应为文字（数字请加引号）",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "写法不对",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "date_from_datetime_parsing": "应为日期，如 2021-05-31",
    "date_type": "应为日期，如 2021-05-31",
    "date_parsing": "应为日期，如 2021-05-31",
    "tuple_type": "应为列表",
    "dict_type": "应为“名称: 内容”的对照表",
    "model_type": "应为“项: 内容”的一组",
    "model_attributes_type": "应为“项: 内容”的一组",
    "too_short": "不能是空列表",
}


def built_in_codes() -> tuple[str, ...]:
    """Codes of the programmes that come with the product, in alphabetical order."""
    return tuple(sorted(p.stem for p in HERE.glob("*.yaml") if p.stem != ROSTER_CODE))


def read_definition(source: str | Path) -> Definition:
    """The definition of a built-in code or in a file; ProgrammeError lists all that is wrong."""
    if isinstance(source, str) and source in built_in_codes():
        return read_definition(HERE / f"{source}.yaml")
    tree = _Tree.of_file(Path(source))
    definition = _checked(tree, Definition)
    _refuse(tree.problem(place, text) for place, text in name_problems(definition))
    return definition


def read_roster(source: str | Path = ROSTER_CODE) -> Roster:
    """The people and chats in a roster file, by default the demo's."""
    path = HERE / f"{ROSTER_CODE}.yaml" if source == ROSTER_CODE else Path(source)
    tree = _Tree.of_file(path)
    roster = _checked(tree, Roster)
    _refuse(tree.problem(place, text) for place, text in roster_problems(roster))
    return roster


class _Tree:
    """A YAML document with the line of every place in it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        loader = yaml.CSafeLoader(text)
        try:
            self._root = loader.get_single_node()
            _refuse(self._structure_problems(self._root, set()))
            self.data: Any = loader.construct_document(self._root) if self._root else None
        except yaml.MarkedYAMLError as error:
            raise ProgrammeError([self._syntax_problem(error)]) from error
        except (yaml.YAMLError, ValueError) as error:
            raise ProgrammeError([Problem(name, f"不是可读的 YAML 文件（{error}）")]) from error
        finally:
            loader.dispose()

    @classmethod
    def of_file(cls, path: Path) -> "_Tree":
        """The document at *path*; a missing, huge or non-text file is refused by name."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise ProgrammeError([Problem(path.name, "文件超过 2 MB，不像是专项定义")])
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise ProgrammeError([Problem(str(path), _no_file(path))]) from error
        except UnicodeDecodeError as error:
            raise ProgrammeError([Problem(path.name, "不是 UTF-8 文本文件")]) from error
        return cls(path.name, text)

    def problem(self, place: Place, text: str) -> Problem:
        """*text* with the file, the line and the path that lead to it."""
        return Problem(f"{self.name} 第{self._line(place)}行 {_path(self.data, place)}", text)

    def _line(self, place: Place) -> int:
        node = self._root
        line = 0 if node is None else node.start_mark.line
        for step in place:
            node = _child(node, step)
            if node is None:
                break
            line = node.start_mark.line
        return line + 1

    def _syntax_problem(self, error: yaml.MarkedYAMLError) -> Problem:
        mark = error.problem_mark or error.context_mark
        where = f"{self.name} 第{mark.line + 1}行" if mark else self.name
        return Problem(where, f"YAML 写法有误（{error.problem}）")

    def _structure_problems(self, node: yaml.Node | None, passed: set[int]) -> Iterator[Problem]:
        """Doubled keys, which YAML merges silently, and aliases, which can grow without end."""
        if node is None:
            return
        where = f"{self.name} 第{node.start_mark.line + 1}行"
        if id(node) in passed:
            yield Problem(where, "不支持 YAML 引用（& 和 *），请写全内容")
            return
        passed.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield from self._doubled_keys(node)
        for child in _children(node):
            yield from self._structure_problems(child, passed)

    def _doubled_keys(self, node: yaml.MappingNode) -> Iterator[Problem]:
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys:
                where = f"{self.name} 第{key.start_mark.line + 1}行"
                yield Problem(where, f"“{key.value}”写了两次")
            keys.add(key.value)


def _no_file(path: Path) -> str:
    codes = "、".join(built_in_codes())
    return f"没有这个文件，也不是内置专项；内置专项有 {codes}" if not path.exists() else "无法读取"


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield from (value for _, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _child(node: yaml.Node | None, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None


def _path(data: Any, place: Place) -> str:
    """The place in words: list entries by their own number or name where they have one."""
    words: list[str] = []
    for step in place:
        data = _inside(data, step)
        own = data.get("number") or data.get("name") if isinstance(data, dict) else None
        if isinstance(step, int):
            words.append(str(own) if own else f"第{step + 1}项")
        else:
            words.append(step)
    return " › ".join(words)


def _inside(data: Any, step: int | str) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _checked(tree: _Tree, model: type[Model]) -> Model:
    if not isinstance(tree.data, dict):
        raise ProgrammeError([Problem(tree.name, "文件是空的，或不是“项: 内容”的一组")])
    try:
        # Through JSON, because strict mode reads enums, dates and tuples from nothing else.
        return model.model_validate_json(json.dumps(tree.data, default=_as_json))
    except ValidationError as error:
        told = [e for e in error.errors() if not _is_consequence(e)]
        problems = [tree.problem(_place(e), _in_chinese(e)) for e in told]
        raise ProgrammeError(problems) from error


def _as_json(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise ProgrammeError([Problem(str(value), "不支持这种 YAML 值")])


def _is_consequence(error: ErrorDetails) -> bool:
    """A list of which every entry is wrong is also reported as empty; that is no news."""
    return error["type"] == "too_short" and bool(error["input"])


def _place(error: ErrorDetails) -> Place:
    """The error's place without the names of alternatives that pydantic puts into it."""
    return tuple(step for step in error["loc"] if step != "[key]" and not _is_alternative(step))


def _is_alternative(step: int | str) -> bool:
    return isinstance(step, str) and ("[" in step or step.startswith(("literal", "tuple")))


def _in_chinese(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"])
    if error["type"] == "literal_error":
        choices = "、".join(re.findall(r"'([^']*)'", context["expected"]))
        return f"只能是 {choices} 之一，现为“{error['input']}”"
    if error["type"] in ("greater_than_equal", "less_than_equal"):
        bound = "不小于" if "ge" in context else "不大于"
        return f"应{bound} {context.get('ge', context.get('le'))}"
    return _MESSAGES.get(error["type"], f"写法不对（{error['msg']}）")


def _refuse(problems: Iterator[Problem]) -> None:
    if found := list(problems):
        raise ProgrammeError(found)
