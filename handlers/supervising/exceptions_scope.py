"""Where somebody decides on exceptions as an admin, and where they ask for them as a liaison."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.standing.duties import DutyStanding
from handlers.supervising.scope import NO_PROGRAMME
from models.errors import Refused
from models.member import RoleName
from models.programme import Programme


@dataclass(frozen=True)
class Standpoint:
    """The programmes of which somebody speaks; *admin_of* are those in which they decide.

    One who is admin of one programme may well be liaison in another, and only asks there.
    """

    programmes: Sequence[Programme]
    admin_of: frozenset[int]

    @property
    def asks(self) -> bool:
        """Whether there is a programme in which they only ask."""
        return len(self.admin_of) < len(self.programmes)

    def decides(self, programme: Programme | None) -> bool:
        """Whether they decide in this programme, or, where none is named, in any."""
        return bool(self.admin_of) if programme is None else programme.id in self.admin_of

    def own(self, ctx: Context) -> Sequence[DutyStanding]:
        """What their units owe in the programmes in which they only ask."""
        asking = {each.id for each in self.programmes} - self.admin_of
        known = ctx.own_duties.all() if asking else ()
        return [each for each in known if each.programme.id in asking]


def standpoint(ctx: Context) -> Standpoint:
    """The speaker's; refused to whom neither role is given."""
    found = _held(ctx, ctx.programmes, RoleName.ADMIN, RoleName.LIAISON)
    if not found:
        raise Refused(NO_PROGRAMME)
    deciding = _held(ctx, found, RoleName.ADMIN)
    return Standpoint(found, frozenset(each.id or 0 for each in deciding))


def _held(ctx: Context, programmes: Iterable[Programme], *roles: RoleName) -> list[Programme]:
    return [each for each in programmes if ctx.speaker.has(*roles, programme_id=each.id)]
