#!/usr/bin/env python3
"""A Misago forum on loopback with a PostgreSQL of its own, filled through its own models, with the truth about it.

    misago_site.py DIR [--fd FD] [--seed N]

When it serves, one line of JSON is printed: `{"url": URL, "control": URL, "truth": FILE}`. `--fd` is an inherited
listening socket. The truth file has every post that a guest can read:

    {"posts": [{"post_id", "thread_id", "board", "author", "posted_at", "title", "text", "links", "edited"}],
     "threads": N, "hidden": [the post_id of every post that no guest can read]}

`posted_at` is in UTC, RFC 3339. Misago shows a hidden post's place and not what it says.

The filled database is kept beside the installed packages as a dump, under a name made of what it depends on.

Control commands (a post in the answer is as above):
  add_topic {board, title, body, author}  → post
  add_comment {thread_id, body, author}   → post
  edit_comment {post_id, body}            → post
  remove_comment {post_id}                → {}
  truth {}                                → the truth as it is now
  add_member {name, password}             → {}
  members_only {}                         → {}; guests see no board any more
  end_sessions {}                         → {}; everybody is logged out
  behave {mode: "normal"|"maintenance"|"captcha"|"hang"|"broken_layout"} → {}
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import postgres_cluster
import service
import spirit_content

HERE = pathlib.Path(__file__).resolve().parent
CONTENT = ("misago_site.py", "misago_forum.py", "misago_settings.py", "spirit_content.py")
POST_BODY = "misago/thread/posts/post/body.html"


def start_cluster(folder):
    """Starts the forum's PostgreSQL, which dies with this process; returns its port."""
    command = [sys.executable, HERE / "postgres_cluster.py", folder]
    cluster = service.spawn(command, log=folder.with_suffix(".log"), stdout=subprocess.PIPE)
    line = cluster.stdout.readline()
    if not line:
        sys.exit(f"PostgreSQL did not start: {folder.with_suffix('.log').read_text(errors='replace')[-2000:]}")
    return json.loads(line)["url"].rpartition(":")[2].strip("/")


def postgres(program, port, *arguments):
    """Runs one of PostgreSQL's programs on the forum's cluster."""
    where = ["--host", service.LOOPBACK, "--port", port, "--username", postgres_cluster.SUPERUSER]
    command = [postgres_cluster.find(program), *where, *map(str, arguments)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def kept_dump(seed):
    """Where the filled database is kept."""
    known = hashlib.sha256(str(seed).encode())
    for name in CONTENT:
        known.update((HERE / name).read_bytes())
    name = f"misago-{importlib.metadata.version('misago')}-{known.hexdigest()[:16]}.sql"
    return pathlib.Path(sys.prefix, "share", "nightheron", name)


def prepare(folder, port, seed):
    """Makes the database of the kept dump, or fills a new one and keeps it; Django is set up afterwards."""
    os.environ.update(DJANGO_SETTINGS_MODULE="misago_settings", MISAGO_FOLDER=str(folder), MISAGO_POSTGRES_PORT=port)
    postgres("createdb", port, "misago")
    kept = kept_dump(seed)
    if kept.exists():
        postgres("psql", port, "--dbname", "misago", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", kept)
    import django

    django.setup()
    if not kept.exists():
        from django.core.management import call_command

        import misago_forum

        call_command("migrate", verbosity=0)
        misago_forum.fill(spirit_content.BOARDS, spirit_content.threads(seed))
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as place:
            dump = pathlib.Path(place, kept.name)
            postgres("pg_dump", port, "--dbname", "misago", "--file", dump)
            dump.replace(kept)


def serve(folder, fd):
    """Serves the forum and its control commands; returns what to announce."""
    import waitress
    from behaviour import Behaviour, edited_template
    from django.core.wsgi import get_wsgi_application

    import misago_forum

    # The page would look the same without the class by which the text is known.
    broken = edited_template(POST_BODY, folder / "templates", 'class="post-body"', 'class="post-prose"')
    behaviour = Behaviour(get_wsgi_application(), {"broken_layout": broken})
    sock = service.listening_socket(fd)
    server = waitress.create_server(behaviour, sockets=[sock], threads=8, ident="nginx")
    threading.Thread(target=server.run, name="forum", daemon=True).start()
    truth_file = folder.parent / "misago-truth.json"
    service.write_json(truth_file, misago_forum.truth())
    commands = {**misago_forum.commands(), "behave": behaviour.behave}
    return {
        "url": f"http://{service.LOOPBACK}:{sock.getsockname()[1]}/",
        "control": service.serve_control(commands),
        "truth": str(truth_file),
    }


def main():
    """Prepares, fills and serves the forum until the end."""
    service.end_with_parent()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--seed", type=int, default=2027)
    arguments = parser.parse_args()
    (arguments.folder / "media").mkdir(parents=True)
    port = start_cluster(arguments.folder / "postgresql")
    prepare(arguments.folder, port, arguments.seed)
    service.announce(**serve(arguments.folder, arguments.fd))
    service.wait_for_end()


if __name__ == "__main__":
    main()
