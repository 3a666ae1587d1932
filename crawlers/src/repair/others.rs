//! Rows of another make than the known ones: what a moved thread left behind, an announcement, a notice.

use std::collections::HashSet;

use super::{
    evidence::Places,
    rows::RowPlan,
    selectors::{Candidate, is_stable, plain},
    view::View,
};
use crate::walk::PageKind;

/// Makes that are passed over at most.
const MAKES: usize = 3;

/// Rows that are not known and bear a class that no known row does.
pub(super) struct Others {
    /// How many there are.
    pub(super) count: usize,
    pub(super) class: String,
    /// The rows bear it themselves, not a part of them.
    own: bool,
}

/// Parts of names that programs give to what a moved thread left behind.
const MOVED: [&str; 4] = ["move", "moving", "redirect", "shadow"];

/// The rows of another make, by a class that tells them.
pub(super) fn others(views: &[View<'_>], plan: &RowPlan) -> Option<Others> {
    let each = || views.iter().zip(&plan.pages).flat_map(|(view, rows)| rows.iter().map(move |row| (view, row)));
    let usual: HashSet<String> =
        each().filter(|(_, row)| row.1.is_some()).flat_map(|(view, row)| makes(view, row.0)).collect();
    let unusual = each()
        .filter(|(_, row)| row.1.is_none())
        .filter_map(|(view, row)| Some((view, row.0, telling(makes(view, row.0), &usual)?)));
    let unusual: Vec<_> = unusual.collect();
    let (view, row, class) = unusual.first()?;
    let own = view.elements[*row].value().classes().any(|own| own == class);
    Some(Others { count: unusual.len(), class: class.clone(), own })
}

/// The class that says most of why a row is unusual: the same icon, with another name beside it, may be on any row.
fn telling(classes: Vec<String>, usual: &HashSet<String>) -> Option<String> {
    let unusual: Vec<_> = classes.into_iter().filter(|class| !usual.contains(class)).collect();
    let moved = |class: &&String| MOVED.iter().any(|part| class.to_ascii_lowercase().contains(part));
    unusual.iter().find(moved).or(unusual.first()).cloned()
}

/// Stable classes that tell the make of a row.
fn makes(view: &View<'_>, row: usize) -> Vec<String> {
    // Inside a post a member's badge is as stable; inside a listing's row little is.
    let end = if view.kind == PageKind::Listing { view.ends[row] } else { row + 1 };
    let elements = (row..end).map(|at| view.elements[at]);
    let classes =
        elements.flat_map(|element| element.value().classes().filter(|class| is_stable(class)).collect::<Vec<_>>());
    classes.map(str::to_owned).collect()
}

/// The plan without the rows of other makes; for a definition that passed rows over before.
pub(super) fn passed_over(views: &[View<'_>], places: &[Vec<Places>], mut plan: RowPlan) -> RowPlan {
    while plan.passed_over.len() < MAKES
        && let Some(others) = others(views, &plan)
        && let Some(rest) = without(views, places, &plan, others)
    {
        plan = rest;
    }
    plan
}

fn without(views: &[View<'_>], places: &[Vec<Places>], plan: &RowPlan, others: Others) -> Option<RowPlan> {
    let choice = match others.own {
        _ if !plain(&others.class) => return None,
        true => format!(":not(.{})", others.class),
        false => format!(":not(:has(.{}))", others.class),
    };
    let css =
        parts(&plan.css).into_iter().map(|part| format!("{}{choice}", part.trim())).collect::<Vec<_>>().join(", ");
    let mut rest = RowPlan::of(views, places, Candidate { css, cost: plan.cost })?;
    rest.passed_over = plan.passed_over.iter().cloned().chain([(others.count, others.class)]).collect();
    (rest.found() == plan.found() && rest.strangers() < plan.strangers()).then_some(rest)
}

/// The selectors of a list.
fn parts(css: &str) -> Vec<&str> {
    let (mut depth, mut quoted) = (0_usize, None);
    let separates = |c: char| {
        match (quoted, c) {
            (Some(quote), _) => quoted = (c != quote).then_some(quote),
            (None, '"' | '\'') => quoted = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') => return depth == 0,
            _ => {}
        }
        false
    };
    css.split(separates).collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn commas_within_a_selector_part_nothing() {
        let list = "tr:has(td, b[title=\"a, (b\"]) , div[data-x='],']";
        assert_eq!(parts(list), ["tr:has(td, b[title=\"a, (b\"]) ", " div[data-x='],']"]);
        assert_eq!(parts("li.row"), ["li.row"]);
    }
}
