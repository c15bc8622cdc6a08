//! Settings of the cloud's information that is kept for the customer screen.

use serde::Deserialize;

/// The table `[cloud.information]`: the document's intervals and counts (2.1, 3.3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Information {
    /// True if it is asked for at all; a kiosk without `[screen]` never does.
    pub enabled: bool,
    /// Time HH:MM from which the cinemas are asked for, once a night.
    pub cinemas_at: String,
    /// Pause between two calls for films and their sessions, in minutes; 15 to 1440.
    pub films_minutes: u32,
    /// Pause between two calls for a session's ticket types, in minutes; 15 to 1440.
    pub tickets_minutes: u32,
    /// Pause between two calls for a session's seats, in minutes; 15 to 1440.
    pub seats_minutes: u32,
    /// Number of tries in a row for ticket types before the last known ones stay; 1 to 10.
    pub ticket_tries: u32,
    /// Number of sessions, those that begin next, of which ticket types and seats are kept; 0 to 50.
    pub sessions: u32,
    /// Pause after a call that brought nothing, in seconds; 10 to 3600.
    pub pause_seconds: u32,
    /// Time limit for one call, in milliseconds; 100 to 60000.
    pub timeout_ms: u64,
}

impl Default for Information {
    fn default() -> Self {
        Self {
            enabled: true,
            cinemas_at: "03:00".into(),
            films_minutes: 20,
            tickets_minutes: 20,
            seats_minutes: 20,
            ticket_tries: 3,
            sessions: 8,
            pause_seconds: 60,
            timeout_ms: 15_000,
        }
    }
}
