"""A customer's own Word template: looked through, filled with a document, and checked.

It is a .docx with {{ 标题 }} and {% for 段 in 正文 %}: words only. Whatever could run is refused
when the template comes, and runs in a sandbox all the same.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, meta, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from handlers.render.document import (
    Cell,
    Disagreement,
    Document,
    Line,
    plain,
)
from handlers.render.document_parts import HEADINGS, Grid, Printed, Style, parts
from handlers.render.legible import legible
from handlers.render.word import timeless
from handlers.render.word_check import MOST, Read, data_agree, judged
from handlers.render.word_read import read_word
from models.errors import Refused

#: A template is a page or two; unpacked it is no more than this.
LARGEST = 2_000_000
LARGEST_UNPACKED = 20_000_000
_MOST_ENTRIES = 500
_DEEPEST = 3
_FILTERS = frozenset({"join", "length", "first", "last", "default", "upper", "lower", "trim"})
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.For,
    nodes.If,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: What a template can print, as its refusal names it.
NAMES = ("标题", "文号", "主送", "正文", "表", "附件", "落款", "日期", "标记", "块")
WORDS = "、".join(NAMES)
_CAN = f"模板只能填入{WORDS}，例如 {{{{ 标题 }}}}。"


def inspect_template(data: bytes) -> None:
    """Refused with a word why unless the file is a plain .docx that only prints our words."""
    _look_inside(data)
    for tree in _trees(data):
        _look_through(tree)


def filled_template(data: bytes, document: Document) -> bytes:
    """The template with the document in it; refused where it does not come out."""
    inspect_template(data)
    template = _opened(data)
    try:
        template.render(template_words(document), jinja_env=_environment(), autoescape=True)
    except (TemplateError, TypeError, ValueError, KeyError, SyntaxError) as why:
        raise Refused(f"模板填不出来，请检查花括号中的名称和循环的结尾。{_CAN}") from why
    _stamp(template, legible(document.mark))
    file = io.BytesIO()
    template.save(file)
    return timeless(file.getvalue())


def _stamp(template: Any, mark: str) -> None:
    """The mark on every page, whatever the template has in its headers."""
    if not mark:
        return
    for section in template.docx.sections:
        section.header.is_linked_to_previous = False
        headers = [section.header, section.first_page_header, section.even_page_header]
        for header in headers:
            header.paragraphs[0].insert_paragraph_before(mark)


def check_filled(
    data: bytes, document: Document, snapshot: Mapping[str, Any], template: bytes
) -> tuple[Disagreement, ...]:
    """Numbers in a filled template that are neither its own nor the document's, and broken rules.

    Where each datum stands is the customer's choice, so that places cannot be compared.
    """
    found = [*data_agree(document, snapshot), *judged(document, snapshot, Read())]
    found += strange_in(data, document, template)
    return tuple(dict.fromkeys(found))[:MOST]


def strange_in(data: bytes, document: Document, template: bytes) -> list[Disagreement]:
    """What a filled template says that neither it nor the document does; its missing title."""
    text = read_word(data)
    known = set(_NUMBER.findall(read_word(template).everything()))
    known |= {number for line in _lines(document) for number in _NUMBER.findall(line)}
    found = []
    for at, line in enumerate(text.everything().split("\n"), start=1):
        strange = [number for number in _NUMBER.findall(line) if number not in known]
        found += [Disagreement(f"第{at}行", f"“{number}”不在本期数据中") for number in strange]
    missing = [line for line in document.title if line not in text.everything()]
    return [*found, *(Disagreement("标题", f"文件中缺少“{line}”") for line in missing)]


def template_words(document: Document) -> dict[str, Any]:
    """What a template can print: plain text, lists of paragraphs and of tables."""
    day = document.issued_on
    return {
        "标题": "".join(map(legible, document.title)),
        "文号": legible(document.number),
        "主送": legible(document.addressee),
        "落款": legible(document.signature),
        "日期": f"{day.year}年{day.month}月{day.day}日" if day else "",
        "标记": legible(document.mark),
        "正文": list(_paragraphs(document)),
        "表": list(_tables(document)),
        "附件": [legible(annex.title) for annex in document.annexes],
        "块": {each.title: legible(each.text) for each in document.editable()},
    }


def _paragraphs(document: Document) -> Iterator[dict[str, Any]]:
    levels = {style: level for level, style in HEADINGS.items()} | {Style.BODY: 0}
    for part in parts(document):
        if isinstance(part, Printed) and part.style in levels:
            yield {"级": levels[part.style], "文": legible(part.lead + plain(part.text))}


def _tables(document: Document) -> Iterator[dict[str, Any]]:
    for part in parts(document):
        if isinstance(part, Grid):
            table = part.table
            yield {
                "名": legible(plain(table.caption) or part.place),
                "表头": [[_cell(each) for each in row] for row in table.header],
                "行": [[_cell(each) for each in row] for row in table.rows],
            }


def _cell(cell: Cell | Line) -> str:
    return legible(plain(cell.text if isinstance(cell, Cell) else cell))


def _lines(document: Document) -> Iterator[str]:
    for part in parts(document):
        if isinstance(part, Printed):
            yield part.lead + plain(part.text)
        elif isinstance(part, Grid):
            rows = (*part.table.header, *part.table.rows)
            yield from (_cell(each) for row in rows for each in row)
    yield document.mark


def _environment() -> SandboxedEnvironment:
    made = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    return made


def _opened(data: bytes) -> Any:
    from docxtpl import DocxTemplate  # costs a start 0.15 s

    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    return template


def _look_inside(data: bytes) -> None:
    """No bomb, no macro, no document type, nothing fetched from elsewhere."""
    if len(data) > LARGEST:
        raise Refused("模板文件超过2MB，请压缩其中的图片后重新发送。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            is_large = sum(each.file_size for each in entries) > LARGEST_UNPACKED
            if is_large or len(entries) > _MOST_ENTRIES:
                raise Refused("模板解开后过大，不能使用，请另存为新的 .docx 后重新发送。")
            for each in entries:
                _look_at(each.filename, file.read(each))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as why:
        raise Refused("模板打不开，请用 Word 或 WPS 另存为 .docx 后重新发送。") from why
    read_word(data)


def _look_at(name: str, content: bytes) -> None:
    if "vbaproject" in name.lower() or b"macroEnabled" in content:
        raise Refused("模板中有宏，不能使用，请另存为不含宏的 .docx 后重新发送。")
    if not name.endswith((".xml", ".rels")):
        return
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused("模板的结构不合规范，不能使用，请用 Word 或 WPS 另存后重新发送。")
    if name.endswith(".rels") and b'TargetMode="External"' in content:
        raise Refused("模板引用了外部文件或网址，不能使用，请删去链接后重新发送。")


def _trees(data: bytes) -> Iterator[nodes.Template]:
    """The parsed template of the body, and of each header and footer."""
    template = _opened(data)
    sources = [template.get_xml()]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        sources += [template.get_part_xml(part) for _, part in template.get_headers_footers(uri)]
    for source in sources:
        try:
            yield _environment().parse(template.patch_xml(source))
        except TemplateError as why:
            raise Refused(f"模板中的花括号不成对，或写法不对，请改正后重新发送。{_CAN}") from why


def _look_through(tree: nodes.Template) -> None:
    """Only printing, choosing and going over lists; only words that a document has."""
    if unknown := sorted(meta.find_undeclared_variables(tree) - set(NAMES)):
        raise Refused(f"模板中的“{legible(unknown[0])[:20]}”没有对应的内容。{_CAN}")
    for node in _all(tree):
        if not isinstance(node, _PLAIN):
            raise _code(type(node).__name__)
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise _code(node.attr)
        if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
            raise _code("[…]")
        if isinstance(node, nodes.Getitem) and str(node.arg.value).startswith("_"):  # type: ignore[attr-defined]
            raise _code(str(node.arg.value))  # type: ignore[attr-defined]
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            raise _code(node.name)
    _look_at_loops(tree, (), 0)


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _all(child)


def _look_at_loops(node: nodes.Node, within: tuple[str, ...], depth: int) -> None:
    """A loop within another may only go over what that one holds, so that none runs for hours."""
    if isinstance(node, nodes.For):
        root = node.iter
        while isinstance(root, nodes.Getattr | nodes.Getitem):
            root = root.node
        name = root.name if isinstance(root, nodes.Name) else ""
        if depth == _DEEPEST or (within and name not in within) or node.recursive:
            raise _code("for")
        targets = tuple(each.name for each in node.target.find_all(nodes.Name))
        if isinstance(node.target, nodes.Name):
            targets = (node.target.name,)
        within, depth = targets, depth + 1
    for child in node.iter_child_nodes():
        _look_at_loops(child, within, depth)


def _code(what: str) -> Refused:
    return Refused(f"模板中有程序代码（{legible(what)[:40]}），不能使用，请删去后重新发送。{_CAN}")
