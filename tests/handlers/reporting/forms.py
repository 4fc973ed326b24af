"""Forms to read against without a database: a task with its indicators, counties and sections."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from handlers.reading.names import Name
from handlers.reporting.form import Form, Need, SectionForm
from handlers.standing.matters import Matter
from models.indicator import Indicator
from models.obligation import Obligation
from models.programme import Programme
from models.requirement import Requirement
from models.task import Task
from models.unit import Unit, UnitKind
from tests.conftest import at

MAY = (date(2021, 1, 1), date(2021, 5, 31))
COUNTIES = "吉首市 泸溪县 凤凰县 古丈县 花垣县 保靖县 永顺县 龙山县".split()
MONTHLY = ("措施", "问题", "县市情况", "下一步", "进展情况")


def indicator(
    key: int,
    name: str,
    unit: str,
    target: str,
    *aliases: str,
    threshold: bool = False,
) -> Indicator:
    return Indicator(
        id=key,
        task_id=1,
        name=name,
        unit=unit,
        target=Decimal(target),
        aliases=list(aliases),
        threshold=threshold,
    )


def a_form(
    title: str,
    indicators: Sequence[Indicator],
    *,
    aliases: Iterable[str] = (),
    sections: Iterable[str] = MONTHLY,
    others: Sequence[Name] = (),
    stated: bool = False,
    counties: Sequence[str] = COUNTIES,
) -> Form:
    """A form of January to May 2021 for one task."""
    task = Task(
        id=1, programme_id=1, number="新1", title=title, aliases=list(aliases), stated=stated
    )
    units = tuple(
        Unit(id=key, area_id=1, name=name, kind=UnitKind.COUNTY, aliases=[name[:-1]])
        for key, name in enumerate(counties, 1)
    )
    return Form(
        obligation=Obligation(
            id=1,
            requirement_id=1,
            task_id=1,
            programme_id=1,
            key="2021-05",
            label="2021-05",
            due=at("2021-06-10T23:59"),
            covers_from=MAY[0],
            covers_to=MAY[1],
        ),
        programme=Programme(
            id=1,
            area_id=1,
            code="p",
            title="p",
            short_title="p",
            year=2021,
            loaded_at=at("2021-01-01"),
        ),
        task=task,
        matter=Matter(task),
        requirement=Requirement(id=1, task_id=1, wording=""),
        indicators=tuple(indicators),
        counties=units,
        sections=tuple(
            SectionForm(name, (), Need.FREE if name == "进展情况" else Need.EXPECTED, 1)
            for name in sections
        ),
        rule=None,
        history={},
        linked={},
        extras=(),
        before={},
        area="湘西州",
        places=tuple(name for unit in units for name in (unit.name, *unit.aliases)),
        others=tuple(others),
    )
