"""What the test forum says: boards, members and posts in Chinese, English and Russian.

Every organisation, person and address is invented. The same seed gives the same forum.
"""

import dataclasses
import datetime
import random

EPOCH = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)

AUTHORS = ["Night_Market", "kvartz", "老王", "shadow.broker", "Ворон", "lotus88", "jäger", "資料獵人"]


@dataclasses.dataclass
class Board:
    """One category: its title, language, parent and how many threads it has."""

    title: str
    language: str
    threads: int
    parent: str | None = None
    hidden: str | None = None  # "private" or "removed": no guest sees what is in it
    on_front_page: bool = True


BOARDS = [
    Board("資料庫交易", "zh", 14),
    Board("企業內部資料", "zh", 6, parent="資料庫交易"),
    Board("个人信息", "zh", 4, parent="資料庫交易"),
    Board("Databases", "en", 12),
    Board("Initial access", "en", 5, parent="Databases"),
    Board("Off-topic", "en", 3, on_front_page=False),
    Board("Базы данных", "ru", 7),
    Board("Доступы", "ru", 4, parent="Базы данных"),
    Board("Empty shelf", "en", 0),
    Board("Staff room", "en", 2, hidden="private"),
    Board("Closed market", "en", 2, hidden="removed"),
    Board("Stall of the closed market", "en", 2, parent="Closed market", hidden="by its parent"),
]

SUBJECTS = {
    "zh": [
        "出售 {firm} 內部資料",
        "{firm} 客戶名單 {size}",
        "求購 {firm} 員工信箱",
        "【獨家】{firm} 資料庫 {size}",
        "{firm} 源代码打包",
    ],
    "en": [
        "Selling {firm} database {size}",
        "{firm} - full dump, {size}",
        "WTB: access to {firm}",
        "{firm} VPN + domain admin",
        "Fresh combo, {firm} mail",
    ],
    "ru": [
        "Продам базу {firm}, {size}",
        "Доступ к {firm}",
        "{firm}: слив {size}",
        "Куплю доступы {firm}",
        "Почты сотрудников {firm}",
    ],
}

FIRMS = [
    ("晶湛電子", "jingzhan.example"),
    ("銘山精密股份有限公司", "mingshan-precision.example"),
    ("青鷺物流", "qinglu.example"),
    ("Harbour Lantern Co., Ltd.", "harbour-lantern.example"),
    ("Orchid Bay Hospital", "orchidbay.example"),
    ("Tidewater Semicon", "tidewater-semi.example"),
    ("Северный Порт", "severport.example"),
    ("Заря Машины", "zarya-mash.example"),
]

SIZES = ["2.1 GB", "480GB", "3.2M rows", "15 萬筆", "120 тыс. строк", "900 MB"]

SENTENCES = {
    "zh": [
        "本人手上有 {firm} 的完整備份,共 {size},價格私訊。",
        "數據新鮮,上週剛從內網拖出來,可先看樣本。",
        "网站 {domain} 的后台还在,可以远程验证。",
        "含員工姓名、身分證字號、電話與信箱,例如 admin@{domain}。",
        "樣本放在 hxxps://files[.]{domain}/sample.zip,二十四小時後刪除。",
        "只收 XMR,第三方擔保可談。",
        "這批是不是去年那批的重新打包?",
        "ＡＢＣ系統的全形字與零寬\u200b字元也要找得到。",
    ],
    "en": [
        "I have the complete file server of {firm}, {size}, taken last week.",
        "The panel at https://portal.{domain}/login?next=/reports/2026/annual&lang=en is still open.",
        "Contains names, hashed passwords and mails such as it.support@{domain}.",
        "Price is **1,500 USD**, escrow accepted, one hand only.",
        "Sample: hxxp://cdn[.]{domain}/s.7z - password on request.",
        "No time wasters. Vouched by the staff. :smile:",
        "Is this the same set that was posted in spring?",
        "They run version 7.4.2 of their gateway, unpatched.",
    ],
    "ru": [
        "Продаю полный дамп {firm}, объём {size}.",
        "Внутри почта сотрудников, например sekretar@{domain}, и договоры.",
        "Домен {domain} всё ещё открыт, доступ через VPN.",
        "Цена 0.4 BTC, гарант приветствуется.",
        "Пример: hxxps://share[.]{domain}/primer.rar",
        "Это не та база, что была весной?",
        "Работаю только через гаранта, в ЛС.",
    ],
}

# Posts that trip up careless readers of HTML, each put into a thread of its own on `Databases`.
AWKWARD = [
    (
        "<script>alert(1)</script> & friends",
        "Markup as text: <b>not bold</b> <img src=x onerror=alert(1)> &amp; &lt;done&gt;",
    ),
    ("!!!", "A title without a single letter makes an address without a slug."),
    (
        "Long link",
        "Shown cut: https://archive.orchidbay.example/exports/2026/11/customers-full-with-addresses.csv.gz\n\nEnd.",
    ),
    (
        "Structure",
        "# Price list\n\n- mail boxes\n- *contracts*\n\n1. first\n2. second\n\n> quoted by somebody\n> else\n\n"
        "```\nSELECT *\nFROM users -- orchidbay.example\n```\n\nTwo  \nlines.",
    ),
    (
        "Control \u202egpj.exe",
        "Escape \x1b[31mred\x1b[0m and bell \x07, right-to-left \u202eelif\u202c, no\u00a0break.",
    ),
    ("混合 mixed смешанный", "晶湛电子 и 晶湛電子 and ｊｉｎｇｚｈａｎ．ｅｘａｍｐｌｅ in one line."),
]


@dataclasses.dataclass
class Post:
    """One comment as it is to be written."""

    author: str
    body: str
    posted_at: datetime.datetime
    removed: bool = False
    edits: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Thread:
    """One topic as it is to be written, with its comments in order."""

    board: str
    title: str
    posts: list
    pinned: bool = False
    closed: bool = False
    removed: bool = False


def threads(seed):
    """All threads of the forum."""
    rng = random.Random(seed)
    made = [thread(rng, board) for board in BOARDS for _ in range(board.threads)]
    made += [Thread("Databases", title, [Post(AUTHORS[0], body, moment(rng))]) for title, body in AWKWARD]
    arrange(rng, made)
    return made


def arrange(rng, made):
    """Makes some threads long, pinned, closed, edited, thinned or removed."""
    for number, length in ((0, 47), (16, 41), (26, 20), (46, 65)):
        lengthen(rng, made[number], length)
    made[1].pinned = made[26].pinned = True
    made[2].closed = made[27].closed = True
    made[3].removed = made[28].removed = made[45].removed = True
    for number in (0, 5, 30, 46):
        last = made[number].posts[-1]
        last.edits = [last.body + "\n\nUPD: price is lower now.", last.body + "\n\nUPD: sold."]
    for number in (0, 16, 46):
        made[number].posts[7].removed = True


def thread(rng, board):
    """An ordinary thread of one to six posts."""
    firm, domain = rng.choice(FIRMS)
    facts = {"firm": firm, "domain": domain, "size": rng.choice(SIZES)}
    made = Thread(board.title, rng.choice(SUBJECTS[board.language]).format(**facts), [])
    made.posts.append(Post(rng.choice(AUTHORS), paragraphs(rng, board.language, facts), moment(rng)))
    lengthen(rng, made, rng.randint(1, 6), board.language, facts)
    return made


def lengthen(rng, made, length, language="en", facts=None):
    """Adds replies until the thread has `length` posts, each some minutes after the one before."""
    facts = facts or {"firm": FIRMS[4][0], "domain": FIRMS[4][1], "size": SIZES[0]}
    while len(made.posts) < length:
        later = made.posts[-1].posted_at + datetime.timedelta(minutes=rng.randint(1, 300))
        body = f"{rng.choice(SENTENCES[language]).format(**facts)} #{len(made.posts)}"
        made.posts.append(Post(rng.choice(AUTHORS), body, later))


def paragraphs(rng, language, facts):
    """Two to four sentences, some of them paragraphs of their own."""
    sentences = rng.sample(SENTENCES[language], rng.randint(2, 4))
    return rng.choice(["\n\n", "\n"]).join(sentences).format(**facts)


def moment(rng):
    """A whole minute (the forum shows no seconds) within the 120 days after `EPOCH`."""
    return EPOCH + datetime.timedelta(minutes=rng.randrange(120 * 24 * 60))
