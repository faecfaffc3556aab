"""The command line: each command parses, calls one function, and prints.

Heavy libraries are imported inside the commands, so that ``counterpoise --help`` answers at once.
"""

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterpoise.errors import CounterpoiseError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 no analysis possible, 2 wrong input or usage, 3 a source failed."""
    arguments = list(sys.argv[1:] if argv is None else argv) or ["--help"]
    sys.exit(_run(arguments))


def _run(arguments: list[str]) -> int:
    import typer

    from counterpoise.cli.app import app
    from counterpoise.errors import CounterpoiseError

    as_json = "--json" in arguments
    try:
        code = app(arguments, standalone_mode=False, prog_name="counterpoise")
    except CounterpoiseError as error:
        _say_error(error, as_json)
        return error.exit_code
    except typer.TyperException as error:
        _say_error(_usage_error(error), as_json)
        return 2
    except typer.Abort:
        print("Stopped; nothing was changed.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0


def _usage_error(error: Exception) -> "CounterpoiseError":
    from counterpoise.errors import InputError

    command = getattr(getattr(error, "ctx", None), "command_path", "counterpoise")
    message = getattr(error, "format_message", error.__str__)()
    return InputError(
        expected="arguments the command knows",
        found=message.rstrip("."),
        where=command,
        hint=f"'{command} --help' shows what it takes",
    )


def _say_error(error: "CounterpoiseError", as_json: bool) -> None:
    if as_json:
        print(json.dumps(error.to_dict(), ensure_ascii=False))
    print(f"Error: {error}", file=sys.stderr)
