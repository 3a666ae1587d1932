//! Nightheron (夜鷺): the pipeline from a source to a member's mailbox; the `nightheron` binary is a thin shell around it.

pub mod alerts;
pub mod assess;
pub mod captures;
pub mod clock;
pub mod faults;
pub mod pipeline;
pub mod store;
