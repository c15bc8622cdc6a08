//! The record of pickups as people and programs read it (contract, "How a pickup ends"). Pure.

use crate::ticket::{Outcome, SeatState};
use serde::{Deserialize, Serialize};

/// One presentation of a code: the JSON object of `journal … --json` and `demo --json`, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickupView {
    /// Its ID.
    pub pickup: String,
    /// With the cinema's offset and milliseconds.
    pub started_at: String,
    /// Without padding; none where unknown.
    pub booking_number: Option<String>,
    /// None as long as it has no end on record.
    pub outcome: Option<Outcome>,
    /// 6 digits; none where none was given.
    pub claim: Option<String>,
    /// The seats of the booking it is tied to, as they stand now; else empty.
    pub tickets: Vec<SeatView>,
    /// The site has the booking's report.
    pub reported: bool,
    /// None as long as it has no end on record.
    pub duration_ms: Option<u64>,
}

/// One seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatView {
    /// Its name, as 7排10座.
    pub seat: String,
    /// Where its ticket stands.
    pub state: SeatState,
}

/// A pickup with the story of its booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryView {
    /// The pickup asked for.
    #[serde(flatten)]
    pub pickup: PickupView,
    /// What happened to it and to its booking's other pickups, in the order it happened.
    pub story: Vec<EventView>,
}

/// One sentence of a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// With the cinema's offset and milliseconds. The clock may have jumped: the order is right.
    pub at: String,
    /// The pickup it belongs to.
    pub pickup: String,
    /// One word.
    pub kind: String,
    /// The sentence.
    pub detail: String,
}

/// What became of a business day's tickets: those whose state changed last on that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySlip {
    /// The machine.
    pub kiosk: String,
    /// YYYY-MM-DD.
    pub business_day: String,
    /// By film, in the order of their titles.
    pub films: Vec<FilmLine>,
    /// All films together.
    pub total: Counts,
    /// Tickets printed as samples.
    pub test_tickets: u32,
}

/// One film of a day's slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmLine {
    /// Its title.
    pub film: String,
    /// Its tickets.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Tickets by where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Came out.
    pub printed: u32,
    /// Owed by this kiosk.
    pub owed: u32,
    /// May or may not have come out; those on their way to the printer included.
    pub uncertain: u32,
    /// Printed again by authority.
    pub reprinted: u32,
    /// Settled at the counter.
    pub handed_over: u32,
    /// Not owed any more.
    pub void: u32,
}

impl Counts {
    /// Counts tickets in a state; `claimed` tells whether owed ones are this kiosk's.
    pub fn add(&mut self, state: SeatState, claimed: bool, count: u32) {
        let place = match state {
            SeatState::Printed => &mut self.printed,
            SeatState::Reserved if claimed => &mut self.owed,
            SeatState::Reserved => return,
            SeatState::Printing | SeatState::Uncertain => &mut self.uncertain,
            SeatState::Reprinted => &mut self.reprinted,
            SeatState::HandedOver => &mut self.handed_over,
            SeatState::Void => &mut self.void,
        };
        *place = place.saturating_add(count);
    }
}
