"""Values that are read as they stand but look odd: sums, measures, units on the wrong side."""

from decimal import Decimal

from models.programmes.consistency import Place
from models.programmes.definition import Definition, IndicatorEntry
from models.programmes.workbook.findings import Findings
from models.programmes.workbook.tree import Tree
from models.rules.rounding import number_text
from models.rules.unit import unit_called


def tell_doubts(definition: Definition, tree: Tree, findings: Findings) -> None:
    """List in *findings* what a person should look at again; nothing is changed or refused."""
    for at, task in enumerate(definition.tasks):
        place: Place = ("tasks", at)
        _tell_both_sides(definition, place, task.lead, task.supporting, tree, findings)
        for n, clause in enumerate(task.clauses):
            inside = (*place, "clauses", n)
            _tell_both_sides(definition, inside, clause.lead, clause.supporting, tree, findings)
        for n, indicator in enumerate(task.indicators):
            inside = (*place, "indicators", n)
            _tell_measure(indicator, inside, tree, findings)
            _tell_shares(definition, indicator, inside, tree, findings)


def _tell_both_sides(
    definition: Definition,
    place: Place,
    lead: tuple[str, ...],
    supporting: tuple[str, ...],
    tree: Tree,
    findings: Findings,
) -> None:
    leads = {definition.unit_names[name] for name in lead}
    if both := [name for name in supporting if definition.unit_names[name] in leads]:
        names = "、".join(both)
        text = f"“{names}”既是牵头单位又是配合单位，按牵头单位办理；请核对"
        findings.assume(tree.spot((*place, "supporting")), text)


def _tell_measure(entry: IndicatorEntry, place: Place, tree: Tree, findings: Findings) -> None:
    if unit_called(entry.unit) is None:
        text = f"不认识的计量单位“{entry.unit}”，照此读入，不能与别的单位换算；请核对"
        findings.assume(tree.spot((*place, "unit")), text)


def _tell_shares(
    definition: Definition, entry: IndicatorEntry, place: Place, tree: Tree, findings: Findings
) -> None:
    departments = {unit.name for unit in definition.units if unit.kind == "department"}
    for n, share in enumerate(entry.allotments):
        if definition.unit_names[share.unit] in departments:
            text = f"“{share.unit}”是部门，分解一般到县市区或园区，照此读入；请核对“单位”表的类别"
            findings.assume(tree.spot((*place, "allotments", n, "unit")), text)
    total = sum((share.target for share in entry.allotments), Decimal(0))
    is_amount = entry.comparator == ">=" and not entry.threshold
    if entry.allotments and is_amount and entry.target is not None and total != entry.target:
        text = (
            f"指标“{entry.name}”的分解合计 {number_text(total)}，"
            f"与目标 {number_text(entry.target)} 不一致，照此读入；请核对"
        )
        findings.assume(tree.spot((*place, "allotments", 0, "target")), text)
