//! Which link of a source is visited, and what the schedule makes of one that failed.

use jiff::Timestamp;
use nightheron_crawlers::{
    Outcome,
    mirrors::{Mirrors, is_the_links_fault},
};
use url::Url;

use crate::store::model::SourceRow;

/// How a source stands with its links; what another version wrote is learnt again.
pub(crate) fn mirrors(row: &SourceRow) -> Mirrors {
    row.mirrors.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// What a visit's end means for the links of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AfterLink {
    /// How the source stands with its links now.
    pub(super) mirrors: Mirrors,
    /// Whether the link failed and a sound one is to be visited next, at the host's gap and with nothing held against
    /// the source.
    pub(super) fails_over: bool,
}

/// How a visit of one link ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinkVisit<'a> {
    /// The link.
    pub(super) link: &'a Url,
    /// What came of the visit.
    pub(super) outcome: &'a Outcome,
    /// Whether the last page asked for did not come: a site that died half-way is left like one that was never there.
    pub(super) broke_off: bool,
    /// Whether our own network stood in the way.
    pub(super) ours: bool,
}

/// Notes how a visit ended; pure.
pub(super) fn after(before: Mirrors, links: &[Url], visit: LinkVisit<'_>, now: Timestamp) -> AfterLink {
    let mut mirrors = before;
    if visit.ours {
        return AfterLink { mirrors, fails_over: false };
    }
    let outcome = match visit.outcome {
        Outcome::Partial(what) if visit.broke_off => {
            what.parse().unwrap_or_else(|_| Outcome::Unreachable(what.clone()))
        }
        outcome => outcome.clone(),
    };
    mirrors.note(links, visit.link, &outcome, now);
    AfterLink { fails_over: is_the_links_fault(&outcome) && mirrors.has_sound(links), mirrors }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(count: usize) -> Vec<Url> {
        ["http://a.example/", "http://b.example/"][..count].iter().map(|link| link.parse().unwrap()).collect()
    }

    fn visited(links: &[Url], outcome: &str, broke_off: bool, ours: bool) -> AfterLink {
        let outcome = outcome.parse().unwrap();
        let visit = LinkVisit { link: &links[0], outcome: &outcome, broke_off, ours };
        after(Mirrors::default(), links, visit, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_link_that_failed_leads_to_the_next_one_if_there_is_one() {
        let two = links(2);
        for outcome in ["unreachable(timeout)", "not_the_site", "moved(c.example)", "blocked(seized)"] {
            let after = visited(&two, outcome, false, false);
            assert!(after.fails_over, "{outcome}");
            assert_eq!(after.mirrors.choose(&two), two.get(1), "{outcome}");
            assert!(!visited(&links(1), outcome, false, false).fails_over, "{outcome}: there is no other");
        }
        for outcome in ["ok_new", "blocked(captcha)", "selector_missing(body)", "partial(rows)"] {
            assert!(!visited(&two, outcome, false, false).fails_over, "{outcome}: another link shows the same");
        }
    }

    #[test]
    fn a_site_that_died_half_way_is_left_and_our_own_trouble_is_no_reason_to_go() {
        let two = links(2);
        let after = visited(&two, "partial(unreachable(connect))", true, false);
        assert_eq!(after.mirrors.failures().next().map(|(_, failure)| &*failure.outcome), Some("unreachable(connect)"));
        assert!(after.fails_over);
        assert_eq!(visited(&two, "unreachable(tor_not_ready)", true, true).mirrors, Mirrors::default());
    }
}
