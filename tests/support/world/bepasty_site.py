#!/usr/bin/env python3
"""A bepasty paste site on loopback whose guests may list and read, filled through its own REST interface.

    bepasty_site.py DIR [--fd FD] [--seed N]

When it serves, one line of JSON is printed: `{"url": URL, "control": URL, "truth": FILE}`. `--fd` is an inherited
listening socket. The truth file has every paste:

    {"pastes": [{"post_id", "title", "posted_at", "content_type", "charset", "kind", "size", "sha256", "text",
                 "path", "download_path"}]}

`kind` is `text`, `legacy` (text that is not UTF-8: bepasty shows it as ISO 8859-1, which is what `text` says),
`large` (over 100,000 bytes: bepasty shows no text, only the download; `text` is what is downloaded) or `binary`
(`text` is null). bepasty has no authors. The list is one page, newest first.

Control commands: `add_paste {name, text}` → paste, `remove_paste {post_id}` → {}, `truth {}` → the truth as it is now.
"""

import argparse
import base64
import datetime
import hashlib
import json
import os
import pathlib
import random
import secrets
import threading
import time
import urllib.request

import service
from bepasty_content import Paste, pastes

# bepasty computes hashes in the background, and a page written meanwhile may be cut.
SECONDS_FOR_HASHES = 20


class Client:
    """Speaks bepasty's REST interface with the uploader's secret."""

    def __init__(self, url, secret):
        self.url = url.rstrip("/")
        self.authorization = "Basic " + base64.b64encode(f"x:{secret}".encode()).decode()
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.known = {}

    def request(self, path, data=None, **headers):
        """Sends one request; returns the answer's headers and body."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            self.url + path, data=data, headers={"Authorization": self.authorization, **headers}
        )
        with self.opener.open(request, timeout=30) as answer:
            return answer.headers, answer.read()

    def upload(self, paste):
        """Uploads one paste whole; returns the truth about it."""
        size = len(paste.data)
        headers, _ = self.request(
            "/apis/rest/items",
            base64.b64encode(paste.data),
            Content_Type=paste.content_type,
            Content_Filename=paste.name,
            Content_Range=f"bytes 0-{size - 1}/{size}",
            Maxlife_Unit="FOREVER",
        )
        identity = headers["Content-Location"].rpartition("/")[2]
        self.known[identity] = paste
        return self.describe(identity, self.settled(identity))

    def settled(self, identity):
        """The stored facts about one paste, when its hash has been computed."""
        deadline = time.monotonic() + SECONDS_FOR_HASHES
        while True:
            facts = json.loads(self.request(f"/apis/rest/items/{identity}")[1])["file-meta"]
            if facts["hash"]:
                return facts
            if time.monotonic() > deadline:
                raise TimeoutError(f"bepasty computed no hash of {identity}")
            time.sleep(0.01)

    def remove(self, identity):
        """Deletes one paste."""
        if identity not in self.known:
            raise service.CommandError(f"no paste {identity!r}")
        self.request(f"/apis/rest/items/{identity}/delete", b"{}", Content_Type="application/json")
        del self.known[identity]

    def truth(self):
        """All pastes as guests see them, oldest first."""
        listed = json.loads(self.request("/apis/rest/items")[1])
        return {"pastes": [self.describe(identity, listed[identity]["file-meta"]) for identity in self.known]}

    def describe(self, identity, facts):
        """The truth about one paste, from what bepasty says and from what was uploaded."""
        paste = self.known[identity]
        posted = datetime.datetime.fromtimestamp(facts["timestamp-upload"], datetime.timezone.utc)
        return {
            "post_id": identity,
            "title": facts["filename"],
            "posted_at": posted.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "content_type": facts["type"],
            "charset": paste.charset,
            "kind": paste.kind,
            "size": facts["size"],
            "sha256": hashlib.sha256(paste.data).hexdigest(),
            "text": shown(paste),
            "path": f"/{identity}",
            "download_path": f"/{identity}/+download",
        }


def shown(paste):
    """The text of a paste as bepasty shows it."""
    if paste.kind == "binary":
        return None
    return paste.data.decode("iso-8859-1" if paste.kind == "legacy" else "utf-8")


def configure(folder, secret):
    """Writes bepasty's configuration and names it in the environment."""
    (folder / "storage").mkdir(parents=True)
    (folder / "bepasty.conf").write_text(
        f"SITENAME = 'paste.invalid'\n"
        f"STORAGE_FILESYSTEM_DIRECTORY = {str(folder / 'storage')!r}\n"
        f"SECRET_KEY = {secrets.token_hex(32)!r}\n"
        f"SESSION_COOKIE_SECURE = False\n"
        f"PERMISSIONS = {{{secret!r}: 'list,create,modify,read,delete'}}\n"
        f"DEFAULT_PERMISSIONS = 'list,read'\n"
    )
    os.environ["BEPASTY_CONFIG"] = str(folder / "bepasty.conf")


def commands(client):
    """The control commands, one at a time."""
    lock = threading.Lock()

    def add_paste(name, text):
        with lock:
            return client.upload(Paste(name, text.encode()))

    def remove_paste(post_id):
        with lock:
            client.remove(post_id)
        return {}

    def truth():
        with lock:
            return client.truth()

    return {"add_paste": add_paste, "remove_paste": remove_paste, "truth": truth}


def serve(fd):
    """Starts the site; returns its address."""
    import waitress
    from bepasty.app import create_app

    sock = service.listening_socket(fd)
    server = waitress.create_server(create_app(), sockets=[sock], threads=8, ident="nginx")
    threading.Thread(target=server.run, name="bepasty", daemon=True).start()
    return f"http://{service.LOOPBACK}:{sock.getsockname()[1]}/"


def main():
    """Serves and fills the site until the end."""
    service.end_with_parent()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--seed", type=int, default=2026)
    arguments = parser.parse_args()
    secret = secrets.token_hex(16)
    configure(arguments.folder, secret)
    random.seed(arguments.seed)  # bepasty draws the names of its items from here
    url = serve(arguments.fd)
    client = Client(url, secret)
    for paste in pastes(arguments.seed):
        client.upload(paste)
    truth_file = arguments.folder.parent / "bepasty-truth.json"
    service.write_json(truth_file, client.truth())
    service.announce(url=url, control=service.serve_control(commands(client)), truth=str(truth_file))
    service.wait_for_end()


if __name__ == "__main__":
    main()
