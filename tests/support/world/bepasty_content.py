"""What is on the test paste site: pastes in Chinese, English and Russian, and some that are no plain text.

Every organisation, person and address is invented. The same seed gives the same pastes.
"""

import dataclasses
import random

from spirit_content import FIRMS, SENTENCES, SIZES

# bepasty shows no text larger than 100,000 bytes, it offers it for download only.
LARGE_LINES = 4000


@dataclasses.dataclass
class Paste:
    """One item: bepasty keeps ASCII file names only."""

    name: str
    data: bytes
    kind: str = "text"  # text, legacy (not UTF-8), large or binary
    content_type: str = "text/plain"
    charset: str = "utf-8"


def pastes(seed):
    """All pastes, oldest first."""
    rng = random.Random(seed)
    made = [ordinary(rng, number) for number in range(24)]
    made += [
        Paste("combo.txt", combo(rng, 60).encode()),
        Paste("combo-full.txt", combo(rng, LARGE_LINES).encode(), kind="large"),
        Paste(
            "list.txt",
            "Заря Машины: почта sekretar@zarya-mash.example\n".encode("cp1251"),
            "legacy",
            charset="windows-1251",
        ),
        Paste("neibu.txt", "晶湛電子 內部資料 2 TB 出售\n".encode("big5"), "legacy", charset="big5"),
        Paste("dump.bin", rng.randbytes(4096), "binary", "application/octet-stream", ""),
        Paste(
            "mail.py",
            b'# orchidbay.example\nUSERS = {"it.support@orchidbay.example": "***"}\nprint("<b>&amp;</b>")\n',
            content_type="text/x-python",
        ),
    ]
    return made


def ordinary(rng, number):
    """Some sentences in one language."""
    language = ("zh", "en", "ru")[number % 3]
    firm, domain = rng.choice(FIRMS)
    sentences = rng.sample(SENTENCES[language], rng.randint(2, 6))
    text = "\n".join(sentences).format(firm=firm, domain=domain, size=rng.choice(SIZES))
    return Paste(f"{language}-{number:02}.txt", (text + "\n").encode())


def combo(rng, lines):
    """Mail addresses with passwords."""
    domains = [domain for _, domain in FIRMS]
    return "".join(
        f"user{rng.randrange(10**6):06}@{rng.choice(domains)}:Spring{rng.randrange(9999)}!\n" for _ in range(lines)
    )
