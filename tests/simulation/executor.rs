//! The kiosk around the workflow: actions in order, a failing one drops the rest; power that fails.

use super::faults::Fault;
use super::world::{Broken, Event, World};
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::Input;
use pickup_kiosk::pickup::state::State;
use std::mem;

impl World<'_> {
    /// One input to a kiosk and all that follows at once.
    pub fn feed(&mut self, kiosk: usize, input: Input) {
        if !self.kiosks[kiosk].on {
            return;
        }
        self.note(|| format!("kiosk {kiosk} <- {}", short(&input)));
        self.told(kiosk, &input);
        let input = if self.broken == Broken::FlagsIgnored { without_flags(input) } else { input };
        if self.search_texts {
            self.search(|| format!("{input:?}"));
        }
        let now = self.now(kiosk);
        let state = mem::take(&mut self.kiosks[kiosk].state);
        let (state, mut actions) = self.machine.handle(state, input, now);
        self.kiosks[kiosk].state = state;
        if self.broken == Broken::RecordAfterEffect {
            actions.sort_by_key(|action| matches!(action, Action::Record(_)));
        }
        for action in actions {
            if self.strikes(Fault::PowerCut) {
                return self.power_cut(kiosk);
            }
            if self.violation.is_some() {
                return;
            }
            self.note(|| format!("kiosk {kiosk} -> {action:?}"));
            if self.search_texts {
                self.search(|| format!("{action:?}"));
            }
            if !self.act(kiosk, action) {
                let life = self.kiosks[kiosk].life;
                let in_ms = self.chance.between(100, 60_000);
                self.at(in_ms, Event::JournalTried { kiosk, life });
                return self.feed(kiosk, Input::JournalFailed);
            }
        }
        self.watch(kiosk);
        if self.strikes(Fault::PowerCut) {
            self.power_cut(kiosk);
        }
    }

    /// Does one action; false when the journal failed.
    fn act(&mut self, kiosk: usize, action: Action) -> bool {
        match action {
            Action::Record(entries) => {
                if self.journal_away(kiosk) || self.strikes(Fault::RecordFails) {
                    return false;
                }
                let kept = self.strikes(Fault::RecordKept);
                if let Err(illegal) = self.kiosks[kiosk].journal.append(&entries) {
                    self.violated(|| format!("kiosk {kiosk} recorded what can't be: {illegal}; {entries:?}"));
                }
                self.recorded(kiosk, &entries);
                return !kept;
            }
            Action::Recall { pickup, number, id } => {
                if self.journal_away(kiosk) || self.strikes(Fault::RecallFails) {
                    return false;
                }
                let wall = self.wall(kiosk);
                let recall = Box::new(self.kiosks[kiosk].journal.recall(number, &id, wall));
                self.answer(kiosk, 1, Input::Recalled { pickup, recall });
            }
            Action::AskCloud { pickup, id } => self.ask_cloud(kiosk, pickup, &id),
            Action::CheckPrinter { pickup } => self.check_printer(kiosk, pickup),
            Action::Query { .. } | Action::Issue { .. } | Action::Report { .. } => {
                self.ask_site(kiosk, action);
            }
            Action::Print { pickup, seat, ticket, mark } => self.print(kiosk, pickup, seat, &ticket, mark),
            Action::RefuseScan => self.summary.refused_scans += 1,
            Action::PrintClaim { .. } | Action::Notify(_) => {}
        }
        true
    }

    /// Whether the journal takes nothing at present: it fails for a while, from a moment on.
    fn journal_away(&mut self, kiosk: usize) -> bool {
        if self.strikes(Fault::JournalAway) {
            self.kiosks[kiosk].journal_away_until_ms = self.now_ms + self.chance.between(100, 90_000);
        }
        self.kiosks[kiosk].journal_away_until_ms > self.now_ms
    }

    /// The kiosk tries whether its journal takes records again, as it does while nobody is served.
    pub fn journal_tried(&mut self, kiosk: usize, life: u32) {
        if !self.kiosks[kiosk].on || self.kiosks[kiosk].life != life || self.kiosks[kiosk].state.journal_ok {
            return;
        }
        let away = self.kiosks[kiosk].journal_away_until_ms > self.now_ms;
        if away || !self.kiosks[kiosk].state.at_rest() {
            return self.at(5_000, Event::JournalTried { kiosk, life });
        }
        let wall = self.wall(kiosk);
        let leftover = self.kiosks[kiosk].journal.leftover(wall);
        self.feed(kiosk, Input::JournalMended(leftover));
    }

    pub fn answer(&mut self, kiosk: usize, in_ms: u64, input: Input) {
        let life = self.kiosks[kiosk].life;
        // The session with the site gives one answer to one 0x05 or 0x07: it closes a connection that says
        // more. The printer's jobs have numbers.
        let once = matches!(input, Input::Issued { .. } | Input::Reported { .. } | Input::TicketDone { .. });
        if !once && self.strikes(Fault::AnsweredTwice) {
            let later_ms = in_ms + self.chance.below(3_000);
            self.at(later_ms, Event::Answer { kiosk, life, input: Box::new(input.clone()), again: true });
        }
        self.at(in_ms, Event::Answer { kiosk, life, input: Box::new(input), again: false });
    }

    /// All that isn't on record is gone. What the printer had begun ends somehow.
    pub fn power_cut(&mut self, kiosk: usize) {
        self.bytes_off(kiosk);
        let after_ms = self.chance.between(1_000, 60_000);
        let dark = &mut self.kiosks[kiosk];
        dark.on = false;
        dark.state = State::default();
        let customer = dark.customer.take();
        let job = dark.printer.job.take();
        if let Some(job) = job {
            let whole = !job.torn && self.chance.below(2) == 0;
            self.paper_out(kiosk, &job, whole);
        }
        self.at(after_ms, Event::PowerOn { kiosk });
        if let Some((customer, _)) = customer {
            let back_ms = after_ms + self.chance.between(2_000, 120_000);
            self.comes_again(customer, back_ms);
        }
    }

    /// A start: the workflow hears what its journal holds, then of the printer.
    pub fn power_on(&mut self, kiosk: usize) {
        let now_ms = self.now_ms;
        let wall = self.wall(kiosk);
        let light = &mut self.kiosks[kiosk];
        light.on = true;
        light.life += 1;
        light.started_ms = now_ms;
        light.site_free_ms = now_ms;
        self.journal_at_start(kiosk);
        let light = &mut self.kiosks[kiosk];
        let leftover = light.journal.leftover(wall);
        self.bytes_on(kiosk);
        let readiness = self.kiosks[kiosk].printer.readiness;
        self.feed(kiosk, Input::Started(leftover));
        self.feed(kiosk, Input::Printer(readiness));
    }
}

/// What the site says, without its print_flags.
fn without_flags(mut input: Input) -> Input {
    if let Input::Queried { result: Ok(reply), .. } = &mut input {
        reply.tickets.iter_mut().for_each(|ticket| ticket.printed = false);
    }
    input
}

/// An input without its bulk.
fn short(input: &Input) -> String {
    let text = format!("{input:?}");
    text.chars().take(400).collect()
}
