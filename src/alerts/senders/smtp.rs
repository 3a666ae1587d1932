//! Mail over SMTP (RFC 5321): TLS from the start or by STARTTLS, never optionally; plain to loopback alone.

use std::path::Path;

use async_trait::async_trait;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Category, Severity};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::mime::Letterhead;
use super::said;
use crate::alerts::message::{Message, Receipt, SendError, Sender};
use crate::alerts::settings::{MailSettings, Security, SettingsError, value};

/// Largest file of root certificates, in bytes.
const MAX_CERTIFICATES: u64 = 4 << 20;

/// Sends by one SMTP server; a connection a mail.
pub struct SmtpSender {
    letterhead: Letterhead,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpSender {
    /// Makes a sender; connects only when there is mail.
    ///
    /// # Errors
    /// A value that is wrong, a secret or certificate that cannot be read.
    pub fn new(settings: &MailSettings, host: &str, organisation: &str) -> Result<Self, SettingsError> {
        let (tls, port) = match settings.security {
            Security::Starttls => (Tls::Required(parameters(settings, host)?), 587),
            Security::Tls => (Tls::Wrapper(parameters(settings, host)?), 465),
            Security::None if is_loopback(host) => (Tls::None, 25),
            Security::None => {
                return Err(value(
                    "mail.security",
                    "none",
                    "starttls or tls is expected; none is for a server on loopback only",
                ));
            }
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(settings.timeout()));
        if let Some(helo) = &settings.helo {
            builder = builder.hello_name(ClientId::Domain(helo.clone()));
        }
        if let (Some(user), Some(password)) = (&settings.user, settings.password()?) {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(Self { letterhead: Letterhead::new(settings, organisation)?, transport: builder.build() })
    }
}

#[async_trait]
impl Sender for SmtpSender {
    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let mail = self.letterhead.mail(message)?;
        let response = self.transport.send(mail).await.map_err(|error| classify(&error))?;
        let line = response.first_line().unwrap_or_default();
        Ok(Receipt(said(&format!("{} {line}", response.code()))))
    }
}

/// Only a lasting refusal of the mail itself (55x) is final. A lasting refusal of ours (53x: authentication, 50x:
/// commands) is a matter of configuration, which a person will put right while the notice waits.
fn classify(error: &lettre::transport::smtp::Error) -> SendError {
    let text = match std::error::Error::source(error) {
        Some(cause) => said(&format!("{error}: {cause}")),
        None => said(&error.to_string()),
    };
    let refused = error.status().is_some_and(|code| {
        code.severity == Severity::PermanentNegativeCompletion && code.category == Category::MailSystem
    });
    if refused { SendError::Permanent(text) } else { SendError::Transient(text) }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

fn parameters(settings: &MailSettings, host: &str) -> Result<TlsParameters, SettingsError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(path) = &settings.ca_file {
        for certificate in certificates(path)? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| value("mail.host", host, &format!("TLS cannot be prepared: {error}")))
}

/// The certificates of a PEM file.
fn certificates(path: &Path) -> Result<Vec<Certificate>, SettingsError> {
    let refused = |reason: String| SettingsError::Certificates { path: path.to_owned(), reason };
    let size = std::fs::metadata(path).map_err(|error| refused(error.to_string()))?.len();
    if size > MAX_CERTIFICATES {
        return Err(refused("it is larger than 4 MiB".to_owned()));
    }
    let pem = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    const END: &str = "-----END CERTIFICATE-----";
    let blocks: Vec<_> = pem.split_inclusive(END).filter(|block| block.contains(END)).collect();
    if blocks.is_empty() {
        return Err(refused("a PEM file with certificates is expected".to_owned()));
    }
    blocks
        .into_iter()
        .map(|block| {
            Certificate::from_pem(block.as_bytes()).map_err(|error| refused(format!("not a certificate: {error}")))
        })
        .collect()
}
