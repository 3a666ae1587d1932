//! Domain names as terms: IDNA, the Public Suffix List, free-mail providers.

use std::net::IpAddr;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

use super::TermError;

/// Providers whose domains belong to nobody's employees: the large ones, and those that are usual
/// in Taiwan, China and Russia.
const FREE_MAIL: &[&str] = &[
    "126.com",
    "139.com",
    "163.com",
    "189.cn",
    "aol.com",
    "bk.ru",
    "cock.li",
    "duck.com",
    "fastmail.com",
    "foxmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hinet.net",
    "hotmail.com",
    "hotmail.com.tw",
    "hushmail.com",
    "icloud.com",
    "inbox.ru",
    "list.ru",
    "live.com",
    "live.cn",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "onionmail.org",
    "outlook.com",
    "pchome.com.tw",
    "pm.me",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rocketmail.com",
    "sina.cn",
    "sina.com",
    "sohu.com",
    "tuta.com",
    "tuta.io",
    "tutanota.com",
    "vip.qq.com",
    "seed.net.tw",
    "ya.ru",
    "yahoo.co.jp",
    "yahoo.com",
    "yahoo.com.hk",
    "yahoo.com.tw",
    "yandex.com",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
];

/// A domain to watch in ASCII and lower case; a leading `*.` and a final dot are dropped.
pub(super) fn parse_watched(text: &str) -> Result<String, TermError> {
    let owned = || text.to_owned();
    let name = text.strip_prefix("*.").unwrap_or(text);
    if text.parse::<IpAddr>().is_ok() {
        return Err(TermError::IpAddress { text: owned() });
    }
    if name.contains(['/', ':', '@', '＠']) {
        return Err(TermError::NotADomain { text: owned() });
    }
    let ascii = parse_name(name, text)?;
    if psl::domain_str(&ascii).is_none() {
        return Err(TermError::PublicSuffix { text: to_unicode(&ascii) });
    }
    if is_free_mail(&ascii) {
        return Err(TermError::FreeMail { text: ascii });
    }
    Ok(ascii)
}

/// HiNet numbers its mail servers: ms1.hinet.net to ms82.hinet.net and more.
fn is_free_mail(ascii: &str) -> bool {
    let numbered = ascii.strip_prefix("ms").and_then(|rest| rest.strip_suffix(".hinet.net"));
    FREE_MAIL.contains(&ascii) || numbered.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

/// An e-mail domain with its `@`; what is no domain of one organisation is none of its mail.
pub(super) fn parse_mail(text: &str) -> Result<String, TermError> {
    let name = text.strip_prefix(['@', '＠']).unwrap_or(text);
    if name.contains(['@', '＠']) {
        return Err(TermError::NotAnEmailDomain { text: text.to_owned() });
    }
    Ok(format!("@{}", parse_watched(name)?))
}

/// A domain name in ASCII and lower case (UTS 46, labels of letters, digits and hyphens).
pub(super) fn parse_name(name: &str, shown: &str) -> Result<String, TermError> {
    let bad = || TermError::BadDomain { text: shown.to_owned() };
    let deny = AsciiDenyList::STD3;
    let ascii = Uts46::new()
        .to_ascii(name.as_bytes(), deny, Hyphens::CheckFirstLast, DnsLength::VerifyAllowRootDot)
        .map_err(|_| bad())?;
    let ascii = ascii.strip_suffix('.').unwrap_or(&ascii);
    match ascii.rsplit_once('.') {
        None => Err(TermError::NoDot { text: shown.to_owned() }),
        Some((_, top)) if top.bytes().all(|b| b.is_ascii_digit()) => Err(bad()),
        Some(_) => Ok(ascii.to_owned()),
    }
}

/// The name in its own script, as a browser would show it.
pub(super) fn to_unicode(ascii: &str) -> String {
    idna::domain_to_unicode(ascii).0
}
