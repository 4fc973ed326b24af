"""How the pages behind links are laid out and sent: templates, one style sheet, strict headers."""

import gzip
import hashlib
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
STATIC = _HERE / "static" / "board"
#: Pages need nothing from elsewhere, run nothing, are framed by nobody and kept by nobody.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
    "Vary": "Accept-Encoding",
}
#: Below this a packed page is hardly smaller.
_WORTH_PACKING = 1_000


class Layout:
    """The templates of `bot/templates/board`, every value escaped."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        style = (STATIC / "board.css").read_bytes()
        self._version = hashlib.sha256(style).hexdigest()[:12]

    def page(self, web: Request, name: str, status: int = 200, **values: object) -> Response:
        """The template *name* filled in, packed where the browser takes it so."""
        template = self._templates.get_template(f"board/{name}.html")
        body = template.render(version=self._version, **values).encode()
        headers = dict(HEADERS)
        is_packed = "gzip" in web.headers.get("accept-encoding", "")
        if is_packed and len(body) > _WORTH_PACKING:
            body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
        return HTMLResponse(body, status, headers=headers)

    def calm(
        self, web: Request, status: int, title: str, *lines: str, home: bool = False
    ) -> Response:
        """A page that says calmly what does not work and what to do; *home* leads to the board."""
        return self.page(web, "closed", status, title=title, lines=lines, home=home)
