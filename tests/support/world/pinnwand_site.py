#!/usr/bin/env python3
"""A pinnwand paste site on loopback, on SQLite, filled through its own models, with the truth about its pastes.

    pinnwand_site.py DIR [--fd FD] [--seed N]

When it serves, one line of JSON is printed: `{"url": URL, "control": URL, "truth": FILE}`. `--fd` is an inherited
listening socket. The truth file has every file of every paste; pinnwand itself lists none, so that they must be named
to whoever is to read them, and shows neither authors nor the time of pasting:

    {"posts": [{"post_id", "thread_id", "title", "text"}], "pastes": [the name of every paste]}

Control command: `truth {}` → the truth.
"""

import argparse
import pathlib
import signal
import sys

import service
import spirit_content

FOREVER = 100 * 365 * 86400  # seconds
EVERY_SEVENTH = 7  # paste has a second file


def configure(folder):
    """Sets pinnwand's configuration, which it reads when its parts are imported."""
    folder.mkdir(parents=True)
    from pinnwand import configuration

    configuration.database_uri = f"sqlite:///{folder / 'pastes.sqlite3'}"
    # The tests come from one address, as the onion service does.
    plenty = {"capacity": 1_000_000, "consume": 1, "refill": 1_000_000}
    configuration.ratelimit = {area: plenty for area in configuration.ratelimit}


def fill(threads):
    """Pastes the first post of every thread; returns the truth."""
    from pinnwand import database, error, utility

    database.Base.metadata.create_all(database._engine)
    posts, pastes = [], []
    for number, thread in enumerate(threads):
        bodies = [thread.posts[0].body, thread.title][: 2 if number % EVERY_SEVENTH == 0 else 1]
        with utility.SlugContext() as slug, database.session() as session:
            paste = database.Paste(next(slug), FOREVER, "web")
            try:
                for part, body in enumerate(bodies):
                    name = paste.slug if part == 0 else next(slug)
                    paste.files.append(database.File(name, body, "text", f"part-{part}.txt" if part else None))
            except error.SpamError:
                continue  # pinnwand refuses texts that are mostly links
            told = [
                {"post_id": file.slug, "thread_id": paste.slug, "title": file.filename or "", "text": file.raw}
                for file in paste.files
            ]
            session.add(paste)
            session.commit()
        posts += told
        pastes.append(told[0]["thread_id"])
    return {"posts": posts, "pastes": pastes}


def main():
    """Fills and serves the site until the end."""
    service.end_with_parent()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--seed", type=int, default=2029)
    arguments = parser.parse_args()
    configure(arguments.folder)
    truth = fill(spirit_content.threads(arguments.seed))
    truth_file = arguments.folder.parent / "pinnwand-truth.json"
    service.write_json(truth_file, truth)
    import tornado.httpserver
    import tornado.ioloop
    from pinnwand.http import make_application

    sock = service.listening_socket(arguments.fd)
    sock.setblocking(False)
    tornado.httpserver.HTTPServer(make_application()).add_socket(sock)
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: sys.exit(0))
    url = f"http://{service.LOOPBACK}:{sock.getsockname()[1]}/"
    service.announce(url=url, control=service.serve_control({"truth": lambda: truth}), truth=str(truth_file))
    tornado.ioloop.IOLoop.current().start()


if __name__ == "__main__":
    main()
