"""Reading back what a brief says of its numbers: the block ``trace BRIEF N`` starts from."""

import json
import re
from pathlib import Path
from typing import Any

from counterpoise.errors import InputError

__all__ = ["read_trace_block"]

_BLOCK = re.compile(r'<script type="application/json" id="counterpoise-trace">(.*?)</script>', re.DOTALL)


def read_trace_block(path: Path) -> dict[str, dict[str, Any]]:
    """Return, by number in the text, what ``trace_block`` wrote into a brief.

    Raises
    ------
    InputError
        If the file cannot be read, or is no brief of ours.
    """
    try:
        page = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            expected="a brief that can be read",
            found=getattr(error, "strerror", None) or "bytes that are no UTF-8",
            where=str(path),
            hint="check the path",
        ) from error
    found = _BLOCK.search(page)
    if found is None:
        raise InputError(
            expected="a page written by 'counterpoise brief'",
            found="a page without its list of numbers",
            where=str(path),
            hint="make it with 'counterpoise brief CASE --out brief.html'",
        )
    block: dict[str, dict[str, Any]] = json.loads(found.group(1))
    return block
