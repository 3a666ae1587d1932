//! Tests of the pages.

