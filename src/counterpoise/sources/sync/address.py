"""Addresses: which are of one site, and where a mirror has them."""

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from counterpoise.errors import InputError

__all__ = ["Mirror", "host_of", "is_same_site", "resolve"]


def host_of(url: str) -> str:
    """Return the host of an address with its port, in lower case."""
    return urlsplit(url).netloc.rsplit("@", 1)[-1].lower()


def is_same_site(url: str, other: str) -> bool:
    """Return whether both addresses are of one host, with or without ``www.``, and the other is not less safe."""
    first, second = urlsplit(url), urlsplit(other)
    if second.scheme not in {"http", "https"} or (first.scheme == "https" and second.scheme == "http"):
        return False
    return host_of(url).removeprefix("www.") == host_of(other).removeprefix("www.")


def resolve(base: str, link: str) -> str | None:
    """Return the whole address of a link on a page, without its fragment; None if it is none of the web."""
    try:
        url = urljoin(base, link.strip()).split("#", 1)[0]
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname is not None and parts.port != 0
    except ValueError:  # a bracket or a port that is none
        return None
    return url if usable and not any(letter.isspace() for letter in url) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """A server that has copies: ``https://a.example/b?c`` is at ``MIRROR/a.example/b%3Fc``, as wget names files.

    Raises
    ------
    InputError
        If the address is none of the web.
    """

    url: str

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in {"http", "https"} or not urlsplit(self.url).netloc:
            raise InputError(
                expected="the address of a mirror, such as http://mirror.example/sources",
                found=repr(self.url),
                where="--mirror",
                hint="give an http or https address; below it is a folder for each host",
            )

    def address(self, url: str) -> str:
        """Return where the mirror has an address."""
        parts = urlsplit(url)
        query = quote(f"?{parts.query}", safe="=&") if parts.query else ""
        return f"{self.url.rstrip('/')}/{parts.netloc}{parts.path or '/'}{query}"
