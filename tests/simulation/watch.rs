//! What must be true, looked at after every step and at the quiet end.

use super::faults::Fault;
use super::parts;
use super::world::{Job, World};
use pickup_kiosk::journal::record::{Entry, IssueState, ReportState, Step};
use pickup_kiosk::journal::rules::Booking;
use pickup_kiosk::pickup::state::Front;
use pickup_kiosk::simulator::cinema::{SecondIssue, SetsFlags};
use pickup_kiosk::ticket::{SeatKey, SeatState};

/// Tickets that one fault may leave uncertain where a kiosk asks for a claim anew instead of going on with it: a
/// booking's, and no more.
const LOOSE: usize = 4;

impl World<'_> {
    /// After a transaction.
    pub fn recorded(&mut self, kiosk: usize, entries: &[Entry]) {
        for entry in entries {
            match &entry.step {
                Step::Issuing { number, .. }
                | Step::Resumed { number, .. }
                | Step::Recognised { number, .. } => {
                    let index = parts::index(*number);
                    self.kiosks[kiosk].tied.insert(entry.pickup.clone(), index);
                    self.kiosks[kiosk].latest.insert(index, entry.pickup.clone());
                }
                Step::Seat { seat, state, .. } => self.seat_recorded(kiosk, entry, seat, *state),
                Step::Ended { claim: Some(claim), .. } => {
                    let index = self.kiosks[kiosk].tied.get(&entry.pickup).copied();
                    let before = self.kiosks[kiosk].claims.insert(claim.0, index);
                    let free_again = self.kiosks[kiosk].forgot;
                    if !free_again && before.is_some_and(|before| before != index || index.is_none()) {
                        self.violated(|| format!("claim {claim} was given to two"));
                    }
                }
                _ => {}
            }
        }
    }

    /// What a kiosk's journal holds of a booking: more than one record where its key was lost in between.
    fn records(&self, kiosk: usize, index: usize) -> impl Iterator<Item = &Booking> {
        let (number, id) = (parts::number(index), &self.cinema.bookings[index].id);
        let bookings = self.kiosks[kiosk].journal.bookings();
        bookings
            .filter(move |(own, booking)| booking.number == number && *own == id)
            .map(|(_, booking)| booking)
    }

    /// The states in which a kiosk's journal has a seat.
    fn states(&self, kiosk: usize, index: usize, seat: usize) -> impl Iterator<Item = SeatState> {
        let key = parts::seat_key(seat);
        let seats = self.records(kiosk, index).flat_map(|booking| &booking.seats);
        seats.filter(move |held| held.key == key).map(|held| held.state)
    }

    fn seat_recorded(&mut self, kiosk: usize, entry: &Entry, seat: &SeatKey, state: SeatState) {
        let Some(index) = self.kiosks[kiosk].tied.get(&entry.pickup).copied() else { return };
        let paper = self.truth[index].paper[kiosk][parts::seat_index(seat)];
        let missing = match state {
            SeatState::Printed => paper.whole == 0,
            SeatState::Reprinted => paper.again == 0,
            _ => false,
        };
        self.summary.uncertain += u64::from(state == SeatState::Uncertain);
        if state == SeatState::Void {
            self.void_has_a_cause(kiosk, index, seat);
        }
        if missing {
            self.violated(|| {
                format!(
                    "kiosk {kiosk} recorded {state:?} of booking {index} {seat:?}: no whole ticket came out"
                )
            });
        }
    }

    /// A seat that was owed is void only where the world has a cause: it was paid back, somebody else's paper or
    /// record has it, or staff said so.
    fn void_has_a_cause(&mut self, kiosk: usize, index: usize, seat: &SeatKey) {
        let place = parts::seat_index(seat);
        let is_void = self.states(kiosk, index, place).any(|state| state == SeatState::Void);
        let (truth, booking) = (&self.truth[index], &self.cinema.bookings[index]);
        let cause = booking.cancelled
            || booking.seats[place].refunded
            || truth.counter[place]
            || truth.reported[1 - kiosk]
            || truth.paper[1 - kiosk][place].begun > 0
            || truth.paper[kiosk][place].staff
            || truth.printed_from_the_start[place];
        if is_void && !cause {
            self.violated(|| format!("kiosk {kiosk} made booking {index} seat {place} void without a cause"));
        }
    }

    /// A byte of a ticket goes to the printer.
    pub fn printing(&mut self, kiosk: usize, index: usize, seat: &SeatKey, again: bool) {
        let at = parts::seat_index(seat);
        let allowed = self.records(kiosk, index).any(|booking| {
            let printing = |state| state == SeatState::Printing;
            booking.issue == IssueState::Issued
                && booking.seats.iter().any(|held| held.key == *seat && printing(held.state))
        });
        if !allowed {
            self.violated(|| format!("kiosk {kiosk} prints booking {index} {seat:?} before it is on record"));
        }
        if again {
            self.truth[index].paper[kiosk][at].again_begun += 1;
            return;
        }
        let truth = &mut self.truth[index];
        truth.paper[kiosk][at].begun += 1;
        let issued = truth.issued[kiosk] && truth.may_print[kiosk];
        let (begun, foreign) = (truth.paper[kiosk][at].begun, truth.told[kiosk][at]);
        let elsewhere = truth.paper[1 - kiosk][at].begun;
        if begun > 1 {
            self.violated(|| format!("kiosk {kiosk} prints booking {index} {seat:?} for the second time"));
        }
        if !issued {
            self.violated(|| format!("kiosk {kiosk} prints booking {index} that was never issued to it"));
        }
        if foreign {
            self.violated(|| format!("kiosk {kiosk} prints booking {index} {seat:?}: somebody else had"));
        }
        let age_ms = self.now_ms - self.truth[index].issued_at_ms[kiosk];
        let over =
            self.machine.policy.claim_limit().is_some_and(|limit| u128::from(age_ms) >= limit.as_millis());
        let theirs = self.truth[index].holder == Some(1 - kiosk) && !self.truth[index].reported[kiosk];
        if elsewhere > 0 && over && theirs {
            self.violated(|| {
                format!("kiosk {kiosk} prints booking {index} {seat:?} by a claim that it knows is over")
            });
        }
        if elsewhere > 0 {
            if self.cinema.site.second_issue == SecondIssue::Refuse && !self.truth[index].lapsed {
                self.violated(|| format!("both kiosks print booking {index} {seat:?}"));
            }
            self.summary.windows += 1;
        }
    }

    /// Paper has come out.
    pub fn paper_out(&mut self, kiosk: usize, job: &Job, whole: bool) {
        let paper = &mut self.truth[job.booking].paper[kiosk][parts::seat_index(&job.seat)];
        if whole {
            let count = if job.again { &mut paper.again } else { &mut paper.whole };
            *count += 1;
            self.summary.tickets += 1;
            self.summary.reprints += u64::from(job.again);
        }
        self.note(|| format!("paper: booking {} {:?} whole {whole}", job.booking, job.seat));
    }

    /// The site has just given seats: they must be on record already.
    pub fn issued_is_on_record(&mut self, kiosk: usize, index: usize, seats: &[usize]) {
        let held = |seat: &usize| self.states(kiosk, index, *seat).next().is_some();
        if let Some(lost) = seats.iter().find(|seat| !held(seat)).copied() {
            // The query before the issue may have been older than a seat's return to the list.
            if !self.truth[index].disturbed {
                self.violated(|| {
                    format!("booking {index} seat {lost} was issued to kiosk {kiosk} without a record")
                });
            }
        }
    }

    /// After an input and all its actions.
    pub fn watch(&mut self, kiosk: usize) {
        if self.search_texts {
            let text = format!("{:?}", self.kiosks[kiosk].state);
            self.search(|| text);
        }
        match &self.kiosks[kiosk].state.front {
            Front::Result(shown) => {
                if let Some(claim) = shown.claim
                    && !self.kiosks[kiosk].claims.contains_key(&claim.0)
                {
                    self.violated(|| format!("claim {claim} is shown and not on record"));
                    return;
                }
                let outcome = shown.outcome;
                if let Some((customer, pickup)) = &self.kiosks[kiosk].customer
                    && *pickup == shown.pickup
                {
                    let customer = *customer;
                    self.reads(kiosk, customer, outcome);
                }
            }
            Front::Entering(_) => self.asked_for_half(kiosk),
            Front::Busy(..) => {
                if self.strikes(Fault::ImpatientScan) {
                    let in_ms = self.chance.below(2_000);
                    self.at(in_ms, super::world::Event::Impatient { kiosk });
                }
            }
            Front::Idle | Front::Reprinting { .. } => {}
        }
    }

    /// Nothing fails any more: what a kiosk does by itself then, it does.
    pub fn heal(&mut self) {
        for kiosk in 0..self.kiosks.len() {
            self.kiosks[kiosk].journal_away_until_ms = 0;
            let life = self.kiosks[kiosk].life;
            self.at(1_000, super::world::Event::JournalTried { kiosk, life });
        }
    }

    /// All is quiet, the site has answered: what is on record agrees with what is in the world.
    pub fn look_back(&mut self) {
        if self.violation.is_some() {
            return;
        }
        for kiosk in 0..self.kiosks.len() {
            let wall = self.wall(kiosk);
            let held = &self.kiosks[kiosk];
            let open = held.journal.leftover(wall);
            let quiet = held.state.journal_ok && open.unfinished.is_empty() && open.printing.is_empty();
            let free = matches!(held.state.front, Front::Idle) && held.state.backlog.due.is_empty();
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
        let begun = truth.paper[kiosk].iter().any(|paper| paper.begun + paper.again_begun > 0);
        if self.kiosks[kiosk].in_old_journal.contains(&index) {
            return;
        }
        if self.records(kiosk, index).next().is_none() {
            let paper = &truth.paper[kiosk];
            let begun = paper.iter().any(|paper| paper.begun + paper.again_begun > 0);
            let settled = |seat: usize| self.has_paper(index, seat) || paper[seat].staff;
            // What was released, nothing of it out, is nobody's.
            let done = !begun || (truth.reported[kiosk] && (0..paper.len()).all(settled));
            let forgotten = self.kiosks[kiosk].believed_wrong_clock && done;
            if truth.issued[kiosk] && !truth.disturbed && !forgotten {
                self.violated(|| {
                    format!("kiosk {kiosk} has no record of booking {index} that was issued to it")
                });
            }
            return;
        }
        let mut wrong = None;
        for (seat, paper) in truth.paper[kiosk].iter().enumerate() {
            let states: Vec<SeatState> = self.states(kiosk, index, seat).collect();
            let begun = paper.begun + paper.again_begun > 0;
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

    /// Whoever has no paper can have it at the counter, which prints what isn't flagged, or is on record at a kiosk.
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

    /// Somebody has the ticket of a seat.
    fn has_paper(&self, index: usize, seat: usize) -> bool {
        let truth = &self.truth[index];
        truth.counter[seat]
            || truth.printed_from_the_start[seat]
            || truth.paper.iter().any(|kiosk| kiosk[seat].whole + kiosk[seat].again > 0)
    }

    /// A kiosk's journal says of a seat who has it, or that it is owed.
    fn on_record(&self, index: usize, seat: usize) -> bool {
        let key = parts::seat_key(seat);
        (0..self.kiosks.len()).any(|kiosk| {
            // What a journal that was lost had is in the file that was set aside.
            // Staff who settle a seat look at all of its booking; and what they settled may be forgotten by a clock that
            // was wrong for hours.
            self.kiosks[kiosk].in_old_journal.contains(&index)
                || self.truth[index].paper[kiosk].iter().any(|paper| paper.staff)
                || self.records(kiosk, index).any(|held| {
                    let state = held.seats.iter().find(|held| held.key == key).map(|held| held.state);
                    match state {
                        Some(SeatState::Reserved) => held.issue != IssueState::Released,
                        Some(SeatState::Void) => self.truth[index].paper[kiosk][seat].staff,
                        Some(_) => true,
                        // Staff look at all of a booking that is open and that the site may hold as issued without a
                        // report.
                        None => {
                            held.issue == IssueState::Asked
                                || (held.report == ReportState::None && held.is_open())
                        }
                    }
                })
        })
    }

    /// After a single fault that heals, all is printed that the fault has not touched.
    fn lively(&mut self, fault: Fault) {
        let mut unsure = 0;
        for index in 0..self.truth.len() {
            let held = (0..self.kiosks.len()).flat_map(|kiosk| self.records(kiosk, index));
            let seats = held.flat_map(|booking| &booking.seats);
            unsure += seats.filter(|seat| seat.state == SeatState::Uncertain).count();
            if let Some(seat) = self.not_printed(index, fault) {
                self.violated(|| format!("after one {fault:?}, booking {index} seat {seat} is not printed"));
            }
        }
        // What nothing has disturbed is printed, whatever the kiosk was told; and one fault touches few.
        let at_most = match () {
            () if !self.struck => 0,
            () if self.is_strict() => usize::from(fault.physical() || self.may_hide_a_flag(fault)),
            () => LOOSE,
        };
        if unsure > at_most {
            self.violated(|| format!("after one {fault:?}, {unsure} tickets are uncertain"));
        }
        self.summary.lively += 1;
    }

    /// A list that was short where the issue sets the flags: what it had left out may have been somebody else's.
    fn may_hide_a_flag(&self, fault: Fault) -> bool {
        fault == Fault::ShortList && self.cinema.site.flags == SetsFlags::AtIssue
    }

    /// Whoever was not told that claims stand asks for one anew, and sends to the counter where the site refuses it;
    /// so does whoever is answered otherwise than "already printed".
    fn is_strict(&self) -> bool {
        self.machine.policy.claim_stands() && self.cinema.site.refusal == 1
    }

    /// A seat that should be printed and isn't.
    fn not_printed(&self, index: usize, fault: Fault) -> Option<usize> {
        let truth = &self.truth[index];
        let unanswered = (0..self.kiosks.len()).any(|kiosk| {
            truth.issued[kiosk] && self.records(kiosk, index).any(|booking| !booking.ever_issued)
        });
        if unanswered && self.cinema.site.second_issue == SecondIssue::Refuse {
            // The site gave it and the kiosk cannot know; the site refuses to say it again.
            return None;
        }
        let told_at_counter = |seat: usize| self.struck && !self.is_strict() && self.on_record(index, seat);
        // A clock that jumps over the time to go on closes it.
        if matches!(fault, Fault::ClockJump | Fault::ClockFar) {
            return None;
        }
        let unsure = |seat: usize| {
            let mut states = (0..self.kiosks.len()).flat_map(|kiosk| self.states(kiosk, index, seat));
            states.any(|state| state == SeatState::Uncertain)
        };
        (0..truth.paper[0].len()).find(|&seat| {
            let papers = truth.paper[0][seat].whole + truth.paper[1][seat].whole;
            papers != 1 && !unsure(seat) && !told_at_counter(seat)
        })
    }

    /// Looks for booking IDs in what can be read.
    pub fn search(&mut self, text: impl FnOnce() -> String) {
        let text = text().to_uppercase();
        let ids = self.cinema.bookings.iter().map(|booking| booking.id.expose().to_uppercase());
        if let Some(place) = ids.into_iter().position(|id| text.contains(&id)) {
            self.violated(|| format!("a text shows the ID of booking {place}"));
        }
    }
}
