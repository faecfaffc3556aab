"""How patient ``sync`` is: with a server that is slow, busy, broken or hostile."""

from dataclasses import dataclass

__all__ = ["LIMITS", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times and numbers no server can exceed.

    Parameters
    ----------
    connect_seconds, silence_seconds
        Longest wait for a connection, and between two pieces of an answer.
    total_seconds, bytes_per_second
        Longest time for one document, with all attempts and pauses: so many seconds, and as many more as a document
        of the largest size takes at this speed. A server that sends a byte now and then is never silent; it ends here.
    attempts
        Requests for one document while the server is busy (429), broken (5xx) or cut off.
    first_pause_seconds
        Pause before the second attempt; each further one is twice as long, unless the server says how long.
    longest_pause_seconds
        A server that asks for more is left alone until the next run.
    redirects
        Most redirects of one request.
    """

    connect_seconds: float = 20.0
    silence_seconds: float = 30.0
    total_seconds: float = 300.0
    bytes_per_second: float = 500_000.0
    attempts: int = 4
    first_pause_seconds: float = 2.0
    longest_pause_seconds: float = 120.0
    redirects: int = 5


LIMITS = Limits()
