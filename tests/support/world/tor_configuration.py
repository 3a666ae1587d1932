"""Keys and configuration files of the private Tor network, and of an arti client for it.

Four options without which such a network fails at random:

1. `ConsensusParams hsdir_interval`: with TestingTorNetwork, C tor takes 24 voting intervals as the time period of
   onion services, while arti reads this parameter. If they differ, arti finds no descriptor.
2. `V3BandwidthsFile` with equal bandwidths: the relays' own first guesses are 0 or 1, and then there may be no
   path to build.
3. `AuthDirSharedRandomness 0`: nobody has to agree on a random value first.
4. `TestingV3AuthVotingStartOffset`: moves the voting clock, so that the first vote comes when all relays have
   published, and not at the next multiple on the wall clock.
"""

import dataclasses
import os
import pathlib
import re
import subprocess
import time
import urllib.request

from service import LOOPBACK

VOTING_INTERVAL = 300  # seconds; arti's shortest time period is that of 5 minutes
FIRST_VOTING_INTERVAL = 60  # longer than any lead, or a round before it has no relays to vote on
FIRST_VOTE_DELAY = 2

# Which country an address is in does not matter here, and reading Debian's table takes most of a tor's start.
NO_COUNTRIES = {"GeoIPFile": "/dev/null", "GeoIPv6File": "/dev/null"}

# So that a tor under construction needs nothing of a network.
NO_NETWORK = ["--DirAuthority", f"none {LOOPBACK}:1 " + "f" * 40]


@dataclasses.dataclass
class Node:
    """One tor: its folder, its ports, its keys' fingerprints."""

    name: str
    folder: pathlib.Path
    or_port: int
    dir_port: int
    control_port: int
    target_port: int = 0
    process: subprocess.Popen | None = None
    rsa: str = ""
    ed25519: str = ""
    v3: str = ""

    @property
    def kind(self):
        """authority, relay, service or client."""
        return self.name.partition("-")[0]

    @property
    def socks_port(self):
        """A client has no OR port, so it listens there."""
        return self.or_port

    def onion(self, deadline):
        """The address of a service, which its tor writes soon after its start."""
        file = self.folder / "onion/hostname"
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        return file.read_text().strip()


def make_keys(nodes, deadline):
    """Makes the keys of authorities and relays, all at the same time, and reads their fingerprints."""
    jobs = []
    for node in nodes:
        node.folder.mkdir(mode=0o700)
        if node.kind == "authority":
            jobs.append(start_authority_keys(node))
        if node.kind in ("authority", "relay"):
            jobs.append(start_relay_keys(node))
    try:
        for job in jobs:
            _, errors = job.communicate(b"\n", timeout=max(1, deadline - time.monotonic()))
            if job.returncode != 0:
                raise OSError(f"{' '.join(job.args)} failed: {errors.decode(errors='replace')}")
    finally:
        for job in jobs:
            job.kill()
            job.wait()
    for node in nodes:
        read_fingerprints(node)


def start_authority_keys(node):
    """Starts `tor-gencert`, which reads its passphrase from standard input."""
    keys = node.folder / "keys"
    keys.mkdir(mode=0o700)
    files = ["-i", keys / "authority_identity_key", "-s", keys / "authority_signing_key"]
    files += ["-c", keys / "authority_certificate"]
    command = ["tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12"]
    command += ["-a", f"{LOOPBACK}:{node.dir_port}", *files]
    return start_job(command)


def start_relay_keys(node):
    """Starts a tor that makes a relay's keys, writes their fingerprints and ends."""
    command = ["tor", "--quiet", "--ignore-missing-torrc", "-f", "/nonexistent", "--defaults-torrc", "/nonexistent"]
    command += ["--DataDirectory", node.folder, "--Nickname", nickname(node), "--ORPort", "1", "--SocksPort", "0"]
    command += [part for option, file in NO_COUNTRIES.items() for part in (f"--{option}", file)]
    return start_job([*command, *NO_NETWORK, "--list-fingerprint"])


def start_job(command):
    """Starts a program that ends by itself."""
    pipe = subprocess.PIPE
    return subprocess.Popen([str(part) for part in command], stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe)


def read_fingerprints(node):
    """Takes over the fingerprints that the key makers wrote."""
    if node.kind in ("authority", "relay"):
        node.rsa = (node.folder / "fingerprint").read_text().split()[1]
        node.ed25519 = (node.folder / "fingerprint-ed25519").read_text().split()[1]
    if node.kind == "authority":
        certificate = (node.folder / "keys/authority_certificate").read_text()
        node.v3 = re.search(r"^fingerprint (\S+)", certificate, re.MULTILINE).group(1)


def write_all(folder, nodes, lead):
    """Writes each torrc, the bandwidth file and arti's files. The relays are to be started right afterwards."""
    relays = [node for node in nodes if node.kind in ("authority", "relay")]
    authorities = [node for node in nodes if node.kind == "authority"]
    lines = [f"node_id=${node.rsa} bw=1000 nick={nickname(node)}\n" for node in relays]
    (folder / "bandwidths").write_text(f"{int(time.time())}\n" + "".join(lines))
    offset = int(time.time() + 0.5 + lead) % FIRST_VOTING_INTERVAL
    common = common_options(authorities)
    for node in nodes:
        options = {
            "authority": lambda n: relay_options(n) + authority_options(folder, offset),
            "relay": lambda n: relay_options(n) + exit_options(),
            "service": service_options,
            "client": client_options,
        }[node.kind](node)
        own = f"DataDirectory {node.folder}\nLog notice file {node.folder}/tor.log\n"
        (node.folder / "torrc").write_text(common + own + options)
    network = arti_network(authorities)
    (folder / "arti-network.toml").write_text(network)
    (folder / "arti.toml").write_text(arti_storage(folder / "arti") + network)


def nickname(node):
    """Tor's nicknames have letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", node.name)


def common_options(authorities):
    """What every tor of the network is told."""
    trusted = "".join(
        f"DirAuthority {nickname(node)} orport={node.or_port} no-v2 v3ident={node.v3} "
        f"{LOOPBACK}:{node.dir_port} {node.rsa}\n"
        for node in authorities
    )
    no_countries = "\n".join(f"{option} {file}" for option, file in NO_COUNTRIES.items())
    return f"""TestingTorNetwork 1
RunAsDaemon 0
ShutdownWaitLength 0
SafeLogging 0
LogTimeGranularity 1
AvoidDiskWrites 1
PathsNeededToBuildCircuits 0.67
VanguardsLiteEnabled 0
AssumeReachable 1
TestingDirAuthVoteExit *
TestingDirAuthVoteHSDir *
TestingDirAuthVoteGuard *
TestingMinExitFlagThreshold 0
V3AuthNIntervalsValid 3
__OwningControllerProcess {os.getpid()}
{no_countries}
{trusted}"""


def relay_options(node):
    """A relay on loopback, which never asks a name server."""
    return f"""Nickname {nickname(node)}
Address {LOOPBACK}
AddressDisableIPv6 1
ORPort {LOOPBACK}:{node.or_port}
DirPort {LOOPBACK}:{node.dir_port}
SocksPort 0
ContactInfo {nickname(node)}@test.invalid
ServerDNSDetectHijacking 0
ServerDNSTestAddresses
ServerDNSResolvConfFile /dev/null
"""


def exit_options():
    """The relays are exits to loopback alone, as a consensus without exits builds few paths."""
    return f"ExitRelay 1\nExitPolicyRejectPrivate 0\nExitPolicy accept {LOOPBACK}/8:*\nExitPolicy reject *:*\n"


def authority_options(folder, offset):
    """The voting clock and what is voted on."""
    return f"""AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ExitRelay 0
TestingV3AuthInitialVotingInterval {FIRST_VOTING_INTERVAL}
TestingV3AuthInitialVoteDelay {FIRST_VOTE_DELAY}
TestingV3AuthInitialDistDelay {FIRST_VOTE_DELAY}
TestingV3AuthVotingStartOffset {offset}
V3AuthVotingInterval {VOTING_INTERVAL}
V3AuthVoteDelay 20
V3AuthDistDelay 20
AuthDirSharedRandomness 0
V3BandwidthsFile {folder}/bandwidths
ConsensusParams hsdir_interval={24 * VOTING_INTERVAL // 60}
"""


def service_options(node):
    """One onion service, from its port 80 to the target port."""
    return f"""FetchDirInfoEarly 1
SocksPort 0
ControlPort {LOOPBACK}:{node.control_port}
CookieAuthentication 1
HiddenServiceDir {node.folder}/onion
HiddenServiceVersion 3
HiddenServicePort 80 {LOOPBACK}:{node.target_port}
"""


def client_options(node):
    """A SOCKS client for looking at the network by hand."""
    return f"FetchDirInfoEarly 1\nSocksPort {LOOPBACK}:{node.socks_port}\n"


def usable_relays(address):
    """How many relays of the first authority's consensus run and store descriptors; None while there is none."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/tor/status-vote/current/consensus-microdesc", timeout=2) as answer:
            consensus = answer.read().decode("utf-8", "replace")
    except OSError:
        return None
    flags = re.findall(r"^s (.*)", consensus, re.MULTILINE)
    return sum("Running" in line and "HSDir" in line for line in flags)


def arti_storage(folder):
    """Where an arti client that needs no place of its own keeps its state."""
    return f"""[storage]
cache_dir = "{folder}/cache"
state_dir = "{folder}/state"

[storage.permissions]
dangerously_trust_everyone = true

"""


def arti_network(authorities):
    """arti's configuration for the network, all but its storage."""
    caches = "".join(
        f'  {{ rsa_identity = "{node.rsa}", ed_identity = "{node.ed25519}", '
        f'orports = ["{LOOPBACK}:{node.or_port}"] }},\n'
        for node in authorities
    )
    directories = ", ".join(f'["{LOOPBACK}:{node.dir_port}"]' for node in authorities)
    identities = ", ".join(f'"{node.v3}"' for node in authorities)
    return f"""# All relays have one address, so the rule against relays of one subnet is off.
[path_rules]
ipv4_subnet_family_prefix = 33
ipv6_subnet_family_prefix = 129

[address_filter]
allow_local_addrs = false
allow_onion_addrs = true

# On loopback arti learns circuit time-outs of some 60 ms, and then a busy machine fails at random.
[override_net_params]
cbtdisabled = 1
cbtinitialtimeout = 5000

[circuit_timing]
hs_dir_requery_interval = "5 seconds"

[stream_timeouts]
connect_timeout = "10 seconds"

# Onion services alone are fetched: no exit circuits in advance.
[preemptive_circuits]
disable_at_threshold = 0
initial_predicted_ports = []

[tor_network]
fallback_caches = [
{caches}]

[tor_network.authorities]
v3idents = [{identities}]
uploads = [{directories}]
downloads = [{directories}]
votes = [{directories}]
"""
