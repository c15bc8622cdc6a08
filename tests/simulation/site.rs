//! The site and the cloud: what reaches them, and what comes back.

use super::faults::Fault;
use super::parts;
use super::world::{Broken, Event, Fate, World};
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::pickup::action::{Action, Asker};
use pickup_kiosk::pickup::input::{Answer, Input, Queried, SiteTrouble};
use pickup_kiosk::pickup::state::{Front, Purpose, Stage};
use pickup_kiosk::simulator::cinema::SecondIssue;
use pickup_kiosk::ticket::{BookingId, BookingNumber, Ticket};
use pickup_kiosk::vista::answer::CloudAnswer;

/// How long silence lasts before it is called so.
const SILENCE_MS: u64 = 5_000;

impl World<'_> {
    /// Sends a request on the kiosk's one connection: one at a time.
    pub fn ask_site(&mut self, kiosk: usize, request: Action) {
        let free_ms = self.kiosks[kiosk].site_free_ms.saturating_sub(self.now_ms);
        let way_ms = self.chance.between(1, 8);
        let (fate, reply_ms) = self.fate(&request);
        if let Action::Report { number } = request
            && fate != Fate::NotSent
        {
            self.truth[parts::index(number)].reported[kiosk] = true;
        }
        let arrives_ms = free_ms + way_ms;
        self.kiosks[kiosk].site_free_ms = self.now_ms + arrives_ms + reply_ms;
        let life = self.kiosks[kiosk].life;
        self.at(arrives_ms, Event::AtSite { kiosk, life, request: Box::new(request.clone()), fate });
        if let Some(input) = without_reply(request, fate) {
            self.answer(kiosk, arrives_ms + reply_ms, input);
        }
    }

    /// What becomes of a request, and how long its reply takes.
    fn fate(&mut self, request: &Action) -> (Fate, u64) {
        let quick_ms = self.chance.between(1, 8);
        if self.strikes(Fault::SiteAway) {
            (Fate::NotSent, quick_ms)
        } else if self.strikes(Fault::RequestLost) {
            (Fate::Lost, SILENCE_MS)
        } else if self.strikes(Fault::ReplyLost) {
            (Fate::ReplyLost, SILENCE_MS)
        } else if self.strikes(Fault::Malformed) {
            (Fate::Malformed, quick_ms)
        } else if !matches!(request, Action::Query { .. }) && self.strikes(Fault::Refused) {
            (Fate::Refused, quick_ms)
        } else if self.strikes(Fault::ReplyLate) {
            (Fate::Served, SILENCE_MS - 100)
        } else {
            (Fate::Served, quick_ms)
        }
    }

    /// A request has arrived.
    pub fn at_site(&mut self, kiosk: usize, life: u32, request: &Action, fate: Fate) {
        if matches!(fate, Fate::Lost | Fate::NotSent) {
            return;
        }
        // What the kiosk had not sent when its power failed never arrives.
        if self.kiosks[kiosk].life != life && self.chance.below(2) == 0 {
            return;
        }
        let done = fate != Fate::Refused;
        let input = match request {
            Action::Query { asker, number } => {
                let tickets = self.query(kiosk, asker, *number);
                let result = Ok(Queried { return_value: 0, tickets });
                Input::Queried { asker: asker.clone(), result }
            }
            Action::Issue { pickup, number, id } => {
                let value = if done { self.issue(kiosk, *number, id) } else { 2 };
                Input::Issued { pickup: pickup.clone(), answer: Answer::Value(value) }
            }
            Action::Report { number } => {
                let value = if done { self.cinema.report(*number) } else { 3 };
                if done && self.strikes(Fault::AskedTwice) {
                    self.cinema.report(*number);
                }
                Input::Reported { number: *number, answer: Answer::Value(value) }
            }
            _ => return,
        };
        if matches!(fate, Fate::Served | Fate::Refused) && self.kiosks[kiosk].life == life {
            let in_ms = self.kiosks[kiosk].site_free_ms.saturating_sub(self.now_ms).max(1);
            self.answer(kiosk, in_ms, input);
        }
    }

    fn query(&mut self, kiosk: usize, asker: &Asker, number: BookingNumber) -> Vec<Ticket> {
        let mut tickets = self.cinema.query(number);
        let index = parts::index(number);
        if self.truth.get(index).is_none() {
            return tickets;
        }
        self.look_at_flags(kiosk, asker, index, &tickets);
        if self.strikes(Fault::EmptyCodes) {
            self.truth[index].codes_at_ms = self.now_ms + self.chance.between(500, 30_000);
        }
        for ticket in &mut tickets {
            if self.truth[index].codes_at_ms > self.now_ms {
                ticket.info_code.clear();
            }
            if self.broken == Broken::FlagsIgnored {
                ticket.printed = false;
            }
        }
        tickets
    }

    /// Remembers which seats the kiosk was told are printed and somebody else had printed.
    fn look_at_flags(&mut self, kiosk: usize, asker: &Asker, index: usize, tickets: &[Ticket]) {
        let front = &self.kiosks[kiosk].state.front;
        // Our own issue has set the flags by then; a question for codes that the site answers too late is still one.
        let codes = matches!(
            front,
            Front::Busy(_, Stage::Querying(Purpose::Codes { .. }) | Stage::WaitingForCodes { .. })
        );
        let truth = &mut self.truth[index];
        if codes || matches!(asker, Asker::Backlog(_)) {
            return;
        }
        for ticket in tickets {
            let seat = parts::seat_index(&ticket.key());
            let elsewhere = truth.counter[seat] || !truth.reported[kiosk];
            truth.foreign[kiosk][seat] = ticket.printed && elsewhere;
        }
    }

    fn issue(&mut self, kiosk: usize, number: BookingNumber, id: &BookingId) -> u8 {
        let open: Vec<usize> = {
            let tickets = self.cinema.query(number);
            tickets.iter().filter(|t| !t.printed).map(|t| parts::seat_index(&t.key())).collect()
        };
        let value = self.cinema.issue(number, |own| own == id);
        let index = parts::index(number);
        if value != 0 {
            return value;
        }
        let other = 1 - kiosk;
        if self.cinema.second_issue == SecondIssue::Refuse && self.truth[index].issued[other] {
            self.violated(|| format!("the site issued booking {number} to both kiosks"));
        }
        self.truth[index].issued[kiosk] = true;
        self.issued_is_on_record(kiosk, index, &open);
        0
    }

    pub fn ask_cloud(&mut self, kiosk: usize, pickup: PickupId, id: &BookingId) {
        let answer = parts::cloud_answer(&self.cinema, id);
        let away = CloudAnswer::Unavailable("no answer".into());
        if self.strikes(Fault::CloudAway) {
            self.answer(kiosk, 8_000, Input::Cloud { pickup, answer: away });
        } else if self.strikes(Fault::CloudLate) {
            self.answer(kiosk, 8_000, Input::Cloud { pickup: pickup.clone(), answer: away });
            let late_ms = 8_000 + self.chance.between(1, 60_000);
            self.answer(kiosk, late_ms, Input::Cloud { pickup, answer });
        } else {
            let in_ms = self.chance.between(20, 300);
            self.answer(kiosk, in_ms, Input::Cloud { pickup, answer });
        }
    }
}

/// What a kiosk hears when nothing comes from the site.
fn without_reply(request: Action, fate: Fate) -> Option<Input> {
    let (answer, trouble) = match fate {
        Fate::Served | Fate::Refused => return None,
        Fate::NotSent => (Answer::NotSent, SiteTrouble::Silent),
        Fate::Lost | Fate::ReplyLost => (Answer::NoReply, SiteTrouble::Silent),
        Fate::Malformed => (Answer::NoReply, SiteTrouble::Malformed),
    };
    match request {
        Action::Query { asker, .. } => Some(Input::Queried { asker, result: Err(trouble) }),
        Action::Issue { pickup, .. } => Some(Input::Issued { pickup, answer }),
        Action::Report { number } => Some(Input::Reported { number, answer }),
        _ => None,
    }
}
