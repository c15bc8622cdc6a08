//! Each step as a sentence of the pickup's story. Pure; no ID, no code ever.

use crate::journal::record::Step;
use crate::ticket::{SeatState, Ticket};

/// The most characters of a phrase handed in that a sentence keeps.
const PHRASE: usize = 200;

/// What kind of step, as one word, and the sentence. `seat` is the name of the seat of a `Seat` step.
pub fn sentence(step: &Step, seat: &str) -> (&'static str, String) {
    match step {
        Step::Started { number: Some(number), .. } => {
            ("started", format!("A code was presented for booking {number}."))
        }
        Step::Started { number: None, .. } => ("started", "A code was presented.".into()),
        Step::Recognised { .. } => ("recognised", "The journal knows this pair of number and ID.".into()),
        Step::Issuing { number, seats, .. } => {
            ("issuing", format!("The site is asked to issue booking {number}: {}.", names(seats)))
        }
        Step::IssueUnanswered => ("issue_unanswered", "The site did not answer the issue.".into()),
        Step::Issued => ("issued", "The site issued the booking.".into()),
        Step::IssueRefused { return_value, claim_kept: false } => {
            ("issue_refused", format!("The site refused the issue with {return_value}: nothing is ours."))
        }
        Step::IssueRefused { return_value, claim_kept: true } => (
            "issue_refused",
            format!(
                "The site refused the issue with {return_value}: issued by this kiosk before, or possibly."
            ),
        ),
        Step::IssueNotSent => ("issue_not_sent", "The issue was not sent after all.".into()),
        Step::Resumed { seats, .. } if seats.is_empty() => {
            ("resumed", "An earlier issue is taken up again.".into())
        }
        Step::Resumed { seats, .. } => {
            ("resumed", format!("An earlier issue is taken up again for what is owed: {}.", names(seats)))
        }
        Step::CodesArrived { seats } => ("codes_arrived", format!("Codes have arrived: {}.", names(seats))),
        Step::Seat { state, why, .. } => ("seat", because(&format!("{seat}: {}", state_phrase(*state)), why)),
        Step::Ended { .. } => ("ended", ended(step)),
        Step::ReportFailed { sent: false, .. } => ("report_failed", "The report could not be sent.".into()),
        Step::ReportFailed { sent: true, .. } => {
            ("report_failed", "The report was sent but not answered.".into())
        }
        Step::Reported { .. } => ("reported", "The site has the report.".into()),
        Step::ReportRefused { return_value, .. } => {
            ("report_refused", format!("The site refused the report with {return_value}: staff must look."))
        }
    }
}

fn ended(step: &Step) -> String {
    let Step::Ended { outcome, claim, why, report_due, released, .. } = step else {
        return String::new();
    };
    let mut text = because(&format!("Ended: {}", outcome.name()), why);
    if let Some(claim) = claim {
        text.push_str(&format!(" Claim reference {claim}."));
    }
    if *report_due {
        text.push_str(" The site is owed a report.");
    }
    if *released {
        text.push_str(" Nothing came out: the booking can be collected anywhere again.");
    }
    text
}

/// A seat's new state, in words.
pub fn state_phrase(state: SeatState) -> &'static str {
    match state {
        SeatState::Reserved => "owed again, not a byte was sent",
        SeatState::Printing => "on its way to the printer",
        SeatState::Printed => "came out",
        SeatState::Uncertain => "may or may not have come out",
        SeatState::Reprinted => "printed again",
        SeatState::HandedOver => "settled at the counter",
        SeatState::Void => "not owed any more",
    }
}

/// A sentence with its reason, full stop included.
pub(super) fn because(what: &str, why: &str) -> String {
    let why = phrase(why);
    if why.is_empty() { format!("{what}.") } else { format!("{what} ({why}).") }
}

/// One line, bounded, without control characters.
pub(super) fn phrase(text: &str) -> String {
    let plain = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(PHRASE).collect()
}

fn names(seats: &[Ticket]) -> String {
    seats.iter().map(|seat| phrase(&seat.seat_name)).collect::<Vec<_>>().join(", ")
}
