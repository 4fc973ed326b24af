"""更正: a new version of a submitted report; accepted figures hold until it is accepted."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.correct import correct
from handlers.reporting.flow import refuse_too_long
from handlers.reporting.own import last_unreviewed, number_and_rest, own_report
from models.member import RoleName
from models.message import Reply


@command(
    "amend",
    "更正",
    "订正",
    usage="更正 报送编号",
    about="更正已报送的内容，只发要改的行",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
)
def amend(context: Context, rest: str) -> Reply:
    """Change a report of the speaker's unit, before or after its acceptance."""
    refuse_too_long(context)
    named = number_and_rest(rest)
    if named is None:
        last = last_unreviewed(context.session, context.speaker.id)
        example = last.id if last else 128
        return Reply(f"请写明报送编号和要改的内容，如：\n更正 {example}\n完成数：1701")
    number, changes = named
    return correct(context, own_report(context, number, "更正"), changes)
