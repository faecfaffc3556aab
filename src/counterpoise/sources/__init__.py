"""Sources: one folder per publisher; bytes in, observations out.

``read_document`` is the one entry: it recognises a file by its content and returns a ``Batch``. Nothing here
writes; the archive is in ``observations``.
"""

from counterpoise.sources.read import read_document

__all__ = ["read_document"]
