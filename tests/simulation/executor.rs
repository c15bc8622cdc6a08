//! A kiosk of the world behind the executor that kiosks have: what an action does here, and power that fails.

use super::client::as_the_client_ends;
use super::faults::Fault;
use super::parts::at_once;
use super::world::{Broken, Event, World};
use pickup_kiosk::kiosk::executor::{Done, Executor, carry_out};
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::{Input, Readiness};
use pickup_kiosk::pickup::state::State;
use pickup_kiosk::ticket::SeatState;
use std::collections::VecDeque;
use std::mem;

/// The kiosk's power has failed, or something is wrong: nothing more of the list happens.
struct Over;

/// One kiosk of the world, to the executor that kiosks have.
struct Hands<'a, 'w> {
    world: &'a mut World<'w>,
    kiosk: usize,
}

impl Executor for Hands<'_, '_> {
    type Stopped = Over;

    fn decide(&mut self, input: Input) -> Vec<Action> {
        let (world, kiosk) = (&mut *self.world, self.kiosk);
        world.note(|| format!("kiosk {kiosk} <- {}", short(&input)));
        world.told(kiosk, &input);
        let input = if world.broken == Broken::FlagsIgnored { without_flags(input) } else { input };
        if world.search_texts {
            world.search(|| format!("{input:?}"));
        }
        let now = world.now(kiosk);
        let state = mem::take(&mut world.kiosks[kiosk].state);
        let (state, mut actions) = world.machine.handle(state, input, now);
        world.kiosks[kiosk].state = state;
        if world.broken == Broken::RecordAfterEffect {
            actions.sort_by_key(|action| matches!(action, Action::Record(_)));
        }
        actions
    }

    async fn perform(&mut self, action: Action, answers: &mut VecDeque<Input>) -> Result<Done, Over> {
        let (world, kiosk) = (&mut *self.world, self.kiosk);
        if world.strikes(Fault::PowerCut) {
            world.power_cut(kiosk);
            return Err(Over);
        }
        if world.violation.is_some() {
            return Err(Over);
        }
        world.note(|| format!("kiosk {kiosk} -> {action:?}"));
        if world.search_texts {
            world.search(|| format!("{action:?}"));
        }
        if world.act(kiosk, action, answers) {
            return Ok(Done::Yes);
        }
        let life = world.kiosks[kiosk].life;
        let in_ms = world.chance.between(100, 60_000);
        world.at(in_ms, Event::JournalTried { kiosk, life });
        Ok(Done::JournalFailed)
    }

    fn publish(&mut self) {
        self.world.watch(self.kiosk);
    }
}

impl World<'_> {
    /// Feeds one input to a kiosk, and all that follows at once.
    pub fn feed(&mut self, kiosk: usize, input: Input) {
        if !self.kiosks[kiosk].on {
            return;
        }
        let done = at_once(carry_out(&mut Hands { world: self, kiosk }, input));
        if done.is_ok() && self.strikes(Fault::PowerCut) {
            self.power_cut(kiosk);
        }
    }

    /// Does one action; returns false when the journal failed.
    fn act(&mut self, kiosk: usize, action: Action, answers: &mut VecDeque<Input>) -> bool {
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
                answers.push_back(Input::Recalled { pickup, recall });
            }
            Action::AskCloud { pickup, id } => self.ask_cloud(kiosk, pickup, &id),
            Action::CheckPrinter { pickup } => match self.kiosks[kiosk].printer.readiness {
                // The printer's owner says at once that it can't be looked at.
                readiness @ Readiness::Stopped(_) if self.chance.below(4) == 0 => {
                    answers.push_back(Input::PrinterChecked { pickup, readiness });
                }
                _ => self.check_printer(kiosk, pickup),
            },
            Action::Query { .. } | Action::Issue { .. } | Action::Report { .. } => {
                self.ask_site(kiosk, action);
            }
            Action::Print { pickup, seat, ticket, mark } => {
                self.print(kiosk, (pickup, seat), (&ticket, mark), answers);
            }
            Action::PrintClaim { .. } => self.print_claim(kiosk),
            Action::RefuseScan => self.summary.refused_scans += 1,
            Action::Notify(_) => {}
        }
        true
    }

    /// Returns true if the journal takes nothing at present: it fails for a while, from a moment on.
    fn journal_away(&mut self, kiosk: usize) -> bool {
        if self.strikes(Fault::JournalAway) {
            self.kiosks[kiosk].journal_away_until_ms = self.now_ms + self.chance.between(100, 90_000);
        }
        self.kiosks[kiosk].journal_away_until_ms > self.now_ms
    }

    /// Lets the kiosk try whether its journal takes records again, as it does while nobody is served.
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
        let input = as_the_client_ends(input);
        let life = self.kiosks[kiosk].life;
        // The session with the site gives one answer to one 0x05 or 0x07, and closes a connection that says more.
        let once = matches!(input, Input::Issued { .. } | Input::Reported { .. });
        if !once && self.strikes(Fault::AnsweredTwice) {
            let later_ms = in_ms + self.chance.below(3_000);
            self.at(later_ms, Event::Answer { kiosk, life, input: Box::new(input.clone()), again: true });
        }
        self.at(in_ms, Event::Answer { kiosk, life, input: Box::new(input), again: false });
    }

    /// Cuts the power: all that isn't on record is gone. What the printer had begun ends somehow.
    pub fn power_cut(&mut self, kiosk: usize) {
        self.bytes_off(kiosk);
        self.forgets_what_is_on_no_record(kiosk);
        let after_ms = self.chance.between(1_000, 60_000);
        let dark = &mut self.kiosks[kiosk];
        dark.on = false;
        dark.state = State::default();
        let customer = dark.customer.take();
        let job = dark.printer.job.take();
        dark.printer.queue.off();
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

    /// Forgets the flags it was told that are in memory alone, on no record yet.
    fn forgets_what_is_on_no_record(&mut self, kiosk: usize) {
        for index in 0..self.truth.len() {
            for seat in 0..self.truth[index].told_for_good[kiosk].len() {
                let on_record = self.states(kiosk, index, seat).any(|state| state != SeatState::Reserved);
                self.truth[index].told_for_good[kiosk][seat] &= on_record;
            }
        }
    }

    /// Starts the kiosk: the workflow hears what its journal holds, then of the printer.
    pub fn power_on(&mut self, kiosk: usize) {
        let now_ms = self.now_ms;
        let wall = self.wall(kiosk);
        let light = &mut self.kiosks[kiosk];
        light.on = true;
        light.life += 1;
        light.started_ms = now_ms;
        light.site_free_ms = now_ms;
        self.journal_at_start(kiosk);
        let leftover = self.kiosks[kiosk].journal.leftover(wall);
        self.bytes_on(kiosk);
        let readiness = self.kiosks[kiosk].printer.readiness;
        self.feed(kiosk, Input::Started(leftover));
        self.feed(kiosk, Input::Printer(readiness));
    }
}

/// Returns the site's answer without its print_flags.
fn without_flags(mut input: Input) -> Input {
    if let Input::Queried { result: Ok(reply), .. } = &mut input {
        reply.tickets.iter_mut().for_each(|ticket| ticket.printed = false);
    }
    input
}

/// Returns an input as text, without its bulk.
fn short(input: &Input) -> String {
    let text = format!("{input:?}");
    text.chars().take(400).collect()
}
