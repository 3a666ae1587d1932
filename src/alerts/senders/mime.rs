//! Mail as it goes over the wire: RFC 5322 headers and a text part beside an HTML part.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::alerts::message::{Content, Message, SendError};
use crate::alerts::settings::{MailSettings, SettingsError};

/// Who sends.
#[derive(Debug, Clone)]
pub(super) struct Letterhead {
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Letterhead {
    pub(super) fn new(settings: &MailSettings, organisation: &str) -> Result<Self, SettingsError> {
        Ok(Self { from: settings.sender(organisation)?, reply_to: settings.answers()? })
    }

    /// The mail of a message. Its Message-ID follows from the notice, so a repeated sending is the same message.
    pub(super) fn mail(&self, message: &Message) -> Result<lettre::Message, SendError> {
        let Content::Mail { subject, text, html } = &message.content else {
            return Err(SendError::Permanent("this sender carries mail only".to_owned()));
        };
        let to = message
            .address
            .parse()
            .map_err(|_| SendError::Permanent("the contact's mail address is not valid".to_owned()))?;
        let mut builder = lettre::Message::builder()
            .message_id(Some(format!("<{}@{}>", message.key, self.from.email.domain())))
            .date(message.sent_at.into())
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject.as_str())
            // RFC 3834: no out-of-office answers to a machine.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        builder
            .multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))
            .map_err(|error| SendError::Permanent(format!("the mail cannot be composed: {error}")))
    }
}
