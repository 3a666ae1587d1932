#!/usr/bin/env python3
"""A Spirit forum on loopback, filled through its own forms and models, with the truth about what it shows.

    spirit_site.py DIR [--fd FD] [--seed N]

When it serves, one line of JSON is printed: `{"url": URL, "control": URL, "truth": FILE}`. `--fd` is an inherited
listening socket. The truth file has every post that a guest can read:

    {"posts": [{"post_id", "thread_id", "board", "author", "posted_at", "title", "markdown", "text", "html", "links",
                "edited", "thread_path", "page_path", "anchor", "permalink"}],
     "boards": [{"id", "title", "path", "parent"}], "threads": N,
     "hidden": [the post_id of every post that no guest can read]}

`posted_at` is in UTC, RFC 3339, and cut to the whole minute, which is what Spirit shows. `text` is the text of the
rendered post, one line a block; compare it after collapsing white space. Spirit cuts the text of a bare link at 30
characters, so the whole address is in `links` alone.

Control commands (a post in the answer is as above):
  add_topic {board, title, body, author}      → post
  add_comment {thread_id, body, author}       → post
  edit_comment {post_id, body}                → post
  remove_comment {post_id}, remove_topic {thread_id}, restore_topic {thread_id}, close_topic {thread_id} → {}
  truth {}                                    → the truth as it is now
  behave {mode: "normal"|"maintenance"|"captcha"|"login"|"hang"|"broken_layout"} → {}
"""

import argparse
import pathlib
import threading

import service
import spirit_content
import spirit_project

COMMENT = "spirit/comment/_render_list.html"


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--seed", type=int, default=2026)
    return parser.parse_args()


def private(begins):
    """Spirit's own setting: guests are sent to the login form."""
    from django.conf import settings

    settings.ST_PRIVATE_FORUM = begins


def serve(folder, fd):
    """Serves the forum and its control commands; returns what to announce."""
    import waitress
    from behaviour import Behaviour, edited_template
    from django.core.wsgi import get_wsgi_application

    import spirit_forum

    broken = edited_template(COMMENT, folder / "templates", "comment__text", "comment__prose")
    behaviour = Behaviour(get_wsgi_application(), {"broken_layout": broken, "login": private})
    sock = service.listening_socket(fd)
    server = waitress.create_server(behaviour, sockets=[sock], threads=16, ident="nginx")
    threading.Thread(target=server.run, name="forum", daemon=True).start()
    truth_file = folder.parent / "spirit-truth.json"
    service.write_json(truth_file, spirit_forum.truth())
    commands = {**spirit_forum.commands(), "behave": behaviour.behave}
    return {
        "url": f"http://{service.LOOPBACK}:{sock.getsockname()[1]}/",
        "control": service.serve_control(commands),
        "truth": str(truth_file),
    }


def main():
    """Prepares, fills and serves the forum until the end."""
    service.end_with_parent()
    arguments = parse_arguments()
    spirit_project.prepare(arguments.folder)
    import spirit_forum

    spirit_forum.fill(spirit_content.BOARDS, spirit_content.threads(arguments.seed))
    service.announce(**serve(arguments.folder, arguments.fd))
    service.wait_for_end()


if __name__ == "__main__":
    main()
