"""JSON from outside: an object, or no request at all."""

import json
from typing import Any

from models.errors import BadRequest


def read_object(raw: bytes | str) -> dict[str, Any]:
    """The object that *raw* holds; raises BadRequest for anything else."""
    try:
        found = json.loads(raw if isinstance(raw, str) else raw.decode())
    except (ValueError, RecursionError) as error:  # what is no UTF-8 is a ValueError
        raise BadRequest("no JSON") from error
    if not isinstance(found, dict):
        raise BadRequest("no JSON object")
    return found
