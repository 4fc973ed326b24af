"""Signed addresses of pages and files: written here, read here, and worth nothing elsewhere."""

import hashlib
import re
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer
from sqlmodel import Session

from models.errors import BadRequest
from models.link import Link, LinkKind

_PATHS = {
    LinkKind.BOARD: "board",
    LinkKind.FILE: "files",
    LinkKind.UPLOAD: "files",
    LinkKind.EXPORT: "files",
}
#: A link's id and the second in which it was made, a point and their signature. The library reads
#: over letters that no signature has: what is not written so is refused before it is asked.
_SIGNED = re.compile(r"([0-9]{1,18})-([0-9]{1,12})\.[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Named:
    """The link that an address names, by its id and the second in which it was made."""

    id: int
    made: int

    def find(self, session: Session) -> Link | None:
        """The link; None where its id is another's: a restored database gives ids out again."""
        link = session.get(Link, self.id)
        return link if link is not None and _second(link) == self.made else None


def _second(link: Link) -> int:
    return int(link.made_at.timestamp())


class SignedAddresses:
    """Addresses under *public_url* that name a link, signed with *secret*.

    A board's address opens no file: each path signs with a salt of its own.
    """

    def __init__(self, secret: str, public_url: str) -> None:
        self._public_url = public_url
        self._signers = {
            path: Signer(secret, salt=f"dajuan.{path}", digest_method=hashlib.sha256)
            for path in set(_PATHS.values())
        }

    def of(self, link: Link) -> str:
        """The whole address that opens *link*."""
        path = _PATHS[LinkKind(link.kind)]
        signed = self._signers[path].sign(f"{link.id}-{_second(link)}").decode()
        return f"{self._public_url}/{path}/{signed}"

    def read(self, path: str, signed: str) -> Named:
        """The link that the signed part of an address under *path* names.

        Raises BadRequest (403) for a signature that is not ours; it is compared in constant time.
        """
        found = _SIGNED.fullmatch(signed)
        try:
            if found is None:
                raise BadSignature("not written as ours are")
            self._signers[path].unsign(signed)
        except BadSignature as error:
            raise BadRequest("link is not signed by this service", 403) from error
        return Named(int(found[1]), int(found[2]))
