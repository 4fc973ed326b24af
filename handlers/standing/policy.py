"""A programme's policies as its rows hold them, with the product's defaults for the rest."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from models.programme import Programme
from models.rules import ladder
from models.rules.activity import ActivityPolicy
from models.rules.comments import DEFAULT_COMMENTS, CommentPolicy
from models.rules.frozen import from_data
from models.rules.order import OrderPolicy
from models.rules.ranking import DEFAULT_RECIPE, Recipe
from models.rules.review import ONE_LEVEL
from models.rules.status import DEFAULT_POLICY, StatusPolicy
from models.rules.verification import VerificationPolicy
from models.rules.workday import Calendar

#: Times of day that a ladder may state besides those on the due day.
_HOURS = ("before_at", "overdue_at", "opens", "closes")


def status_policy(programme: Programme) -> StatusPolicy:
    """The bands that turn progress into this programme's labels."""
    stated = programme.policy.get("status")
    return from_data(StatusPolicy, stated) if stated else DEFAULT_POLICY


def recipe(programme: Programme) -> Recipe:
    """How this programme ranks: the default parts, under its own weights; 0 drops a part."""
    stated: dict[str, Any] | None = programme.policy.get("ranking")
    if not stated:
        return DEFAULT_RECIPE
    weighed = (
        replace(part, weight=Decimal(str(stated.get(part.code.value, part.weight))))
        for part in DEFAULT_RECIPE.parts
    )
    return Recipe(tuple(part for part in weighed if part.weight > 0))


def verification_policy(programme: Programme) -> VerificationPolicy | None:
    """How far acceptance may stay behind; None where the programme asks nothing."""
    stated = programme.policy.get("verification")
    return from_data(VerificationPolicy, stated) if stated else None


def activity_policy(programme: Programme) -> ActivityPolicy | None:
    """How many 动态 each project owes in a month; None where the programme asks for none."""
    stated = programme.policy.get("activities")
    return from_data(ActivityPolicy, stated) if stated else None


def comment_policy(programme: Programme) -> CommentPolicy:
    """Which share of citizens' comments must be handled, all of them unless it says otherwise."""
    stated = programme.policy.get("comments")
    return from_data(CommentPolicy, stated) if stated else DEFAULT_COMMENTS


def ladder_policy(programme: Programme) -> ladder.Policy:
    """When this programme reminds; a ladder that its rule refuses gives way to the default.

    One programme's mistake may not keep all others from being reminded.
    """
    stated = programme.stated("reminders")
    if not stated:
        return ladder.Policy()
    try:
        hours: dict[str, Any] = {
            name: time.fromisoformat(stated[name]) for name in _HOURS if name in stated
        }
        return ladder.Policy(
            before_days=tuple(stated["before"]),
            on_day_at=tuple(time.fromisoformat(each) for each in stated["on_day"]),
            unit_head_after=stated["unit_head_after"],
            order_after=stated["order_after"],
            daily_cap=stated["daily_cap"],
            **hours,
        )
    except (KeyError, ValueError, TypeError):
        return ladder.Policy()


def ladder_data(policy: ladder.Policy) -> dict[str, Any]:
    """A ladder as a programme's row keeps it."""
    return {
        "before": list(policy.before_days),
        "on_day": [f"{at:%H:%M}" for at in policy.on_day_at],
        "unit_head_after": policy.unit_head_after,
        "order_after": policy.order_after,
        "daily_cap": policy.daily_cap,
        **{name: f"{getattr(policy, name):%H:%M}" for name in _HOURS},
    }


def order_policy(programme: Programme) -> OrderPolicy:
    """When this programme's supervision orders are offered, due and reminded of."""
    stated = programme.stated("orders")
    return from_data(OrderPolicy, stated) if stated else OrderPolicy()


def review_levels(programme: Programme) -> int:
    """How many times a report is reviewed: once unless an admin or the definition says twice."""
    stated = programme.stated("review")
    return int(stated["levels"]) if stated else ONE_LEVEL


def reach(policy: ladder.Policy, today: date, days: Calendar) -> date:
    """The first day that stands on no rung of the ladder yet: what is due then can still wait."""
    return days.add_workdays(today, max(policy.before_days, default=0) + 1)
