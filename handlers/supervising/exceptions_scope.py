"""Whether somebody decides on exceptions as an admin or asks for them as a liaison."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.standing.duties import DutyStanding
from handlers.supervising.scope import NO_PROGRAMME
from models.errors import Refused
from models.member import RoleName
from models.programme import Programme


@dataclass(frozen=True)
class Standpoint:
    """As what somebody speaks, and of which programmes."""

    is_admin: bool
    programmes: Sequence[Programme]

    def own(self, ctx: Context) -> Sequence[DutyStanding] | None:
        """What a liaison may speak of; None for an admin, who speaks of everything."""
        return None if self.is_admin else ctx.own_duties.all()


def standpoint(ctx: Context) -> Standpoint:
    """An admin decides in the programmes of theirs; refused to whom neither role is given."""
    for role in (RoleName.ADMIN, RoleName.LIAISON):
        found = [p for p in ctx.programmes if ctx.speaker.has(role, programme_id=p.id)]
        if found:
            return Standpoint(role is RoleName.ADMIN, found)
    raise Refused(NO_PROGRAMME)
