"""The shape of a roster file: people with their accounts and roles, and the group chats."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from models.platform import known_platforms, platform_of
from models.programmes.consistency import Place
from models.programmes.shape import Names, Strict, Text

#: Roles that are nothing without a unit.
UNIT_ROLES = ("liaison", "unit_head")


class RoleEntry(Strict):
    """What a person may do; for liaisons and unit heads, in which units."""

    role: Literal["liaison", "unit_head", "leader", "admin", "operator"]
    units: Names = ()


class PersonEntry(Strict):
    """One person, the account they write from, and their roles in all programmes."""

    name: Text
    account: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    roles: Annotated[tuple[RoleEntry, ...], Field(min_length=1)]


class GroupEntry(Strict):
    """One group chat: its address on the platform, what it is for, whether it names laggards."""

    name: Text
    address: Text
    purpose: Literal["liaisons", "leaders", "admins"]
    names_laggards: bool = False


def _platform(value: str) -> str:
    """The platform whose ids the accounts are, a door's name standing for its platform."""
    if (found := platform_of(value)) is None:
        raise ValueError(f"没有“{value[:20]}”这个平台，应为{'、'.join(known_platforms())}之一")
    return found


class Roster(Strict):
    """Who is who in an area. *confirm* lists programmes whose assumed deadlines are confirmed."""

    area: Text
    platform: Annotated[Text, AfterValidator(_platform)]
    confirm: Names = ()
    people: Annotated[tuple[PersonEntry, ...], Field(min_length=1)]
    groups: tuple[GroupEntry, ...] = ()


def roster_problems(roster: Roster) -> Iterator[tuple[Place, str]]:
    """Places where a roster contradicts itself: doubled accounts, roles without their unit."""
    accounts = Counter(person.account.casefold() for person in roster.people)
    for at, person in enumerate(roster.people):
        if accounts[person.account.casefold()] > 1:
            yield ("people", at, "account"), f"账号“{person.account}”重复"
        for i, role in enumerate(person.roles):
            if (role.role in UNIT_ROLES) != bool(role.units):
                yield ("people", at, "roles", i), "联络员和单位负责人应写明单位，其他角色不写"
    addresses = Counter(group.address for group in roster.groups)
    for at, group in enumerate(roster.groups):
        if addresses[group.address] > 1 or group.address.casefold() in accounts:
            yield ("groups", at, "address"), f"地址“{group.address}”重复"
