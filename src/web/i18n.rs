//! The catalogue of both languages, and the choice between them.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::HeaderMap;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    /// Traditional Chinese as written in Taiwan, the default.
    Zh,
    /// English.
    En,
}

type Catalogue = HashMap<String, String>;

static ZH: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("locales/zh-TW.toml")));
static EN: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("locales/en.toml")));

fn read(text: &str) -> Catalogue {
    toml::from_str(text).expect("a catalogue of this program")
}

impl Lang {
    /// Both.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The language of a tag; `None` for others.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        match primary.as_str() {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The language a browser asks for (RFC 9110, 12.5.4); zh-TW when it asks for neither.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let header = headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or("");
        let mut best = (0.0_f32, Self::Zh);
        for range in header.split(',').take(20) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse().ok()).unwrap_or(0.0);
            if let Some(lang) = Self::of(tag)
                && quality > best.0
            {
                best = (quality, lang);
            }
        }
        best.1
    }

    /// The BCP 47 tag, as stored and as in `<html lang>`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-TW",
            Self::En => "en",
        }
    }

    /// The language a reader may switch to.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    /// The text of a key. A test sees to it that every key used is there.
    pub(crate) fn t(self, key: &str) -> &'static str {
        self.find(key).unwrap_or("")
    }

    fn find(self, key: &str) -> Option<&'static str> {
        self.catalogue().get(key).map(String::as_str)
    }

    /// The text of a key, `{}` replaced.
    pub(crate) fn with(self, key: &str, value: impl std::fmt::Display) -> String {
        self.t(key).replacen("{}", &value.to_string(), 1)
    }

    /// The word for a stored value, such as a state; the value itself when it is not known.
    pub(crate) fn word(self, group: &str, value: &str) -> String {
        self.find(&format!("{group}.{value}")).unwrap_or(value).to_owned()
    }

    /// The word for a value that came from outside; nothing when it is not known.
    pub(crate) fn known(self, group: &str, value: &str) -> Option<&'static str> {
        self.find(&format!("{group}.{value}"))
    }
}

#[cfg(test)]
pub(crate) fn keys(lang: Lang) -> std::collections::BTreeSet<String> {
    lang.catalogue().keys().cloned().collect()
}
