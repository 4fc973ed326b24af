"""Pictures that the bot draws, as a reply sends them: pages with names, and what they lack."""

from handlers.context import Services
from handlers.reading.harmless import harmless
from handlers.render.sheets import Layout
from models.message import MediaRef

PNG = "image/png"
_MOST_NAMED = 6


def kept_pictures(
    services: Services, layout: Layout, name: str, *, marked: bool
) -> tuple[MediaRef, ...]:
    """The pages of a picture as a reply needs them; several are numbered behind their *name*."""
    pages = layout.pictures()
    return tuple(
        services.keep(page, f"{name}{f'-{at}' if len(pages) > 1 else ''}.png", PNG, marked=marked)
        for at, page in enumerate(pages, start=1)
    )


def lacking_line(layout: Layout) -> tuple[str, ...]:
    """One line on the characters that a picture shows as 〓, none where all of them are drawn."""
    if not layout.missing:
        return ()
    shown = "、".join(harmless(each) for each in layout.missing[:_MOST_NAMED])
    more = f"等{len(layout.missing)}个字" if len(layout.missing) > _MOST_NAMED else ""
    return (f"图中“〓”处是字体缺少的字（{shown}{more}），以原名称为准。",)
