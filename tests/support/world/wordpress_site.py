#!/usr/bin/env python3
"""Debian's WordPress on loopback, on a MariaDB of its own, filled through its own functions, with the truth about it.

    wordpress_site.py DIR [--fd FD] [--seed N]

When it serves, one line of JSON is printed: `{"url": URL, "control": URL, "truth": FILE}`. Of the listening socket
that is inherited as `--fd`, PHP's own server takes over the port. The truth file has every post and every comment
that a guest can read:

    {"posts": [{"post_id": "post-N" or "comment-N", "thread_id", "author", "posted_at", "title", "text", "links"}],
     "threads": N, "hidden": [the post_id of all that no guest can read: private posts, comments not approved]}

WordPress runs from a copy in DIR, in its default theme. The filled database is kept as a dump beside the installed
packages, under a name made of what it depends on.

Control commands (a post in the answer is as above):
  add_topic {title, body, author}         → post (a board may be given; there is none)
  add_comment {thread_id, body, author}   → post
  edit_comment {post_id, body}            → post
  remove_comment {post_id}                → {}
  truth {}                                → the truth as it is now
  behave {mode: "normal"|"maintenance"|"captcha"|"login"|"hang"|"broken_layout"} → {}
"""

import argparse
import hashlib
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import postgres_cluster
import service
import spirit_content
from behaviour import CAPTCHA
from plain_text import links_of, text_of

HERE = pathlib.Path(__file__).resolve().parent
INSTALLED = pathlib.Path("/usr/share/wordpress")
CONTENT = ("wordpress_site.py", "wordpress_commands.php", "spirit_content.py")
SECONDS_TO_START = 60
DATABASE = "wordpress"
PHP = ("php", "-d", "sendmail_path=/bin/true")  # WordPress mails its administrator when it is installed
TEMPLATE = "wordpress/wp-content/themes/twentytwentythree/templates/single.html"

CONFIGURATION = """<?php
define('DB_NAME', '{database}');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {{
    define($name . '_KEY', 'of the test world');
    define($name . '_SALT', 'of the test world');
}}
// The onion address is not known yet.
define('WP_HOME', 'http://' . $_SERVER['HTTP_HOST']);
define('WP_SITEURL', WP_HOME);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
require_once ABSPATH . 'wp-settings.php';
"""

# As the plug-ins do it that close a site to guests or put a puzzle before it.
PLUGIN = """<?php
add_action('template_redirect', function () {
    switch (@file_get_contents(getenv('WORDPRESS_FOLDER') . '/mode')) {
        case 'login':
            auth_redirect();
        case 'captcha':
            header('Content-Type: text/html; charset=utf-8');
            readfile(getenv('WORDPRESS_FOLDER') . '/captcha.html');
            exit;
    }
});
"""


class Blog:
    """The servers of one WordPress, and what a test may do to it."""

    def __init__(self, folder):
        self.folder = folder
        self.socket = folder / "mariadb" / "socket"
        self.environment = {**os.environ, "WORDPRESS_FOLDER": str(folder)}
        self.database = None
        self.server = None
        self.mode = "normal"

    def lay_out(self):
        """Makes the files of WordPress."""
        self.folder.mkdir(parents=True)
        shutil.copytree(INSTALLED, self.folder / "wordpress")
        text = CONFIGURATION.format(database=DATABASE, socket=self.socket)
        (self.folder / "wordpress/wp-config.php").write_text(text, encoding="utf-8")
        plugins = self.folder / "wordpress/wp-content/mu-plugins"
        plugins.mkdir()
        (plugins / "behaviour.php").write_text(PLUGIN, encoding="utf-8")
        (self.folder / "captcha.html").write_bytes(CAPTCHA)

    def start_database(self):
        """Makes and starts a MariaDB that listens on a socket in the folder alone."""
        place = self.folder / "mariadb"
        place.mkdir()
        # MariaDB refuses to run as root; were it to change its user by itself, it would outlive this process.
        user = "mysql" if os.geteuid() == 0 else None
        if user:
            shutil.chown(place, user, pwd.getpwnam(user).pw_gid)
        options, lower = [f"--datadir={place / 'data'}"], {"cwd": "/", **postgres_cluster.options_of(user)}
        names = ("mariadb-install-db", "mariadbd")
        install, server = (shutil.which(name, path="/usr/sbin:/usr/bin") or sys.exit(f"no {name}") for name in names)
        command = [install, "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", *options]
        subprocess.run(command, check=True, stdout=sys.stderr, stdin=subprocess.DEVNULL, **lower)
        small = ["--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=8M"]
        files = [f"--socket={self.socket}", f"--pid-file={place / 'pid'}", "--character-set-server=utf8mb4"]
        command = [server, "--no-defaults", *options, "--skip-networking", *files, *small]
        self.database = service.spawn(command, log=self.folder / "mariadb.log", **lower)
        deadline = time.monotonic() + SECONDS_TO_START
        while subprocess.run(self.client("mariadb-admin", "ping"), check=False, capture_output=True).returncode != 0:
            if self.database.poll() is not None or time.monotonic() > deadline:
                sys.exit("MariaDB did not start; see its log")
            time.sleep(0.05)

    def client(self, program, *arguments):
        """A command line of one of MariaDB's clients."""
        return [program, "--no-defaults", "--user=root", f"--socket={self.socket}", *arguments]

    def fill(self, seed):
        """Loads the kept dump, or fills an empty WordPress and keeps it."""
        subprocess.run(self.client("mariadb-admin", "create", DATABASE), check=True, stdin=subprocess.DEVNULL)
        kept = kept_dump(seed)
        if kept.exists():
            with open(kept, "rb") as dump:
                subprocess.run(self.client("mariadb", DATABASE), check=True, stdin=dump)
            return
        self.command("fill", threads=[as_given(thread) for thread in spirit_content.threads(seed)])
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as place:
            dump = pathlib.Path(place, kept.name)
            with open(dump, "wb") as out:
                command = self.client("mariadb-dump", DATABASE)
                subprocess.run(command, check=True, stdout=out, stdin=subprocess.DEVNULL)
            dump.replace(kept)

    def command(self, name, **given):
        """Has WordPress carry out a command; returns its answer."""
        command = [*PHP, "-d", "display_errors=stderr", str(HERE / "wordpress_commands.php"), name]
        payload = json.dumps(given).encode()
        done = subprocess.run(command, input=payload, capture_output=True, env=self.environment, check=False)
        sys.stderr.write(done.stderr.decode(errors="replace"))
        if done.returncode != 0:
            raise service.CommandError(f"{name}: {done.stderr.decode(errors='replace')[-1000:]}")
        # What WordPress prints of its own while it is installed comes first.
        return json.loads(done.stdout.decode().strip().rpartition("\n")[2])

    def serve(self, sock):
        """Starts PHP's server on the port of the socket; returns the address."""
        where = f"{service.LOOPBACK}:{sock.getsockname()[1]}"
        sock.close()
        command = [*PHP, "-d", "opcache.enable_cli=1", "-S", where, "-t", self.folder / "wordpress"]
        self.server = service.spawn(command, log=self.folder / "php.log", env=self.environment)
        deadline = time.monotonic() + SECONDS_TO_START
        while "started" not in (self.folder / "php.log").read_text(errors="replace"):
            if self.server.poll() is not None or time.monotonic() > deadline:
                sys.exit("PHP's server did not start; see its log")
            time.sleep(0.02)
        return f"http://{where}/"

    def behave(self, mode):
        """Sets the mode."""
        if mode not in ("normal", "maintenance", "captcha", "login", "hang", "broken_layout"):
            raise service.CommandError(f"no mode {mode!r}")
        self.server.send_signal(signal.SIGSTOP if mode == "hang" else signal.SIGCONT)
        (self.folder / "mode").write_text(mode)
        under_way = self.folder / "wordpress/.maintenance"  # WordPress' own, of an update
        under_way.unlink(missing_ok=True)
        if mode == "maintenance":
            under_way.write_text(f"<?php $upgrading = {int(time.time())};")
        template = self.folder / TEMPLATE
        shutil.copyfile(INSTALLED / template.relative_to(self.folder / "wordpress"), template)
        if mode == "broken_layout":
            template.write_text(template.read_text().replace("<!-- wp:post-content ", "<!-- wp:post-excerpt "))
        return {}

    def truth(self):
        """What a guest can read, and what no guest can."""
        told = self.command("truth")
        posts = [as_truth(post) for post in told["posts"]]
        return {"posts": posts, "threads": len({post["thread_id"] for post in posts}), "hidden": told["hidden"]}

    def commands(self):
        """The control commands."""

        def of(name):
            return lambda **given: as_truth(self.command(name, **given))

        def remove_comment(post_id):
            self.command("remove_comment", post_id=post_id)
            return {}

        known = {name: of(name) for name in ("add_topic", "add_comment", "edit_comment")}
        return {**known, "remove_comment": remove_comment, "truth": self.truth, "behave": self.behave}


def as_given(thread):
    """A thread of the world's content as the command takes it."""
    posts = [
        {
            "author": post.author,
            "body": post.body,
            "removed": post.removed,
            "posted_at": f"{post.posted_at:%Y-%m-%d %H:%M:%S}",
        }
        for post in thread.posts
    ]
    return {"title": thread.title, "removed": thread.removed, "posts": posts}


def as_truth(post):
    """The truth about a post, of what WordPress renders."""
    html = post.pop("html")
    return {**post, "title": text_of(post.pop("title_html")), "text": text_of(html), "links": links_of(html)}


def kept_dump(seed):
    """Where the filled database is kept."""
    known = hashlib.sha256(str(seed).encode() + (INSTALLED / "wp-includes/version.php").read_bytes())
    for name in CONTENT:
        known.update((HERE / name).read_bytes())
    return pathlib.Path(sys.prefix, "share", "nightheron", f"wordpress-{known.hexdigest()[:16]}.sql")


def main():
    """Prepares, fills and serves WordPress until the end."""
    service.end_with_parent()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=lambda path: pathlib.Path(path).absolute(), metavar="DIR")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--seed", type=int, default=2028)
    arguments = parser.parse_args()
    sock = service.listening_socket(arguments.fd)
    blog = Blog(arguments.folder)
    blog.lay_out()
    blog.start_database()
    blog.fill(arguments.seed)
    truth_file = arguments.folder.parent / "wordpress-truth.json"
    service.write_json(truth_file, blog.truth())
    url = blog.serve(sock)
    service.announce(url=url, control=service.serve_control(blog.commands()), truth=str(truth_file))
    service.wait_for_end()
    blog.server.send_signal(signal.SIGCONT)
    service.stop(blog.server)
    service.stop(blog.database)


if __name__ == "__main__":
    main()
