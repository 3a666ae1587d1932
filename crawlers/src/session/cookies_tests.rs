//! The three forms of cookies, whose they are, and that nothing of them is shown.

use super::*;

fn site() -> Url {
    Url::parse("http://forum.example/board/").unwrap()
}

fn import(text: &str) -> (Jar, Result<Imported, CookieError>) {
    let jar = Jar::default();
    let imported = import_cookies(&jar, &Secret::new(text), &site(), &Limits::default());
    (jar, imported)
}

fn sent(jar: &Jar, to: &str) -> Vec<String> {
    let header = jar.header(&Url::parse(to).unwrap());
    let header = header.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let mut pairs: Vec<String> = header.split("; ").filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
    pairs.sort();
    pairs
}

#[test]
fn the_three_forms_are_read() {
    let netscape = "# Netscape HTTP Cookie File\n\nforum.example\tFALSE\t/\tFALSE\t0\ta\t1\n\
                    #HttpOnly_.forum.example\tTRUE\t/\tFALSE\t4102444800\tb\t2=\n\
                    other.example\tFALSE\t/\tFALSE\t0\tc\t3";
    let json = r#"[{"domain":".forum.example","hostOnly":false,"httpOnly":true,"name":"b","value":"2=","path":"/",
                    "expirationDate":4102444800.5,"sameSite":"lax","storeId":"0"},
                   {"domain":"forum.example","name":"a","value":"1"},
                   {"domain":"other.example","name":"c","value":"3"}]"#;
    let wrapped = format!(r#"{{"url":"http://forum.example","cookies":{json}}}"#);
    for text in [netscape, json, &wrapped] {
        let (jar, imported) = import(text);
        assert_eq!(imported, Ok(Imported { kept: 2, left_out: 1 }), "{text}");
        assert_eq!(sent(&jar, "http://forum.example/x"), ["a=1", "b=2="], "{text}");
        assert_eq!(sent(&jar, "http://other.example/"), [""; 0]);
    }
    for text in ["a=1; b=2=", "Cookie: a=1; b=2=;", "a=1\nb=2=\n"] {
        let (jar, imported) = import(text);
        assert_eq!(imported, Ok(Imported { kept: 2, left_out: 0 }));
        assert_eq!(sent(&jar, "http://forum.example/"), ["a=1", "b=2="]);
    }
}

#[test]
fn a_cookie_stays_with_the_host_it_was_given_for() {
    let (jar, _) = import(".example\tTRUE\t/\tFALSE\t0\ta\t1\n");
    assert_eq!(sent(&jar, "http://forum.example/"), ["a=1"]);
    assert_eq!(sent(&jar, "http://evil.example/"), [""; 0]);
    assert_eq!(sent(&jar, "http://sub.forum.example/"), [""; 0]);
    for domain in ["rum.example", "evil.example", "sub.forum.example", "forum.example.evil.example"] {
        let (_, imported) = import(&format!("{domain}\tTRUE\t/\tFALSE\t0\ta\t1\n"));
        assert_eq!(imported, Err(CookieError::OtherSite(1)), "{domain}");
    }
}

#[test]
fn what_is_no_cookie_is_told_by_its_place_and_not_repeated() {
    let cases = [
        ("", CookieError::Nothing),
        ("# Netscape\t\n", CookieError::Nothing),
        ("[]", CookieError::Nothing),
        ("hunter2", CookieError::Line(1)),
        ("a=1\nhunter2", CookieError::Line(2)),
        ("forum.example\tFALSE\t/\tFALSE\t0\thunter2", CookieError::Line(1)),
        ("forum.example\tFALSE\t/\tFALSE\tsoon\ta\thunter2", CookieError::Line(1)),
        ("[{\"name\": \"a\"}]", CookieError::Json { line: 1, column: 14 }),
        ("[{\"name\": \"a\", \"value\": \"hunter2; Domain=x\"}]", CookieError::Json { line: 1, column: 1 }),
        ("{\"hunter2\"", CookieError::Json { line: 1, column: 0 }),
    ];
    for (text, expected) in cases {
        let error = import(text).1.unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    assert_eq!(import(&"a=1;".repeat(300_000)).1, Err(CookieError::TooLarge));
}

#[test]
fn a_jar_is_saved_and_restored_with_all_its_hosts() {
    let (jar, limits) = (Jar::default(), Limits::default());
    for (host, line) in [
        ("a.onion.example", "sid=1; Path=/; HttpOnly"),
        ("b.onion.example", "sid=2; Path=/deep; Expires=Fri, 01 Jan 2100 00:00:00 GMT"),
        ("c.example", "wide=3; Domain=c.example; Secure"),
    ] {
        assert!(jar.add(line, &Url::parse(&format!("https://{host}/")).unwrap(), &limits));
    }
    let saved = save_cookies(&jar);
    assert!(!format!("{jar:?} {saved:?}").contains("sid"));
    let again = Jar::default();
    assert_eq!(restore_cookies(&again, &saved, &limits), Ok(Imported { kept: 3, left_out: 0 }));
    assert_eq!(save_cookies(&again), saved);
    assert_eq!(sent(&again, "http://a.onion.example/"), ["sid=1"]);
    assert_eq!(sent(&again, "http://b.onion.example/deep/x"), ["sid=2"]);
    assert_eq!(sent(&again, "http://b.onion.example/"), [""; 0]);
    assert_eq!(sent(&again, "https://sub.c.example/"), ["wide=3"]);
    let empty = save_cookies(&Jar::default());
    assert_eq!(restore_cookies(&Jar::default(), &empty, &limits), Ok(Imported { kept: 0, left_out: 0 }));
}
