"""A request of the server, as a WSGI application wants it (PEP 3333)."""

import os
from typing import IO

from granian.rsgi import Scope

_BARE = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def environ_of(scope: Scope, body: IO[bytes]) -> dict[str, str]:
    """Return the part of the environment that is text, and put the body at its beginning.

    The path comes decoded, so it is not decoded again. A name with an underscore could pass for another one
    and is left out; of a header that comes twice the values are joined.
    """
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.url_scheme": scope.scheme,
    }
    environ["SERVER_NAME"], _, environ["SERVER_PORT"] = scope.server.rpartition(":")
    environ["REMOTE_ADDR"], _, environ["REMOTE_PORT"] = scope.client.rpartition(":")
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = _BARE.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        joint = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    # What came in pieces has no length of its own, and nothing of it would be read.
    environ["CONTENT_LENGTH"] = str(body.seek(0, os.SEEK_END))
    body.seek(0)
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ
