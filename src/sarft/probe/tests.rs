//! Each kind of site is identified, in simulated time.

use super::findings::Findings;
use super::{Ask, Exchange, Heard, Kind, LAPSES_MS, List, Next, Probe, WATCH_MS};
use crate::sarft::settings::{ClaimLapses, FlagsAt, RepeatedIssue, Sarft};
use crate::simulator::cinema::{Booking, Cinema, Seat, SecondIssue, SetsFlags, SiteKind};
use crate::ticket::{BookingId, BookingNumber, Cents, Ticket};

/// Time the simulated site takes for one answer, in milliseconds.
const ANSWER_MS: u64 = 20;

const PLAIN: SiteKind = SiteKind::plain(SecondIssue::Refuse);

fn ticket(seat: u32) -> Ticket {
    Ticket {
        info_code: String::new(),
        cinema_code: "17212101".into(),
        cinema_name: "C".into(),
        screen_code: "1".into(),
        screen_name: "1".into(),
        film_code: "1".into(),
        film_name: "F".into(),
        session_code: "29617".into(),
        session_at: "2026-11-24T11:30:00Z".parse().unwrap(),
        code: format!("{seat}"),
        seat_code: format!("{seat}"),
        seat_name: format!("4排{seat}座"),
        price: Cents(2_000),
        service: Cents(0),
        printed: false,
    }
}

/// A simulated site with a clock.
struct Site {
    cinema: Cinema,
    now_ms: u64,
    answer_ms: u64,
    /// True if a refused 0x05 renews the claim.
    renews: bool,
}

impl Site {
    fn new(kind: SiteKind) -> Self {
        Self { cinema: Cinema::new(Vec::new(), kind), now_ms: 1_000_000, answer_ms: ANSWER_MS, renews: false }
    }

    fn book(&mut self) -> BookingNumber {
        let number = BookingNumber::new(1 + self.cinema.bookings.len() as u64).unwrap();
        self.cinema.bookings.push(Booking {
            number,
            id: BookingId::parse("WQNX8JL").unwrap(),
            unknown_to_site: false,
            cancelled: false,
            issued: false,
            claimed_at_ms: 0,
            reports: 0,
            seats: vec![Seat::open(ticket(10)), Seat::open(ticket(9))],
        });
        number
    }

    fn list(&mut self, number: BookingNumber) -> Option<List> {
        self.now_ms += self.answer_ms;
        self.cinema.at(self.now_ms);
        let seats = self.cinema.query(number).into_iter().map(|t| (t.seat_name, t.printed)).collect();
        Some(List { return_value: 0, seats })
    }

    fn issue(&mut self, number: BookingNumber) -> Option<u8> {
        self.now_ms += self.answer_ms;
        self.cinema.at(self.now_ms);
        let value = self.cinema.issue(number, |_| true);
        if value != 0 && self.renews {
            let booking = self.cinema.bookings.iter_mut().find(|booking| booking.number == number).unwrap();
            booking.claimed_at_ms = self.now_ms;
        }
        Some(value)
    }

    fn answer(&mut self, number: BookingNumber, ask: Ask) -> Heard {
        match ask {
            Ask::Look => Heard { list: self.list(number), ..Heard::default() },
            Ask::Issue | Ask::IssueAnew => {
                let list = self.list(number);
                Heard { list, value: self.issue(number), trouble: None }
            }
            Ask::Report => {
                self.now_ms += self.answer_ms;
                self.cinema.at(self.now_ms);
                Heard { value: Some(self.cinema.report(number)), ..Heard::default() }
            }
        }
    }

    /// Continues a probe as far as it goes without waiting longer than the watch.
    fn advance(&mut self, number: BookingNumber, probe: &mut Probe, waits: bool) {
        loop {
            match probe.next(self.now_ms) {
                Next::Done => return,
                Next::At(at_ms) if !waits && at_ms > self.now_ms + WATCH_MS => return,
                Next::At(at_ms) => self.now_ms = at_ms,
                Next::Ask(ask) => {
                    let sent_ms = self.now_ms;
                    let heard = self.answer(number, ask);
                    probe.take(Exchange { ask, sent_ms, heard_ms: self.now_ms, heard });
                }
            }
        }
    }

    /// All probes, as in `acceptance`.
    fn probes(&mut self, lapses: &[u64]) -> Vec<Probe> {
        let mut kinds: Vec<Kind> = lapses.iter().map(|ms| Kind::Lapse(*ms)).collect();
        kinds.extend([Kind::FlagsAtIssue, Kind::SecondIssue, Kind::Report]);
        let mut probes: Vec<(BookingNumber, Probe)> =
            kinds.into_iter().map(|kind| (self.book(), Probe::new(kind))).collect();
        for waits in [false, true] {
            for (number, probe) in &mut probes {
                self.advance(*number, probe, waits);
            }
        }
        let mut probes: Vec<Probe> = probes.into_iter().map(|(_, probe)| probe).collect();
        if let Some(until_ms) = Findings::of(&probes).narrows() {
            let number = self.book();
            let mut probe = Probe::new(Kind::Narrow(until_ms));
            self.advance(number, &mut probe, true);
            probes.push(probe);
        }
        probes
    }

    fn findings(&mut self, lapses: &[u64]) -> Findings {
        Findings::of(&self.probes(lapses))
    }
}

#[track_caller]
fn assert_found(found: &Findings, lines: [&str; 3], note: &str) {
    assert_eq!(found.lines(), lines.map(String::from), "{:?}", found.notes);
    assert!(found.notes.iter().any(|line| line.contains(note)), "{note:?}: {:?}", found.notes);
}

const REFUSED: &str = "repeated_issue = \"refused\"";
const ACCEPTED: &str = "repeated_issue = \"accepted\"";
const REPORT: &str = "flags_at = \"report\"";
const ISSUE: &str = "flags_at = \"issue\"";
const UNKNOWN: &str = "claim_lapses_s = \"unknown\"";

#[test]
fn flags_at_the_report_and_a_claim_that_stands() {
    let found = Site::new(PLAIN).findings(&LAPSES_MS[..1]);
    assert_found(&found, [REFUSED, REPORT, UNKNOWN], "a claim stands for 5 s: ask the vendor");
    let found = Site::new(PLAIN).findings(&LAPSES_MS);
    assert_found(&found, [REFUSED, REPORT, UNKNOWN], "a claim stands for 305 s: ask the vendor");
    assert_found(&found, [REFUSED, REPORT, UNKNOWN], "at once after 0x07, and none before");
    assert_found(&found, [REFUSED, REPORT, UNKNOWN], "an 0x05 after 0x07 is refused with 1");
}

#[test]
fn a_site_that_answers_within_a_millisecond() {
    for (flags, when) in [(SetsFlags::AtReport, REPORT), (SetsFlags::AtIssue, ISSUE)] {
        let mut site = Site::new(SiteKind { flags, ..PLAIN });
        site.answer_ms = 0;
        assert_found(&site.findings(&LAPSES_MS[..1]), [REFUSED, when, UNKNOWN], "every seat shows at once");
    }
}

#[test]
fn a_site_that_accepts() {
    let kind = SiteKind { second_issue: SecondIssue::Accept, ..PLAIN };
    let found = Site::new(kind).findings(&LAPSES_MS[..1]);
    assert_found(&found, [ACCEPTED, REPORT, UNKNOWN], "no claim that could lapse");
}

#[test]
fn flags_at_the_issue() {
    for second_issue in [SecondIssue::Accept, SecondIssue::Refuse] {
        let found =
            Site::new(SiteKind { flags: SetsFlags::AtIssue, second_issue, ..PLAIN }).findings(&LAPSES_MS);
        assert_found(&found, [REFUSED, ISSUE, UNKNOWN], "every seat shows at once after 0x05");
    }
}

#[test]
fn flags_by_seat_some_late() {
    let late = SiteKind { flags_late_ms: 800, ..PLAIN };
    let found = Site::new(late).findings(&LAPSES_MS[..1]);
    assert_found(&found, [REFUSED, REPORT, UNKNOWN], "by seat, some late, all within 1.0 s after 0x07");
    let never = SiteKind { flags_late_ms: 60_000, ..PLAIN };
    let found = Site::new(never).findings(&LAPSES_MS[..1]);
    assert_found(&found, [REFUSED, REPORT, UNKNOWN], "not all within 3.");
    let found = Site::new(SiteKind { flags: SetsFlags::AtIssue, ..late }).findings(&LAPSES_MS[..1]);
    assert_found(&found, [REFUSED, ISSUE, UNKNOWN], "by seat, some late, all within 1.0 s after 0x05");
}

#[test]
fn claims_that_lapse() {
    // A claim of 4 s is found by the short wait, and narrowed down by tries; longer ones are found by the long waits.
    for (lapses_s, waits, claim, note) in [
        (4, 1, "claim_lapses_s = 3", "a claim stood for 3.0 s and had lapsed after 4.0 s"),
        (60, 1, UNKNOWN, "a claim stands for 5 s"),
        (60, 3, "claim_lapses_s = 5", "and had lapsed after 65."),
        (300, 3, "claim_lapses_s = 65", "and had lapsed after 305."),
        (400, 3, UNKNOWN, "a claim stands for 305 s"),
    ] {
        for flags in [SetsFlags::AtReport, SetsFlags::AtIssue] {
            let kind = SiteKind { claim_lapses_ms: Some(lapses_s * 1_000), flags, ..PLAIN };
            let found = Site::new(kind).findings(&LAPSES_MS[..waits]);
            let when = if flags == SetsFlags::AtReport { REPORT } else { ISSUE };
            assert_found(&found, [REFUSED, when, claim], note);
        }
    }
}

#[test]
fn tries_that_renew_a_claim_say_nothing_of_one_left_alone() {
    let mut site = Site::new(SiteKind { claim_lapses_ms: Some(4_000), ..PLAIN });
    site.renews = true;
    let found = site.findings(&LAPSES_MS[..1]);
    assert_eq!(found.claim_lapses, ClaimLapses::After(1));
    assert!(found.lapsed_ms.is_some_and(|ms| (5_000..6_000).contains(&ms)), "{found:?}");
}

#[test]
fn refusals_with_other_values() {
    for refusal in [2, 9] {
        let found = Site::new(SiteKind { refusal, ..PLAIN }).findings(&LAPSES_MS[..1]);
        let note = format!("a second 0x05 is refused with {refusal}, not 1");
        assert_found(&found, [REFUSED, REPORT, UNKNOWN], &note);
    }
}

#[test]
fn a_site_that_does_not_answer_leaves_everything_unknown() {
    let trouble = Heard { trouble: Some("the site is silent".into()), ..Heard::default() };
    let mut probes: Vec<Probe> = [Kind::Lapse(5_000), Kind::FlagsAtIssue, Kind::SecondIssue, Kind::Report]
        .into_iter()
        .map(Probe::new)
        .collect();
    for probe in &mut probes {
        assert_eq!(probe.next(0), Next::Ask(Ask::Issue));
        probe.take(Exchange { ask: Ask::Issue, sent_ms: 0, heard_ms: 9, heard: trouble.clone() });
        assert_eq!(probe.next(10_000), Next::Done);
        assert_eq!(probe.words(), Err("0.0 s the site is silent".into()));
    }
    let found = Findings::of(&probes);
    assert_found(
        &found,
        ["repeated_issue = \"unknown\"", "flags_at = \"unknown\"", UNKNOWN],
        "was not found out",
    );
    assert_eq!(Findings::of(&[]), found);
}

#[test]
fn what_was_seen_is_told_once_a_change_with_its_moment() {
    let mut site = Site::new(SiteKind { flags_late_ms: 800, ..PLAIN });
    let probes = site.probes(&LAPSES_MS[..1]);
    let words: Vec<String> = probes.iter().map(|probe| probe.words().unwrap()).collect();
    let open = "0.0 s 0x03 print_flag 4排10座 0, 4排9座 0; 0.0 s 0x05 answered 0";
    assert_eq!(words[0], format!("{open}; 5.0 s 0x05 answered 1"));
    assert_eq!(words[1], format!("{open}; 3.0 s 0x03 unchanged"));
    assert_eq!(words[2], format!("{open}; 0.0 s 0x05 answered 1"));
    let report = "0.0 s 0x07 answered 0; 0.0 s 0x03 print_flag 4排10座 1, 4排9座 0; 1.0 s 0x03 print_flag 4排10座 1, \
                  4排9座 1; 1.1 s 0x05 answered 1";
    assert_eq!(words[3], format!("{open}; {report}"));
}

#[test]
fn what_kiosk_toml_contradicts_is_named() {
    let configured = |repeated_issue, flags_at, claim_lapses_s| Sarft {
        address: String::new(),
        username: String::new(),
        password_file: "p".into(),
        timeout_ms: 5_000,
        repeated_issue,
        flags_at,
        claim_lapses_s,
        wire: crate::sarft::settings::Wire::default(),
    };
    let lapsing = Site::new(SiteKind { claim_lapses_ms: Some(4_000), ..PLAIN }).findings(&LAPSES_MS[..1]);
    let right = configured(RepeatedIssue::Refused, FlagsAt::Report, ClaimLapses::After(3));
    assert_eq!(lapsing.differs(&right), Vec::<String>::new());
    for (claim, differs) in [
        (ClaimLapses::After(4), 0),
        (ClaimLapses::After(5), 1),
        (ClaimLapses::Never, 1),
        (ClaimLapses::Unknown, 1),
    ] {
        let other = Sarft { claim_lapses_s: claim, ..right.clone() };
        assert_eq!(lapsing.differs(&other).len(), differs, "{claim:?}");
    }
    let wrong = configured(RepeatedIssue::Accepted, FlagsAt::Issue, ClaimLapses::Never);
    assert_eq!(lapsing.differs(&wrong), [REFUSED, REPORT, "claim_lapses_s = 3"]);
    let standing = Site::new(PLAIN).findings(&LAPSES_MS);
    assert_eq!(standing.differs(&wrong), [REFUSED, REPORT], "no waiting proves or disproves never");
}
