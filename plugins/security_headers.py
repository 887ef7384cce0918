"""Headers that let a browser run only this site's own files; inline scripts of the templates by their hash."""

import base64
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from jinja2 import Environment
from jinja2.ext import Extension

App = Callable[[Any, Any, Any], Awaitable[None]]
# Put into the templates' own script tags and taken out of each page again: data in a page cannot know it.
MARK = secrets.token_hex(16)
SCRIPT = re.compile(rf"<script data-{MARK}(.*?)>(.*?)</script>".encode(), re.DOTALL)
NOT_MODIFIED = 304
# Shown inside other programs' pages (OpenRefine's, wherever it runs): it has no script and nothing to press but a link.
FRAMED = {"/reconcile/preview"}
FIXED = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"),
]
# Datasette's table page and the map place things with style attributes: styles, unlike scripts, may stand in the page.
POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {ancestors}"
)


class MarkScripts(Extension):
    """Marks the script tags that stand in a template, before anything is filled in."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """Return the template with the mark in each of its script tags."""
        return re.sub(r"<script(?=[\s>{])", f"<script data-{MARK}", source)


def settle_scripts(body: bytes, ancestors: str) -> tuple[bytes, str]:
    """Return the page without marks, and the policy that allows the marked inline scripts by their hash."""
    hashes: dict[str, None] = {}

    def settle(found: re.Match[bytes]) -> bytes:
        attributes, script = found.groups()
        if script.strip() and b"src=" not in attributes:
            digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
            hashes[f" 'sha256-{digest}'"] = None
        return b"<script" + attributes + b">" + script + b"</script>"

    return SCRIPT.sub(settle, body), POLICY.format(hashes="".join(hashes), ancestors=ancestors)


class Sealer:
    """Sends one answer on with its headers; a page of HTML is held until its scripts are known."""

    def __init__(self, send: Any, path: str) -> None:  # noqa: ANN401 - ASGI's own types
        self.send = send
        self.ancestors = "*" if path in FRAMED else "'none'"
        self.start: dict[str, Any] | None = None

    async def __call__(self, message: dict[str, Any]) -> None:
        """Send the message, or hold the start of a page."""
        if message["type"] == "http.response.start":
            own = {name for name, _ in FIXED}
            fixed = [pair for pair in FIXED if pair[0] != b"x-frame-options" or self.ancestors == "'none'"]
            headers = [pair for pair in message.get("headers", []) if pair[0].lower() not in own] + fixed
            message = {**message, "headers": headers}
            if any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                self.start = message
                return
            if message["status"] != NOT_MODIFIED:  # a browser would put it in place of the stored page's own policy
                headers.append((b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"))
        elif self.start is not None:
            body, policy = settle_scripts(message.get("body", b""), self.ancestors)
            headers = [pair for pair in self.start["headers"] if pair[0].lower() != b"content-length"]
            headers.append((b"content-security-policy", policy.encode()))
            if not message.get("more_body"):
                headers.append((b"content-length", str(len(body)).encode()))
            await self.send({**self.start, "headers": headers})
            self.start, message = None, {**message, "body": body}
        await self.send(message)


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Have the templates' own scripts marked."""
    env.add_extension(MarkScripts)


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Return the wrapper that adds the headers to every answer."""

    def wrap(app: App) -> App:
        async def seal(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            await app(scope, receive, Sealer(send, scope["path"]) if scope["type"] == "http" else send)

        return seal

    return wrap
