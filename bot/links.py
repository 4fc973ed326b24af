"""Signed addresses of pages and files: written here, read here, and worth nothing elsewhere."""

import hashlib

from itsdangerous import BadSignature, Signer

from models.errors import BadRequest
from models.link import Link, LinkKind

_PATHS = {
    LinkKind.BOARD: "board",
    LinkKind.FILE: "files",
    LinkKind.UPLOAD: "files",
    LinkKind.EXPORT: "files",
}
#: The longest signed part that is looked at: an id, a point and a signature.
_LONGEST = 80


class SignedAddresses:
    """Addresses under *public_url* that carry a link's id, signed with *secret*.

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
        return f"{self._public_url}/{path}/{self._signers[path].sign(str(link.id)).decode()}"

    def read(self, path: str, signed: str) -> int:
        """The id of the link behind the signed part of an address under *path*.

        Raises BadRequest (403) for a signature that is not ours; it is compared in constant time.
        """
        try:
            if len(signed) > _LONGEST:
                raise BadSignature("too long")
            return int(self._signers[path].unsign(signed.encode()))
        except (BadSignature, ValueError) as error:
            raise BadRequest("link is not signed by this service", 403) from error
