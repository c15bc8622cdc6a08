//! The site did not give what was asked: what the customer may be told, and who decides it.
//!
//! | why the site didn't | cloud: settled | cloud: open | cloud: no such pair | cloud silent or none |
//! |---|---|---|---|---|
//! | no such booking | as settled | `try_later` | `not_found` | `not_found` |
//! | all printed | as settled | `see_counter` | `not_found` | `not_found` |
//! | 0x06 ≠ 0 | as settled | `see_counter` | `not_found` | `not_found` |
//! | 0x06 ≠ 0 after one went unanswered | `see_counter` | `see_counter` | `not_found` | `see_counter` |
//! | any, and something is owed or uncertain here | void where refunded or cancelled, else `see_counter` | `see_counter` | `see_counter` | `see_counter` |
//! | silent | as settled | `try_later` | `not_found` | `try_later` |
//! | not enough paper | as settled | `out_of_service` | `not_found` | `not_found` |
//! | policy | as settled | `see_counter` | `not_found` | `not_found` |
//! | in a journal that was lost, by number | as settled | `see_counter` | `not_found` | `not_found` |
//! | in a journal that was lost, as a pair | as settled | `see_counter` | `see_counter` | `see_counter` |
//!
//! A number alone, or with somebody else's ID, must learn nothing: so without the cloud's word for
//! exactly this pair the answer is the one a number gets that doesn't exist. A pair that this
//! kiosk's own journal knows has proved itself, and so has one that a journal knew which was lost since.

use super::action::Action;
use super::lookup::{not_found, pair, see_counter, settled_by_cloud, verdict};
use super::machine::Turn;
use super::resume::withdrawn;
use super::state::{Front, Hint, Stage, Verdict, Visit, Why};
use crate::ticket::Outcome;
use crate::vista::answer::{CloudAnswer, CloudBooking};

/// Why nothing is printed of what a lost journal may have printed.
const SET_ASIDE: &str = "on record in the journal that was set aside";

/// The cloud's word on exactly this pair.
enum Word<'a> {
    /// It has the booking.
    Has(&'a CloudBooking),
    /// It has no booking with this number and ID.
    HasNot,
    /// It can't be asked.
    Unknown,
}

impl Turn<'_> {
    /// The site refused, or was silent: asks the cloud, where there is one, and decides.
    pub(super) fn refused(&mut self, visit: Visit, why: Why) {
        if visit.cloud.is_some() || !self.machine.policy.cloud {
            return self.decide(visit, why);
        }
        self.actions.push(Action::AskCloud { pickup: visit.pickup.clone(), id: visit.id.clone() });
        self.state.front = Front::Busy(Box::new(visit), Stage::AskingCloud(why));
    }

    /// Everything that can be known is known.
    pub(super) fn decide(&mut self, mut visit: Visit, why: Why) {
        if let Some(id) = respelling(&visit)
            && why == Why::Refused
            && !visit.unanswered
        {
            // The MD5 was of another spelling: once more with the cloud's.
            visit.id = id;
            visit.respelled = true;
            return self.recall(visit);
        }
        let withdrawn = match self.word(&visit) {
            Word::Has(booking) if visit.owes() => {
                let booking = booking.clone();
                withdrawn(&mut visit, &booking)
            }
            _ => None,
        };
        if let Some(steps) = withdrawn {
            return self.nothing_owed(visit, steps);
        }
        let verdict = match (self.word(&visit), why) {
            (Word::HasNot | Word::Unknown, Why::SetAside { proven: true }) => see_counter(SET_ASIDE),
            (Word::HasNot, _) if !visit.own_issue => not_found("the cloud knows no such pair"),
            (_, Why::Refused) if visit.unanswered => {
                see_counter("an issue went unanswered, the next was refused")
            }
            (_, why) if visit.unanswered && why != Why::Silent => {
                see_counter("an issue went unanswered, now the site gives nothing")
            }
            // Issued here and not settled: whatever the cloud counts as collected is not said to be so.
            (_, why) if visit.owes() && why != Why::Silent => {
                see_counter("issued here, now the site refuses it")
            }
            (Word::Has(_), Why::Silent) if visit.owes() => {
                see_counter("the site is silent about an earlier issue")
            }
            (Word::Has(booking), why) => self.for_the_pair(booking, why),
            (_, Why::Silent) if visit.own_issue || visit.unanswered => {
                see_counter("the site is silent about an earlier issue")
            }
            (_, Why::Silent) => verdict(Outcome::TryLater, Hint::None, "the site is silent"),
            (_, Why::AllPrinted) if visit.own_issue => {
                verdict(Outcome::AlreadyCollected, Hint::None, "issued here, printed elsewhere")
            }
            (_, Why::Refused | Why::NoSuchBooking) if visit.own_issue => {
                see_counter("issued here, now the site refuses it")
            }
            (_, Why::NoSuchBooking) => not_found("the site knows no such booking"),
            (_, Why::AllPrinted) => not_found("every seat is printed, the pair is unproven"),
            (_, Why::Refused) => not_found("the site refused the pair"),
            (_, Why::SetAside { .. }) => {
                not_found("on record in the journal that was set aside, the pair is unproven")
            }
            (_, Why::TooLate | Why::TooEarly | Why::OtherCinema | Why::PaperShort) => {
                not_found("policy or paper, the pair is unproven")
            }
        };
        if verdict.outcome == Outcome::NotFound {
            return self.hold(visit, verdict);
        }
        self.end(visit, verdict);
    }

    fn word<'a>(&self, visit: &'a Visit) -> Word<'a> {
        match &visit.cloud {
            Some(CloudAnswer::Booking(booking)) => {
                let same = pair(booking).is_some_and(|(number, id)| {
                    Some(number) == visit.number && id.same_but_for_case(&visit.id)
                });
                if same { Word::Has(booking) } else { Word::HasNot }
            }
            Some(CloudAnswer::NotFound) => Word::HasNot,
            Some(CloudAnswer::Ambiguous | CloudAnswer::Unavailable(_)) | None => Word::Unknown,
        }
    }

    /// The pair is proven.
    fn for_the_pair(&self, booking: &CloudBooking, why: Why) -> Verdict {
        if booking.cinema_id.as_ref().is_some_and(|id| *id != self.machine.policy.cinema_id) {
            return policy_verdict(Hint::OtherCinema, "the booking is another cinema's");
        }
        let lost = matches!(why, Why::SetAside { .. });
        // What a lost journal owed may count as collected by that journal's own report.
        let settled = settled_by_cloud(booking)
            .filter(|verdict| !(lost && verdict.outcome == Outcome::AlreadyCollected));
        if let Some(settled) = settled {
            return settled;
        }
        match why {
            Why::NoSuchBooking => {
                verdict(Outcome::TryLater, Hint::None, "the cloud has the booking, the site not yet")
            }
            Why::Silent => verdict(Outcome::TryLater, Hint::None, "the site is silent"),
            Why::AllPrinted => see_counter("the site says printed, the cloud says not collected"),
            Why::Refused => see_counter("the site refused a booking the cloud has as open"),
            Why::TooLate => policy_verdict(Hint::TooLate, "the session began too long ago"),
            Why::TooEarly => policy_verdict(Hint::TooEarly, "the session is too far away"),
            Why::PaperShort => verdict(
                Outcome::OutOfService,
                Hint::PaperShort,
                "the paper left is not enough for the booking",
            ),
            Why::SetAside { .. } => see_counter(SET_ASIDE),
            Why::OtherCinema => policy_verdict(Hint::OtherCinema, "the records are another cinema's"),
        }
    }
}

fn policy_verdict(hint: Hint, why: &'static str) -> Verdict {
    Verdict { outcome: Outcome::SeeCounter, hint, why, claim: true }
}

/// The cloud's spelling of the ID, when it differs from the customer's by case and is untried.
fn respelling(visit: &Visit) -> Option<crate::ticket::BookingId> {
    let Some(CloudAnswer::Booking(booking)) = &visit.cloud else { return None };
    let (number, id) = pair(booking)?;
    let other = Some(number) == visit.number && id != visit.id && id.same_but_for_case(&visit.id);
    (other && !visit.respelled).then_some(id)
}
