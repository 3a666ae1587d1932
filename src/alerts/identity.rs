//! Identities that follow from what they name, so that the same finding is the same alert for ever.

use sha2::{Digest, Sha256};

use crate::store::model::{AlertId, Class};

/// The identity of an alert: SHA-256 over source, post key, the member's business number and the class.
///
/// Every field is preceded by its length in bytes (64 bits, big-endian), so no two lists of fields share an input.
/// The business number stands for the member because row numbers differ between a database and its restored copy.
#[must_use]
pub fn alert_id(source: &str, post_key: &str, business_number: &str, class: Class) -> AlertId {
    digest(&["nightheron alert 1", source, post_key, business_number, class.as_str()])
}

/// The identity of the alert about an edit: as [`alert_id`] with [`Class::Edit`], and the content hash of the revision
/// that raised it. A later edit that adds something again is another alert.
#[must_use]
pub fn edit_alert_id(source: &str, post_key: &str, business_number: &str, content_hash: &str) -> AlertId {
    digest(&["nightheron alert 1", source, post_key, business_number, Class::Edit.as_str(), content_hash])
}

/// The case number people quote: `NH-` and the first 12 hex digits of the alert's identity, in upper case.
#[must_use]
pub fn case_id(alert: &str) -> String {
    let digits: String = alert.chars().filter(char::is_ascii_hexdigit).take(12).collect();
    format!("NH-{}", digits.to_ascii_uppercase())
}

/// The key of a notice, the same for every try: 32 hex digits. Makes the Message-ID and the webhook's idempotency key.
#[must_use]
pub fn notice_key(id: i64, alert: &str, address: &str, created_ms: i64) -> String {
    let full = digest(&["nightheron notice 1", &id.to_string(), alert, address, &created_ms.to_string()]);
    full.chars().take(32).collect()
}

/// Lower-case hex of SHA-256 over length-prefixed fields.
fn digest(fields: &[&str]) -> String {
    let mut hash = Sha256::new();
    for field in fields {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field.as_bytes());
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_stable() {
        // Computed with Python's hashlib over the same length-prefixed fields.
        let id = alert_id("spirit", "42", "22099131", Class::Post);
        assert_eq!(id, "617a6f219cb8ea83f0863cd4f3c622d79f4a4531f489e69f85d12bcc2786aef4");
        assert_eq!(case_id(&id).len(), 15);
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        assert_ne!(alert_id("a", "bc", "1", Class::Post), alert_id("ab", "c", "1", Class::Post));
        assert_ne!(alert_id("a", "b", "1", Class::Post), alert_id("a", "b", "1", Class::Edit));
        assert_ne!(notice_key(1, "a", "x@y.example", 0), notice_key(1, "a", "z@y.example", 0));
    }
}
