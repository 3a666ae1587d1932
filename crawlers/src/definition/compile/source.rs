//! What a definition says of the source as a whole.

use std::time::Duration;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use url::Url;

use super::{
    super::{
        ActiveHours, Meta, Network, Plan, Proof, is_onion,
        raw::{self, Site, Text},
        shortest_for, units,
    },
    Compiler, Layers, first,
};
use crate::{Outcome, PageClass};

impl Compiler {
    /// The links and the legacy links, all of one plane.
    pub(super) fn links(&mut self, layers: &Layers) -> (Vec<Url>, Vec<Url>) {
        // The link of a source that is one page is that page, and no folder.
        let posts = first(layers, |s| s.walk.as_ref()?.posts.as_ref()?.path.as_deref());
        let paths = first(layers, |s| s.walk.as_ref()?.thread.as_ref()?.paths.as_ref());
        let is_page = posts.is_some_and(|(_, path)| path.is_empty()) && paths.is_none();
        let via = first(layers, |s| s.network.as_ref()?.via).map(|(_, via)| via);
        let mut plane = via.map(|via| via == raw::Via::Tor);
        let mut read = |found: Option<(&str, &Vec<Text>)>| {
            let mut urls = Vec::new();
            for (file, link) in found.into_iter().flat_map(|(file, links)| links.iter().map(move |l| (file, l))) {
                match address(&link.value, is_page) {
                    Err(message) => self.wrong(file, link.referenced, message),
                    Ok((_, onion)) if *plane.get_or_insert(onion) != onion => {
                        self.wrong(file, link.referenced, wrong_plane(via.is_some(), onion));
                    }
                    Ok((url, _)) => urls.push(url),
                }
            }
            urls
        };
        let links = read(first(layers, |s| s.links.as_ref()));
        let legacy = read(first(layers, |s| s.legacy_links.as_ref()));
        (links, legacy)
    }

    pub(super) fn encoding(&mut self, layers: &Layers) -> Option<&'static Encoding> {
        let (file, label) = first(layers, |s| s.encoding.as_ref())?;
        let known = Encoding::for_label(label.value.as_bytes());
        if known.is_none() {
            let message = format!("`{}` is no charset label of the WHATWG, such as utf-8, big5, gbk", label.value);
            self.wrong(file, label.referenced, message);
        }
        known
    }

    pub(super) fn timezone(&mut self, layers: &Layers) -> TimeZone {
        let Some((file, name)) = first(layers, |s| s.timezone.as_ref()) else { return TimeZone::UTC };
        TimeZone::get(&name.value).unwrap_or_else(|_| {
            let message = format!("`{}` is no time zone of the IANA, such as Asia/Taipei", name.value);
            self.wrong(file, name.referenced, message);
            TimeZone::UTC
        })
    }

    pub(super) fn network(&mut self, layers: &Layers) -> Network {
        let gap = self.duration(first(layers, |s| s.network.as_ref()?.gap.as_ref()));
        let timeout = self.duration(first(layers, |s| s.network.as_ref()?.timeout.as_ref()));
        let jitter = first(layers, |s| s.network.as_ref()?.jitter.as_ref());
        if let Some((file, jitter)) = jitter
            && !(0.0..=1.0).contains(&jitter.value)
        {
            self.wrong(file, jitter.referenced, "the jitter is a share of the gap, from 0 to 1");
        }
        let max_body = first(layers, |s| s.network.as_ref()?.max_body.as_ref()).and_then(|(file, text)| {
            units::size(&text.value).map_err(|message| self.wrong(file, text.referenced, message)).ok()
        });
        let active_hours = first(layers, |s| s.network.as_ref()?.active_hours.as_ref()).and_then(|(file, text)| {
            ActiveHours::parse(&text.value).map_err(|message| self.wrong(file, text.referenced, message)).ok()
        });
        Network {
            gap: gap.unwrap_or(Duration::from_secs(1)),
            jitter: jitter.map_or(0.3, |(_, j)| j.value),
            timeout,
            max_body,
            active_hours,
        }
    }

    pub(super) fn schedule(&mut self, layers: &Layers) -> Plan {
        let class = first(layers, |s| s.schedule.as_ref()?.class).map(|(_, class)| class).unwrap_or_default();
        let longest = self.duration(first(layers, |s| s.schedule.as_ref()?.max_interval.as_ref()));
        let shortest = first(layers, |s| s.schedule.as_ref()?.min_interval.as_ref());
        let backfill = first(layers, |s| s.schedule.as_ref()?.backfill_pages.as_ref());
        if let Some((file, pages)) = backfill
            && pages.value == 0
        {
            self.wrong(file, pages.referenced, "a first visit reads at least one page; leave it out to read all");
        }
        let max_interval = longest.unwrap_or_else(|| class.interval());
        let min_interval = self.duration(shortest).unwrap_or_else(|| shortest_for(max_interval));
        if let Some((file, text)) = shortest
            && min_interval > max_interval
        {
            self.wrong(file, text.referenced, "min_interval must not be longer than max_interval");
        }
        Plan { class, min_interval, max_interval, backfill_pages: backfill.map(|(_, pages)| pages.value) }
    }

    pub(super) fn proofs(&mut self, layers: &Layers) -> Vec<Proof> {
        let Some((file, identity)) = first(layers, |s| s.identity.as_ref()) else { return Vec::new() };
        let mut proof = |p: &serde_saphyr::Spanned<raw::Proof>| {
            self.proof(file, p.referenced, p.value.selector.as_ref(), p.value.regex.as_ref())
        };
        identity.any.iter().filter_map(&mut proof).collect()
    }

    /// A file's own classes, then those of the definitions it extends, unless it says that it does without them.
    pub(super) fn classes(&mut self, layers: &Layers) -> Vec<(PageClass, Proof)> {
        let alone = layers.iter().position(|(_, site)| site.inherit_page_classes == Some(false));
        let mut classes = Vec::new();
        for (file, site) in layers.iter().take(alone.map_or(layers.len(), |last| last + 1)) {
            for rule in site.page_classes.iter().flatten() {
                let (selector, regex) = (rule.value.selector.as_ref(), rule.value.regex.as_ref());
                classes
                    .extend(self.proof(file, rule.referenced, selector, regex).map(|proof| (rule.value.class, proof)));
            }
        }
        classes
    }

    pub(super) fn meta(&mut self, layers: &Layers) -> Meta {
        let mut pick = |pick: fn(&raw::Meta) -> Option<&Text>, allowed: &[&str], fallback: &str| {
            let Some((file, text)) = first(layers, move |s| s.meta.as_ref().and_then(pick)) else {
                return fallback.to_owned();
            };
            if !allowed.contains(&text.value.as_str()) {
                self.wrong(file, text.referenced, format!("`{}` is not one of {}", text.value, allowed.join(", ")));
            }
            text.value.clone()
        };
        let grade = pick(|m| m.grade.as_ref(), &["A", "B", "C", "D", "E", "F"], "F");
        let tlp = pick(|m| m.tlp.as_ref(), &["clear", "green", "amber", "amber+strict", "red"], "amber");
        let verified = first(layers, |s| s.meta.as_ref()?.verified.as_ref());
        if let Some((file, day)) = verified
            && day.value.parse::<jiff::civil::Date>().is_err()
        {
            self.wrong(file, day.referenced, format!("`{}` is no day such as 2026-11-01", day.value));
        }
        Meta { grade, tlp, verified: verified.map(|(_, day)| day.value.clone()) }
    }

    pub(super) fn tests(&mut self, file: &str, site: &Site) -> Vec<raw::Test> {
        let tests = site.tests.clone().unwrap_or_default();
        for outcome in tests.iter().filter_map(|test| test.outcome.as_ref()) {
            if let Err(error) = outcome.value.parse::<Outcome>() {
                self.wrong(file, outcome.referenced, error.to_string());
            }
        }
        for time in tests.iter().filter_map(|test| test.received_at.as_ref()) {
            if time.value.parse::<jiff::Timestamp>().is_err() {
                let message = format!("`{}` is no time such as 2026-11-21T04:00:00Z", time.value);
                self.wrong(file, time.referenced, message);
            }
        }
        tests
    }
}

/// A link and whether it is an onion service's. A path that names no file is a folder: paths of the walk are below it.
fn address(text: &str, is_page: bool) -> Result<(Url, bool), String> {
    let refused = || format!("`{text}` is not an http or https address with a host; correct it");
    let mut url = Url::parse(text).map_err(|_| refused())?;
    let host = url.host_str().unwrap_or_default().to_owned();
    if !matches!(url.scheme(), "http" | "https") || host.is_empty() {
        return Err(refused());
    }
    let last = url.path().rsplit('/').next().unwrap_or_default();
    if !is_page && !last.is_empty() && !last.contains('.') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok((url, is_onion(&host)))
}

fn wrong_plane(said: bool, onion: bool) -> &'static str {
    match (said, onion) {
        (true, true) => "an onion address is never asked for on the clear net; write `via: tor`, or another link",
        (true, false) => "an onion source never touches the clear net; write `via: clear`, or an .onion link",
        (false, _) => "onion and clear links cannot be mirrors of one source; make two sources of them",
    }
}
