"""What a speaker may read: whole programmes, or what their own units have a part in."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.context import Context
from models.errors import Refused
from models.member import RoleName
from models.programme import Programme
from models.unit import Unit

#: Leaders and admins read everything of their programmes.
WHOLE = (RoleName.LEADER, RoleName.ADMIN)
#: Liaisons and unit heads read what concerns their units.
OWN = (RoleName.LIAISON, RoleName.UNIT_HEAD)

NO_PROGRAMME = "您目前没有可查看的专项。如需查看，请联系管理员。"
NOT_YOURS = "这不是您单位的事项，暂不能查看。如需了解，请联系管理员。"
NOT_ADMIN = "您不是“{title}”的管理员，请联系该专项的管理员办理。"


@dataclass(frozen=True)
class Scope:
    """What one speaker may read of one programme; *unit_ids* only when not all of it."""

    programme: Programme
    is_whole: bool
    unit_ids: frozenset[int]

    def reads_units(self, units: Iterable[Unit]) -> bool:
        """Whether something these units have a part in may be read."""
        return self.is_whole or any(unit.id in self.unit_ids for unit in units)


def scope_in(ctx: Context, programme: Programme) -> Scope:
    """What the speaker may read of *programme*; operators read no content."""
    speaker, id_ = ctx.speaker, programme.id
    return Scope(
        programme,
        speaker.has(*WHOLE, programme_id=id_),
        frozenset(speaker.unit_ids(*OWN, programme_id=id_)),
    )


def readable(ctx: Context) -> list[Scope]:
    """The programmes of which the speaker may read something; refused where there is none."""
    found = [scope_in(ctx, programme) for programme in ctx.programmes]
    found = [scope for scope in found if scope.is_whole or scope.unit_ids]
    if not found:
        raise Refused(NO_PROGRAMME)
    return found


def wholly_readable(ctx: Context) -> list[Programme]:
    """The programmes that the speaker reads as a whole; refused where there is none."""
    found = [p for p in ctx.programmes if ctx.speaker.has(*WHOLE, programme_id=p.id)]
    if not found:
        raise Refused(NO_PROGRAMME)
    return found


def administered(ctx: Context) -> list[Programme]:
    """The programmes whose admin the speaker is; refused where there is none."""
    found = [p for p in ctx.programmes if ctx.speaker.has(RoleName.ADMIN, programme_id=p.id)]
    if not found:
        raise Refused(NO_PROGRAMME)
    return found


def require_admin(ctx: Context, programme: Programme) -> None:
    """Refuse unless the speaker is an admin of this very programme."""
    if not ctx.speaker.has(RoleName.ADMIN, programme_id=programme.id):
        raise Refused(NOT_ADMIN.format(title=programme.short_title))


def names_shown(ctx: Context) -> bool:
    """Whether the answer may name who lags or owes: in single chats, and in groups by switch."""
    return not ctx.in_group or ctx.chat.names_laggards
