"""Whole conversations from `tests/data/reading/dialogues`: what the keys mean, and reading them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parent / "data" / "reading" / "dialogues"
#: The programmes of `tests.factories` rather than built-in ones.
LIGHT = "light"


def _listed(value: object) -> list[str]:
    """One fragment or several; a bare number in YAML is meant as it is written."""
    return [str(each) for each in (value if isinstance(value, list) else [value])]


Fragments = Annotated[list[str], BeforeValidator(_listed)]


class Part(BaseModel):
    """Anything written in a dialogue; a key that means nothing is an error."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ReportThen(Part):
    """One report as it stands; what is left out is not looked at, but for the version.

    *figures* are all figures of the whole area, *counties* all those by county (none when
    *figures* are given without them); a value written 约1700 is an approximate one.
    """

    task: str
    state: str = "submitted"
    version: int = 1
    unit: str = ""
    kind: str = "report"
    as_of: date | None = None
    figures: dict[str, str | int | float] | None = None
    counties: dict[str, dict[str, str | int | float]] | None = None
    sections: dict[str, str] = Field(default_factory=dict)
    pictures: int | None = None
    titles: list[str] | None = None
    sizes: list[str] | None = None


class Then(Part):
    """What stands in the database: every report by its number, and what is still open.

    *open* are the tasks that people have begun, in any order; *nothing* means neither.
    """

    nothing: bool = False
    reports: dict[int, ReportThen] | None = None
    open: list[str] | None = None


class FileSent(Part):
    """A workbook of *rows* (the last one *times* over), or any other file of *text*."""

    name: str
    rows: list[list[str | int | float | None]] = Field(default_factory=list)
    times: int = 1
    text: str = ""


class Step(Part):
    """One message, or a moment at which something else happens, and what must come of it.

    A *text* may be said so many *times* over. *pictures* come with the message, those of a *burst*
    each in a message of its own (their words: `tests.office.a_picture`; `lost` cannot be fetched).
    `as` names a message for a later *quoting* or *recall*; *quoted* is the text of one. *job* runs
    `drafts`, *restart* opens the database anew.

    *says* are fragments of the answer in their order, *never* such as may not occur; *silent*
    wants no answer at all, *shows* so many pictures with it. *hears* is what others are told
    meanwhile, *quiet* names chats that hear nothing.
    """

    who: str = ""
    text: Annotated[str, BeforeValidator(str)] = ""
    times: int = 1
    pictures: list[str] = Field(default_factory=list)
    burst: list[str] = Field(default_factory=list)
    files: list[FileSent] = Field(default_factory=list)
    group: str | None = None
    named: str = Field(default="", alias="as")
    quoting: str = ""
    quoted: str = ""
    recall: str = ""
    at: str = ""
    later: dict[str, float] = Field(default_factory=dict)
    job: str = ""
    restart: bool = False
    says: Fragments = Field(default_factory=list)
    never: Fragments = Field(default_factory=list)
    silent: bool = False
    shows: int | None = None
    hears: dict[str, Fragments] = Field(default_factory=dict)
    quiet: Fragments = Field(default_factory=list)
    then: Then | None = None


class Dialogue(Part):
    """A transcript: what it is about, where and when it is held, and its steps.

    *people* are further liaisons and their units; *both* also plays it on PostgreSQL. A step
    without `who` is the same person's as the one before.
    """

    title: str
    programmes: list[str] = Field(default_factory=lambda: [LIGHT])
    at: str = "2021-08-20T09:00"
    people: dict[str, list[str]] = Field(default_factory=dict)
    both: bool = False
    talk: list[Step]

    @model_validator(mode="after")
    def _speakers(self) -> "Dialogue":
        who = ""
        for step in self.talk:
            who = step.who = step.who or who
        return self


def dialogues(folder: Path = FOLDER) -> Iterator[tuple[str, Dialogue]]:
    """Every dialogue with its name: theme and title."""
    for path in sorted(folder.glob("*.yaml")):
        for each in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            dialogue = Dialogue.model_validate(each)
            yield f"{path.stem}: {dialogue.title}", dialogue
