//! Sections `[alerts]` and `[mail]`: the checks that read no secret.

use lettre::Address;
use url::Url;

use super::check::Check;
use crate::alerts::{AlertsSettings, MailSettings};

const MAIL_ADDRESS: &str = "a mail address such as soc@example.org is expected";
const WEB_ADDRESS: &str = "an address such as https://watch.example.org is expected";

pub(super) fn check(alerts: &AlertsSettings, mail: &MailSettings, check: &mut Check<'_>) {
    check_alerts(alerts, check);
    check_mail(mail, check);
}

fn check_alerts(alerts: &AlertsSettings, check: &mut Check<'_>) {
    for address in alerts.reviewers.iter().filter(|text| text.parse::<Address>().is_err()) {
        check.problem("alerts.reviewers", &format!("{address:?} is none; {MAIL_ADDRESS}"));
    }
    if !["zh-TW", "en"].contains(&alerts.reviewer_language.as_str()) {
        check.problem("alerts.reviewer_language", "\"zh-TW\" or \"en\" is expected");
    }
    check.range("alerts.max_attempts", alerts.max_attempts, 1..=100);
    if !is_web(&alerts.public_url) {
        check.problem("alerts.public_url", WEB_ADDRESS);
    }
    let secrets = [alerts.reviewer_webhook_secret_file.is_some(), alerts.reviewer_webhook_secret_env.is_some()];
    if secrets == [true, true] {
        check.problem("alerts.reviewer_webhook_secret_env", "reviewer_webhook_secret_file is set too; keep one");
    }
    if let Some(webhook) = &alerts.reviewer_webhook {
        if !is_web(webhook) {
            check.problem("alerts.reviewer_webhook", WEB_ADDRESS);
        }
        if secrets == [false, false] {
            let message = "a webhook is always signed; set reviewer_webhook_secret_file or reviewer_webhook_secret_env";
            check.problem("alerts.reviewer_webhook", message);
        }
    }
}

fn check_mail(mail: &MailSettings, check: &mut Check<'_>) {
    if mail.from.parse::<Address>().is_err() {
        check.problem("mail.from", MAIL_ADDRESS);
    }
    if mail.reply_to.as_ref().is_some_and(|text| text.parse::<Address>().is_err()) {
        check.problem("mail.reply_to", MAIL_ADDRESS);
    }
    check.range("mail.timeout_seconds", mail.timeout_seconds, 1..=120);
    if mail.host.is_some() && mail.folder.is_some() {
        check.problem("mail.folder", "mail.host is set too; keep one of the two");
    }
    let passwords = [mail.password_file.is_some(), mail.password_env.is_some()];
    if passwords == [true, true] {
        check.problem("mail.password_env", "mail.password_file is set too; keep one");
    }
    if mail.user.is_some() && passwords == [false, false] {
        check.problem("mail.user", "a user needs a password; set mail.password_file or mail.password_env");
    }
}

fn is_web(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}
