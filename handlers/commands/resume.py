"""继续: goes on with the open report, or with one that was put aside."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.reporting.begin import begin
from handlers.reporting.owed import owed_listing
from handlers.reporting.switching import take_up
from handlers.reporting.underway import begun_called, under_way
from models.member import RoleName
from models.message import Reply


@command(
    "resume",
    "继续",
    "继续报",
    "继续填",
    "继续报送",
    "继续填报",
    "接着报",
    "接着填",
    usage="继续 [任务编号]",
    about="接着填没有报完的报送",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def resume(context: Context, rest: str) -> Reply:
    """The question of the report that is gone on with; what was put aside for it stays so."""
    begun = under_way(context)
    if not begun and not rest.strip():
        _, listing = owed_listing(context, "报送 {}")
        return Reply(f"没有填到一半的报送。\n{listing}")
    wanted = begun_called(begun, rest) if rest.strip() else begun[0]
    if wanted is None:
        return begin(context, rest)
    return take_up(context, wanted)
