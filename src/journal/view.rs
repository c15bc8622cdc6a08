//! Views of the record of pickups, as people and programs read it (contract, "How a pickup ends"). Pure.

use crate::ticket::{Outcome, SeatState};
use serde::{Deserialize, Serialize};

/// One presentation of a code: the JSON object of `journal … --json` and `demo --json`, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickupView {
    /// ID of the pickup.
    pub pickup: String,
    /// Start of the pickup, with the cinema's offset and milliseconds.
    pub started_at: String,
    /// Booking number without padding; none where unknown.
    pub booking_number: Option<String>,
    /// Outcome of the pickup; none as long as it has no end on record.
    pub outcome: Option<Outcome>,
    /// Claim reference of 6 digits; none where none was given.
    pub claim: Option<String>,
    /// Seats of the booking the pickup is tied to, as they stand now; else empty.
    pub tickets: Vec<SeatView>,
    /// True if the site has the booking's report.
    pub reported: bool,
    /// Time from the code to the end; none as long as it has no end on record.
    pub duration_ms: Option<u64>,
}

/// One seat of a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatView {
    /// Name of the seat, as 7排10座.
    pub seat: String,
    /// State of the seat's ticket.
    pub state: SeatState,
}

/// A pickup with the timeline of its booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineView {
    /// The pickup that was asked for.
    #[serde(flatten)]
    pub pickup: PickupView,
    /// Events of this pickup and of its booking's other pickups, in the order they happened.
    pub story: Vec<EventView>,
}

/// One sentence of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// Time of the event, with the cinema's offset and milliseconds. The clock may have jumped: the order is right.
    pub at: String,
    /// The pickup that the event belongs to.
    pub pickup: String,
    /// Kind of the event, in one word.
    pub kind: String,
    /// Sentence for people, in English.
    pub detail: String,
    /// The same sentence in Chinese; not in the contract's object.
    #[serde(skip)]
    pub zh: String,
}

/// Day slip: what became of a business day's tickets, those whose state changed last on that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySlip {
    /// ID of the kiosk.
    pub kiosk: String,
    /// Business day as YYYY-MM-DD.
    pub business_day: String,
    /// Counts by film, in the order of their titles.
    pub films: Vec<FilmLine>,
    /// Counts of all films together.
    pub total: Counts,
    /// Number of tickets printed as samples.
    pub test_tickets: u32,
}

/// One film of a day slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmLine {
    /// Title of the film.
    pub film: String,
    /// Counts of the film's tickets.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Numbers of tickets by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Tickets that came out.
    pub printed: u32,
    /// Tickets owed by this kiosk.
    pub owed: u32,
    /// Tickets that may or may not have come out; those on their way to the printer included.
    pub uncertain: u32,
    /// Tickets printed again by authority.
    pub reprinted: u32,
    /// Tickets settled at the counter.
    pub handed_over: u32,
    /// Tickets not owed any more.
    pub void: u32,
}

impl Counts {
    /// Adds tickets in a state; `claimed` tells whether owed ones are this kiosk's.
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
