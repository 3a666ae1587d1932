#!/usr/bin/env python3
"""A mail server on loopback that keeps what it accepts: STARTTLS and implicit TLS, authentication required.

    smtp_sink.py DIR

When it listens, one line of JSON is printed:

    {"host": "127.0.0.1", "port": STARTTLS PORT, "tls_port": IMPLICIT TLS PORT, "user", "password",
     "ca": PEM FILE of the authority that signed its certificate (for 127.0.0.1 and localhost),
     "maildir": FOLDER, "control": URL}

A message is two files in the maildir: `000001.eml`, byte for byte, and `000001.json`, written last:

    {"number", "eml", "mail_from", "rcpt_to": […], "user", "tls": "TLSv1.3", "received_at",
     "headers": {name: value, …}, "subject", "text", "html"}

Both are on the disk before the server says 250.

Control commands:
  wait {count = 1, to = null, timeout = 30}   → [message, …] when at least `count` messages to that address are there
  messages {to = null}                        → [message, …]
  fail {action, to = null, times = null, code = 451}
        from now on, for that recipient (null: for all), this many times (null: until `heal`):
        `refuse`      answers `code` to the message and keeps nothing
        `refuse_rcpt` answers `code` to the recipient
        `drop`        cuts the connection when the message has been sent, and keeps nothing
        `drop_kept`   keeps the message, then cuts the connection instead of answering
        `hold_kept`   keeps the message, and answers only after `heal`
  heal {}                                     forgets all failures
  down {}, up {}                              stops listening, on both ports, and listens again
"""

import argparse
import asyncio
import email
import email.policy
import hmac
import json
import logging
import os
import pathlib
import secrets
import ssl
import threading
from datetime import datetime, timezone

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

import service
import test_certificates

ACTIONS = ("refuse", "refuse_rcpt", "drop", "drop_kept", "hold_kept")


class Maildir:
    """The accepted messages, durable, and those who wait for some."""

    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir(parents=True)
        self.kept = []
        self.grown = threading.Condition()

    def keep(self, session, envelope):
        """Writes a message to the disk and tells those who wait for it."""
        with self.grown:
            name = f"{len(self.kept) + 1:06}"
            eml = self.folder / f"{name}.eml"
            write_durably(eml, envelope.original_content)
            message = describe(len(self.kept) + 1, eml, session, envelope)
            write_durably(self.folder / f"{name}.json", json.dumps(message, ensure_ascii=False, indent=1).encode())
            self.kept.append(message)
            self.grown.notify_all()

    def messages(self, to=None):
        """The messages to one address, or all."""
        with self.grown:
            return self._to(to)

    def wait(self, count=1, to=None, timeout=30):
        """Waits until there are that many."""
        with self.grown:
            if not self.grown.wait_for(lambda: len(self._to(to)) >= count, timeout):
                raise service.CommandError(f"{len(self._to(to))} of {count} messages to {to} after {timeout} s")
            return self._to(to)

    def _to(self, to):
        return [message for message in self.kept if to is None or to in message["rcpt_to"]]


def write_durably(path, data):
    """Writes a file, and returns when it will be there after a power cut."""
    part = path.with_suffix(".part")
    with open(part, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def describe(number, eml, session, envelope):
    """Envelope and decoded content of one message."""
    parsed = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
    return {
        "number": number,
        "eml": str(eml),
        "mail_from": envelope.mail_from,
        "rcpt_to": envelope.rcpt_tos,
        "user": session.auth_data,
        "tls": session.tls_version,
        "received_at": datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "headers": {name: str(value) for name, value in parsed.items()},
        "subject": str(parsed["Subject"]) if parsed["Subject"] is not None else None,
        "text": content_of(parsed.get_body(("plain",))),
        "html": content_of(parsed.get_body(("html",))),
    }


def content_of(part):
    """The decoded text of one part."""
    return part.get_content() if part is not None else None


class Failures:
    """The failures that a test has asked for."""

    def __init__(self, loop):
        self.loop = loop
        self.lock = threading.Lock()
        self.rules = []
        self.healed = asyncio.Event()

    def fail(self, action, to=None, times=None, code=451):
        """Adds one."""
        if action not in ACTIONS:
            raise service.CommandError(f"no action {action!r}; there are: {', '.join(ACTIONS)}")
        with self.lock:
            self.rules.append({"action": action, "to": to, "times": times, "code": code})
        return {}

    def heal(self):
        """Forgets all, and lets held answers go."""
        with self.lock:
            self.rules.clear()
        self.loop.call_soon_threadsafe(self._release)
        return {}

    def _release(self):
        self.healed.set()
        self.healed = asyncio.Event()

    def take(self, recipients, *actions):
        """The failure that now befalls a message to these recipients, if any."""
        with self.lock:
            for rule in self.rules:
                if rule["action"] in actions and rule["to"] in (None, *recipients) and rule["times"] != 0:
                    if rule["times"] is not None:
                        rule["times"] -= 1
                    return rule
        return None


class Handler:
    """What the server does with recipients and messages."""

    def __init__(self, maildir, failures):
        self.maildir = maildir
        self.failures = failures

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Accepts a recipient, or refuses it as asked."""
        rule = self.failures.take([address], "refuse_rcpt")
        if rule:
            return f"{rule['code']} refused by the test"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Keeps a message, or fails as asked."""
        session.tls_version = server.transport.get_extra_info("ssl_object").version()
        rule = self.failures.take(envelope.rcpt_tos, "refuse", "drop", "drop_kept", "hold_kept")
        action = rule["action"] if rule else None
        if action == "refuse":
            return f"{rule['code']} refused by the test"
        if action != "drop":
            healed = self.failures.healed
            await asyncio.to_thread(self.maildir.keep, session, envelope)
        if action == "hold_kept":
            await healed.wait()
        if action in ("drop", "drop_kept"):
            server.transport.abort()
        return "250 OK, kept"


class Server:
    """Both listeners, which can go down and come up again at the same ports."""

    def __init__(self, folder, loop):
        self.loop = loop
        self.ca, certificate, key = test_certificates.make(folder)
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(certificate, key)
        self.user, self.password = "nightheron", secrets.token_urlsafe(12)
        self.maildir = Maildir(folder / "maildir")
        self.failures = Failures(loop)
        self.ports = {"starttls": 0, "tls": 0}
        self.listeners = []
        self.protocols = set()

    def protocol(self, **options):
        """One connection."""
        handler = Handler(self.maildir, self.failures)
        made = SMTP(
            handler,
            hostname="sink.invalid",
            enable_SMTPUTF8=True,
            auth_required=True,
            authenticator=self.authenticate,
            loop=self.loop,
            **options,
        )
        self.protocols.add(made)
        return made

    def authenticate(self, server, session, envelope, mechanism, data):
        """Checks name and password of PLAIN and LOGIN."""
        right = isinstance(data, LoginPassword) and hmac.compare_digest(
            data.login + b"\0" + data.password, f"{self.user}\0{self.password}".encode()
        )
        # Not handled: the library gives the answer, 235 or 535.
        return AuthResult(success=right, handled=False, auth_data=self.user if right else None)

    async def up(self):
        """Listens."""
        if self.listeners:
            return
        starttls = await self.loop.create_server(
            lambda: self.protocol(tls_context=self.tls, require_starttls=True), service.LOOPBACK, self.ports["starttls"]
        )
        # The whole connection is TLS already, so AUTH needs no STARTTLS before it.
        tls = await self.loop.create_server(
            lambda: self.protocol(auth_require_tls=False), service.LOOPBACK, self.ports["tls"], ssl=self.tls
        )
        self.listeners = [starttls, tls]
        self.ports = {"starttls": port_of(starttls), "tls": port_of(tls)}

    async def down(self):
        """Stops listening and cuts every connection."""
        for listener in self.listeners:
            listener.close()
        for protocol in self.protocols:
            if protocol.transport is not None:
                protocol.transport.abort()
        self.listeners = []
        self.protocols.clear()

    def commands(self):
        """The control commands."""

        def on_loop(function):
            def run():
                asyncio.run_coroutine_threadsafe(function(), self.loop).result(30)
                return {}

            return run

        return {
            "wait": self.maildir.wait,
            "messages": self.maildir.messages,
            "fail": self.failures.fail,
            "heal": self.failures.heal,
            "down": on_loop(self.down),
            "up": on_loop(self.up),
        }


def port_of(listener):
    """Where an asyncio server listens."""
    return listener.sockets[0].getsockname()[1]


def main():
    """Listens until the end."""
    service.end_with_parent()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="smtp", daemon=True).start()
    server = Server(folder, loop)
    asyncio.run_coroutine_threadsafe(server.up(), loop).result(10)
    service.announce(
        host=service.LOOPBACK,
        port=server.ports["starttls"],
        tls_port=server.ports["tls"],
        user=server.user,
        password=server.password,
        ca=str(server.ca),
        maildir=str(server.maildir.folder),
        control=service.serve_control(server.commands()),
    )
    service.wait_for_end()


if __name__ == "__main__":
    main()
