//! The router's decision: hold for a reviewer or release, each with a named reason; pure.

use serde::{Deserialize, Serialize};

use crate::store::model::{Alert, Class, Confidence, Member, MemberState, Severity};

/// From when on a member is told without a reviewer. Plain values of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Least severity that is released at once.
    pub immediate_from: Severity,
    /// Least confidence that is released at once.
    pub min_confidence: Confidence,
}

impl Default for Policy {
    fn default() -> Self {
        Self { immediate_from: Severity::High, min_confidence: Confidence::High }
    }
}

/// What becomes of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Waits for a reviewer, who is told at once.
    Hold(HoldReason),
    /// The member is told.
    Release(ReleaseReason),
}

/// Why an alert waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldReason {
    /// The organisation's application is under review.
    ApplicantUnderReview,
    /// It may be about somebody else.
    LowConfidence,
    /// Not grave enough to be sent unseen.
    SeverityBelowImmediate,
    /// Found when a term was matched against history: one new term may raise hundreds.
    FoundInHistory,
    /// Nobody can be told: no contact, or every address is named in the leak itself.
    NoUsableContact,
}

/// Why an alert goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseReason {
    /// Grave and sure enough to be sent at once.
    Immediate,
    /// A reviewer confirmed it.
    Confirmed,
}

impl HoldReason {
    /// Every reason.
    pub const ALL: [Self; 5] = [
        Self::ApplicantUnderReview,
        Self::LowConfidence,
        Self::SeverityBelowImmediate,
        Self::FoundInHistory,
        Self::NoUsableContact,
    ];

    /// The name under which it is stored and translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApplicantUnderReview => "applicant_under_review",
            Self::LowConfidence => "low_confidence",
            Self::SeverityBelowImmediate => "severity_below_immediate",
            Self::FoundInHistory => "found_in_history",
            Self::NoUsableContact => "no_usable_contact",
        }
    }

    /// The reason stored under a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

impl ReleaseReason {
    /// The name under which it is stored and translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Confirmed => "confirmed",
        }
    }
}

/// Decides about a new alert. The first reason that holds is named, the firmest first.
#[must_use]
pub fn decide(alert: &Alert, member: &Member, policy: &Policy) -> Decision {
    if member.state != MemberState::Approved {
        Decision::Hold(HoldReason::ApplicantUnderReview)
    } else if alert.class == Class::History {
        Decision::Hold(HoldReason::FoundInHistory)
    } else if alert.confidence < policy.min_confidence {
        Decision::Hold(HoldReason::LowConfidence)
    } else if alert.severity < policy.immediate_from {
        Decision::Hold(HoldReason::SeverityBelowImmediate)
    } else {
        Decision::Release(ReleaseReason::Immediate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::samples;

    #[test]
    fn table_of_decisions() {
        use Decision::{Hold, Release};
        let policy = Policy::default();
        for (state, class, severity, confidence, expected) in [
            (
                MemberState::Applied,
                Class::Post,
                Severity::Critical,
                Confidence::High,
                Hold(HoldReason::ApplicantUnderReview),
            ),
            (MemberState::Applied, Class::Post, Severity::Low, Confidence::Low, Hold(HoldReason::ApplicantUnderReview)),
            (
                MemberState::Approved,
                Class::Post,
                Severity::Critical,
                Confidence::High,
                Release(ReleaseReason::Immediate),
            ),
            (MemberState::Approved, Class::Edit, Severity::High, Confidence::High, Release(ReleaseReason::Immediate)),
            (
                MemberState::Approved,
                Class::Post,
                Severity::Medium,
                Confidence::High,
                Hold(HoldReason::SeverityBelowImmediate),
            ),
            (
                MemberState::Approved,
                Class::Post,
                Severity::Critical,
                Confidence::Medium,
                Hold(HoldReason::LowConfidence),
            ),
            (MemberState::Approved, Class::Post, Severity::Low, Confidence::Low, Hold(HoldReason::LowConfidence)),
            (
                MemberState::Approved,
                Class::History,
                Severity::Critical,
                Confidence::High,
                Hold(HoldReason::FoundInHistory),
            ),
        ] {
            let alert = Alert { class, severity, confidence, ..samples::alert() };
            let member = Member { state, ..samples::member() };
            assert_eq!(decide(&alert, &member, &policy), expected, "{state} {class} {severity} {confidence}");
        }
    }

    #[test]
    fn the_policy_moves_the_thresholds() {
        let alert = Alert { severity: Severity::Low, confidence: Confidence::Low, ..samples::alert() };
        let member = Member { state: MemberState::Approved, ..samples::member() };
        let all = Policy { immediate_from: Severity::Low, min_confidence: Confidence::Low };
        assert_eq!(decide(&alert, &member, &all), Decision::Release(ReleaseReason::Immediate));
    }

    #[test]
    fn every_hold_reason_has_its_own_name() {
        for reason in HoldReason::ALL {
            assert_eq!(HoldReason::from_name(reason.as_str()), Some(reason));
        }
    }
}
