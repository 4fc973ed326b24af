"""Pictures that come with several reports at once: to which of them they belong."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reporting.arrived import usable
from handlers.reporting.choose import own_duties, ready
from handlers.reporting.form import picture_rule
from handlers.reporting.waiting import Waiting, let_wait, take_waiting
from handlers.standing.matters import Matter
from models.media import Media
from models.obligation import OPEN_STATES


@dataclass
class SharedPictures:
    """The pictures of a message, and those that waited, put aside until their report is known.

    *owner* is the key of the one matter that asks for pictures, None where there is not just one.
    """

    context: Context
    media: Sequence[Media]
    waited: Waiting
    owner: tuple[str, int] | None
    is_left: bool

    @classmethod
    def of(cls, context: Context, matters: Sequence[Matter]) -> "SharedPictures":
        """Take the pictures aside: only their own report will get them."""
        context.pictures_taken = True
        waited = take_waiting(context.session, context.speaker.id, context.now)
        has_any = bool(waited.shas or usable(context.media))
        owner = _owner(context, matters) if has_any else None
        return cls(context, context.media, waited, owner, has_any)

    @contextmanager
    def of_item(self, matter: Matter) -> Iterator[bool]:
        """While this matter is reported, the message has its pictures, or none; says which."""
        is_owner = self.is_left and matter.key == self.owner
        self.context.media = self.media if is_owner else ()
        if is_owner:
            self._wait(self.waited.shas)
            self.is_left = False
        try:
            yield is_owner
        finally:
            self.context.media = self.media

    def give_back(self) -> None:
        """Their report was refused: they are left after all."""
        take_waiting(self.context.session, self.context.speaker.id, self.context.now)
        self.is_left = True

    def question(self, commands: Sequence[str]) -> str:
        """Where no one report owns them they wait, and it is asked which; else empty."""
        if not self.is_left:
            return ""
        shas = [*self.waited.shas, *(each.sha for each in usable(self.media))]
        self._wait(shas)
        if not commands:
            return f"{len(shas)}张图片已留存，将附在您接下来的报送中；不用请发“取消”。"
        keep_list(self.context, "{}", commands)
        listed = [f"{at}. {each}" for at, each in enumerate(commands, 1)]
        return "\n".join([f"{len(shas)}张图片属于哪一项？请回复序号：", *listed])

    def _wait(self, shas: Sequence[str]) -> None:
        context = self.context
        if shas:
            let_wait(context.session, context.speaker.id, shas, "", context.now)
        for text in self.waited.texts:
            let_wait(context.session, context.speaker.id, (), text, context.now)


def _owner(context: Context, matters: Sequence[Matter]) -> tuple[str, int] | None:
    """The one matter whose report must bring pictures, else the one that has a rule for them."""
    owed = ready(own_duties(context, {e.task.id or 0 for e in matters}, OPEN_STATES), context)
    keys = {each.key for each in matters}
    owed = [each for each in owed if each.matter.key in keys]
    needed = {each.matter.key for each in owed if each.requirement.pictures}
    ruled = {e.matter.key for e in owed if picture_rule(e.requirement, e.programme) is not None}
    return next((one.pop() for one in (needed, ruled) if len(one) == 1), None)
