//! Timeline of a pickup: each step as a sentence. Pure; no ID, no code ever.
//!
//! A step is kept short, as one word and its particulars, and put into a sentence when it is read: flash wears by the
//! byte.

use crate::journal::record::RecordStep;
use crate::journal::rules::Resolution;
use crate::ticket::{SeatState, Ticket};

/// Largest number of characters kept of a phrase handed in.
const PHRASE: usize = 200;

/// Separator between particulars; phrases have no control characters.
const BETWEEN: char = '\u{1f}';

/// A step to keep: its word and its particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Kind of the step, in one word.
    pub kind: &'static str,
    /// Particulars, separated by U+001F.
    pub detail: String,
}

fn note<const N: usize>(kind: &'static str, particulars: [&str; N]) -> Note {
    let text = particulars.map(phrase).join(&BETWEEN.to_string());
    Note { kind, detail: text.trim_end_matches(BETWEEN).to_owned() }
}

/// Returns the note of a step. `seat` is the name of the seat of a `Seat` step.
pub fn of_step(step: &RecordStep, seat: &str) -> Note {
    match step {
        RecordStep::Started { number, .. } => {
            note("started", [&number.map(|number| number.to_string()).unwrap_or_default()])
        }
        RecordStep::Recognised { .. } => note("recognised", []),
        RecordStep::Issuing { seats, .. } => note("issuing", [&names(seats)]),
        RecordStep::IssueUnanswered => note("issue_unanswered", []),
        RecordStep::Issued => note("issued", []),
        RecordStep::IssueRefused { return_value, claim_kept } => {
            let kept = if *claim_kept { "kept" } else { "" };
            note("issue_refused", [&return_value.to_string(), kept])
        }
        RecordStep::IssueNotSent { .. } => note("issue_not_sent", []),
        RecordStep::Resumed { seats, .. } => note("resumed", [&names(seats)]),
        RecordStep::CodesArrived { seats } => note("codes_arrived", [&names(seats)]),
        RecordStep::SeatsFound { seats } => note("seats_found", [&names(seats)]),
        RecordStep::Seat { state, why, .. } => note(state.name(), [seat, why]),
        RecordStep::Ended { outcome, claim, why, report_due, released, .. } => {
            let claim = claim.map(|claim| claim.to_string()).unwrap_or_default();
            let due = if *report_due { "due" } else { "" };
            let released = if *released { "released" } else { "" };
            note("ended", [outcome.name(), &claim, why, due, released])
        }
        RecordStep::ReportFailed { sent, .. } => note("report_failed", [if *sent { "sent" } else { "" }]),
        RecordStep::Reported { .. } => note("reported", []),
        RecordStep::ReportRefused { return_value, .. } => note("report_refused", [&return_value.to_string()]),
    }
}

/// Returns the note of staff's settlement of a seat.
pub fn of_resolution(how: Resolution, seat: &str, who: &str, reason: &str) -> Note {
    note(how.name(), [seat, who, reason])
}

/// Returns the note of staff's order to print a seat again.
pub fn of_reprint(seat: &str, who: &str, reason: &str) -> Note {
    note("print-again", [seat, who, reason])
}

/// Returns the sentence of a note.
pub fn sentence(kind: &str, detail: &str) -> String {
    let mut parts = detail.split(BETWEEN);
    let mut part = || parts.next().unwrap_or_default();
    let first = part();
    match kind {
        "started" if first.is_empty() => "A code was presented.".into(),
        "started" => format!("A code was presented for booking {first}."),
        "recognised" => "The journal knows this pair of number and ID.".into(),
        "issuing" => format!("The site is asked to issue {first}."),
        "issue_unanswered" => "The site did not answer the issue.".into(),
        "issued" => "The site issued the booking.".into(),
        "issue_refused" if part().is_empty() => {
            format!("The site refused the issue with {first}: nothing is ours.")
        }
        "issue_refused" => {
            format!("The site refused the issue with {first}: issued by this kiosk before, or possibly.")
        }
        "issue_not_sent" => "The issue was not sent after all.".into(),
        "resumed" if first.is_empty() => "An earlier issue is taken up again.".into(),
        "resumed" => format!("An earlier issue is taken up again for what is owed: {first}."),
        "codes_arrived" => format!("Codes have arrived: {first}."),
        "seats_found" => {
            format!("The site lists seats that it had left out before; issued with the others: {first}.")
        }
        "ended" => ended(first, [part(), part(), part(), part()]),
        "report_failed" if first.is_empty() => "The report could not be sent.".into(),
        "report_failed" => "The report was sent but not answered.".into(),
        "reported" => "The site has the report.".into(),
        "report_refused" => format!("The site refused the report with {first}: staff must look."),
        "came-out" => format!("{first}: came out, by {}: {}.", part(), part()),
        "handed-over" => format!("{first}: settled at the counter, by {}: {}.", part(), part()),
        // A state and staff's word have the same name: staff's has a reason after the name.
        "print-again" => format!("{first}: is printed again by authority, by {}: {}.", part(), part()),
        state => of_seat(state, first, part(), part()),
    }
}

fn of_seat(state: &str, seat: &str, why: &str, reason: &str) -> String {
    if !reason.is_empty() {
        return format!("{seat}: not owed any more, by {why}: {reason}.");
    }
    let phrase = match SeatState::from_name(state) {
        Some(SeatState::Reserved) => "owed again, not a byte was sent",
        Some(SeatState::Printing) => "on its way to the printer",
        Some(SeatState::Printed) => "came out",
        Some(SeatState::Uncertain) => "may or may not have come out",
        Some(SeatState::Reprinted) => "printed again",
        Some(SeatState::HandedOver) => "settled at the counter",
        Some(SeatState::Void) => "not owed any more",
        None => state,
    };
    because(&format!("{seat}: {phrase}"), why)
}

fn ended(outcome: &str, [claim, why, due, released]: [&str; 4]) -> String {
    let mut text = because(&format!("Ended: {outcome}"), why);
    if !claim.is_empty() {
        text.push_str(&format!(" Claim reference {claim}."));
    }
    if !due.is_empty() {
        text.push_str(" The site is owed a report.");
    }
    if !released.is_empty() {
        text.push_str(" Nothing came out: the booking can be collected anywhere again.");
    }
    text
}

fn because(what: &str, why: &str) -> String {
    if why.is_empty() { format!("{what}.") } else { format!("{what} ({why}).") }
}

/// Cuts a phrase to a bounded line without control characters.
pub(super) fn phrase(text: &str) -> String {
    let plain = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(PHRASE).collect()
}

fn names(seats: &[Ticket]) -> String {
    seats.iter().map(|seat| phrase(&seat.seat_name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::Claim;
    use crate::ticket::{Outcome, SeatKey};

    fn told(note: &Note) -> String {
        sentence(note.kind, &note.detail)
    }

    #[test]
    fn what_is_kept_is_told_in_full() {
        let ended = RecordStep::Ended {
            outcome: Outcome::SeeCounter,
            claim: Some(Claim(4711)),
            duration_ms: 1,
            why: "paper\u{1f}out".into(),
            report_due: true,
            released: false,
            refused: None,
        };
        assert_eq!(
            told(&of_step(&ended, "")),
            "Ended: see_counter (paper out). Claim reference 004711. The site is owed a report."
        );
        let refused = |claim_kept| RecordStep::IssueRefused { return_value: 1, claim_kept };
        assert!(told(&of_step(&refused(true), "")).ends_with("or possibly."));
        assert!(told(&of_step(&refused(false), "")).ends_with("nothing is ours."));
    }

    #[test]
    fn the_workflows_word_and_staffs_are_told_apart() {
        let key = SeatKey { session_code: "S".into(), seat_code: "10".into() };
        let void = RecordStep::Seat { seat: key, state: SeatState::Void, why: "refunded".into() };
        assert_eq!(told(&of_step(&void, "7排10座")), "7排10座: not owed any more (refunded).");
        let staff = of_resolution(Resolution::Void, "7排10座", "Li", "gone home");
        assert_eq!(told(&staff), "7排10座: not owed any more, by Li: gone home.");
        let again = of_reprint("7排10座", "Li", "torn");
        assert_eq!(told(&again), "7排10座: is printed again by authority, by Li: torn.");
    }
}
