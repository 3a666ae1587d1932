//! Whole forums in the structure of each engine's default templates, walked with a definition that says nothing but
//! `extends` and a link: every post is read, with its author, time and thread.
#![cfg(test)]

mod discuz;
mod flarum;
mod fluxbb;
mod forum;
mod mybb;
mod phpbb;
mod smf;
mod visit;

use jiff::SignedDuration;

use crate::{
    forum::{BOARDS, Forum, TONGUES},
    visit::{Render, read, visit},
};

/// Reads a forum whole, then asks again when nothing has changed, then when much has.
fn check(engine: &str, zone: &str, render: Render) {
    for tongue in TONGUES {
        let mut forum = Forum::new(tongue, zone);
        let posts: usize = forum.threads.iter().map(|thread| thread.posts.len()).sum();
        assert_eq!((forum.threads.len(), posts), (160, 1_687));
        let first = visit(engine, &forum, render, None);
        let wrong = read(&forum, &first);
        assert!(
            wrong.is_empty(),
            "{engine} {tongue:?}: {} wrong, such as {:#?}",
            wrong.len(),
            &wrong[..wrong.len().min(3)]
        );
        forum.now += SignedDuration::from_mins(20);
        let idle = visit(engine, &forum, render, Some(&first));
        assert!(idle.posts.is_empty(), "{engine} {tongue:?}: nothing is new, and {:?} was asked for", idle.asked);
        let listings = if engine == "flarum" { 1 } else { 1 + 2 * BOARDS as usize };
        assert_eq!(idle.asked.len(), listings, "{engine} {tongue:?}: {:?}", idle.asked);
        for n in 0..120 {
            let at = forum.now - SignedDuration::from_mins(i64::from(119 - n) / 10);
            forum.write((n * 13 % 40) as usize, at);
        }
        forum.now += SignedDuration::from_mins(45);
        let second = visit(engine, &forum, render, Some(&idle));
        let known = first.posts.iter().chain(&second.posts).cloned().collect();
        let wrong = read(&forum, &visit::Visit { posts: known, ..second });
        assert!(
            wrong.is_empty(),
            "{engine} {tongue:?}: {} wrong later, such as {:#?}",
            wrong.len(),
            &wrong[..wrong.len().min(3)]
        );
    }
}

#[test]
fn fluxbb_as_installed() {
    check("fluxbb", "UTC", fluxbb::page);
}

#[test]
fn fluxbb_in_another_zone() {
    check("fluxbb", "Asia/Taipei", fluxbb::page_with_form);
}

#[test]
fn phpbb_as_installed() {
    check("phpbb", "UTC", phpbb::page);
}

#[test]
fn phpbb_3_2_in_another_zone() {
    check("phpbb", "Asia/Taipei", phpbb::page_3_2);
}

#[test]
fn mybb_in_another_zone() {
    check("mybb", "America/New_York", mybb::page);
}

#[test]
fn smf_in_another_zone() {
    check("smf", "Europe/Moscow", smf::page);
}

#[test]
fn smf_as_installed() {
    check("smf", "UTC", smf::page_installed);
}

#[test]
fn smf_tells_the_hours_of_winter_in_summer() {
    for (zone, render) in [
        ("America/New_York", smf::page_installed as Render),
        ("Europe/Berlin", smf::page_without_clock),
        ("Asia/Taipei", smf::page_without_clock),
    ] {
        for tongue in TONGUES {
            let mut forum = Forum::new(tongue, zone);
            for post in forum.threads.iter_mut().step_by(2).flat_map(|thread| &mut thread.posts) {
                post.at -= SignedDuration::from_hours(24 * 180);
            }
            let wrong = read(&forum, &visit("smf", &forum, render, None));
            assert!(
                wrong.is_empty(),
                "{zone} {tongue:?}: {} wrong, such as {:#?}",
                wrong.len(),
                &wrong[..wrong.len().min(3)]
            );
        }
    }
}

#[test]
fn discuz_as_installed() {
    check("discuz", "Asia/Shanghai", discuz::page);
}

#[test]
fn flarum_over_its_api() {
    check("flarum", "UTC", flarum::page);
}

#[test]
fn flarum_on_a_mirror_of_itself() {
    check("flarum", "UTC", flarum::page_of_a_mirror);
}
