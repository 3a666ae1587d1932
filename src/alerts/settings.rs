//! The configuration sections `[alerts]` and `[mail]`: plain values first, ready objects second.

use std::path::PathBuf;
use std::time::Duration;

use lettre::Address;
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use url::Url;

use super::route::Policy;
use super::secret::{self, Secret, SecretError};
use crate::store::model::{Confidence, Severity};

/// Section `[alerts]`: who decides, who is told, and in whose name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsSettings {
    /// Least severity an approved member is told of without a reviewer: `low`, `medium`, `high` or `critical`.
    pub immediate_from: Severity,
    /// Least confidence for that: `low`, `medium` or `high`.
    pub min_confidence: Confidence,
    /// Mail addresses of the reviewers on duty; they are told at once of everything that waits.
    pub reviewers: Vec<String>,
    /// Address of a webhook that is told the same as the reviewers.
    pub reviewer_webhook: Option<String>,
    /// File with the secret that signs the reviewers' webhook.
    pub reviewer_webhook_secret_file: Option<PathBuf>,
    /// Environment variable with that secret, instead of a file.
    pub reviewer_webhook_secret_env: Option<String>,
    /// Language of the reviewers' notices: `zh-TW` or `en`.
    pub reviewer_language: String,
    /// Address under which reviewers reach these pages; their notices link to it.
    pub public_url: String,
    /// Name of the organisation that sends the notices.
    pub organisation: String,
    /// Tries before a notice becomes a dead letter; 12 tries span about 20 hours.
    pub max_attempts: u32,
}

impl Default for AlertsSettings {
    fn default() -> Self {
        let policy = Policy::default();
        Self {
            immediate_from: policy.immediate_from,
            min_confidence: policy.min_confidence,
            reviewers: Vec::new(),
            reviewer_webhook: None,
            reviewer_webhook_secret_file: None,
            reviewer_webhook_secret_env: None,
            reviewer_language: "zh-TW".to_owned(),
            public_url: "http://127.0.0.1:8750".to_owned(),
            organisation: "Nightheron".to_owned(),
            max_attempts: 12,
        }
    }
}

/// Section `[mail]`: how mail leaves. Either `host` or `folder` is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// Name of the SMTP server.
    pub host: Option<String>,
    /// Its port; 587 for `starttls`, 465 for `tls`, 25 for `none` when not set.
    pub port: Option<u16>,
    /// `starttls` (required, never optional), `tls` (from the first byte), or `none`, for a server on loopback only.
    pub security: Security,
    /// User name for authentication; none when not set.
    pub user: Option<String>,
    /// File with the password.
    pub password_file: Option<PathBuf>,
    /// Environment variable with the password, instead of a file.
    pub password_env: Option<String>,
    /// PEM file with further root certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// Name the server is greeted with (EHLO); this machine's name when not set.
    pub helo: Option<String>,
    /// Address in the From field; bounces come back to it.
    pub from: String,
    /// Address that answers go to, when it is another one.
    pub reply_to: Option<String>,
    /// Longest wait for an answer of the server, in seconds.
    pub timeout_seconds: u64,
    /// Write mail as `.eml` files into this folder instead of sending it.
    pub folder: Option<PathBuf>,
}

/// How the connection to the SMTP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Plain greeting, then STARTTLS; a server without it is refused.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// No protection: loopback only.
    None,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            security: Security::Starttls,
            user: None,
            password_file: None,
            password_env: None,
            ca_file: None,
            helo: None,
            from: "nightheron@localhost".to_owned(),
            reply_to: None,
            timeout_seconds: 60,
            folder: None,
        }
    }
}

/// What is wrong with one of the sections.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A value is not what it must be.
    #[error("{key} = \"{value}\": {expected}")]
    Value {
        /// The key with its section.
        key: &'static str,
        /// The value found.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// Something that must be there is missing.
    #[error("{key}: {expected}")]
    Missing {
        /// The key with its section.
        key: &'static str,
        /// What to do.
        expected: &'static str,
    },
    /// A secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The file with root certificates cannot be used.
    #[error("mail.ca_file: {path}: {reason}", path = path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}

/// Section `[alerts]` made ready: what the router and the outbox hold.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The router's thresholds.
    pub policy: Policy,
    /// Mail addresses of the reviewers, checked.
    pub reviewers: Vec<String>,
    /// The reviewers' webhook and the secret that signs it.
    pub reviewer_webhook: Option<(Url, Secret)>,
    /// Language of the reviewers' notices.
    pub reviewer_language: String,
    /// Address of the pages, without a slash at its end.
    pub public_url: String,
    /// Name of the sender.
    pub organisation: String,
    /// Tries before a notice is dead.
    pub max_attempts: u32,
}

impl AlertsSettings {
    /// Checks everything and reads the secret.
    ///
    /// # Errors
    /// The first value that is wrong, with its key and what was expected.
    pub fn prepare(&self) -> Result<Desk, SettingsError> {
        for address in &self.reviewers {
            mail_address("alerts.reviewers", address)?;
        }
        if !["zh-TW", "en"].contains(&self.reviewer_language.as_str()) {
            return Err(value("alerts.reviewer_language", &self.reviewer_language, "zh-TW or en is expected"));
        }
        if self.max_attempts == 0 {
            return Err(value("alerts.max_attempts", "0", "at least 1 is expected"));
        }
        let public_url = web_address("alerts.public_url", &self.public_url)?;
        Ok(Desk {
            policy: Policy { immediate_from: self.immediate_from, min_confidence: self.min_confidence },
            reviewers: self.reviewers.clone(),
            reviewer_webhook: self.webhook()?,
            reviewer_language: self.reviewer_language.clone(),
            public_url: public_url.as_str().trim_end_matches('/').to_owned(),
            organisation: self.organisation.clone(),
            max_attempts: self.max_attempts,
        })
    }

    fn webhook(&self) -> Result<Option<(Url, Secret)>, SettingsError> {
        let secret = secret::load(
            "alerts.reviewer_webhook_secret",
            self.reviewer_webhook_secret_file.as_deref(),
            self.reviewer_webhook_secret_env.as_deref(),
        )?;
        match (&self.reviewer_webhook, secret) {
            (None, _) => Ok(None),
            (Some(url), Some(secret)) => Ok(Some((web_address("alerts.reviewer_webhook", url)?, secret))),
            (Some(_), None) => Err(SettingsError::Missing {
                key: "alerts.reviewer_webhook",
                expected: "a webhook is always signed: set alerts.reviewer_webhook_secret_file or …_env",
            }),
        }
    }
}

impl MailSettings {
    /// The sender's mailbox, with the organisation's name.
    ///
    /// # Errors
    /// `from` is not a mail address.
    pub fn sender(&self, organisation: &str) -> Result<Mailbox, SettingsError> {
        Ok(Mailbox::new(Some(organisation.to_owned()), mail_address("mail.from", &self.from)?))
    }

    /// Where answers go, when not to the sender.
    ///
    /// # Errors
    /// `reply_to` is not a mail address.
    pub fn answers(&self) -> Result<Option<Mailbox>, SettingsError> {
        let address = self.reply_to.as_deref().map(|text| mail_address("mail.reply_to", text)).transpose()?;
        Ok(address.map(|address| Mailbox::new(None, address)))
    }

    /// The password.
    ///
    /// # Errors
    /// A user without a password, or a password that cannot be read.
    pub fn password(&self) -> Result<Option<Secret>, SettingsError> {
        let secret = secret::load("mail.password", self.password_file.as_deref(), self.password_env.as_deref())?;
        if self.user.is_some() && secret.is_none() {
            return Err(SettingsError::Missing {
                key: "mail.user",
                expected: "a user needs a password: set mail.password_file or mail.password_env",
            });
        }
        Ok(secret)
    }

    /// Longest wait for an answer.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.clamp(1, 120))
    }
}

fn mail_address(key: &'static str, text: &str) -> Result<Address, SettingsError> {
    text.parse().map_err(|_| value(key, text, "a mail address such as soc@example.org is expected"))
}

fn web_address(key: &'static str, text: &str) -> Result<Url, SettingsError> {
    let expected = "an address such as https://watch.example.org is expected";
    let url = Url::parse(text).map_err(|_| value(key, text, expected))?;
    if !["http", "https"].contains(&url.scheme()) || url.host().is_none() {
        return Err(value(key, text, expected));
    }
    Ok(url)
}

pub(super) fn value(key: &'static str, text: &str, expected: &str) -> SettingsError {
    SettingsError::Value { key, value: text.to_owned(), expected: expected.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_and_bad_values_are_refused() {
        assert!(toml::from_str::<AlertsSettings>("imediate_from = \"high\"").is_err());
        assert!(toml::from_str::<MailSettings>("password = \"hunter2\"").is_err());
        let bad: AlertsSettings = toml::from_str("reviewers = [\"not an address\"]").unwrap();
        let error = bad.prepare().unwrap_err().to_string();
        assert!(error.contains("alerts.reviewers") && error.contains("not an address"), "{error}");
    }

    #[test]
    fn defaults_are_ready_and_round_trip() {
        let text = toml::to_string(&AlertsSettings::default()).unwrap();
        let settings: AlertsSettings = toml::from_str(&text).unwrap();
        assert_eq!(settings, AlertsSettings::default());
        assert_eq!(settings.prepare().unwrap().public_url, "http://127.0.0.1:8750");
        let text = toml::to_string(&MailSettings::default()).unwrap();
        assert_eq!(toml::from_str::<MailSettings>(&text).unwrap(), MailSettings::default());
    }

    #[test]
    fn a_webhook_needs_a_secret_and_a_user_a_password() {
        let hook =
            AlertsSettings { reviewer_webhook: Some("https://soc.example/hook".into()), ..AlertsSettings::default() };
        assert!(matches!(hook.prepare(), Err(SettingsError::Missing { .. })));
        let user = MailSettings { user: Some("soc".into()), ..MailSettings::default() };
        assert!(matches!(user.password(), Err(SettingsError::Missing { .. })));
    }
}
