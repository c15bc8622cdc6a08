//! Refusals: the site did not give what was asked. What the customer may be told, and who decides it.
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
use super::machine::Transition;
use super::resume::withdrawn;
use super::state::{ActivePickup, CustomerState, Hint, RefusalReason, Stage, Verdict};
use crate::ticket::Outcome;
use crate::vista::answer::{CloudAnswer, CloudBooking};

/// Reason for printing nothing of what a lost journal may have printed.
const SET_ASIDE: &str = "on record in the journal that was set aside";

/// Answer of the cloud on exactly this pair.
enum Word<'a> {
    /// The cloud has the booking.
    Has(&'a CloudBooking),
    /// The cloud has no booking with this number and ID.
    HasNot,
    /// The cloud can't be asked.
    Unknown,
}

impl Transition<'_> {
    /// Asks the cloud, where there is one, after the site refused or was silent; then decides.
    pub(super) fn refused(&mut self, active: ActivePickup, why: RefusalReason) {
        if active.cloud.is_some() || !self.machine.policy.cloud {
            return self.decide(active, why);
        }
        self.actions.push(Action::AskCloud { pickup: active.pickup.clone(), id: active.id.clone() });
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::AskingCloud(why));
    }

    /// Decides, when everything that can be known is known.
    pub(super) fn decide(&mut self, mut active: ActivePickup, why: RefusalReason) {
        if let Some(id) = respelling(&active)
            && why == RefusalReason::Refused
            && !active.unanswered
        {
            // The MD5 was of another spelling: once more with the cloud's.
            active.id = id;
            active.respelled = true;
            return self.recall(active);
        }
        let withdrawn = match self.word(&active) {
            Word::Has(booking) if active.owes() => {
                let booking = booking.clone();
                withdrawn(&mut active, &booking)
            }
            _ => None,
        };
        if let Some(steps) = withdrawn {
            return self.nothing_owed(active, steps);
        }
        let verdict = match (self.word(&active), why) {
            (Word::HasNot | Word::Unknown, RefusalReason::SetAside { proven: true }) => {
                see_counter(SET_ASIDE)
            }
            (Word::HasNot, _) if !active.own_issue => not_found("the cloud knows no such pair"),
            (_, RefusalReason::Refused) if active.unanswered => {
                see_counter("an issue went unanswered, the next was refused")
            }
            (_, why) if active.unanswered && why != RefusalReason::Silent => {
                see_counter("an issue went unanswered, now the site gives nothing")
            }
            // The seats are issued here and not settled: whatever the cloud counts as collected is not said to be so.
            (_, why) if active.owes() && why != RefusalReason::Silent => {
                see_counter("issued here, now the site refuses it")
            }
            (Word::Has(_), RefusalReason::Silent) if active.owes() => {
                see_counter("the site is silent about an earlier issue")
            }
            (Word::Has(booking), why) => self.for_the_pair(booking, why),
            (_, RefusalReason::Silent) if active.own_issue || active.unanswered => {
                see_counter("the site is silent about an earlier issue")
            }
            (_, RefusalReason::Silent) => verdict(Outcome::TryLater, Hint::None, "the site is silent"),
            (_, RefusalReason::AllPrinted) if active.own_issue => {
                verdict(Outcome::AlreadyCollected, Hint::None, "issued here, printed elsewhere")
            }
            (_, RefusalReason::Refused | RefusalReason::NoSuchBooking) if active.own_issue => {
                see_counter("issued here, now the site refuses it")
            }
            (_, RefusalReason::NoSuchBooking) => not_found("the site knows no such booking"),
            (_, RefusalReason::AllPrinted) => not_found("every seat is printed, the pair is unproven"),
            (_, RefusalReason::Refused) => not_found("the site refused the pair"),
            (_, RefusalReason::SetAside { .. }) => {
                not_found("on record in the journal that was set aside, the pair is unproven")
            }
            (
                _,
                RefusalReason::TooLate
                | RefusalReason::TooEarly
                | RefusalReason::OtherCinema
                | RefusalReason::PaperShort,
            ) => not_found("policy or paper, the pair is unproven"),
        };
        if verdict.outcome == Outcome::NotFound {
            return self.hold(active, verdict);
        }
        self.end(active, verdict);
    }

    fn word<'a>(&self, active: &'a ActivePickup) -> Word<'a> {
        match &active.cloud {
            Some(CloudAnswer::Booking(booking)) => {
                let same = pair(booking).is_some_and(|(number, id)| {
                    Some(number) == active.number && id.same_but_for_case(&active.id)
                });
                if same { Word::Has(booking) } else { Word::HasNot }
            }
            Some(CloudAnswer::NotFound) => Word::HasNot,
            Some(CloudAnswer::Ambiguous | CloudAnswer::Unavailable(_)) | None => Word::Unknown,
        }
    }

    /// Returns the verdict for a pair that is proven.
    fn for_the_pair(&self, booking: &CloudBooking, why: RefusalReason) -> Verdict {
        if booking.cinema_id.as_ref().is_some_and(|id| *id != self.machine.policy.cinema_id) {
            return policy_verdict(Hint::OtherCinema, "the booking is another cinema's");
        }
        let lost = matches!(why, RefusalReason::SetAside { .. });
        // The cloud may count as collected what a lost journal owed, by that journal's own report.
        let settled = settled_by_cloud(booking)
            .filter(|verdict| !(lost && verdict.outcome == Outcome::AlreadyCollected));
        if let Some(settled) = settled {
            return settled;
        }
        match why {
            RefusalReason::NoSuchBooking => {
                verdict(Outcome::TryLater, Hint::None, "the cloud has the booking, the site not yet")
            }
            RefusalReason::Silent => verdict(Outcome::TryLater, Hint::None, "the site is silent"),
            RefusalReason::AllPrinted => see_counter("the site says printed, the cloud says not collected"),
            RefusalReason::Refused => see_counter("the site refused a booking the cloud has as open"),
            RefusalReason::TooLate => policy_verdict(Hint::TooLate, "the session began too long ago"),
            RefusalReason::TooEarly => policy_verdict(Hint::TooEarly, "the session is too far away"),
            RefusalReason::PaperShort => verdict(
                Outcome::OutOfService,
                Hint::PaperShort,
                "the paper left is not enough for the booking",
            ),
            RefusalReason::SetAside { .. } => see_counter(SET_ASIDE),
            RefusalReason::OtherCinema => {
                policy_verdict(Hint::OtherCinema, "the records are another cinema's")
            }
        }
    }
}

fn policy_verdict(hint: Hint, why: &'static str) -> Verdict {
    Verdict { outcome: Outcome::SeeCounter, hint, why, claim: true }
}

/// Returns the cloud's spelling of the ID, when it differs from the customer's by case and is untried.
fn respelling(active: &ActivePickup) -> Option<crate::ticket::BookingId> {
    let Some(CloudAnswer::Booking(booking)) = &active.cloud else { return None };
    let (number, id) = pair(booking)?;
    let other = Some(number) == active.number && id != active.id && id.same_but_for_case(&active.id);
    (other && !active.respelled).then_some(id)
}
