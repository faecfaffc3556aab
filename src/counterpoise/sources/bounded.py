"""Files that are read only up to a size, so that a wrong path cannot fill the memory."""

from pathlib import Path

from counterpoise.errors import InputError

__all__ = ["read_at_most"]


def read_at_most(path: Path, largest: int, *, hint: str) -> bytes:
    """Return the bytes of a file of at most ``largest`` bytes.

    Raises
    ------
    InputError
        If it is larger; ``hint`` says what to do.
    OSError
        If it cannot be read: only the caller knows what should have been there.
    """
    size = path.stat().st_size
    if size > largest:
        raise InputError(
            expected=f"a file of at most {largest // 2**20} MiB",
            found=f"{size / 2**20:.0f} MiB",
            where=str(path),
            hint=hint,
        )
    return path.read_bytes()
