"""Security headers of every answer."""

from flask import Flask, Response

# What a page may load, each kind by name: what is not named is refused.
SOURCES = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'manifest-src': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
}
HSTS = 'max-age=31536000; includeSubDomains'


def policy(form_targets: tuple[str, ...] = ()) -> str:
    """Return the content policy; a form may lead to this site and to the payment pages named in the settings."""
    sources = {**SOURCES, 'form-action': ' '.join(("'self'", *form_targets))}
    return '; '.join(f'{name} {source}' for name, source in sources.items())


def add_security_headers(app: Flask) -> None:
    """Set the policy that nothing inline runs and nothing comes from outside."""
    headers = {
        'Content-Security-Policy': policy(app.config['FORM_TARGETS']),
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'same-origin',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    }
    if app.config['COOKIE_SECURE']:
        headers['Strict-Transport-Security'] = HSTS

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if response.mimetype == 'text/html':
            response.headers.setdefault('Cache-Control', 'no-cache, private')
        return response
