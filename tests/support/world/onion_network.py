#!/usr/bin/env python3
"""A private Tor network on 127.0.0.1, made of Debian's `tor`, with one onion service a target port.

    onion_network.py DIR --onion NAME=PORT … [--socks-client]

Three directory authorities, seven relays, and one tor for each onion service. All ports are chosen free at the
start. When every service's descriptor is uploaded, one line of JSON is printed:

    {"onions": {NAME: "….onion"}, "arti_config": FILE, "arti_network": FILE, "control": URL, "pids": {NODE: PID},
     "socks": PORT or null}

`arti_config` is a whole configuration for arti; `arti_network` is the same without `[storage]`. `--socks-client`
adds a C tor client, for looking at the network by hand.

Control commands: `nodes {}`, `signal {node, signal: "KILL"|"TERM"|"STOP"|"CONT"}`, `start {node}` (returns when the
descriptor of a restarted service is up again). Services are the nodes `service-NAME`.

If the network is not up within its time, it is started once more from nothing.
"""

import argparse
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time

import service
import tor_configuration
from tor_control import ControlPort

AUTHORITIES = 3
RELAYS = 7
SECONDS_FOR_KEYS = 180
SECONDS_A_TRY = 120  # from the relays' start on

# Seconds from the relays' start to the first consensus. Votes go out four seconds earlier, and every relay must
# have published its descriptor by then. Making the keys shows how fast the machine is just now.
SHORTEST_LEAD = 9
LONGEST_LEAD = 30
LEAD_FOR_KEYS = 3

# What a test may send to a tor.
SIGNALS = {name: getattr(signal, f"SIG{name}") for name in ("KILL", "TERM", "STOP", "CONT")}


class NotUp(Exception):
    """The network did not come up; says how far it got."""


def say(*words):
    """A line for the log."""
    print(*words, file=sys.stderr, flush=True)


class OnionNetwork:
    """The nodes and their processes."""

    def __init__(self, folder, targets, *, socks_client, patience):
        self.folder = folder
        self.patience = patience
        self.deadline = time.monotonic() + SECONDS_FOR_KEYS
        names = [f"authority-{n}" for n in range(AUTHORITIES)] + [f"relay-{n}" for n in range(RELAYS)]
        names += [f"service-{name}" for name in targets] + (["client"] if socks_client else [])
        ports = iter(service.free_ports(3 * len(names)))
        self.nodes = {
            name: tor_configuration.Node(name, folder / name, next(ports), next(ports), next(ports)) for name in names
        }
        for name, port in targets.items():
            self.nodes[f"service-{name}"].target_port = port

    def of_kind(self, *kinds):
        """The nodes whose names begin with one of `kinds`."""
        return [node for node in self.nodes.values() if node.kind in kinds]

    def start(self):
        """Brings the whole network up; raises `NotUp`."""
        begun = time.monotonic()
        try:
            tor_configuration.make_keys(self.nodes.values(), self.deadline)
        except (OSError, subprocess.TimeoutExpired) as failed:
            raise NotUp(f"no keys: {failed}") from failed
        took = time.monotonic() - begun
        self.deadline = time.monotonic() + SECONDS_A_TRY
        lead = min(max(SHORTEST_LEAD, took * LEAD_FOR_KEYS) * self.patience, LONGEST_LEAD)
        say(f"keys made in {took:.1f} s; first consensus in {lead:.0f} s")
        tor_configuration.write_all(self.folder, list(self.nodes.values()), lead)
        for node in self.of_kind("authority", "relay"):
            self.run(node)
        self.wait_for_consensus()
        say("consensus made")
        for node in self.of_kind("service", "client"):
            self.run(node)
        # All are listened to before one is waited for: an upload is told once.
        services = [(node, self.open_control(node, self.deadline)) for node in self.of_kind("service")]
        for node, control in services:
            self.wait_for_descriptor(node, control)
            say("descriptor uploaded:", node.name)

    def run(self, node):
        """Starts the tor of one node."""
        node.process = service.spawn(
            [
                "tor",
                "-f",
                node.folder / "torrc",
                "--defaults-torrc",
                "/nonexistent",
                "--ignore-missing-torrc",
                "--quiet",
            ],
            log=node.folder / "output.log",
            death_signal=signal.SIGKILL,
        )

    def wait_for_consensus(self):
        """Waits for a consensus in which every relay runs and stores descriptors.

        A consensus without some of them stays for a whole voting interval, so it ends the try at once.
        """
        wanted = AUTHORITIES + RELAYS
        address = f"http://{service.LOOPBACK}:{self.nodes['authority-0'].dir_port}"
        while True:
            found = tor_configuration.usable_relays(address)
            if found == wanted:
                return
            if found is not None:
                raise NotUp(f"the first consensus has {found} of {wanted} relays")
            self.check_alive()
            time.sleep(0.2)

    def open_control(self, node, deadline):
        """Connects to the control port of a tor just started."""
        try:
            return ControlPort(node.control_port, node.folder / "control_auth_cookie", deadline)
        except OSError as lost:
            raise NotUp(f"{node.name}: {lost}") from lost

    def wait_for_descriptor(self, node, control):
        """Waits until the onion service of `node` can be found by clients."""
        try:
            control.wait_for_uploads(node.onion(control.deadline))
        except OSError as lost:
            raise NotUp(f"{node.name}: {lost}") from lost

    def check_alive(self):
        """Raises `NotUp` if a tor has ended or the time is over."""
        for node in self.nodes.values():
            if node.process and node.process.poll() is not None:
                raise NotUp(f"{node.name} ended with status {node.process.returncode}; see {node.folder}")
        if time.monotonic() > self.deadline:
            raise NotUp("no consensus in time")

    def stop(self):
        """Ends every tor."""
        running = [node.process for node in self.nodes.values() if node.process and node.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in running:
            service.stop(process, grace=5)


class Commands:
    """The control commands. tors are started by the main thread, with which they are to die."""

    def __init__(self, network, jobs):
        self.network = network
        self.jobs = jobs

    def table(self):
        """Name to function."""
        return {"nodes": self.nodes, "signal": self.signal, "start": self.start}

    def nodes(self):
        """The process id of each running node, null for one that has ended."""
        return {
            name: node.process.pid if node.process.poll() is None else None for name, node in self.network.nodes.items()
        }

    def signal(self, node, signal):  # named as in the command
        """Sends a signal to one tor; returns after its end when it is an ending one."""
        process = self._node(node).process
        if signal not in SIGNALS:
            raise service.CommandError(f"no signal {signal!r}; there are: {', '.join(SIGNALS)}")
        process.send_signal(SIGNALS[signal])
        if signal in ("KILL", "TERM"):
            process.wait(20)
        return {}

    def start(self, node):
        """Starts a tor that has ended; returns when it is of use again."""
        node = self._node(node)
        if node.process.poll() is None:
            raise service.CommandError(f"{node.name} is running")
        (node.folder / "control_auth_cookie").unlink(missing_ok=True)
        started = threading.Event()
        self.jobs.put(lambda: (self.network.run(node), started.set()))
        started.wait()
        if node.kind == "service":
            control = self.network.open_control(node, time.monotonic() + SECONDS_A_TRY)
            self.network.wait_for_descriptor(node, control)
        return {"pid": node.process.pid}

    def _node(self, name):
        if name not in self.network.nodes:
            raise service.CommandError(f"no node {name!r}; there are: {', '.join(self.network.nodes)}")
        return self.network.nodes[name]


def bring_up(folder, targets, socks_client):
    """Starts the network, once more from nothing if need be."""
    for patience in (1, 2):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        network = OnionNetwork(folder, targets, socks_client=socks_client, patience=patience)
        try:
            network.start()
            return network
        except NotUp as reason:
            say(f"not up: {reason}")
            network.stop()
    sys.exit("the onion network did not come up, twice; its logs are in " + str(folder))


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    parser.add_argument("--onion", action="append", required=True, metavar="NAME=PORT")
    parser.add_argument("--socks-client", action="store_true")
    arguments = parser.parse_args()
    pairs = (onion.split("=", 1) for onion in arguments.onion)
    arguments.targets = {name: int(port) for name, port in pairs}
    return arguments


def main():
    """Brings the network up and keeps it until the end."""
    service.end_with_parent()
    arguments = parse_arguments()
    jobs = queue.SimpleQueue()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    network = bring_up(arguments.folder, arguments.targets, arguments.socks_client)
    try:
        service.announce(
            onions={name: network.nodes[f"service-{name}"].onion(0) for name in arguments.targets},
            arti_config=str(arguments.folder / "arti.toml"),
            arti_network=str(arguments.folder / "arti-network.toml"),
            control=service.serve_control(Commands(network, jobs).table()),
            pids={name: node.process.pid for name, node in network.nodes.items()},
            socks=network.nodes["client"].socks_port if arguments.socks_client else None,
        )
        while True:
            jobs.get()()
    finally:
        network.stop()


if __name__ == "__main__":
    main()
