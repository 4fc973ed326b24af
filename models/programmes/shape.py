"""What every part of a definition is made of: exact numbers, plain text, nothing unknown."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Names = tuple[Text, ...]


def _exact_number(value: Any) -> Decimal:
    """A decimal from a whole number or a quoted one: a bare 1.65 would pass through a float."""
    if isinstance(value, Decimal):
        return value
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not re.fullmatch(r"-?\d+(\.\d+)?", written):
        raise ValueError('应为数字；小数请加引号，如 "1.65"，不带单位和千分号')
    return Decimal(written)


Number = Annotated[Decimal, BeforeValidator(_exact_number)]


class Strict(BaseModel):
    """Unknown fields and wrong types are refused, so that a typing error is not lost silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
