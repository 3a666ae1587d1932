"""What every program of the test world shares.

A program is started with a folder of its own, prints one JSON line on standard output when it is ready
(`announce`), answers commands on a loopback control address (`serve_control`), and ends on SIGTERM, on SIGINT
and when the program that started it dies (`end_with_parent`).
"""

import ctypes
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = "127.0.0.1"

PR_SET_PDEATHSIG = 1  # linux/prctl.h

# Below Linux' ephemeral range (32768-60999), so that no outgoing connection takes a port between probe and use.
PROBED_PORTS = range(11000, 32000)


class CommandError(Exception):
    """A control command that cannot be carried out; its text is for the caller."""


def set_parent_death_signal(signum):
    """Asks the kernel to send `signum` to this process when the thread that started it ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")


def end_with_parent():
    """Ends this process with the one that started it, even if that one is killed."""
    parent = os.getppid()
    set_parent_death_signal(signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the program that started this one has already ended")


def spawn(command, *, log, death_signal=signal.SIGTERM, **options):
    """Starts a child that dies with this process; its output goes to the file `log`.

    Call it from the main thread only: the death signal follows the thread that forks.
    """

    def in_child():
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        set_parent_death_signal(death_signal)

    with open(log, "ab") as out:
        options.setdefault("stdout", out)
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stderr=out,
            preexec_fn=in_child,
            **options,
        )


def stop(process, *, signum=signal.SIGTERM, grace=10):
    """Ends one child: `signum`, then SIGKILL after `grace` seconds."""
    if process.poll() is not None:
        return
    process.send_signal(signum)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def listening_socket(fd=None):
    """The socket handed down as `fd`, or a new one on a free loopback port."""
    if fd is not None:
        return socket.socket(fileno=fd)
    sock = bound_socket()
    sock.listen(128)
    return sock


def bound_socket():
    """A socket bound to a free loopback port that does not listen: connecting to it is refused."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((LOOPBACK, 0))
    return sock


def free_ports(count):
    """`count` different loopback ports that were free a moment ago, for programs that cannot take port 0."""
    found, held = [], []
    for port in random.SystemRandom().sample(PROBED_PORTS, len(PROBED_PORTS)):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.bind((LOOPBACK, port))
        except OSError:
            sock.close()
            continue
        found.append(port)
        held.append(sock)
        if len(found) == count:
            break
    for sock in held:
        sock.close()
    if len(found) < count:
        raise OSError(f"only {len(found)} of {count} ports in {PROBED_PORTS} are free")
    return found


def write_json(path, value):
    """Writes `value` so that a reader sees the old file or the new one, never half of it."""
    path = pathlib.Path(path)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def announce(**facts):
    """Tells the program that started this one that everything is up, and where."""
    print(json.dumps(facts, ensure_ascii=False), flush=True)


def wait_for_end():
    """Blocks until SIGTERM or SIGINT."""
    until = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: until.set())
    until.wait()


def serve_control(commands):
    """Serves `commands` (name to function of keyword arguments) on a free loopback port; returns its URL.

    A command is `POST /NAME` with a JSON object; the answer is JSON: 200 with what the function returned,
    400 with `{"error": …}` for a wrong command, 500 with the traceback for a mistake in this program.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = carry_out(commands, self.path.strip("/"), body)
            payload = json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="control", daemon=True).start()
    return f"http://{LOOPBACK}:{server.server_port}"


def carry_out(commands, name, body):
    """Runs one control command; returns the HTTP status and the answer."""
    try:
        if name not in commands:
            raise CommandError(f"no command {name!r}; there are: {', '.join(sorted(commands))}")
        return 200, commands[name](**json.loads(body or b"{}"))
    except (CommandError, TypeError, ValueError) as wrong:
        traceback.print_exc()
        return 400, {"error": f"{name}: {wrong}"}
    except Exception:
        traceback.print_exc()
        return 500, {"error": traceback.format_exc()}
