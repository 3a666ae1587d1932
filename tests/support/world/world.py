#!/usr/bin/env python3
"""Starts the whole test world and keeps it until SIGTERM, SIGINT or the end of the program that started it.

    world.py up DIR [--socks-client]

Starts, at the same time, a private Tor network with three onion services, the Spirit forum and the bepasty paste
site behind two of them (behind the third nothing listens), and a mail server. When all are up, `DIR/world.json` is
written, and `ready` is the last line of the progress. The parts' own logs are in DIR. The format of `world.json` is
in tests/support/README.md.
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

# Enough for two tries of the onion network.
SECONDS_TO_START = 240

BEGUN = time.monotonic()


def say(text):
    """A line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - BEGUN:6.1f} s] {text}", flush=True)


class Part:
    """One program of the world."""

    def __init__(self, name, folder, command, sockets=()):
        self.name = name
        self.log = folder / f"{name}.log"
        self.facts = None
        self.answer = b""
        fds = [sock.fileno() for sock in sockets]
        self.process = service.spawn(
            [sys.executable, HERE / command[0], folder / name, *command[1:]],
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


def start_parts(folder, socks_client):
    """Starts all parts; returns them with the sockets that the sites were given."""
    spirit, bepasty, dead = service.listening_socket(), service.listening_socket(), service.bound_socket()
    sockets = {"spirit": spirit, "bepasty": bepasty, "dead": dead}
    onions = [f"--onion={name}={sock.getsockname()[1]}" for name, sock in sockets.items()]
    client = ["--socks-client"] if socks_client else []
    parts = [
        Part("onion", folder, ["onion_network.py", *onions, *client]),
        Part("spirit", folder, ["spirit_site.py", "--fd", spirit.fileno()], [spirit]),
        Part("bepasty", folder, ["bepasty_site.py", "--fd", bepasty.fileno()], [bepasty]),
        Part("smtp", folder, ["smtp_sink.py"]),
    ]
    spirit.close()
    bepasty.close()
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


def describe(parts):
    """What `world.json` says."""
    facts = {name: part.facts for name, part in parts.items()}
    smtp = {key: value for key, value in facts["smtp"].items() if key != "control"}
    return {
        "onions": facts["onion"]["onions"],
        "clear": {name: facts[name]["url"] for name in ("spirit", "bepasty")},
        "truth": {name: facts[name]["truth"] for name in ("spirit", "bepasty")},
        "arti_config": facts["onion"]["arti_config"],
        "arti_network": facts["onion"]["arti_network"],
        "socks": facts["onion"]["socks"],
        "smtp": smtp,
        "control": {name: part["control"] for name, part in facts.items()},
        "python": sys.executable,
        "control_program": str(HERE / "control.py"),
        "pids": {"world": os.getpid(), **{name: part.process.pid for name, part in parts.items()}},
    }


def watch(parts):
    """Sleeps until the world is to end; ends it by itself, with a reason, when a part has died."""
    pipes = [part.process.stdout for part in parts.values()]
    select.select(pipes, [], [])  # a part's standard output closes at its end
    ended = [part.name for part in parts.values() if part.process.poll() is not None]
    sys.exit(f"a part of the world has ended: {', '.join(ended)}")


def up(folder, socks_client):
    """Brings everything up and keeps it."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {}
    try:
        parts, _dead = start_parts(folder, socks_client)
        say("starting: " + ", ".join(parts))
        wait_until_ready(parts)
        service.write_json(folder / "world.json", describe(parts))
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
    arguments = parser.parse_args()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: sys.exit(0))
    up(arguments.folder, arguments.socks_client)


if __name__ == "__main__":
    main()
