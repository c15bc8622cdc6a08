//! Dates of the REST services: `/Date(1438827090840+0800)/`, milliseconds since 1970 UTC. Pure.
//!
//! In JSON text the slashes are escaped, `\/Date(…)\/`. The offset is for display only; it can be missing or negative.

use jiff::{Timestamp, tz::Offset};

/// Reads a date; `None` if it isn't one or lies outside the range of a timestamp.
pub fn parse(text: &str) -> Option<Timestamp> {
    let inner = text.trim().strip_prefix("/Date(")?.strip_suffix(")/")?;
    // The sign of the milliseconds themselves (before 1970) is not an offset.
    let digits_from = usize::from(inner.starts_with('-'));
    let end = inner.char_indices().skip(digits_from).find(|(_, c)| matches!(c, '+' | '-')).map(|(at, _)| at);
    let (milliseconds, offset) = inner.split_at_checked(end.unwrap_or(inner.len()))?;
    let offset_is_plain =
        offset.is_empty() || (offset.len() == 5 && offset.bytes().skip(1).all(|byte| byte.is_ascii_digit()));
    if !offset_is_plain {
        return None;
    }
    Timestamp::from_millisecond(milliseconds.parse().ok()?).ok()
}

/// Formats a date with an offset for its display.
pub fn format(at: Timestamp, offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("/Date({}{sign}{:02}{:02})/", at.as_millisecond(), minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_date_reads() {
        let at: Timestamp = "2015-08-06T10:11:30.840+08:00".parse().unwrap();
        assert_eq!(parse("/Date(1438827090840+0800)/"), Some(at));
        assert_eq!(parse("/Date(1438827090840-0330)/"), Some(at));
        assert_eq!(parse("/Date(1438827090840)/"), Some(at));
        assert_eq!(parse("/Date(-1000+0800)/"), Timestamp::from_second(-1).ok());
        assert_eq!(format(at, Offset::constant(8)), "/Date(1438827090840+0800)/");
        assert_eq!(format(at, Offset::from_seconds(-12_600).unwrap()), "/Date(1438827090840-0330)/");
    }

    #[test]
    fn anything_else_is_no_date() {
        for bad in [
            "",
            "/Date()/",
            "/Date(1438827090840",
            "1438827090840",
            "/Date(1+8)/",
            "/Date(é)/",
            "/Date(--1)/",
            "/Date(99999999999999999999)/",
            "/Date(9223372036854775807)/",
            "/Date(1438827090840+08:00)/",
            "2016-10-19T10:30:00",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
