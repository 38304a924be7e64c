"""The headers every answer carries: what a browser may do with it (OWASP Secure Headers)."""

from flask import Flask, Response, request

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
}
TWO_YEARS_S = 63_072_000


def set_headers(app: Flask, *, https: bool) -> None:
    """Send the headers with every answer; what a view set itself stays."""
    fixed = dict(ALWAYS)
    if https:
        fixed["Strict-Transport-Security"] = f"max-age={TWO_YEARS_S}; includeSubDomains"

    @app.after_request
    def complete(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        _keep_here(response)
        return response


def _keep_here(response: Response) -> None:
    # Werkzeug completes a redirect for a missing slash with the Host header, which anybody can write.
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = "/" + location[len(request.host_url) :].lstrip("/")
