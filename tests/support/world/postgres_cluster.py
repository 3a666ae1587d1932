#!/usr/bin/env python3
"""A private PostgreSQL cluster on loopback, durable as in production (`fsync` is on).

    postgres_cluster.py DIR

When it accepts connections, one line of JSON is printed: `{"url": "postgres://nightheron@127.0.0.1:PORT/"}`, to which
the name of a database is to be added; `nightheron` is a superuser and needs no password. As root, the server runs as
the user `postgres`, who must be able to reach DIR.
"""

import argparse
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import time

import service

SUPERUSER = "nightheron"
SECONDS_TO_START = 30

OPTIONS = {
    "listen_addresses": service.LOOPBACK,
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


def find(program):
    """A PostgreSQL program: Debian keeps them out of the search path."""
    newest = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    found = shutil.which(program, path=os.pathsep.join([*map(str, newest), os.environ.get("PATH", "")]))
    if found is None:
        sys.exit(f"no {program}: is Debian's `postgresql` installed?")
    return found


def version(folder):
    """The number in /usr/lib/postgresql/15/bin."""
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def server_user():
    """The user for the server, which refuses to run as root; None means: as we are."""
    return "postgres" if os.geteuid() == 0 else None


def options_of(user):
    """How to start a child as that user."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def initialise(folder, user):
    """Makes the cluster's files."""
    folder.mkdir(mode=0o700, parents=True)
    if user is not None:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
    command = [find("initdb"), "--pgdata", folder / "data", "--username", SUPERUSER, "--auth", "trust"]
    command += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
    subprocess.run(command, check=True, stdout=sys.stderr, stdin=subprocess.DEVNULL, cwd="/", **options_of(user))


def start(folder, user, port):
    """Starts the server in the foreground; with SIGINT (its fast shutdown) it dies with this process."""
    command = [find("postgres"), "-D", folder / "data", "-p", port, "-c", f"unix_socket_directories={folder}"]
    for option, value in OPTIONS.items():
        command += ["-c", f"{option}={value}"]
    log = folder.parent / f"{folder.name}.log"
    return service.spawn(command, log=log, death_signal=signal.SIGINT, cwd="/", **options_of(user))


def wait_until_ready(server, port):
    """Asks until the server says yes."""
    question = [find("pg_isready"), "-q", "-h", service.LOOPBACK, "-p", str(port), "-U", SUPERUSER, "-d", "postgres"]
    deadline = time.monotonic() + SECONDS_TO_START
    while subprocess.run(question, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            service.stop(server, signum=signal.SIGQUIT)
            sys.exit("PostgreSQL did not start; see its log")
        time.sleep(0.05)


def main():
    """Runs the cluster until the end."""
    service.end_with_parent()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    folder = parser.parse_args().folder
    user = server_user()
    initialise(folder, user)
    (port,) = service.free_ports(1)
    server = start(folder, user, port)
    try:
        wait_until_ready(server, port)
        service.announce(url=f"postgres://{SUPERUSER}@{service.LOOPBACK}:{port}/")
        service.wait_for_end()
    finally:
        service.stop(server, signum=signal.SIGINT)


if __name__ == "__main__":
    main()
