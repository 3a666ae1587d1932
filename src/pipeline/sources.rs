//! The watched sources with what it takes to visit them.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use crate::store::model::NewSource;
use nightheron_crawlers::{
    definition::{Definition, Plan, Via},
    net::{ClearPlane, Fetch, Limits, SessionError, SourceId, TorPlane},
};

/// A source with its definition and its own session on its own plane.
pub struct LiveSource {
    definition: RwLock<Arc<Definition>>,
    /// Cookies and circuits of this source alone.
    pub session: Box<dyn Fetch>,
    /// Longest time between two visits, where the configuration says other than the definition.
    pub interval: Option<Duration>,
    /// Most pages of one visit.
    pub max_pages: Option<u32>,
}

impl LiveSource {
    /// Opens a session for a definition, on the plane that its links belong to.
    ///
    /// # Errors
    /// A sentence: no links, no Tor plane for an onion source, or a client that cannot be made.
    pub fn open(
        definition: Definition, clear: &ClearPlane, tor: Option<&TorPlane>, limits: &Limits,
    ) -> Result<Self, String> {
        let id = SourceId::from(definition.id.as_str());
        let limits = limits_for(&definition, limits);
        let failed = |e: SessionError| format!("{}: {e}", definition.id);
        let session: Box<dyn Fetch> = match definition.via() {
            Some(Via::Clear) => Box::new(clear.session(&id, limits).map_err(failed)?),
            Some(Via::Tor) => {
                let tor =
                    tor.ok_or_else(|| format!("{}: it is an onion source, and tor.enabled is false", definition.id))?;
                Box::new(tor.session(&id, limits).map_err(failed)?)
            }
            None => {
                return Err(format!(
                    "{}: it has no links; add `links: [ \"http://…/\" ]` to its definition",
                    definition.id
                ));
            }
        };
        Ok(Self { definition: RwLock::new(Arc::new(definition)), session, interval: None, max_pages: None })
    }

    /// How to read it, as of now: what holds on to it goes on with it when another is taken into use.
    #[must_use]
    pub fn definition(&self) -> Arc<Definition> {
        Arc::clone(&self.definition.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes another definition into use, from the next visit on.
    pub fn take(&self, definition: Definition) {
        *self.definition.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(definition);
    }

    /// How often it is visited, where the configuration says other than the definition.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let plan = self.definition().schedule.clone();
        self.interval.map_or_else(|| plan.clone(), |longest| plan.within(longest.min(plan.max_interval)))
    }

    /// The source as the store keeps it.
    #[must_use]
    pub fn row(&self) -> NewSource {
        row(&self.definition())
    }
}

/// A source as the store keeps it, from its definition.
#[must_use]
pub fn row(d: &Definition) -> NewSource {
    NewSource {
        id: d.id.clone(),
        name: d.name.clone(),
        kind: d.kind.as_str().to_owned(),
        class: d.schedule.class.as_str().to_owned(),
        grade: d.meta.grade.clone(),
        tlp: d.meta.tlp.clone(),
        via: d.via().map_or("clear", Via::as_str).to_owned(),
        verified: d.meta.verified.clone().unwrap_or_default(),
    }
}

/// The limits of the configuration, tightened by the definition's own.
fn limits_for(definition: &Definition, limits: &Limits) -> Limits {
    let mut limits = limits.clone();
    if let Some(timeout) = definition.network.timeout {
        limits.total = limits.total.min(timeout);
    }
    if let Some(max_body) = definition.network.max_body {
        limits.max_body = limits.max_body.min(max_body);
    }
    limits
}

/// All watched sources by identity.
pub type SourceSet = HashMap<String, LiveSource>;
