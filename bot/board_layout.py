"""How the pages behind links are laid out and sent: templates, one style sheet, strict headers."""

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE = Path(__file__).parent
_STYLE = _HERE / "static" / "board" / "board.css"
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
#: A style sheet's address changes with it: a phone fetches it once.
_KEPT = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
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
        self._style = _STYLE.read_bytes()
        self._version = hashlib.sha256(self._style).hexdigest()[:12]

    def page(self, web: Request, name: str, status: int = 200, **values: object) -> Response:
        """The template *name* filled in, packed where the browser takes it so."""
        template = self._templates.get_template(f"board/{name}.html")
        html = template.render(version=self._version, **values).encode()
        body, headers = _packed(web, html, HEADERS)
        return HTMLResponse(body, status, headers=headers)

    def style(self, web: Request) -> Response:
        """The style sheet of all these pages."""
        body, headers = _packed(web, self._style, _KEPT)
        return Response(body, media_type="text/css", headers=headers)

    def calm(
        self, web: Request, status: int, title: str, *lines: str, home: bool = False
    ) -> Response:
        """A page that says calmly what does not work and what to do; *home* leads to the board."""
        return self.page(web, "closed", status, title=title, lines=lines, home=home)


def _packed(
    web: Request, body: bytes, headers: Mapping[str, str]
) -> tuple[bytes, Mapping[str, str]]:
    """The body and headers to send: packed where the browser takes it so."""
    if len(body) <= _WORTH_PACKING or "gzip" not in web.headers.get("accept-encoding", ""):
        return body, headers
    return gzip.compress(body, 6), {**headers, "Content-Encoding": "gzip"}
