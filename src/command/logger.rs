//! Logger: messages go to standard error; `RUST_LOG` sets the level.

use crate::kiosk::maintenance::log_ring;
use env_logger::Env;
use log::{Level, Record};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// The crate whose finer levels may be shown.
const OWN: &str = "pickup_kiosk";

/// True while standard error belongs to somebody else: messages are then kept in memory alone.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Keeps messages from standard error, or lets them through again.
pub fn quiet(on: bool) {
    QUIET.store(on, Ordering::Relaxed);
}

/// Starts logging. Under systemd, which sets `$JOURNAL_STREAM`, messages have no timestamps: its journal adds its own.
pub fn start() {
    let timestamps = std::env::var_os("JOURNAL_STREAM").is_none();
    let mut builder = env_logger::Builder::from_env(Env::default().default_filter_or("info"));
    builder.format(move |out, record| {
        if !may_be_shown(record.level(), record.target()) {
            return Ok(());
        }
        log_ring::keep(format!("{} {:<5} {}", out.timestamp_seconds(), record.level(), line(record)));
        if QUIET.load(Ordering::Relaxed) {
            return Ok(());
        }
        if timestamps {
            write!(out, "{} ", out.timestamp_millis())?;
        }
        writeln!(out, "{:<5} {}", record.level(), line(record))
    });
    // A second start is a second call in one process, as tests do: the first one counts.
    let _ = builder.try_init();
}

/// Returns true if a message may be shown. Below `info`, libraries log what they send, an HTTP client its headers with
/// tokens: their finer levels stay off, whatever `RUST_LOG` asks for.
fn may_be_shown(level: Level, target: &str) -> bool {
    let own = target == OWN || target.strip_prefix(OWN).is_some_and(|rest| rest.starts_with("::"));
    own || level <= Level::Info
}

/// Returns the message on one line, without control characters: some of it comes from outside.
fn line(record: &Record<'_>) -> String {
    let visible = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    record.args().to_string().replace('\n', " ⏎ ").chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_say_nothing_finer_than_info() {
        assert!(may_be_shown(Level::Trace, "pickup_kiosk::sarft::client"));
        assert!(may_be_shown(Level::Trace, "pickup_kiosk"));
        assert!(may_be_shown(Level::Info, "ureq::run"));
        assert!(!may_be_shown(Level::Debug, "ureq::run"));
        assert!(!may_be_shown(Level::Trace, "pickup_kiosk_other"));
    }

    #[test]
    fn a_message_is_one_tame_line() {
        let args = format_args!("title \u{1b}[2J\nover");
        let record = Record::builder().args(args).build();
        assert_eq!(line(&record), "title \u{fffd}[2J ⏎ over");
    }
}
