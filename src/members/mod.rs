//! Members and applicants: what an application form must be before it reaches the store.
//!
//! The file is CSV in UTF-8, with commas and one header line. It is taken whole or not at all, and every fault in it
//! is told at once ([`ImportErrors`]). Files of terms are read by [`crate::terms::read_file`].
//!
//! | members: column | also | what it holds |
//! |---|---|---|
//! | `business_number` | 統一編號, 統編 | eight digits with their check digit; several rows with one number are several contacts of one organisation |
//! | `name` | 名稱, 組織名稱 | the organisation's name |
//! | `state` | 狀態 | `applied`, `approved`, 申請中 or 已核准 |
//! | `contact` | 聯絡人 | who is told |
//! | `email` | 電子郵件 | where; needed unless there is a webhook |
//! | `phone` | 電話, 聯絡電話 | may begin with `+` |
//! | `fixed_ips` | 固定IP | addresses and networks in CIDR form, separated by `;` or spaces |
//! | `domains` | 網域 | watched with their subdomains, separated by `;` or spaces |
//! | `keywords` | 關鍵字 | brands and phrases, separated by `;` |
//! | `language` | 語言 | `zh-TW` (when empty) or `en` |
//! | `webhook_url`, `webhook_secret` | | a machine that is told as well, and the key of its signatures |

mod cell;
mod contact;
mod errors;
mod fixed_ip;
mod import;
mod organisations;
mod table;
mod text;
mod watch;

#[cfg(test)]
mod tests;

pub use errors::{Column, Fault, ImportErrors};
pub use import::parse_members;
pub use watch::{new_term, stored, watched};

/// Who is named as the author of imported terms.
pub const IMPORT_AUTHOR: &str = "import";
