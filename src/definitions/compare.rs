//! What two readings of a page make of its rows.

use std::collections::{BTreeMap, BTreeSet};

use nightheron_crawlers::{extract::PageReading, repair::Known, walk::PageKind};

/// A row, by what identifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The site's id.
    pub id: String,
    /// Its values by field.
    pub fields: BTreeMap<String, String>,
}

/// How a reading differs from an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Rows that were read then and are not now.
    pub lost: Vec<Row>,
    /// Rows that are read now and were not then.
    pub gained: Vec<Row>,
    /// Id, field, value then, value now; an absent value is empty.
    pub changed: Vec<(String, String, String, String)>,
    /// Rows that are the same.
    pub same: usize,
}

/// The rows of a reading, posts before threads; boards are links, which are shown as such.
#[must_use]
pub(super) fn rows(reading: &PageReading) -> Vec<Row> {
    let rows = Known::of(reading).into_iter().filter(|row| row.kind != PageKind::Boards);
    rows.map(|row| Row { id: row.id().to_owned(), fields: row.fields }).collect()
}

impl Difference {
    /// Compares the rows of two readings.
    #[must_use]
    pub fn between(then: &[Row], now: &[Row]) -> Self {
        let by_id = |rows: &[Row]| rows.iter().map(|row| (row.id.clone(), row.clone())).collect::<BTreeMap<_, _>>();
        let (was, is) = (by_id(then), by_id(now));
        let mut difference = Self {
            lost: then.iter().filter(|row| !is.contains_key(&row.id)).cloned().collect(),
            gained: now.iter().filter(|row| !was.contains_key(&row.id)).cloned().collect(),
            ..Self::default()
        };
        for (id, was) in &was {
            let Some(is) = is.get(id) else { continue };
            let names: BTreeSet<_> = was.fields.keys().chain(is.fields.keys()).collect();
            let value = |row: &Row, name: &String| row.fields.get(name).cloned().unwrap_or_default();
            let before = difference.changed.len();
            for name in names {
                let (old, new) = (value(was, name), value(is, name));
                if old != new {
                    difference.changed.push((id.clone(), name.clone(), old, new));
                }
            }
            difference.same += usize::from(before == difference.changed.len());
        }
        difference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, fields: &[(&str, &str)]) -> Row {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Row { id: id.into(), fields }
    }

    #[test]
    fn rows_are_compared_by_their_ids_and_fields() {
        let then = [row("1", &[("author", "a"), ("body", "x")]), row("2", &[("body", "y")]), row("3", &[])];
        let now = [row("4", &[]), row("2", &[("body", "y")]), row("1", &[("body", "z"), ("title", "t")])];
        let difference = Difference::between(&then, &now);
        assert_eq!(difference.lost, [row("3", &[])]);
        assert_eq!(difference.gained, [row("4", &[])]);
        let changed: Vec<_> =
            difference.changed.iter().map(|(id, name, old, new)| [id, name, old, new].map(String::as_str)).collect();
        assert_eq!(changed, [["1", "author", "a", ""], ["1", "body", "x", "z"], ["1", "title", "", "t"]]);
        assert_eq!(difference.same, 1);
        assert_eq!(Difference::between(&now, &now), Difference { same: 3, ..Difference::default() });
    }
}
