"""One entry of a definition as one row: what goes into which column."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models.indicator import Indicator
from models.programme import Programme
from models.programmes.definition import (
    Definition,
    Form,
    IndicatorEntry,
    RequirementEntry,
    TaskEntry,
)
from models.programmes.policies import Policies
from models.requirement import Requirement
from models.rules.frozen import to_data
from models.rules.recurrence import Recurrence
from models.rules.recurrence import to_data as recurrences_data
from models.rules.status import DEFAULT_POLICY, Band, Standing, StatusPolicy
from models.task import Task

#: The policies that a row keeps as they are stated.
_STATED = (
    "ranking",
    "reminders",
    "orders",
    "review",
    "verification",
    "activities",
    "comments",
)


def programme_row(definition: Definition, area_id: int, now: datetime, *, demo: bool) -> Programme:
    """The programme with its policies; *fingerprint* tells one version of its file from another."""
    return Programme(
        code=definition.code,
        area_id=area_id,
        title=definition.title,
        short_title=definition.short,
        year=definition.year,
        default_day=definition.rules.default_day,
        policy=_policy(definition),
        fingerprint=hashlib.sha256(definition.model_dump_json().encode()).hexdigest(),
        loaded_at=now,
        demo=demo,
    )


def _policy(definition: Definition) -> dict[str, Any]:
    """What differs from the defaults, by name of the policy."""
    stated = definition.policies
    policy: dict[str, Any] = {}
    if stated.status or stated.status_labels is not None:
        policy["status"] = to_data(status_policy(stated))
    for name in _STATED:
        if (part := getattr(stated, name)) is not None:
            policy[name] = part.model_dump(mode="json")
    if stated.pictures is not None:
        policy["pictures"] = stated.pictures.rule()
    if stated.digests:
        policy["digests"] = {n: each.model_dump(mode="json") for n, each in stated.digests.items()}
    if definition.rules.roll != "none":
        policy["roll"] = definition.rules.roll
    return policy


def status_policy(policies: Policies) -> StatusPolicy:
    """The programme's own bands, or the default ones under its own labels."""
    if policies.status:
        return StatusPolicy(tuple(row.band() for row in policies.status))
    labels = policies.status_labels
    if labels is None:
        return DEFAULT_POLICY
    named = {
        Standing.COMPLETED: labels.completed,
        Standing.ON_TRACK: labels.on_track,
        Standing.BEHIND: labels.behind,
    }
    return StatusPolicy(tuple(_relabelled(b, named[b.standing]) for b in DEFAULT_POLICY.bands))


def _relabelled(band: Band, label: str) -> Band:
    return Band(label, band.standing, band.basis, band.start, band.end, band.colour, band.action)


def task_row(entry: TaskEntry, programme_id: int, position: int) -> Task:
    """The task; its first alias is the short name that a phone shows."""
    return Task(
        programme_id=programme_id,
        number=entry.number,
        theme=entry.theme,
        title=entry.title,
        aliases=list(dict.fromkeys([entry.short, *entry.aliases])),
        kind=entry.kind,
        stated=entry.stated,
        stages=list(entry.stages),
        project=entry.project or "",
        printed=entry.printed,
        marks=list(entry.marks),
        quota=entry.quota,
        position=position,
    )


def indicator_row(entry: IndicatorEntry, task_id: int, position: int) -> Indicator:
    """The indicator; a plan of 12 or 4 cumulative percentages becomes its curve."""
    return Indicator(
        task_id=task_id,
        position=position,
        name=entry.name,
        aliases=list(entry.aliases),
        unit=entry.unit,
        target=entry.target,
        upper=entry.upper,
        comparator=entry.comparator,
        threshold=entry.threshold,
        curve=to_data(entry.plan),
    )


def requirement_row(
    definition: Definition,
    entry: RequirementEntry,
    recurrences: Sequence[Recurrence],
    now: datetime,
) -> Requirement:
    """The requirement, without its task's id and key."""
    form = definition.forms[entry.form]
    wording = definition.wording_of(entry)
    of_rules = [note for rule in recurrences for note in rule.assumed]
    return Requirement(
        task_id=0,
        wording=wording,
        declared=wording,
        recurrences=recurrences_data(recurrences),
        assumed=list(dict.fromkeys([*entry.assumed, *of_rules])),
        confirmed_at=now if entry.confirmed else None,
        sections=_sections(form),
        pictures=form.pictures.compulsory if form.pictures else 0,
        picture_rule=_picture_rule(definition, form),
        county_figures=form.county_figures,
        verified=form.verified,
        comments=form.comments,
        each=entry.each,
    )


def _sections(form: Form) -> list[dict[str, Any]]:
    return [
        {
            "name": section.name,
            "aliases": list(section.aliases),
            "required": section.need == "required",
            "need": section.need,
            "minimum": section.minimum,
        }
        for section in form.sections
    ]


def _picture_rule(definition: Definition, form: Form) -> dict[str, Any]:
    if form.pictures is None:
        return {}
    rule = definition.policies.pictures
    return {**(rule.rule() if rule else {}), "reason": form.pictures.reason}
