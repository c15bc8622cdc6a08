//! Kind of site, found out in a test environment alone: bookings of two seats, with a probe each
//! ([`crate::sarft::probe`]). The tickets they issue are never printed; each booking is on the report before it is
//! issued, and is refunded or reported as collected at the end.

use super::choice::Choice;
use super::site::SiteFound;
use super::{AcceptanceRun, Booked, Found, Stop, amount};
use crate::config::settings::FlagsAt;
use crate::kiosk::orders::pending::Pending;
use crate::sarft::probe::findings::Findings;
use crate::sarft::probe::{Ask, Exchange, Heard, Kind, LAPSES_MS, List, Next, Probe};
use crate::ticket::BookingId;
use std::time::Duration;

/// Seats of one test booking.
const SEATS: usize = 2;
/// Pause before a kiosk that serves a customer is asked again.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// Number of times that a kiosk that serves customers is asked.
const BUSY_TRIES: usize = 60;
/// Shortest wait that is shown on standard error.
const TELL_FROM: Duration = Duration::from_secs(2);
/// Words of the report for a test booking that was refunded.
const REFUNDED: &str = "refunded";
/// Words of the report for a test booking that was reported to the site as collected.
const COLLECTED: &str = "collected by this acceptance, no paper";

/// A booking that was made to find out about the site.
pub(super) struct TestBooking {
    booked: Booked,
    id: Option<BookingId>,
    /// Names of the seats, separated by spaces.
    pub(super) seats: String,
    /// Probe of the site with this booking.
    pub(super) probe: Probe,
    /// Words of the report for the booking's end; `None` while it is not settled.
    pub(super) ended: Option<&'static str>,
}

impl TestBooking {
    /// Returns the booking number.
    pub(super) fn number(&self) -> crate::ticket::BookingNumber {
        self.booked.number
    }

    /// Returns what staff still have to do about the booking, if anything.
    pub(super) fn left(&self) -> Option<String> {
        let asked = if self.probe.turns.is_empty() { "not issued" } else { "issued without paper" };
        let number = self.number();
        self.ended.is_none().then(|| format!("test booking {number}, {asked}: settle it at the counter"))
    }

    fn code(&self) -> Result<String, String> {
        let id = self
            .id
            .as_ref()
            .ok_or_else(|| format!("booking {}: the cloud names no booking ID", self.number()))?;
        Ok(format!("{}|{}", self.number(), id.expose()))
    }
}

/// Returns the waits for a lapse, in milliseconds: all with `--wait-for-lapse`, else the first alone.
fn lapses(wait: bool) -> &'static [u64] {
    if wait { &LAPSES_MS } else { LAPSES_MS.get(..1).unwrap_or_default() }
}

/// Returns the kinds of probes to make; those that begin with a wait come first.
fn kinds(wait: bool) -> Vec<Kind> {
    let lapses = lapses(wait).iter().map(|after_ms| Kind::Lapse(*after_ms));
    lapses.chain([Kind::FlagsAtIssue, Kind::SecondIssue, Kind::Report]).collect()
}

impl AcceptanceRun<'_> {
    fn is_test(&self) -> bool {
        self.ordering_cloud.cloud.loaded.settings.cloud.as_ref().is_some_and(|cloud| cloud.test)
    }

    /// Returns the part of the question to confirm that is about probing the site; empty outside a test environment.
    pub(super) fn also(&self, wait: bool) -> String {
        if !self.is_test() {
            return String::new();
        }
        let (bookings, seconds) = (kinds(wait).len(), lapses(wait).last().unwrap_or(&0) / 1_000);
        format!(
            " Then, as it is a test environment, it books {bookings} or {} times two seats, and issues them without printing to \
             find out about the site; that takes {seconds} s and more. What can't be refunded then counts as collected.",
            bookings + 1
        )
    }

    /// Finds out the kind of site, settles the test bookings, and reports.
    pub(super) fn find_out(&mut self, choice: &Choice, pending: &Pending, wait: bool) -> Result<(), Stop> {
        if !self.is_test() {
            self.report.not_tried("[cloud] is not marked test = true: which kind of site it is is tried in a test environment alone")?;
            return Ok(());
        }
        let probed = self.probe_all(choice, pending, wait);
        let findings = self.findings();
        let settled = if self.tests.is_empty() {
            Ok(())
        } else {
            self.step("settles the test bookings", |trial| trial.settle_all(pending, findings.flags_at))
        };
        let configured = &self.ordering_cloud.cloud.loaded.settings.sarft;
        self.report.site(&SiteFound { findings: &findings, configured, tests: &self.tests })?;
        probed.and(settled)
    }

    fn findings(&self) -> Findings {
        let probes: Vec<Probe> = self.tests.iter().map(|test| test.probe.clone()).collect();
        Findings::of(&probes)
    }

    fn probe_all(&mut self, choice: &Choice, pending: &Pending, wait: bool) -> Result<(), Stop> {
        let kinds = kinds(wait);
        let waits = lapses(wait).len();
        let name = format!("books {} times {SEATS} seats to find out about the site", kinds.len());
        self.step(&name, |trial| trial.book_tests(choice, pending, &kinds))?;
        self.step("issues those whose claims are left alone (0x05)", |trial| {
            (0..waits)
                .try_for_each(|index| trial.drive(index, false).and_then(|()| trial.told(index).map(drop)))?;
            Ok(((), trial.numbers(0..waits)))
        })?;
        (waits..kinds.len()).try_for_each(|index| self.run_probe(index))?;
        for index in 0..waits {
            self.run_probe(index)?;
            // A longer wait would say nothing more.
            if self.findings().lapsed_ms.is_some() {
                break;
            }
        }
        let Some(until_ms) = self.findings().narrows() else { return Ok(()) };
        let kind = Kind::Narrow(until_ms);
        self.step("books once more: the claim has lapsed", |trial| {
            trial.book_tests(choice, pending, &[kind])
        })?;
        self.run_probe(kinds.len())
    }

    fn run_probe(&mut self, index: usize) -> Result<(), Stop> {
        let Some(kind) = self.tests.get(index).map(|test| test.probe.kind) else { return Ok(()) };
        self.step(&kind.name(), |trial| {
            trial.drive(index, true)?;
            trial.told(index).map(|words| ((), words))
        })
    }

    /// Returns the findings of a probe so far, or the reason for its failure.
    fn told(&self, index: usize) -> Result<String, String> {
        let test = self.tests.get(index).ok_or("no such booking")?;
        let told = |words: String| format!("booking {}: {words}", test.number());
        test.probe.words().map(told).map_err(told)
    }

    fn book_tests(&mut self, choice: &Choice, pending: &Pending, kinds: &[Kind]) -> Found<()> {
        let before = self.tests.len();
        let choice = choice.with_more(&self.ordering_cloud.orders, kinds.len() * SEATS)?;
        for (seats, kind) in choice.seats.chunks(SEATS).zip(kinds) {
            let (booked, id) = self.order(&choice, seats, pending)?;
            let (number, seats) = (booked.number, seats.join(" "));
            self.tests.push(TestBooking { booked, id, seats, probe: Probe::new(*kind), ended: None });
            self.tests.last().map(TestBooking::code).transpose()?;
            log::info!("test booking {number}: {}", kind.name());
        }
        // The report has the bookings before anything is issued.
        let tests = self.tests.get(before..).unwrap_or_default();
        self.report.tests(tests).map_err(|error| error.to_string())?;
        Ok(((), self.numbers(before..self.tests.len())))
    }

    fn numbers(&self, range: std::ops::Range<usize>) -> String {
        let tests = self.tests.get(range).unwrap_or_default();
        let numbers: Vec<String> = tests.iter().map(|test| test.number().to_string()).collect();
        format!("bookings {}", numbers.join(", "))
    }

    /// Returns the milliseconds since the acceptance began.
    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Continues a probe to its end, or, unless `waits`, to its next wait.
    fn drive(&mut self, index: usize, waits: bool) -> Result<(), String> {
        loop {
            let now_ms = self.now_ms();
            let Some(test) = self.tests.get(index) else { return Ok(()) };
            match test.probe.next(now_ms) {
                Next::Done => return Ok(()),
                Next::At(_) if !waits => return Ok(()),
                Next::At(at_ms) => {
                    let time = Duration::from_millis(at_ms.saturating_sub(now_ms));
                    if time >= TELL_FROM {
                        let words = format!("waits {} s", time.as_secs_f32().round());
                        self.report.substep(&words).map_err(|error| error.to_string())?;
                    }
                    self.machine.wait(time)?;
                }
                Next::Ask(ask) => {
                    let code = test.code()?;
                    let turn = self.exchange(&code, ask)?;
                    if let Some(test) = self.tests.get_mut(index) {
                        test.probe.take(turn);
                    }
                }
            }
        }
    }

    /// Takes one turn with the site, once the kiosk serves no customer.
    fn exchange(&mut self, code: &str, ask: Ask) -> Result<Exchange, String> {
        for _ in 0..BUSY_TRIES {
            let sent_ms = self.now_ms();
            let heard = match self.machine.probe(code, ask) {
                Ok(Some(heard)) => heard,
                Ok(None) => {
                    self.machine.wait(BUSY_PAUSE)?;
                    continue;
                }
                // The site may have been asked all the same.
                Err(why) => Heard { trouble: Some(why), ..Heard::default() },
            };
            return Ok(Exchange { ask, sent_ms, heard_ms: self.now_ms(), heard });
        }
        Err("customers are being served all the time: try again when nobody is at the machine".into())
    }

    // -- what becomes of the test bookings --

    fn settle_all(&mut self, pending: &Pending, flags_at: FlagsAt) -> Found<()> {
        let mut refunds = true;
        for index in 0..self.tests.len() {
            let ended = self.settle(index, pending, flags_at, &mut refunds);
            if let Some(test) = self.tests.get_mut(index) {
                test.ended = ended;
            }
        }
        let all: Vec<String> = self
            .tests
            .iter()
            .map(|test| format!("booking {}: {}", test.number(), test.ended.unwrap_or("not settled")))
            .collect();
        let all = all.join("; ");
        if self.tests.iter().all(|test| test.ended.is_some()) { Ok(((), all)) } else { Err(all) }
    }

    /// Refunds a test booking where the cloud can be expected to accept that, else reports it to the site as collected.
    /// `refunds` is true while the cloud has refused none; each refusal costs all the tries that the interface document
    /// asks for.
    fn settle(
        &mut self,
        index: usize,
        pending: &Pending,
        flags_at: FlagsAt,
        refunds: &mut bool,
    ) -> Option<&'static str> {
        let test = self.tests.get(index)?;
        if test.probe.report().is_some() {
            return Some(COLLECTED);
        }
        let (number, amount, asked) = (test.number(), amount(&test.booked), !test.probe.turns.is_empty());
        let code = test.code().ok();
        let flagged = asked && (flags_at == FlagsAt::Issue || self.is_flagged(code.as_deref()?));
        if !flagged && (*refunds || !asked) {
            match self.refund(number, amount, pending) {
                Ok(_) => return Some(REFUNDED),
                Err(why) => log::warn!("test booking {number}: {why}"),
            }
            *refunds = false;
        }
        let code = code.filter(|_| asked)?;
        if self.value(&code, Ask::Report) == Some(0) {
            return Some(COLLECTED);
        }
        // A lapsed claim can't be reported: the booking is issued again.
        let again = self.value(&code, Ask::IssueAnew) == Some(0) && self.value(&code, Ask::Report) == Some(0);
        again.then_some(COLLECTED)
    }

    fn is_flagged(&mut self, code: &str) -> bool {
        let turn = self.exchange(code, Ask::Look).ok();
        turn.and_then(|turn| turn.heard.list).is_some_and(|list: List| list.any_flagged())
    }

    fn value(&mut self, code: &str, ask: Ask) -> Option<u8> {
        self.exchange(code, ask).ok()?.heard.value
    }
}
