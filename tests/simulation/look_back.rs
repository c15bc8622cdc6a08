//! Rules for the quiet end: of what a kiosk has made of it all by itself, and after one more start.

use super::faults::Fault;
use super::parts;
use super::world::World;
use pickup_kiosk::journal::record::{IssueState, ReportState};
use pickup_kiosk::pickup::state::CustomerState;
use pickup_kiosk::simulator::cinema::{SecondIssue, SetsFlags};
use pickup_kiosk::ticket::SeatState;

/// Largest number of tickets that one fault may leave uncertain where a kiosk asks for a claim anew instead of going on
/// with it: a booking's, and no more.
const LOOSE: usize = 4;

impl World<'_> {
    /// Ends all faults but a single one that has not struck yet: what a kiosk does by itself then, it does.
    pub fn heal(&mut self) {
        for kiosk in 0..self.kiosks.len() {
            self.kiosks[kiosk].journal_away_until_ms = 0;
            let life = self.kiosks[kiosk].life;
            self.at(1_000, super::world::Event::JournalTried { kiosk, life });
        }
    }

    /// Checks, when all is quiet and the site has answered, that what is on record agrees with what is in the world.
    pub fn look_back(&mut self) {
        if self.violation.is_some() {
            return;
        }
        for kiosk in 0..self.kiosks.len() {
            let wall = self.wall(kiosk);
            let held = &self.kiosks[kiosk];
            let open = held.journal.leftover(wall);
            let quiet = held.state.journal_ok && open.unfinished.is_empty() && open.printing.is_empty();
            let free = matches!(held.state.customer, CustomerState::Idle) && held.state.backlog.nothing_due();
            if held.on && !(quiet && free) {
                self.violated(|| format!("kiosk {kiosk} does not come to rest by itself"));
            }
        }
        for index in 0..self.truth.len() {
            self.nothing_is_lost(index);
        }
        for kiosk in 0..self.kiosks.len() {
            for index in 0..self.truth.len() {
                self.look_back_at(kiosk, index);
            }
        }
        if let Some(fault) = self.single() {
            self.lively(fault);
        }
    }

    fn look_back_at(&mut self, kiosk: usize, index: usize) {
        let truth = &self.truth[index];
        // A record made anew after the old one was settled and forgotten knows nothing of that time's paper.
        let mut papers = truth.paper[kiosk].iter().zip(&truth.forgotten_paper[kiosk]);
        let begun = papers.any(|(paper, forgotten)| paper.begun + paper.again_begun > *forgotten);
        if self.kiosks[kiosk].in_old_journal.contains_key(&index) {
            return;
        }
        if self.records(kiosk, index).next().is_none() {
            if truth.issued[kiosk] && !truth.was_short {
                self.violated(|| {
                    format!("kiosk {kiosk} has no record of booking {index} that was issued to it")
                });
            }
            return;
        }
        let mut wrong = None;
        for (seat, paper) in truth.paper[kiosk].iter().enumerate() {
            let states: Vec<SeatState> = self.states(kiosk, index, seat).collect();
            let begun = paper.begun + paper.again_begun > truth.forgotten_paper[kiosk][seat];
            let open = |state: &SeatState| *state == SeatState::Reserved;
            let bad = states.iter().any(|state| match state {
                SeatState::Printing => true,
                SeatState::Printed => paper.whole == 0,
                SeatState::Reprinted => paper.again == 0,
                _ => false,
            });
            if bad || (begun && states.iter().all(open)) {
                wrong = Some(format!(
                    "booking {index} seat {seat} at kiosk {kiosk} is {states:?}, paper {paper:?}"
                ));
            }
        }
        let reports: Vec<ReportState> = self.records(kiosk, index).map(|booking| booking.report).collect();
        let told = |report: &ReportState| matches!(report, ReportState::Done | ReportState::Refused);
        if begun && !reports.iter().any(told) {
            wrong = Some(format!("booking {index} of kiosk {kiosk} is not reported: {reports:?}"));
        }
        if reports.contains(&ReportState::Done) && self.cinema.bookings[index].reports == 0 {
            let flags = &self.cinema.bookings[index].seats;
            if flags.iter().any(|seat| !seat.ticket.printed && !seat.refunded) {
                wrong = Some(format!("booking {index} of kiosk {kiosk} counts as reported and isn't"));
            }
        }
        if let Some(wrong) = wrong {
            self.violated(|| wrong);
        }
    }

    /// Checks that whoever has no paper is on record at a kiosk, or gets it at the counter, as what isn't flagged.
    fn nothing_is_lost(&mut self, index: usize) {
        self.cinema_now();
        let booking = &self.cinema.bookings[index];
        if booking.cancelled {
            return;
        }
        let lost = booking.seats.iter().enumerate().find(|(place, seat)| {
            let paper = self.has_paper(index, *place);
            seat.ticket.printed && !seat.refunded && !paper && !self.on_record(index, *place)
        });
        if let Some((place, _)) = lost {
            self.violated(|| {
                format!("booking {index} seat {place} is lost: flagged, no paper, on no record")
            });
        }
    }

    /// Returns true if somebody has the ticket of a seat.
    fn has_paper(&self, index: usize, seat: usize) -> bool {
        let truth = &self.truth[index];
        truth.counter[seat]
            || truth.printed_from_the_start[seat]
            || truth.paper.iter().any(|kiosk| kiosk[seat].whole + kiosk[seat].again > 0)
    }

    /// Returns true if a kiosk's journal says of a seat who has it, or that it is owed.
    fn on_record(&self, index: usize, seat: usize) -> bool {
        let key = parts::seat_key(seat);
        (0..self.kiosks.len()).any(|kiosk| {
            // The records of a lost journal are in the file that was set aside; what staff settled may be forgotten by
            // a clock that was wrong for hours.
            let old = self.kiosks[kiosk].in_old_journal.get(&index);
            old.is_some_and(|old| old.seats.contains(&seat) || self.truth[index].was_short)
                || self.truth[index].paper[kiosk][seat].staff
                || self.records(kiosk, index).any(|held| {
                    let state = held.seats.iter().find(|held| held.key == key).map(|held| held.state);
                    match state {
                        Some(SeatState::Reserved) => held.issue != IssueState::Released,
                        Some(SeatState::Void) => self.truth[index].paper[kiosk][seat].staff,
                        Some(_) => true,
                        None => false,
                    }
                })
        })
    }

    /// Checks that after a single fault that heals, all is printed that the fault has not touched.
    fn lively(&mut self, fault: Fault) {
        let (mut unsure, mut bookings) = (0, 0);
        for index in 0..self.truth.len() {
            let held = (0..self.kiosks.len()).flat_map(|kiosk| self.records(kiosk, index));
            let seats = held.flat_map(|booking| &booking.seats);
            let of_this = seats.filter(|seat| seat.state == SeatState::Uncertain).count();
            unsure += of_this;
            bookings += usize::from(of_this > 0);
            if let Some(seat) = self.not_printed(index, fault) {
                self.violated(|| format!("after one {fault:?}, booking {index} seat {seat} is not printed"));
            }
        }
        // Where a kiosk asks for a claim anew, the one that the fault has touched may go to the counter.
        let lacks = |index: &usize| {
            let printed = |seat: usize| self.truth[*index].paper.iter().any(|kiosk| kiosk[seat].whole > 0);
            let mut seats = 0..self.truth[*index].counter.len();
            seats.any(|seat| !printed(seat) && self.on_record(*index, seat))
        };
        let lacking = (0..self.truth.len()).filter(lacks).count();
        if lacking > 1 {
            self.violated(|| format!("after one {fault:?}, {lacking} bookings lack a ticket"));
        }
        // All that nothing has disturbed is printed, whatever the kiosk was told; and one fault touches few.
        let at_most = match () {
            () if !self.struck => 0,
            () if self.is_strict(fault) => usize::from(fault.physical() || self.may_hide_a_flag(fault)),
            () => LOOSE,
        };
        if unsure > at_most || bookings > 1 {
            self.violated(|| format!("after one {fault:?}, {unsure} tickets are uncertain"));
        }
        self.summary.lively += 1;
    }

    /// Returns true for a short list where the issue sets the flags: what it left out may have been somebody else's.
    fn may_hide_a_flag(&self, fault: Fault) -> bool {
        fault == Fault::ShortList && self.cinema.site.flags == SetsFlags::AtIssue
    }

    /// Returns true if all has to be printed. Whoever was not told that claims stand asks for one anew, and sends to
    /// the counter where the site refuses it; so does whoever is answered otherwise than "already printed".
    fn is_strict(&self, fault: Fault) -> bool {
        let no_claim = match fault {
            Fault::CloudAway
            | Fault::CloudLate
            | Fault::AnsweredTwice
            | Fault::AskedTwice
            | Fault::ImpatientScan
            | Fault::RecallFails => true,
            Fault::ReplyLate => self.cinema.site.claim_lapses_ms.is_none(),
            _ => false,
        };
        no_claim || (self.machine.policy.claim_stands() && self.cinema.site.refusal == 1)
    }

    /// Returns a seat that should be printed and isn't.
    fn not_printed(&self, index: usize, fault: Fault) -> Option<usize> {
        let truth = &self.truth[index];
        let papers = |seat: usize| truth.paper[0][seat].whole + truth.paper[1][seat].whole;
        let twice = (0..truth.paper[0].len()).find(|seat| papers(*seat) > 1);
        if twice.is_some() {
            return twice;
        }
        let unanswered = (0..self.kiosks.len()).any(|kiosk| {
            truth.issued[kiosk] && self.records(kiosk, index).any(|booking| !booking.ever_issued)
        });
        if unanswered && self.cinema.site.second_issue == SecondIssue::Refuse {
            // The site gave it and the kiosk cannot know; the site refuses to say it again.
            return None;
        }
        let told_at_counter =
            |seat: usize| self.struck && !self.is_strict(fault) && self.on_record(index, seat);
        let unsure = |seat: usize| {
            let mut states = (0..self.kiosks.len()).flat_map(|kiosk| self.states(kiosk, index, seat));
            states.any(|state| state == SeatState::Uncertain)
        };
        (0..truth.paper[0].len()).find(|&seat| papers(seat) == 0 && !unsure(seat) && !told_at_counter(seat))
    }
}
