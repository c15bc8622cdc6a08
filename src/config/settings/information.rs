//! What is kept of the cloud's information for the customer screen.

use serde::Deserialize;

/// `[cloud.information]`: the document's intervals and counts (2.1, 3.3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Information {
    /// Whether it is asked for at all; a kiosk without `[screen]` never does.
    pub enabled: bool,
    /// HH:MM from which the cinemas are asked for, once a night.
    pub cinemas_at: String,
    /// Between two askings for films and their sessions, minutes; 15 to 1440.
    pub films_minutes: u32,
    /// The same for a session's ticket types; 15 to 1440.
    pub tickets_minutes: u32,
    /// The same for a session's seats; 15 to 1440.
    pub seats_minutes: u32,
    /// Ticket types are asked for so often in a row before the last known ones stay; 1 to 10.
    pub ticket_tries: u32,
    /// Ticket types and seats are kept of so many sessions, those that begin next; 0 to 50.
    pub sessions: u32,
    /// After a call that brought nothing, none is made for so long, seconds; 10 to 3600.
    pub pause_seconds: u32,
    /// Limit of one call, milliseconds; 100 to 60000.
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
