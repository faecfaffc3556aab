"""The errors Counterpoise raises, each with what was expected, found, where, and what to do.

Nothing happens when an error is built; the command line turns one into a plain sentence (or JSON) and an
exit code. Tests match class and fields, never wording.
"""

from typing import ClassVar

__all__ = ["AnalysisError", "CounterpoiseError", "InputError", "SourceError"]


class CounterpoiseError(Exception):
    """Base of all errors a user can cause or must know of.

    Parameters
    ----------
    expected
        What would have been right, in plain words.
    found
        What was there instead, with the value.
    where
        File, sheet, row, line, option or archive in which it was found.
    hint
        What to do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, *, expected: str, found: str, where: str, hint: str) -> None:
        super().__init__(expected, found, where, hint)
        self.expected = expected
        self.found = found
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        end = "" if self.hint.endswith("?") else "."
        return f"{self.where}: expected {self.expected}, found {self.found}; {self.hint}{end}"

    def to_dict(self) -> dict[str, dict[str, str]]:
        """Return the one JSON shape of every error: ``{"error": {class, expected, found, where, hint}}``."""
        return {
            "error": {
                "class": type(self).__name__,
                "expected": self.expected,
                "found": self.found,
                "where": self.where,
                "hint": self.hint,
            }
        }


class InputError(CounterpoiseError):
    """Wrong input or usage; exit code 2. Nothing stored was changed."""

    exit_code = 2


class AnalysisError(CounterpoiseError):
    """The analysis could not be made from what is stored; exit code 1."""

    exit_code = 1


class SourceError(CounterpoiseError):
    """A source could not be reached or read; exit code 3. What was there before is kept."""

    exit_code = 3
