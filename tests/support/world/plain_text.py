"""The text of a piece of rendered HTML, as a reader sees it: one line a block."""

from html.parser import HTMLParser

BLOCKS = frozenset("p div li ul ol blockquote pre table tr h1 h2 h3 h4 h5 h6 br hr".split())


class _Reader(HTMLParser):
    """Collects text and link targets."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts = []
        self.links = []

    def handle_starttag(self, tag, attributes):
        if tag in BLOCKS:
            self.parts.append("\n")
        target = dict(attributes).get("href")
        if tag == "a" and target:
            self.links.append(target)

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data):
        self.parts.append(data)


def _read(html):
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def text_of(html):
    """The text, without empty lines and without white space at the ends of lines."""
    lines = (line.strip() for line in "".join(_read(html).parts).split("\n"))
    return "\n".join(line for line in lines if line)


def links_of(html):
    """The targets of all links, in order."""
    return _read(html).links
