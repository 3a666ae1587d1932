//! Answers that cost too much to take or to read.

use std::io::Write as _;

use crate::forum::Skin::{Mybb, Phpbb, Spirit};
use crate::forum::{Skin, What};
use crate::markup::html;
use crate::server::Answer;
use crate::trap::{ALL, Trap, answers};

/// One thread of six posts is answered so.
fn thread(name: &'static str, skin: Skin, answer: impl Fn() -> Answer + Send + Sync + 'static) -> Trap {
    answers(name, skin, ALL - 6, move |ask| ask.is_thread(101).then(&answer))
}

/// 64 MiB of blanks in a few hundred bytes to the mebibyte: beyond the ratio that is believed.
fn bomb() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..64 {
        packed.write_all(&zeros).unwrap();
    }
    packed.finish().unwrap()
}

pub(crate) fn all() -> Vec<Trap> {
    let bomb = bomb();
    vec![
        thread("bytes that do not end", Phpbb, || Answer::Endless),
        thread("a huge page", Mybb, || Answer::Page("x".repeat(5 << 20))),
        thread("elements inside one another", Spirit, || Answer::Page("<div>".repeat(100_000))),
        thread("a bomb of gzip", Phpbb, move || {
            Answer::Raw("200 OK", "Content-Encoding: gzip\r\nContent-Type: text/html\r\n".to_owned(), bomb.clone())
        }),
        thread("a million links", Mybb, || Answer::Page("<a href=x>".repeat(380_000) + &"</a>".repeat(250_000))),
        thread("headers without end", Phpbb, || {
            Answer::Raw("200 OK", (0..2_000).map(|n| format!("X-{n}: {n}\r\n")).collect(), vec![])
        }),
        answers("cookies that grow", Phpbb, ALL, |ask| {
            let page = html(ask.skin, ask.what?, &ask.skin.page(ask.what?)?);
            let cookie = format!("Set-Cookie: c{}={}; Path=/\r\nContent-Type: text/html\r\n", ask.n, "x".repeat(1_000));
            Some(Answer::Raw("200 OK", cookie, page.into_bytes()))
        }),
        answers("gone threads answered with the entrance", Mybb, ALL - 6, |ask| {
            ask.is_thread(101).then(|| ask.write(What::Index, &ask.skin.page(What::Index).unwrap()))
        }),
        answers("gone threads redirected to the entrance", Spirit, ALL - 6, |ask| {
            ask.is_thread(101).then(|| Answer::redirect("/"))
        }),
    ]
}
