//! Ranges of the whole numbers of the configuration. Pure.

use super::error::ConfigError;
use super::tree::{Node, Value};
use super::validator::Validator;
use crate::locale::text;
use std::ops::RangeInclusive;

const MILLISECONDS: [&str; 2] = ["毫秒", "milliseconds"];
const SECONDS: [&str; 2] = ["秒", "seconds"];
const MINUTES: [&str; 2] = ["分钟", "minutes"];
const HOURS: [&str; 2] = ["小时", "hours"];
const TIMES: [&str; 2] = ["次", "times"];
const CODES: [&str; 2] = ["个码", "codes"];
const MIB: [&str; 2] = ["MiB", "MiB"];

/// Ranges of the whole numbers that have one of their own: key, range, unit.
const RANGES: [(&str, RangeInclusive<i64>, [&str; 2]); 35] = [
    ("sarft.timeout_ms", 100..=60_000, MILLISECONDS),
    ("cloud.timeout_ms", 100..=60_000, MILLISECONDS),
    ("cloud.ordering.booking_fee_cents", 0..=10_000_000, ["分", "fen"]),
    ("cloud.ordering.tickets_max", 1..=255, ["张票", "tickets"]),
    ("cloud.ordering.sales_end_minutes", 0..=1_440, MINUTES),
    ("cloud.ordering.polls", 1..=100, TIMES),
    ("cloud.ordering.poll_seconds", 0..=3_600, SECONDS),
    ("cloud.ordering.refund_tries", 1..=100, TIMES),
    ("cloud.ordering.refund_seconds", 0..=3_600, SECONDS),
    ("cloud.ordering.refund_timeout_ms", 100..=600_000, MILLISECONDS),
    ("cloud.ordering.check_tries", 1..=100, TIMES),
    ("cloud.ordering.check_seconds", 0..=3_600, SECONDS),
    ("cloud.information.films_minutes", 15..=1_440, MINUTES),
    ("cloud.information.tickets_minutes", 15..=1_440, MINUTES),
    ("cloud.information.seats_minutes", 15..=1_440, MINUTES),
    ("cloud.information.ticket_tries", 1..=10, TIMES),
    ("cloud.information.sessions", 0..=50, ["场", "sessions"]),
    ("cloud.information.pause_seconds", 10..=3_600, SECONDS),
    ("cloud.information.timeout_ms", 100..=60_000, MILLISECONDS),
    ("pickup.late_minutes", 0..=10_080, MINUTES),
    ("pickup.earliest_hours", 1..=8_760, HOURS),
    ("pickup.resume_minutes", 1..=1_440, MINUTES),
    ("rate_limit.burst", 1..=1_000, CODES),
    ("rate_limit.seconds_per_code", 1..=3_600, SECONDS),
    ("rate_limit.id_alone_a_day", 1..=100_000, CODES),
    ("rate_limit.id_alone_notice", 1..=100_000, CODES),
    ("rate_limit.number_a_day", 1..=100_000, CODES),
    ("paper.pitch_mm", 50..=400, ["毫米", "millimetres"]),
    ("paper.near_end_metres", 1..=50, ["米", "metres"]),
    ("presenter.forgotten_seconds", 5..=60, SECONDS),
    ("keypad.debounce_ms", 1..=100, MILLISECONDS),
    ("keypad.settle_us", 1..=10_000, ["微秒", "microseconds"]),
    ("journal.keep_days", 1..=3_650, ["天", "days"]),
    ("journal.keep_mib", 16..=1_048_576, MIB),
    ("journal.free_mib", 1..=1_048_576, MIB),
];

/// Checks the ranges of whole numbers, before a type could say so less clearly.
///
/// # Errors
/// The first number out of its range.
pub fn check(root: &Node) -> Result<(), ConfigError> {
    let validator = Validator::of(root);
    for (key, range, unit) in RANGES {
        if let Some(Value::Integer(number)) = root.find(key).map(|node| &node.value)
            && !range.contains(number)
        {
            let (from, to, [zh, en]) = (range.start(), range.end(), unit);
            return validator
                .refuse(key, text!("应为 {from} 到 {to}（{zh}）", "must be from {from} to {to} ({en})"));
        }
    }
    Ok(())
}
