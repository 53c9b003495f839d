"""Starts a PostgreSQL server of its own: Debian's package, a temporary folder, a socket in it and no port."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import sqlalchemy
from sqlalchemy import make_url

NAME = "seqlab"
_numbers = count()


def programs() -> Path | None:
    """Return the folder of the newest installed server's programs; Debian keeps them off PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Server:
    """A running server; `database` makes a new database and returns its URL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def connect(self) -> psycopg.Connection:
        """Connect to the server, outside any transaction."""
        return psycopg.connect(host=str(self.folder), user=NAME, dbname="postgres", autocommit=True)

    def database(self, original: str = "") -> str:
        """Make a database, a copy of the one of a URL if it is given; return its URL for SQLAlchemy."""
        name, template = (
            f"gradebook_{next(_numbers)}",
            make_url(original).database if original else "template1",
        )
        with contextlib.closing(self.connect()) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return f"postgresql+psycopg://{NAME}@/{name}?host={self.folder}"

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        with contextlib.closing(self.connect()) as connection:
            connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@contextlib.contextmanager
def started() -> Iterator[Server]:
    """Start a server, and end it with the block. It runs as another user if this one is root."""
    found = programs()
    assert found is not None
    folder = Path(tempfile.mkdtemp(prefix="seqlab-postgresql-", dir="/tmp"))  # a socket's path must be short
    user = {}
    if os.geteuid() == 0:
        other = pwd.getpwnam("postgres")  # of Debian's package
        os.chown(folder, other.pw_uid, other.pw_gid)
        user = {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}

    def run(program: str, *line: str) -> None:
        subprocess.run([found / program, *line], check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)

    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    control = ["pg_ctl", "-w", "-s", "-D", str(folder / "data")]
    try:
        run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", NAME, "-E", "UTF8", "--no-sync")
        run(*control, "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def cut_connections(db_url):
    """End all connections to a database of PostgreSQL but the one that asks for it."""
    engine = sqlalchemy.create_engine(db_url, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        others += " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(sqlalchemy.text(others)).all()
