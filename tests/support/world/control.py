#!/usr/bin/env python3
"""Sends one command to a part of a running test world and prints its answer.

    control.py WORLD.json PART COMMAND [JSON]

PART is `smtp`, `onion` or the name of a site such as `spirit`; the command's arguments are a JSON object, given as
the last argument or, when that is `-`, on standard input. The answer is one line of JSON. Instead of WORLD.json and PART
the control URL of one program may be given. Exit status 1 with one line on standard error if it was refused.
"""

import json
import pathlib
import sys
import urllib.error
import urllib.request

LONGEST_WAIT = 600  # seconds; the `wait` command has a time-out of its own


def main(arguments):
    """Finds the control URL, sends the command, prints the answer; returns the exit status."""
    if arguments and arguments[0].startswith("http://"):
        url, rest = arguments[0], arguments[1:]
    elif len(arguments) >= 3:
        world = json.loads(pathlib.Path(arguments[0]).read_text(encoding="utf-8"))
        url, rest = world["control"].get(arguments[1]), arguments[2:]
        if url is None:
            return refuse(f"no part {arguments[1]!r}; there are: {', '.join(sorted(world['control']))}")
    else:
        return refuse(__doc__)
    if len(rest) not in (1, 2):
        return refuse(__doc__)
    body = (rest[1] if len(rest) == 2 else "{}").encode()
    return send(f"{url}/{rest[0]}", sys.stdin.buffer.read() if body == b"-" else body)


def send(url, body):
    """Posts the command and prints the answer; returns the exit status."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, data=body), timeout=LONGEST_WAIT) as answer:
            sys.stdout.buffer.write(answer.read() + b"\n")
            return 0
    except urllib.error.HTTPError as refused:
        return refuse(json.loads(refused.read())["error"])
    except OSError as lost:
        return refuse(f"{url}: {lost}")


def refuse(reason):
    """Says why on standard error; returns the exit status."""
    print(reason, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
