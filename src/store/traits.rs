//! What the application asks of a store, one small trait a concern.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Result, model::*};

/// Everything at once: what the application holds.
pub trait Store:
    Schedule
    + SiteMoves
    + Intake
    + Posts
    + Definitions
    + Members
    + Terms
    + LookBacks
    + Alerts
    + Jobs
    + Notices
    + Users
    + Audit
{
}
impl<T> Store for T where
    T: Schedule
        + SiteMoves
        + Intake
        + Posts
        + Definitions
        + Members
        + Terms
        + LookBacks
        + Alerts
        + Jobs
        + Notices
        + Users
        + Audit
{
}

/// The schedule: a row a source, claimed by lease.
#[async_trait]
pub trait Schedule: Send + Sync {
    /// Makes the watched sources equal to `sources`: new ones are due at once, known ones keep their
    /// history, those missing are switched off and kept.
    async fn set_sources(&self, sources: &[NewSource], now: Timestamp) -> Result<()>;
    /// All sources, enabled ones first, by name.
    async fn sources(&self) -> Result<Vec<SourceRow>>;
    /// Claims the most overdue source that nobody holds; `None` when nothing is due.
    async fn lease_source(&self, owner: &str, now: Timestamp, until: Timestamp) -> Result<Option<SourceRow>>;
    /// When the next source is due; `None` without sources.
    async fn next_due(&self) -> Result<Option<Timestamp>>;
    /// What the listings said of the threads of a source when each was last read to its end.
    async fn thread_marks(&self, source: &str) -> Result<HashMap<String, String>>;
    /// Ends a visit that brought no page to commit, and gives the lease back.
    async fn advance(&self, source: &str, owner: &str, advance: &Advance, now: Timestamp) -> Result<()>;
    /// Claims this source, due or not; `None` when somebody holds it or it is not watched.
    async fn lease_this(&self, id: &str, owner: &str, now: Timestamp, until: Timestamp) -> Result<Option<SourceRow>>;
    /// Gives a source back whose host cannot be asked before `until`, when it is due again.
    async fn put_off(&self, source: &str, owner: &str, until: Timestamp) -> Result<()>;
    /// Keeps what the schedule has learnt of a source.
    async fn remember(&self, source: &str, remembered: &Remembered) -> Result<()>;
    /// Keeps how a source stands with its session.
    async fn set_standing(&self, source: &str, standing: &str) -> Result<()>;
    /// Gives a source back whose visit ended early; without effect when the lease is somebody else's.
    async fn give_back(&self, source: &str, owner: &str) -> Result<()>;
    /// Gives all leases of an owner back: called at start with the owner's own name, and at a clean end.
    async fn release_leases(&self, owner: &str) -> Result<()>;
    /// Whether a write would be accepted now; changes nothing.
    async fn probe(&self) -> Result<()>;
    /// Makes a source due now, before all others, as a person wants it.
    async fn visit_now(&self, source: &str, now: Timestamp) -> Result<()>;
}

/// Sites that point to other hosts.
#[async_trait]
pub trait SiteMoves: Send + Sync {
    /// Keeps a proposal and gives its number; `None` when its target was proposed for this source before, whatever was
    /// decided about it.
    async fn propose_move(&self, proposal: &NewMove) -> Result<Option<i64>>;
    /// Keeps whether the new address shows the same site.
    async fn check_move(&self, id: i64, same_site: SameSite) -> Result<()>;
    /// The proposals of a source (of all without), newest first.
    async fn moves(&self, source: Option<&str>) -> Result<Vec<SiteMove>>;
    /// One proposal.
    async fn site_move(&self, id: i64) -> Result<SiteMove>;
    /// Keeps what was decided about an open proposal.
    ///
    /// # Errors
    /// `Conflict` when it was decided already.
    async fn decide_move(&self, id: i64, state: MoveState, by: &str, reason: &str, now: Timestamp) -> Result<()>;
}

/// The one transaction of the pipeline.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Stores the capture's reference, posts, hits, alerts with their routing jobs, the thread's mark and the
    /// schedule's step, all or nothing. Repeating a commit changes nothing.
    ///
    /// # Errors
    /// `Conflict` when the lease is no longer the caller's.
    async fn commit_page(&self, page: &PageCommit) -> Result<PageReceipt>;
    /// Stores what re-extraction or recovery read from an archived capture; needs no lease, moves no schedule.
    async fn commit_recovered(
        &self, source: &str, capture: &NewCapture, posts: &[NewPost], now: Timestamp,
    ) -> Result<PageReceipt>;
    /// A capture by its identity.
    async fn capture(&self, id: &str) -> Result<Capture>;
    /// Captures of a source (or of all) after the given file and offset, in the order of writing.
    async fn captures(&self, source: Option<&str>, after: Option<(String, u64)>, limit: i64) -> Result<Vec<Capture>>;
    /// Bytes of the captures recorded for each WARC file.
    async fn capture_bytes(&self) -> Result<HashMap<String, u64>>;
    /// The identities of the captures recorded for a WARC file.
    async fn capture_ids(&self, file: &str) -> Result<HashSet<CaptureId>>;
}

/// Posts for readers and for the index.
#[async_trait]
pub trait Posts: Send + Sync {
    /// The posts of a source by their identities at the site, each once.
    async fn captured_posts(&self, source: &str) -> Result<Vec<CapturedPost>>;
    /// Revisions after `seq`, in order, with the names of the members hit in each.
    async fn posts_after(&self, seq: PostSeq, limit: i64) -> Result<Vec<(PostRow, Vec<String>)>>;
    /// The highest sequence number given out; 0 without posts.
    async fn last_seq(&self) -> Result<PostSeq>;
    /// One revision.
    async fn post(&self, seq: PostSeq) -> Result<PostRow>;
    /// All revisions of a post, newest first.
    async fn revisions(&self, source: &str, key: &str) -> Result<Vec<PostRow>>;
    /// Hits in one revision, by field and place.
    async fn hits(&self, seq: PostSeq) -> Result<Vec<HitRow>>;
}

/// The texts of definitions over time, and captures read again with a changed one.
#[async_trait]
pub trait Definitions: Send + Sync {
    /// The newest text of each source.
    async fn definitions(&self) -> Result<HashMap<String, Revision>>;
    /// The texts of a source, newest first.
    async fn definition_history(&self, source: &str) -> Result<Vec<Revision>>;
    /// Adds texts, each with what it says of its source and an entry in the record, all in one transaction.
    ///
    /// # Errors
    /// `Conflict` when a number is taken: somebody else changed the definition meanwhile.
    async fn add_definitions(&self, revisions: &[(NewSource, Revision)]) -> Result<()>;
    /// The newest captures of a source, newest first; before a moment if given.
    async fn newest_captures(&self, source: &str, before: Option<Timestamp>, limit: i64) -> Result<Vec<Capture>>;
    /// The newest captures of a source, newest first, and of one address no more than `each`: a listing is captured at
    /// every visit, and would hide all threads. Looks back through the last 5,000.
    async fn varied_captures(&self, source: &str, each: i64, limit: i64) -> Result<Vec<Capture>>;
    /// The posts of a source that were stored last, each in its latest revision, newest first.
    async fn newest_posts(&self, source: &str, limit: i64) -> Result<Vec<PostRow>>;
    /// Queues the captures of a source since a moment to be read again; gives its number.
    async fn queue_reread(&self, source: &str, since: Timestamp, by: &str, now: Timestamp) -> Result<i64>;
    /// The newest ones of a source.
    async fn rereads(&self, source: &str, limit: i64) -> Result<Vec<Reread>>;
    /// The oldest one that is not finished.
    async fn open_reread(&self) -> Result<Option<Reread>>;
    /// The next captures of it, in the order of writing.
    async fn reread_captures(&self, reread: &Reread, limit: i64) -> Result<Vec<Capture>>;
    /// Keeps how far it has come, and whether that is its end.
    async fn keep_reread(&self, reread: &Reread) -> Result<()>;
}

/// The registry of members and applicants.
#[async_trait]
pub trait Members: Send + Sync {
    /// Adds all of them or none, each with its contacts and terms; a known business number is updated: its
    /// name, state and language are replaced, new contacts and terms are added, nothing is removed.
    async fn import_members(&self, members: &[NewMember], now: Timestamp) -> Result<()>;
    /// All members, by name.
    async fn members(&self) -> Result<Vec<Member>>;
    /// One member.
    async fn member(&self, id: i64) -> Result<Member>;
    /// One member by its business number.
    async fn member_by_number(&self, business_number: &str) -> Result<Member>;
    /// Whom to tell.
    async fn contacts(&self, member: i64) -> Result<Vec<Contact>>;
    /// Moves an application on.
    async fn set_member_state(&self, id: i64, state: MemberState) -> Result<()>;
}

/// Watch terms.
#[async_trait]
pub trait Terms: Send + Sync {
    /// Adds all of them or none, as (member, term); a term that the member has already is left as it is. Gives the number added.
    async fn add_terms(&self, terms: &[(i64, NewTerm)], now: Timestamp) -> Result<u64>;
    /// All terms, by member and text; of one member if given.
    async fn terms(&self, member: Option<i64>) -> Result<Vec<TermRow>>;
    /// A term by its number.
    async fn term(&self, id: i64) -> Result<TermRow>;
    /// Adds and changes terms, all or none, each with an entry in its history under the name `by`; a term that the
    /// member has already is not added. What is newly or otherwise watched for is queued for a look back.
    ///
    /// # Errors
    /// `Conflict` when a term changed since the version that is given, or would become another term of its member.
    async fn save_terms(
        &self, added: &[(i64, NewTerm)], changed: &[TermChange], by: &str, note: &str, now: Timestamp,
    ) -> Result<TermsSaved>;
    /// Activates, pauses…
    async fn set_term_state(&self, id: i64, state: TermState, by: &str, note: &str, now: Timestamp) -> Result<()>;
    /// The history of a term, newest first.
    async fn term_edits(&self, id: i64) -> Result<Vec<TermEdit>>;
    /// Verdicts by term, of one term if given; terms without any are left out.
    async fn term_verdicts(&self, id: Option<i64>) -> Result<HashMap<i64, TermVerdicts>>;
    /// The terms, in any state, that changed after a generation.
    async fn terms_since(&self, generation: i64) -> Result<Vec<TermRow>>;
    /// Grows with every change of any term: the matcher is rebuilt when it does.
    async fn terms_generation(&self) -> Result<i64>;
}

/// Matching terms against what was captured before. A look back is queued where its terms are saved.
#[async_trait]
pub trait LookBacks: Send + Sync {
    /// The newest look backs; those of one term if given.
    async fn look_backs(&self, term: Option<i64>, limit: i64) -> Result<Vec<LookBack>>;
    /// One look back.
    async fn look_back(&self, id: i64) -> Result<LookBack>;
    /// The oldest one that is not finished and has posts before it; failing that, the oldest not finished.
    async fn open_look_back(&self) -> Result<Option<LookBack>>;
    /// Its terms as they are now.
    async fn look_back_terms(&self, id: i64) -> Result<Vec<TermRow>>;
    /// Stores what a batch brought and that posts up to `done` are matched, all or nothing. Hits that are stored already
    /// change nothing; a post whose alert still waits for a decision gives its hits to that alert. Alerts it raises
    /// are held, without notices of their own. Gives how many.
    ///
    /// # Errors
    /// `Conflict` when it no longer stands at `from`: another process went on with it.
    async fn commit_look_back(
        &self, id: i64, from: PostSeq, done: PostSeq, findings: &[LookBackFinding], now: Timestamp,
    ) -> Result<u64>;
    /// Ends it with its digests, in one transaction; without effect when it is ended already.
    async fn finish_look_back(&self, id: i64, digests: &[NewNotice], now: Timestamp) -> Result<()>;
    /// Alerts it raised for a member (for all without), the gravest first.
    async fn look_back_alerts(&self, id: i64, member: Option<i64>, limit: i64) -> Result<Vec<AlertView>>;
    /// Decides about all its alerts of a member that are still held, and queues the notices, in one transaction.
    /// Gives how many were.
    async fn decide_look_back(
        &self, id: i64, member: i64, verdict: Verdict<'_>, notices: &[NewNotice], now: Timestamp,
    ) -> Result<u64>;
    /// Revisions with a number above `after`, in order.
    async fn texts_after(&self, after: PostSeq, limit: i64) -> Result<Vec<PostText>>;
    /// Revisions with a number below `before` and captured at `since` or later, newest first.
    async fn texts_before(&self, before: PostSeq, since: Timestamp, limit: i64) -> Result<Vec<PostText>>;
}

/// Alerts and their life.
#[async_trait]
pub trait Alerts: Send + Sync {
    /// One alert.
    async fn alert(&self, id: &str) -> Result<Alert>;
    /// Alerts for a reader, newest first.
    async fn alerts(&self, filter: &AlertFilter) -> Result<Vec<AlertView>>;
    /// Alerts raised by any revision of a post, in which `seq` is one.
    async fn alerts_of_post(&self, seq: PostSeq) -> Result<Vec<AlertView>>;
    /// How many stand where.
    async fn alert_counts(&self) -> Result<AlertCounts>;
    /// The router's decision: moves a `new` alert on and queues the notices, in one transaction; ends the job with
    /// it. An alert that is no longer `new` is left as it is.
    async fn route_alert(
        &self, job: i64, id: &str, state: AlertState, reason: &str, notices: &[NewNotice], now: Timestamp,
    ) -> Result<()>;
    /// A reviewer's decision about a held alert (release with notices, or dismissal), in one transaction.
    ///
    /// # Errors
    /// `Conflict` when it is not held any more.
    async fn decide_alert(
        &self, id: &str, state: AlertState, reason: &str, by: &str, notices: &[NewNotice], now: Timestamp,
    ) -> Result<()>;
}

/// The queue of internal work.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims up to `limit` jobs that are due.
    async fn lease_jobs(&self, owner: &str, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Job>>;
    /// Puts a failed job back, or away for good when `retry_at` is `None`.
    async fn fail_job(&self, id: i64, error: &str, retry_at: Option<Timestamp>) -> Result<()>;
    /// Jobs that were given up.
    async fn dead_jobs(&self) -> Result<Vec<Job>>;
    /// Makes a dead job due again.
    async fn revive_job(&self, id: i64, now: Timestamp) -> Result<()>;
}

/// The outbox.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Queues a notice that belongs to no alert; the same payload to the same address is queued once.
    async fn queue_notice(&self, notice: &NewNotice, now: Timestamp) -> Result<()>;
    /// Claims up to `limit` queued notices that are due.
    async fn lease_notices(&self, owner: &str, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Notice>>;
    /// Records the acceptance by the server.
    async fn notice_sent(&self, id: i64, receipt: &str, now: Timestamp) -> Result<()>;
    /// Records a failed try: again at `retry_at`, or dead when `None`.
    async fn notice_failed(&self, id: i64, error: &str, retry_at: Option<Timestamp>) -> Result<()>;
    /// Notices for a reader, newest first; in one state if given.
    async fn notices(&self, state: Option<NoticeState>, limit: i64, offset: i64) -> Result<Vec<NoticeView>>;
    /// Notices of one alert, oldest first.
    async fn notices_of(&self, alert: &str) -> Result<Vec<Notice>>;
    /// Makes a dead notice due again.
    async fn revive_notice(&self, id: i64, now: Timestamp) -> Result<()>;
}

/// Users and sessions.
#[async_trait]
pub trait Users: Send + Sync {
    /// Adds a user. `Conflict` when the name is taken.
    async fn add_user(&self, name: &str, password_hash: &str, role: Role, language: &str) -> Result<()>;
    /// A user by name; `None` when there is none.
    async fn user(&self, name: &str) -> Result<Option<User>>;
    /// All users, by name.
    async fn users(&self) -> Result<Vec<User>>;
    /// Opens a session.
    async fn add_session(&self, token_hash: &str, user: i64, csrf: &str, expires_at: Timestamp) -> Result<()>;
    /// A session that has not ended.
    async fn session(&self, token_hash: &str, now: Timestamp) -> Result<Option<SessionRow>>;
    /// Ends a session.
    async fn end_session(&self, token_hash: &str) -> Result<()>;
    /// Sets the language of a user's pages.
    async fn set_user_language(&self, user: i64, language: &str) -> Result<()>;
}

/// The record of reads and changes.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Adds a line.
    async fn record(&self, entry: &AuditEntry) -> Result<()>;
    /// The newest lines.
    async fn audit(&self, limit: i64) -> Result<Vec<AuditEntry>>;
}
