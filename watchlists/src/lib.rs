//! Watch terms: kinds, folding, and the matcher.
