"""The little of Tor's control protocol that tells when an onion service can be reached.

Format: https://spec.torproject.org/control-spec/.
"""

import socket
import time

from service import LOOPBACK

# A descriptor goes to 2 replicas x 4 directories; after these 8 uploads any client finds one.
UPLOADS_WANTED = 8


class ControlPort:
    """An authenticated control connection to one tor, which hears of uploads from its opening on."""

    def __init__(self, port, cookie_file, deadline):
        self.deadline = deadline
        self.lines = self._connect(port, cookie_file).makefile("rw", newline="", encoding="ascii", errors="replace")
        self.command("AUTHENTICATE " + cookie_file.read_bytes().hex())
        self.command("SETEVENTS HS_DESC")

    def _connect(self, port, cookie_file):
        """Waits until tor has written its cookie and accepts the connection."""
        while True:
            try:
                if cookie_file.stat().st_size == 32:
                    sock = socket.create_connection((LOOPBACK, port), 2)
                    sock.settimeout(max(1, self.deadline - time.monotonic()))
                    return sock
            except OSError:
                pass
            if time.monotonic() > self.deadline:
                raise TimeoutError(f"no control connection to the tor at port {port}")
            time.sleep(0.05)

    def command(self, line):
        """Sends one command and returns the lines of its answer; raises OSError unless it is 250."""
        self.lines.write(line + "\r\n")
        self.lines.flush()
        answer = []
        while True:
            received = self.read_line()
            if received.startswith("650"):
                continue
            answer.append(received)
            if received[3:4] == " ":
                break
        if not answer[-1].startswith("250"):
            raise OSError(f"tor refused {line.split()[0]}: {answer[-1]}")
        return answer

    def read_line(self):
        """The next line; raises OSError when tor has gone or the time is over."""
        line = self.lines.readline()
        if not line:
            raise OSError("tor closed its control connection")
        if time.monotonic() > self.deadline:
            raise TimeoutError("tor talks, but the time is over")
        return line.rstrip("\r\n")

    def wait_for_uploads(self, onion):
        """Returns when the descriptor of `onion` is up; the connection must be as old as the tor."""
        uploads = 0
        while uploads < UPLOADS_WANTED:
            # 650 HS_DESC ACTION ADDRESS AUTH_TYPE DIRECTORY …
            event = self.read_line().split()
            if event[1:4] == ["HS_DESC", "UPLOADED", onion.removesuffix(".onion")]:
                uploads += 1
