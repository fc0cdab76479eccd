"""Security headers of every answer."""

from flask import Flask, Response

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def add_security_headers(app: Flask) -> None:
    """Set the policy that nothing inline runs and nothing comes from outside."""

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers.setdefault('Content-Security-Policy', POLICY)
        response.headers.setdefault('X-Content-Type-Options', 'nosniff')
        response.headers.setdefault('Referrer-Policy', 'same-origin')
        response.headers.setdefault('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
        if response.mimetype == 'text/html':
            response.headers.setdefault('Cache-Control', 'no-cache, private')
        return response
