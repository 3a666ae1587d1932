//! The shared path and the clear plane against small servers on loopback that say exactly what a test wants.

mod clear;
mod limits;
mod redirects;
pub(crate) mod server;

/// A valid onion address of nobody: its key is made of the seed of 32 sevens.
pub(crate) const ONION: &str = "5jfgyy7ctrjavpxvkb5rglwf7gkuo5vox27hxescd3vgsfcg2iwfmxqd.onion";

/// Another, of 32 nines.
pub(crate) const OTHER_ONION: &str = "7ulsioc2uddvwzh3pdgwal5b3gi7327xnmj4ldwxalvmqnpj6yma3rqd.onion";
