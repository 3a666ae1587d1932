#!/usr/bin/env python3
"""Starts the whole test world and keeps it until SIGTERM, SIGINT or the end of the program that started it.

    world.py up DIR [--socks-client] [--misago-python PROGRAM]

Starts, at the same time, a private Tor network, the sites, and a mail server. The sites are the Spirit forum, the
bepasty and pinnwand paste sites, the Misago forum if its Python is named, and Debian's WordPress if it is installed.
Each has an onion service, and so has a port where nothing listens. When all are up, `DIR/world.json` is written, and
`ready` is the last line of the progress. The parts' own logs are in DIR. The format of `world.json` is in
tests/support/README.md.
"""

import argparse
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import time

import service

HERE = pathlib.Path(__file__).resolve().parent

SITES = ("spirit", "bepasty", "misago", "wordpress", "pinnwand")

# Enough for two tries of the onion network.
SECONDS_TO_START = 600

BEGUN = time.monotonic()


def say(text):
    """A line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - BEGUN:6.1f} s] {text}", flush=True)


class Part:
    """One program of the world."""

    def __init__(self, name, folder, command, sockets=(), python=sys.executable):
        self.name = name
        self.log = folder / f"{name}.log"
        self.facts = None
        self.answer = b""
        fds = [sock.fileno() for sock in sockets]
        self.process = service.spawn(
            [python, HERE / command[0], folder / name, *command[1:]],
            log=self.log,
            stdout=subprocess.PIPE,
            pass_fds=fds,
        )

    def read(self):
        """Takes in what the program has printed; True when it has ended instead of becoming ready."""
        chunk = os.read(self.process.stdout.fileno(), 65536)
        self.answer += chunk
        if self.answer.endswith(b"\n"):
            self.facts = json.loads(self.answer)
        return not chunk


def sites_of(pythons):
    """The sites that can be started: name to Python and program, as a test starts one for itself."""
    return {name: [pythons[name], str(HERE / f"{name}_site.py")] for name in SITES if pythons.get(name)}


def start_parts(folder, socks_client, sites):
    """Starts all parts; returns them with the socket behind which nothing listens."""
    sockets = {name: service.listening_socket() for name in sites}
    dead = service.bound_socket()
    onions = [f"--onion={name}={sock.getsockname()[1]}" for name, sock in [*sockets.items(), ("dead", dead)]]
    client = ["--socks-client"] if socks_client else []
    parts = [Part("onion", folder, ["onion_network.py", *onions, *client]), Part("smtp", folder, ["smtp_sink.py"])]
    for name, (python, program) in sites.items():
        sock = sockets[name]
        parts.append(Part(name, folder, [program, "--fd", sock.fileno()], [sock], python))
        sock.close()
    return {part.name: part for part in parts}, dead


def wait_until_ready(parts):
    """Waits for the ready line of every part; ends the program if one of them fails."""
    waiting = {part.process.stdout: part for part in parts.values()}
    deadline = time.monotonic() + SECONDS_TO_START
    while waiting:
        readable, _, _ = select.select(list(waiting), [], [], max(0, deadline - time.monotonic()))
        if not readable:
            names = ", ".join(part.name for part in waiting.values())
            sys.exit(f"not ready after {SECONDS_TO_START} s: {names}")
        for pipe in readable:
            part = waiting[pipe]
            if part.read():
                tail = part.log.read_text(errors="replace")[-3000:]
                sys.exit(f"{part.name} ended with status {part.process.wait()}:\n{tail}")
            if part.facts is not None:
                say(f"{part.name} is up")
                del waiting[pipe]


def describe(parts, sites):
    """What `world.json` says."""
    facts = {name: part.facts for name, part in parts.items()}
    smtp = {key: value for key, value in facts["smtp"].items() if key != "control"}
    return {
        "onions": facts["onion"]["onions"],
        "clear": {name: facts[name]["url"] for name in sites},
        "truth": {name: facts[name]["truth"] for name in sites},
        "arti_config": facts["onion"]["arti_config"],
        "arti_network": facts["onion"]["arti_network"],
        "socks": facts["onion"]["socks"],
        "smtp": smtp,
        "control": {name: part["control"] for name, part in facts.items()},
        "python": sys.executable,
        "sites": sites,
        "control_program": str(HERE / "control.py"),
        "pids": {"world": os.getpid(), **{name: part.process.pid for name, part in parts.items()}},
    }


def watch(parts):
    """Sleeps until the world is to end; ends it by itself, with a reason, when a part has died."""
    pipes = [part.process.stdout for part in parts.values()]
    select.select(pipes, [], [])  # a part's standard output closes at its end
    ended = [part.name for part in parts.values() if part.process.poll() is not None]
    sys.exit(f"a part of the world has ended: {', '.join(ended)}")


def up(folder, socks_client, sites):
    """Brings everything up and keeps it."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {}
    try:
        parts, _dead = start_parts(folder, socks_client, sites)
        say("starting: " + ", ".join(parts))
        wait_until_ready(parts)
        service.write_json(folder / "world.json", describe(parts, sites))
        say("ready")
        watch(parts)
    finally:
        for part in parts.values():
            part.process.terminate()
        for part in parts.values():
            service.stop(part.process)


def main():
    """The command line."""
    service.end_with_parent()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["up"])
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    parser.add_argument("--socks-client", action="store_true")
    parser.add_argument("--misago-python", metavar="PROGRAM")
    arguments = parser.parse_args()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: sys.exit(0))
    pythons = {name: sys.executable for name in SITES} | {"misago": arguments.misago_python}
    if not pathlib.Path("/usr/share/wordpress").exists():
        del pythons["wordpress"]
    up(arguments.folder, arguments.socks_client, sites_of(pythons))


if __name__ == "__main__":
    main()
