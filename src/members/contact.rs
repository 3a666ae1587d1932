//! How a contact is reached: mail, phone, webhook.

use nightheron_watchlists::{Term, TermKind};
use url::{Host, Url};

/// Longest mail address, in characters (RFC 5321, section 4.5.3.1.3).
const MAX_EMAIL: usize = 254;

/// Bounds of a webhook's secret, in characters; below 16 a key can be guessed from the signatures.
const SECRET: std::ops::RangeInclusive<usize> = 16..=256;

/// A mail address that mail can be sent to, in lower case.
pub(super) fn email(text: &str) -> Result<String, String> {
    if text.chars().count() > MAX_EMAIL {
        return Err(format!("the e-mail address has more than {MAX_EMAIL} characters: write a shorter one"));
    }
    let address = Term::parse(TermKind::Email, text).map_err(|error| error.to_string())?.text().to_owned();
    // Servers without SMTPUTF8 refuse a name beyond ASCII; the domain is in ASCII by now.
    if !address.is_ascii() || address.parse::<lettre::Address>().is_err() {
        return Err("mail servers do not take this address: write one with ASCII letters before the @".to_owned());
    }
    Ok(address)
}

/// A phone number as written, when somebody can dial it.
pub(super) fn phone(text: &str) -> Result<String, String> {
    let rest = ["ext", "Ext", "EXT"].iter().fold(text.to_owned(), |rest, word| rest.replace(word, ""));
    let known = |c: char| c.is_ascii_digit() || "+-()#*.,/x 分機轉".contains(c);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if !(5..=30).contains(&digits) || !rest.chars().all(known) {
        return Err("it is no phone number: write one such as +886-2-1234-5678#99 or 02-1234-5678".to_owned());
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The address of a webhook: HTTPS, or plain HTTP to a numeric loopback address, as its sender demands.
pub(super) fn webhook_url(text: &str) -> Result<String, String> {
    let expected = "write an address such as https://hooks.example.com/nightheron";
    let url = Url::parse(text).map_err(|error| format!("it is no web address ({error}): {expected}"))?;
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("the address holds a user name or password: {expected}"));
    }
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Err(format!("alerts travel over https alone: {expected}"));
    }
    Ok(url.into())
}

/// The key of a webhook's signatures.
pub(super) fn webhook_secret(text: &str) -> Result<String, String> {
    let chars = text.chars().count();
    if SECRET.contains(&chars) {
        Ok(text.to_owned())
    } else {
        Err(format!("the secret has {chars} characters: write {} to {}", SECRET.start(), SECRET.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_reached_is_taken() {
        assert_eq!(email("Ann.Lee@Example.COM").as_deref(), Ok("ann.lee@example.com"));
        assert_eq!(email("ann@台積電.tw").as_deref(), Ok("ann@xn--kprs60gl9s.tw"));
        for number in
            ["+886-2-1234-5678#99", "(02) 2345-6789", "0912345678", "02-1234-5678 分機 12", "02-12345678 ext. 9"]
        {
            assert_eq!(phone(number).as_deref(), Ok(number));
        }
        assert_eq!(webhook_url("https://hooks.example.com/a").as_deref(), Ok("https://hooks.example.com/a"));
        assert_eq!(webhook_url("http://127.0.0.1:9/a").as_deref(), Ok("http://127.0.0.1:9/a"));
        assert!(webhook_secret("0123456789abcdef").is_ok());
    }

    #[test]
    fn what_cannot_be_reached_is_refused() {
        for text in ["ann", "ann@", "ann@localhost", "安@example.com", &format!("{}@example.com", "a".repeat(250))] {
            assert!(email(text).is_err(), "{text}");
        }
        for text in ["1234", "none", "call me at 0912345678", &"1".repeat(31)] {
            assert!(phone(text).is_err(), "{text}");
        }
        for text in
            ["example.com", "http://example.com/", "http://localhost/", "ftp://127.0.0.1/", "https://u:p@a.example/"]
        {
            assert!(webhook_url(text).is_err(), "{text}");
        }
        assert!(webhook_secret("short").is_err());
    }
}
