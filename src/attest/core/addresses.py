"""From which address a request comes, behind whatever web servers stand in front of the product."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "0.0.0.0"
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(request: HttpRequest) -> str:
    """The address of whoever sent the request.

    `X-Forwarded-For` is read only when the request came from a trusted web server in front (ATTEST_TRUSTED_PROXIES:
    addresses or networks), and from its end: the last address that is not such a server's own is the visitor's. What
    a visitor wrote into it before that is never looked at.
    """
    trusted = _trusted()
    address = request.META.get("REMOTE_ADDR") or NOWHERE
    if not _among(address, trusted):
        return str(address)
    for step in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not (found := _parsed(step)):
            break
        address = found
        if not _among(address, trusted):
            break
    return str(address)


def _trusted() -> list[_Network]:
    return [ipaddress.ip_network(one, strict=False) for one in settings.TRUSTED_PROXIES]


def _among(address: str, networks: list[_Network]) -> bool:
    if address == NOWHERE:  # by a socket on this machine, so from a server in front
        return bool(networks)
    parsed = _parsed(address)
    return bool(parsed) and any(ipaddress.ip_address(parsed) in network for network in networks)


def _parsed(text: str) -> str:
    """The address alone, of `203.0.113.9`, `203.0.113.9:4711`, `2001:db8::1` or `[2001:db8::1]:4711`; else empty."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
