//! The rows of the store as plain values; times are UTC, kept to the millisecond.

mod alert;
mod capture;
mod definition;
mod member;
mod notice;
mod post;
mod site_move;
mod source;
mod term;
mod text_enum;
mod user;

pub use alert::{
    Alert, AlertCounts, AlertFilter, AlertId, AlertState, AlertView, Class, Confidence, Severity, Verdict,
};
pub use capture::{Capture, CaptureId, NewCapture};
pub use definition::{Reread, Revision};
pub use member::{Contact, Member, MemberState, NewContact, NewMember, NewTerm, TermRow, TermState};
pub use notice::{Audience, Channel, Job, NewNotice, Notice, NoticeState, NoticeView};
pub use post::{HitRow, NewFinding, NewHit, NewPost, PostRow, PostSeq};
pub use site_move::{MoveState, NewMove, SameSite, SiteMove};
pub use source::{Advance, CapturedPost, NewSource, PageCommit, PageReceipt, Remembered, SourceRow, ThreadMark};
pub use term::{LookBack, LookBackFinding, PostText, TermChange, TermEdit, TermVerdicts, TermsSaved};
pub use user::{AuditEntry, Role, SessionRow, User};
