"""The headers every answer carries: what a browser may do with it (OWASP Secure Headers)."""

from collections.abc import Sequence

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
ALWAYS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cache-Control": "no-store",
}
TWO_YEARS_S = 63_072_000

Headers = list[tuple[str, str]]


def fixed_headers(*, https: bool) -> Headers:
    """The headers of a site; over HTTPS it asks never to be called without."""
    transport = {"Strict-Transport-Security": f"max-age={TWO_YEARS_S}; includeSubDomains"} if https else {}
    return list((ALWAYS | transport).items())


def complete(headers: Headers, fixed: Sequence[tuple[str, str]], environ: dict[str, str]) -> None:
    """Add the fixed headers a view has not set itself, and keep redirects on this site's own paths."""
    given = {name for name, _ in headers}
    headers.extend(header for header in fixed if header[0] not in given)
    if "Location" in given:
        headers[:] = [(name, _here(value, environ) if name == "Location" else value) for name, value in headers]


def _here(location: str, environ: dict[str, str]) -> str:
    # Werkzeug completes a redirect for a missing slash with the Host header, which anybody can write.
    own = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}/"
    return "/" + location[len(own) :].lstrip("/") if location.startswith(own) else location
