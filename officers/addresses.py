"""Where a request comes from, for the audit trail and for what counts wrong passwords."""

from ipaddress import ip_address, ip_network


def address_of(request) -> str:
    """Where the request comes from; an IPv6 network of one household or office counts as one address.

    No header is asked, as a visitor writes headers too: on a server laborreg.middleware.BehindProxy has put here
    what our own web server says.
    """
    said = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(said)
    except ValueError:
        return "0.0.0.0"  # nosec B104  # counted under, not listened on
    if address.version == 6 and not address.ipv4_mapped:
        return str(ip_network((address, 64), strict=False).network_address)
    return str(getattr(address, "ipv4_mapped", None) or address)
