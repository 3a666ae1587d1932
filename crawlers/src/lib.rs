//! Site definitions, extraction, the walk over a site, and the two network planes.
