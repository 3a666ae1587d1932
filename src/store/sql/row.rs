//! Reading columns: a missing or unreadable one is named.

use std::str::FromStr;

use jiff::Timestamp;
use sqlx::{Row, any::AnyRow};

use crate::store::{Result, StoreError};

/// A time as it is stored: milliseconds since 1970-01-01 UTC.
pub(super) fn ms(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// An optional time as it is stored.
pub(super) fn opt_ms(time: Option<Timestamp>) -> Option<i64> {
    time.map(ms)
}

fn time(ms: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(ms).map_err(|_| StoreError::Corrupt { what: "time", value: ms.to_string() })
}

/// Typed access to the columns of a row.
pub(super) trait Columns {
    fn int(&self, column: &'static str) -> Result<i64>;
    fn opt_int(&self, column: &'static str) -> Result<Option<i64>>;
    fn text(&self, column: &'static str) -> Result<String>;
    fn opt_text(&self, column: &'static str) -> Result<Option<String>>;

    fn size(&self, column: &'static str) -> Result<u64> {
        let value = self.int(column)?;
        u64::try_from(value).map_err(|_| StoreError::Corrupt { what: column, value: value.to_string() })
    }

    fn flag(&self, column: &'static str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    fn time(&self, column: &'static str) -> Result<Timestamp> {
        time(self.int(column)?)
    }

    fn opt_time(&self, column: &'static str) -> Result<Option<Timestamp>> {
        self.opt_int(column)?.map(time).transpose()
    }

    fn word<T: FromStr>(&self, column: &'static str) -> Result<T> {
        let value = self.text(column)?;
        value.parse().map_err(|_| StoreError::Corrupt { what: column, value })
    }
}

impl Columns for AnyRow {
    fn int(&self, column: &'static str) -> Result<i64> {
        self.try_get(column).map_err(super::failed("reading a row"))
    }

    fn opt_int(&self, column: &'static str) -> Result<Option<i64>> {
        self.try_get(column).map_err(super::failed("reading a row"))
    }

    fn text(&self, column: &'static str) -> Result<String> {
        self.try_get(column).map_err(super::failed("reading a row"))
    }

    fn opt_text(&self, column: &'static str) -> Result<Option<String>> {
        self.try_get(column).map_err(super::failed("reading a row"))
    }
}
