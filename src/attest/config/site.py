"""Where the site is reached, and what follows from it: names it answers to, HTTPS, cookies.

`ATTEST_URL` is the address that people type, such as `https://practice.example.com`. `ATTEST_HOSTS` names further
hosts, separated by commas. Without either the site is at `http://localhost`. Every other name needs HTTPS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCAL = ("localhost", "127.0.0.1", "[::1]")
A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Site:
    """The site as it is seen from outside.

    `url` has no slash at its end. `proxies` are the addresses of web servers in front whose word about the visitor's
    address and scheme is believed. `hsts_seconds` is how long browsers shall insist on HTTPS, 0 not at all.
    """

    url: str
    chosen: bool
    """Whether the environment names it at all."""
    hosts: tuple[str, ...]
    proxies: tuple[str, ...]
    hsts_seconds: int

    @property
    def https(self) -> bool:
        return self.url.startswith("https://")

    @property
    def host(self) -> str:
        """The name and port that a browser sends as *Host*."""
        return urlsplit(self.url).netloc

    @property
    def origins(self) -> list[str]:
        """Origins that forms may be sent from."""
        scheme = "https" if self.https else "http"
        return [
            self.url,
            *(f"{scheme}://{name}" for name in self.hosts if name not in LOCAL and name != self.host),
        ]

    def cookie(self, name: str) -> str:
        """The name of a cookie: with HTTPS one that only this very host can set, over HTTPS, for every path."""
        return f"__Host-{name}" if self.https else name


def site(environ: Mapping[str, str]) -> Site:
    """The site that the environment describes. Raises ImproperlyConfigured for what cannot be, in a plain sentence."""
    named = [name.strip() for name in environ.get("ATTEST_HOSTS", "").split(",") if name.strip()]
    outside = [name for name in named if not _local(name)]
    url = environ.get("ATTEST_URL", "").strip().rstrip("/")
    if not url:
        url = f"https://{outside[0]}" if outside else f"http://localhost:{environ.get('PORT') or '8000'}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            "ATTEST_URL is the address of the site and nothing more, such as https://practice.example.com."
        )
    if parts.scheme == "http" and not (_local(parts.hostname) and all(_local(name) for name in named)):
        raise ImproperlyConfigured(
            f"{url} is not encrypted: charts and passwords would travel in the open. Put a web server with HTTPS in "
            "front and name its address, such as ATTEST_URL=https://practice.example.com."
        )
    proxies = environ.get("ATTEST_TRUSTED_PROXIES", "127.0.0.1,::1" if parts.scheme == "https" else "")
    return Site(
        url=url,
        chosen=bool(named or environ.get("ATTEST_URL", "").strip()),
        hosts=tuple(dict.fromkeys([parts.hostname, *named, *(LOCAL if _local(parts.hostname) else ())])),
        proxies=tuple(part.strip() for part in proxies.split(",") if part.strip()),
        hsts_seconds=_seconds(environ.get("ATTEST_HSTS_SECONDS")) if parts.scheme == "https" else 0,
    )


def _local(name: str) -> bool:
    return (
        name.partition(":")[0].lower() in LOCAL or name in ("::1", "[::1]") or name.startswith("localhost:")
    )


def _seconds(given: str | None) -> int:
    if given is None:
        return A_YEAR
    if not given.isascii() or not given.isdigit():
        raise ImproperlyConfigured("ATTEST_HSTS_SECONDS is a number of seconds; 0 switches it off.")
    return int(given)
