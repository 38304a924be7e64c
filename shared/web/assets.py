"""Style sheets, scripts and pictures: the service's own before the shared ones, named with their content's hash."""

import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from shared.web.access import public

FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file's content and the first 12 hexadecimal digits of its SHA-256."""

    content: bytes
    digest: str
    media_type: str


def index(folders: Sequence[Path]) -> dict[str, Asset]:
    """Every file by its name below its folder, read once; earlier folders win. Only these are ever served."""
    found: dict[str, Asset] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name not in found:
                found[name] = _asset(path)
    return found


def _asset(path: Path) -> Asset:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    content = path.read_bytes()
    return Asset(content, hashlib.sha256(content).hexdigest()[:12], media_type)


def serve_assets(app: Flask, service: str, folders: Sequence[Path]) -> None:
    """Serve the folders' files under /static/SERVICE/ and give templates `asset(name)`."""
    assets = index(folders)

    def asset(name: str) -> str:
        return f"/static/{service}/{name}?v={assets[name].digest}"

    @app.get(f"/static/{service}/<path:name>", endpoint="asset")
    @public
    def send(name: str) -> Response:
        found = assets.get(name)
        if found is None:
            raise NotFound
        response = Response(found.content, content_type=found.media_type)
        response.set_etag(found.digest)
        fixed = request.args.get("v") == found.digest
        response.headers["Cache-Control"] = FOR_EVER if fixed else A_WHILE
        response.make_conditional(request)
        return response

    app.jinja_env.globals["asset"] = asset
