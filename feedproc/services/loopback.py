"""Whether names and addresses are of this machine."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback_name(host: str) -> bool:
    """Say whether a Host header names this machine. Anybody may let a name of his own resolve to it."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or is_loopback_address(name)


def is_loopback_address(address: str) -> bool:
    """Say whether an IP address is one of this machine's own."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
