//! Keeping Tor up: the first bootstrap, again and again until it succeeds, and what the page is told meanwhile.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::failure::TorFailure;
use super::network::{Health, TorNetwork};

/// Whether Tor can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TorState {
    /// The network's directory is being fetched, at the start or after it has expired.
    Bootstrapping,
    /// Requests are served.
    Ready,
    /// Tor cannot be reached, or was lost; it is tried further.
    Failing,
}

impl TorState {
    /// The stable text, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bootstrapping => "bootstrapping",
            Self::Ready => "ready",
            Self::Failing => "failing",
        }
    }
}

/// How Tor is, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TorStatus {
    /// Whether it can be used.
    pub state: TorState,
    /// Tor's own words, in English.
    pub detail: String,
    /// How long it has been so.
    pub held_for: Duration,
}

/// A network of which nothing comes back fails by silence alone. One slow service does too, so it takes several connections in a row
/// of which none, to any service, got through.
const IN_VAIN: u32 = 3;

/// What is known of Tor: its own view, and what connections through it have met.
#[derive(Debug, Clone)]
pub(super) struct Phase {
    health: TorState,
    detail: String,
    /// Why the newest connection did not even reach Tor. arti goes on calling itself ready for minutes after the last relay is gone, so
    /// what happens to connections outweighs what it says.
    lost: Option<String>,
    /// Connections in a row that came to nothing, without a word of whether Tor or the service was at fault.
    in_vain: u32,
    since: Instant,
    /// Set for good once Tor was up: from then on connections are tried, and fail with their own reasons.
    pub(super) was_ready: bool,
}

impl Phase {
    pub(super) fn new() -> Self {
        Self {
            health: TorState::Bootstrapping,
            detail: "starting".to_owned(),
            lost: None,
            in_vain: 0,
            since: Instant::now(),
            was_ready: false,
        }
    }

    fn state(&self) -> TorState {
        match self.lost {
            Some(_) => TorState::Failing,
            None => self.health,
        }
    }

    pub(super) fn status(&self) -> TorStatus {
        TorStatus {
            state: self.state(),
            detail: self.lost.as_ref().unwrap_or(&self.detail).clone(),
            held_for: self.since.elapsed(),
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Self)) {
        let before = self.state();
        change(self);
        if self.state() != before {
            self.since = Instant::now();
            let TorStatus { state, detail, .. } = self.status();
            tracing::info!(state = state.as_str(), %detail, "Tor has changed its state");
        }
    }

    fn set_health(&mut self, health: TorState, detail: String) {
        self.change(|phase| {
            phase.health = health;
            phase.detail = detail;
        });
        self.was_ready |= health == TorState::Ready;
    }

    /// Learns from a connection: whether it got as far as the Tor network, whatever became of it there.
    pub(super) fn learn(&mut self, connection: Result<(), &TorFailure>) {
        let lost = match connection {
            Ok(()) => None,
            Err(failure) if failure.proves_tor_lost() => Some(failure.message.clone()),
            Err(failure) if failure.proves_tor_up() => None,
            Err(failure) => return self.in_vain(failure),
        };
        self.in_vain = 0;
        self.change(|phase| phase.lost = lost);
    }

    fn in_vain(&mut self, failure: &TorFailure) {
        self.in_vain = self.in_vain.saturating_add(1);
        if self.in_vain >= IN_VAIN {
            let lost = format!("the last {} connections came to nothing: {}", self.in_vain, failure.message);
            self.change(|phase| phase.lost = Some(lost));
        }
    }
}

/// How long bootstrapping may take before it is called failing, and how attempts follow one another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Longest silence of one attempt.
    pub(super) patience: Duration,
    /// Pause after the first failed attempt; it doubles with each further one.
    pub(super) first_pause: Duration,
    /// Longest pause.
    pub(super) last_pause: Duration,
}

impl Pace {
    /// arti paces its own downloads within an attempt, so the pauses between attempts can be short.
    pub(super) fn with_patience(patience: Duration) -> Self {
        Self { patience, first_pause: Duration::from_secs(1), last_pause: Duration::from_secs(60) }
    }
}

/// Bootstraps, however long it takes, then follows Tor's health. Runs until dropped.
pub(super) async fn keep(network: Arc<dyn TorNetwork>, phase: Arc<watch::Sender<Phase>>, pace: Pace) {
    let set = |state, detail| phase.send_modify(|phase| phase.set_health(state, detail));
    let mut pause = pace.first_pause;
    loop {
        let attempt = network.bootstrap();
        tokio::pin!(attempt);
        let ended = match timeout(pace.patience, &mut attempt).await {
            Ok(ended) => ended,
            Err(_) => {
                let detail = network.health().detail;
                let seconds = pace.patience.as_secs_f64();
                set(TorState::Failing, format!("no connection to Tor within {seconds} s: {detail}"));
                attempt.await
            }
        };
        match ended {
            Ok(()) => break,
            Err(failure) => set(TorState::Failing, failure.message),
        }
        sleep(pause).await;
        pause = (pause * 2).min(pace.last_pause);
    }
    // The events name changes only, so they are subscribed to before the present state is read.
    let mut events = network.health_events();
    set(TorState::Ready, network.health().detail);
    while let Some(Health { usable, stuck, detail }) = events.next().await {
        let state = match (usable, stuck) {
            (true, _) => TorState::Ready,
            (false, true) => TorState::Failing,
            (false, false) => TorState::Bootstrapping,
        };
        set(state, detail);
    }
}
