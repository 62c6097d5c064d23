"""How the web server runs: read by gunicorn as `--config python:attest.config.gunicorn`.

It listens on loopback alone; whoever is outside comes through a web server with HTTPS in front of it.
"""

import os
import socket
import struct
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from attest.config.site import site
from attest.core.logs import Discreet

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
graceful_timeout = 5
control_socket_disable = True

# What a request may be made of. The longest addresses are those that a login elsewhere sends people back with.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Only these may say that a request came by HTTPS, and from where.
forwarded_allow_ips = ",".join(site(os.environ).proxies)

# No access log: the audit trail says who opened what. The log of errors names no request and no header.
accesslog = None
loglevel = "error"

STALLED_SECONDS = 20
"""A visitor who sends or takes nothing for so long is let go, so that the others' requests are answered."""


class Discretion(Logger):  # type: ignore[misc]
    """Errors of the web server, without the address that was asked for and without words of exceptions."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Discreet())

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self.error_log.error("a request was not carried out", exc_info=True)


logger_class = Discretion


def post_worker_init(worker: Any) -> None:
    """Connections that this worker takes on inherit how long they may stall."""
    for listener in worker.sockets:
        hurry(listener.sock)


def hurry(listener: socket.socket, seconds: int = STALLED_SECONDS) -> None:
    """Let no connection of this listener wait longer than that for the other side."""
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        listener.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", seconds, 0))
