"""The pictures and files that were sent with an order's evidence, to be looked at again."""

from handlers.context import Context
from handlers.render.mark import mark_picture
from handlers.reporting.intake import mime_of
from handlers.supervising.orders import OrderStanding, live_steps
from handlers.supervising.texts import DEMO
from models.errors import MediaUnavailable
from models.media import Media, media_by_sha
from models.message import MediaRef

#: So many are shown at once, the newest.
_MOST = 9
_Refs = tuple[MediaRef, ...]


def files_of(ctx: Context, each: OrderStanding) -> tuple[_Refs, _Refs]:
    """Pictures and files of the newest evidence; what cannot be fetched now is left out."""
    sent = [one for step in live_steps(ctx.session, each.id) for one in step.media][-_MOST:]
    rows = media_by_sha(ctx.session, [one["sha"] for one in sent])
    pictures, files = list[MediaRef](), list[MediaRef]()
    for number, one in enumerate(sent, start=1):
        row = rows.get(one["sha"])
        name = f"{each.label(ctx.today.year)}-附件{number}-{one['name']}"
        if row is not None and row.facts and (picture := _picture(ctx, each, row, name)):
            pictures.append(picture)
        elif row is not None and not row.facts:
            files.append(MediaRef(row.stored_sha, name, row.mime))
    return tuple(pictures), tuple(files)


def _picture(ctx: Context, each: OrderStanding, row: Media, name: str) -> MediaRef | None:
    """The picture as it is kept; marked where the programme is a demonstration."""
    if not each.programme.demo:
        return MediaRef(row.stored_sha, name, row.mime)
    try:
        data = mark_picture(ctx.services.media.get(row.stored_sha), DEMO)
    except MediaUnavailable:
        return None
    return MediaRef(ctx.services.media.put(data), name, mime_of(data, ""), marked=True)
