//! Pages that cannot be repaired, and must not seem to be.
