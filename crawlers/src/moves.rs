//! A site that points to another host: a proposal that a person decides on. Nothing is followed by itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    definition::{Definition, plane_of},
    extract::look,
    repair::yaml::merged,
    walk::RawPage,
};

/// Whether the new address shows the same site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameSite {
    /// It was not looked at.
    Unchecked,
    /// The definition's proof of identity holds there. Whoever copies a site copies that as well: it is a hint.
    Proven,
    /// It does not, or the definition has none.
    NotProven,
}

/// The site says that it has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The link that was visited.
    pub from: Url,
    /// Where it points, as the root of the new host.
    pub to: Url,
    /// When it was first seen, in milliseconds since 1970 UTC in its written form.
    #[serde(with = "crate::schedule::moment::required")]
    pub seen_at: Timestamp,
    /// Whether the new address shows the same site.
    pub same_site: SameSite,
}

/// A redirect that is no move of the site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoMove {
    /// The same host.
    #[error("{0} is the host of the source itself")]
    SameHost(String),
    /// An address of the definition: a mirror, or where the site was before.
    #[error("{0} is among the links of the definition already")]
    Known(String),
    /// An address of the other plane: a source never changes planes by itself.
    #[error("{to} is of another network than {from}; make another source of it if it is to be watched")]
    OtherPlane {
        /// The host of the source.
        from: String,
        /// The host it points to.
        to: String,
    },
    /// No host.
    #[error("the address has no host")]
    NoHost,
}

impl Move {
    /// The proposal that a redirect makes, from the link that was visited to the address it led to, as
    /// [`FetchError::Moved`](crate::net::FetchError::Moved) gives it.
    ///
    /// # Errors
    /// [`NoMove`]: there is nothing to decide.
    pub fn propose(definition: &Definition, from: &Url, to: &Url, seen_at: Timestamp) -> Result<Self, NoMove> {
        let (Some(old), Some(new)) = (from.host_str(), to.host_str()) else { return Err(NoMove::NoHost) };
        if old == new {
            return Err(NoMove::SameHost(new.to_owned()));
        }
        if plane_of(old) != plane_of(new) {
            return Err(NoMove::OtherPlane { from: old.to_owned(), to: new.to_owned() });
        }
        let known = definition.links.iter().chain(&definition.legacy_links).any(|link| link.host_str() == Some(new));
        if known {
            return Err(NoMove::Known(new.to_owned()));
        }
        // The site's folder is the same; of the page that happened to redirect nothing is kept, its session least of
        // all.
        let mut root = to.clone();
        root.set_path(from.path());
        root.set_query(None);
        root.set_fragment(None);
        root.set_username("").and_then(|()| root.set_password(None)).map_err(|()| NoMove::NoHost)?;
        Ok(Self { from: from.clone(), to: root, seen_at, same_site: SameSite::Unchecked })
    }

    /// Takes in a page that came from [`Move::to`], on the same plane.
    #[must_use]
    pub fn checked(mut self, definition: &Definition, raw: &RawPage<'_>) -> Self {
        let proven = raw.url.host_str() == self.to.host_str()
            && (200..300).contains(&raw.status)
            && look(definition, definition.response, raw).is_ok_and(|look| {
                look.class.is_none() && definition.identity.iter().any(|proof| proof.holds(&look.page, &look.source))
            });
        self.same_site = if proven { SameSite::Proven } else { SameSite::NotProven };
        self
    }
}

/// A definition's text with a move carried out: the new link stands first, the old one among those it had before. The
/// rest of the text, comments and all, stays as it was written. `None` when the text cannot be changed.
#[must_use]
pub fn moved(text: &str, definition: &Definition, from: &Url, to: &Url) -> Option<String> {
    let others = |links: &[Url]| links.iter().filter(|link| ![from, to].contains(link)).cloned().collect::<Vec<_>>();
    let list = |first: &Url, rest: Vec<Url>| std::iter::once(first.clone()).chain(rest).map(String::from).collect();
    let mut changes = serde_json::Map::new();
    changes.insert("links".into(), list(to, others(&definition.links)));
    changes.insert("legacy_links".into(), list(from, others(&definition.legacy_links)));
    merged(text, &changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Library;

    const OLD: &str = "http://old.example/forum/";

    fn definition() -> Definition {
        let text = format!(
            "schema: 1\nid: a\nname: A\nextends: spirit\nlinks: [\"{OLD}\", \"http://mirror.example/\"]\n\
             legacy_links: [\"http://older.example/\"]\n"
        );
        Library::shipped().parse(&text, "a.yaml").unwrap()
    }

    fn propose(to: &str) -> Result<Move, NoMove> {
        Move::propose(&definition(), &OLD.parse().unwrap(), &to.parse().unwrap(), Timestamp::UNIX_EPOCH)
    }

    fn checked(status: u16, at: &str, body: &str) -> SameSite {
        let (url, received_at) = (at.parse().unwrap(), Timestamp::UNIX_EPOCH);
        let raw = RawPage {
            url: &url,
            status,
            content_type: "text/html",
            body: body.as_bytes(),
            received_at,
            retry_after: None,
        };
        propose("http://new.example/").unwrap().checked(&definition(), &raw).same_site
    }

    #[test]
    fn a_move_is_proposed_once_and_without_the_session() {
        let proposal = propose("http://u:p@new.example:81/topic/7/?sid=9f#x").unwrap();
        assert_eq!(proposal.to.as_str(), "http://new.example:81/forum/");
        assert_eq!(proposal.same_site, SameSite::Unchecked);
        let written = serde_json::to_string(&proposal).unwrap();
        assert_eq!(serde_json::from_str::<Move>(&written).unwrap(), proposal);
        for (to, told) in [
            ("http://old.example/x", "source itself"),
            ("https://mirror.example/x", "among the links"),
            ("http://older.example/", "among the links"),
            ("http://5jfgyy7ctrjavpxvkb5rglwf7gkuo5vox27hxescd3vgsfcg2iwfmxqd.onion/", "another network"),
        ] {
            assert!(propose(to).unwrap_err().to_string().contains(told), "{to}");
        }
    }

    #[test]
    fn a_move_that_is_approved_changes_the_links_and_nothing_else() {
        let text = format!(
            "# About\nschema: 1\nid: a # stable\nname: A\nextends: spirit\nlinks: [\"{OLD}\", \"http://mirror.example/\"]\n\
             # kept\nmeta: {{ grade: C }}\n"
        );
        let definition = Library::shipped().parse(&text, "a.yaml").unwrap();
        let (from, to) = (OLD.parse().unwrap(), "http://new.example/forum/".parse().unwrap());
        let out = moved(&text, &definition, &from, &to).unwrap();
        assert!(out.starts_with("# About\nschema: 1\nid: a # stable\n") && out.contains("# kept\nmeta:"), "{out}");
        let after = Library::shipped().parse(&out, "a.yaml").unwrap();
        let links = |links: &[Url]| links.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(links(&after.links), "http://new.example/forum/ http://mirror.example/");
        assert_eq!(links(&after.legacy_links), OLD);
        let back = moved(&out, &after, &to, &from).unwrap();
        assert_eq!(
            links(&Library::shipped().parse(&back, "a.yaml").unwrap().links),
            format!("{OLD} http://mirror.example/")
        );
    }

    #[test]
    fn the_proof_of_identity_is_looked_for_at_the_new_address_alone() {
        let site = "<div class=spirit><div class=layout></div></div>";
        assert_eq!(checked(200, "http://new.example/forum/", site), SameSite::Proven);
        assert_eq!(checked(200, "http://parked.example/", site), SameSite::NotProven);
        assert_eq!(checked(404, "http://new.example/forum/", site), SameSite::NotProven);
        assert_eq!(checked(200, "http://new.example/forum/", "<h1>For sale</h1>"), SameSite::NotProven);
        let login = format!("{site}<form><input name=password></form>");
        assert_eq!(checked(200, "http://new.example/forum/", &login), SameSite::NotProven);
    }
}
