//! What stands in the way at real programs has the outcome of its name, and is over when it is over.

use serde_json::{Value, json};

use crate::support::{
    instance::Instance,
    service::{Site, Watched},
    world::World,
};

/// A site of the real program alone, and the definition that extends what is shipped for it.
struct Trouble {
    world: World,
    instance: Instance,
    site: Site,
}

impl Trouble {
    async fn with(program: &str) -> Self {
        let world = World::of_this_run();
        let instance = Instance::start(&world, program).await;
        let site = Site::new(&world, None, &[Watched { extends: program, link: instance.url() }]);
        let file = site.path("watched-0.yaml");
        let text = std::fs::read_to_string(&file).unwrap().replace("gap: 20ms", "gap: 20ms, timeout: 10s");
        let captcha = "page_classes: [{ class: captcha, selector: \"img[src*=captcha]\" }]\n";
        std::fs::write(site.path("captcha.yaml"), text.clone() + captcha).unwrap();
        std::fs::write(&file, text).unwrap();
        Self { world, instance, site }
    }

    /// The outcome of one visit.
    async fn outcome(&self) -> String {
        self.outcome_by("watched-0.yaml").await
    }

    async fn outcome_by(&self, definition: &str) -> String {
        let file = self.site.path(definition).display().to_string();
        let output = self.site.run(&["site", "preview", &file, "--json", "--gap", "0", "--max-pages", "6"], "").await;
        let text = String::from_utf8(output.stdout).unwrap();
        let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        last["outcome"].as_str().unwrap().to_owned()
    }

    /// The outcome of a visit while the site behaves like this.
    async fn outcome_of(&self, mode: &str) -> String {
        self.instance.ask(&self.world, "behave", json!({ "mode": mode })).await;
        // Only the site's own definition can know its puzzle.
        let outcome = self.outcome_by(if mode == "captcha" { "captcha.yaml" } else { "watched-0.yaml" }).await;
        self.instance.ask(&self.world, "behave", json!({ "mode": "normal" })).await;
        outcome
    }

    /// The server is stopped as a process; connections to it are accepted by the kernel, and nothing answers.
    async fn hangs(&self) {
        self.instance.signal("STOP").await;
        let outcome = self.outcome().await;
        self.instance.signal("CONT").await;
        assert_eq!(outcome, "unreachable(timeout)");
    }
}

#[tokio::test]
async fn spirit_behind_a_login_a_captcha_an_edited_template_and_in_silence() {
    let spirit = Trouble::with("spirit").await;
    assert_eq!(spirit.outcome_of("login").await, "blocked(login)");
    assert_eq!(spirit.outcome_of("captcha").await, "blocked(captcha)");
    assert_eq!(spirit.outcome_of("maintenance").await, "unreachable(http_503)");
    assert_eq!(spirit.outcome_of("broken_layout").await, "selector_missing(body)");
    spirit.hangs().await;
    assert_eq!(spirit.outcome().await, "ok_new");
}

#[tokio::test]
async fn misago_behind_a_captcha_an_edited_template_and_in_silence() {
    let misago = Trouble::with("misago").await;
    assert_eq!(misago.outcome_of("captcha").await, "blocked(captcha)");
    assert_eq!(misago.outcome_of("broken_layout").await, "selector_missing(body)");
    misago.hangs().await;
    assert_eq!(misago.outcome().await, "ok_new");
}

#[tokio::test]
async fn wordpress_behind_a_login_a_captcha_an_edited_template_and_in_silence() {
    let wordpress = Trouble::with("wordpress").await;
    assert_eq!(wordpress.outcome_of("login").await, "blocked(login)");
    assert_eq!(wordpress.outcome_of("captcha").await, "blocked(captcha)");
    assert_eq!(wordpress.outcome_of("maintenance").await, "unreachable(http_503)");
    let outcome = wordpress.outcome_of("broken_layout").await;
    assert!(outcome.contains("selector_missing(body)"), "{outcome}");
    assert_eq!(wordpress.outcome_of("hang").await, "unreachable(timeout)", "PHP's server is stopped");
    assert_eq!(wordpress.outcome().await, "ok_new");
}
