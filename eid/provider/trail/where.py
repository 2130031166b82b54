"""Where something was done from, as a person recognises it: the browser's name, the system's, half of an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

# The first that stands in a User-Agent is meant: every browser names others after itself, Safari and Chrome above all.
_BROWSERS = {
    "Edge": r"\bEdg(e|A|iOS)?/",
    "Opera": r"\b(OPR|OPT|OPX)/",
    "Samsung Internet": r"\bSamsungBrowser/",
    "Vivaldi": r"\bVivaldi/",
    "Firefox": r"\b(Firefox|FxiOS)/",
    "Chrome": r"\b(Chrome|CriOS|HeadlessChrome)/",
    "Safari": r"\bSafari/",
}
_SYSTEMS = {
    "Android": r"\bAndroid\b",
    "iPhone": r"\biPhone\b",
    "iPad": r"\biPad\b",
    "Windows": r"\bWindows\b",
    "ChromeOS": r"\bCrOS\b",
    "macOS": r"\bMac OS X\b",
    "Linux": r"\bLinux\b",
}


@dataclass(frozen=True, slots=True)
class Where:
    """A browser on a system in a network; each "" when it is not known."""

    browser: str = ""
    system: str = ""
    network: str = ""


def where_from(user_agent: str, address: str) -> Where:
    """Return where a request came from. Of the address only so much is kept as tells a provider, not a household."""
    return Where(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent), _coarse(address))


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for name, pattern in names.items() if re.search(pattern, user_agent)), "")


def _coarse(address: str) -> str:
    """Return the network of an address: 192.0.2.0/24, 2001:db8:1::/48."""
    try:
        told = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(told, IPv6Address):
        told = told.ipv4_mapped or told
    return str(ip_network(f"{told}/{48 if isinstance(told, IPv6Address) else 24}", strict=False))
