//! Conclusions from the probes' answers: the three keys of `[sarft]` that describe the kind of site.

use super::{Ask, Exchange, Kind, LAPSES_MS, List, Probe, TRY_EVERY_MS, WATCH_MS, seconds};
use crate::sarft::settings::{ClaimLapses, FlagsAt, RepeatedIssue, Sarft};

/// Facts found out about a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// Value for the key `repeated_issue`.
    pub repeated_issue: RepeatedIssue,
    /// Value for the key `flags_at`.
    pub flags_at: FlagsAt,
    /// Value for the key `claim_lapses_s`; never [`ClaimLapses::Never`], as no waiting proves that.
    pub claim_lapses: ClaimLapses,
    /// Longest time for which a claim was seen to stand, in milliseconds.
    pub stands_ms: Option<u64>,
    /// Shortest time after which a claim was seen to have lapsed, in milliseconds.
    pub lapsed_ms: Option<u64>,
    /// A sentence for each finding that the keys do not express.
    pub notes: Vec<String>,
}

impl Findings {
    /// Draws the conclusions from all probes.
    pub fn of(probes: &[Probe]) -> Self {
        let refusal = value_of(probes, Kind::SecondIssue);
        let repeated_issue = match refusal {
            Some(0) => RepeatedIssue::Accepted,
            Some(_) => RepeatedIssue::Refused,
            None => RepeatedIssue::Unknown,
        };
        let (flags_at, late) = flags(probes);
        let (stands_ms, lapsed_ms) =
            if repeated_issue == RepeatedIssue::Refused { claims(probes) } else { (None, None) };
        // The longest time it was seen to stand: trusting a claim for too long is the worse mistake.
        let stood_s = u32::try_from(stands_ms.unwrap_or(0) / 1_000).unwrap_or(u32::MAX);
        let claim_lapses = match lapsed_ms {
            Some(_) => ClaimLapses::After(stood_s.clamp(1, 86_400)),
            None => ClaimLapses::Unknown,
        };
        let mut found =
            Self { repeated_issue, flags_at, claim_lapses, stands_ms, lapsed_ms, notes: Vec::new() };
        found.note_issue(refusal);
        found.note_flags(late);
        found.note_claims();
        found.note_report(value_of(probes, Kind::Report));
        found
    }

    /// Returns the time within which to try each second when a claim lapses, in milliseconds; `None` unless the
    /// shortest wait has seen it lapse.
    pub fn narrows(&self) -> Option<u64> {
        let [shortest_ms, ..] = LAPSES_MS;
        let before_ms = shortest_ms.saturating_mul(2);
        self.lapsed_ms.filter(|lapsed_ms| *lapsed_ms <= before_ms).map(|ms| ms.saturating_add(TRY_EVERY_MS))
    }

    /// Returns the lines to paste under `[sarft]`.
    pub fn lines(&self) -> [String; 3] {
        [
            format!("repeated_issue = {}", repeated_word(self.repeated_issue)),
            format!("flags_at = {}", flags_word(self.flags_at)),
            format!("claim_lapses_s = {}", claim_word(self.claim_lapses)),
        ]
    }

    /// Returns those lines that kiosk.toml contradicts.
    pub fn differs(&self, configured: &Sarft) -> Vec<String> {
        let [repeated, flags, claim] = self.lines();
        let mut differs = Vec::new();
        if self.repeated_issue != RepeatedIssue::Unknown && self.repeated_issue != configured.repeated_issue {
            differs.push(repeated);
        }
        if self.flags_at != FlagsAt::Unknown && self.flags_at != configured.flags_at {
            differs.push(flags);
        }
        let fits = match (self.lapsed_ms, configured.claim_lapses_s) {
            (None, _) => true,
            (Some(lapsed_ms), ClaimLapses::After(seconds)) => u64::from(seconds) * 1_000 <= lapsed_ms,
            (Some(_), _) => false,
        };
        if !fits {
            differs.push(claim);
        }
        differs
    }

    fn note_issue(&mut self, refusal: Option<u8>) {
        self.notes.push(match refusal {
            None => "what a second 0x05 gets was not found out".into(),
            Some(0) => "a second 0x05 is accepted: two machines, or machine and counter, at once can both print".into(),
            Some(1) => "a second 0x05 is refused with 1, already printed".into(),
            Some(value) => format!(
                "a second 0x05 is refused with {value}, not 1: this machine sends such a booking to the counter"
            ),
        });
    }

    fn note_flags(&mut self, late: Option<Late>) {
        let watch = seconds(WATCH_MS);
        let (request, others) = match self.flags_at {
            FlagsAt::Issue => ("0x05", ""),
            FlagsAt::Report => ("0x07", ", and none before"),
            FlagsAt::Unknown => {
                self.notes.push(format!("no print_flag was seen within {watch} s of 0x05, nor of 0x07"));
                return;
            }
        };
        let when = match late {
            None => "print_flag of every seat shows at once".to_owned(),
            Some(Late { ms, all: true }) => {
                format!("print_flag shows by seat, some late, all within {} s", seconds(ms))
            }
            Some(Late { ms, all: false }) => {
                format!("print_flag shows by seat, some late, not all within {} s", seconds(ms))
            }
        };
        self.notes.push(format!("{when} after {request}{others}"));
    }

    fn note_claims(&mut self) {
        let note = match (self.repeated_issue, self.stands_ms, self.lapsed_ms) {
            (RepeatedIssue::Accepted, ..) => {
                "as a second 0x05 is accepted, there is no claim that could lapse".into()
            }
            (_, stands, Some(lapsed)) => format!(
                "a claim stood for {} s and had lapsed after {} s: the vendor can tell the exact time; the shorter one is \
                 on the safe side",
                seconds(stands.unwrap_or(0)),
                seconds(lapsed)
            ),
            (_, Some(stands), None) => format!(
                "a claim stands for {} s: ask the vendor whether it lapses later, and whether staff can put a booking \
                 back; set \"never\" only if neither",
                stands / 1_000
            ),
            (_, None, None) => "whether a claim lapses was not found out".into(),
        };
        self.notes.push(note);
    }

    fn note_report(&mut self, value: Option<u8>) {
        match value {
            Some(0) => self
                .notes
                .push("an 0x05 after 0x07 is accepted: the counter could print all of it again".into()),
            Some(value) => self.notes.push(format!("an 0x05 after 0x07 is refused with {value}")),
            None => {}
        }
    }
}

/// Returns the value of `repeated_issue` as kiosk.toml has it.
pub fn repeated_word(value: RepeatedIssue) -> &'static str {
    match value {
        RepeatedIssue::Accepted => "\"accepted\"",
        RepeatedIssue::Refused => "\"refused\"",
        RepeatedIssue::Unknown => "\"unknown\"",
    }
}

/// Returns the value of `flags_at` as kiosk.toml has it.
pub fn flags_word(value: FlagsAt) -> &'static str {
    match value {
        FlagsAt::Issue => "\"issue\"",
        FlagsAt::Report => "\"report\"",
        FlagsAt::Unknown => "\"unknown\"",
    }
}

/// Returns the value of `claim_lapses_s` as kiosk.toml has it.
pub fn claim_word(value: ClaimLapses) -> String {
    match value {
        ClaimLapses::Never => "\"never\"".into(),
        ClaimLapses::After(seconds) => seconds.to_string(),
        ClaimLapses::Unknown => "\"unknown\"".into(),
    }
}

/// Returns the answer to the 0x05 on a new connection.
fn value_of(probes: &[Probe], kind: Kind) -> Option<u8> {
    let probe = probes.iter().find(|probe| probe.kind == kind)?;
    probe.claim()?;
    probe.turns.iter().find(|turn| turn.ask == Ask::IssueAnew)?.heard.value
}

/// Flags that did not all show at the first look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Late {
    /// Time until the last query, in milliseconds.
    ms: u64,
    /// True if all flags were set by then.
    all: bool,
}

/// Determines when flags are set, and how late some of them show. Turns are told apart by their order: a site can
/// answer several within a millisecond.
fn flags(probes: &[Probe]) -> (FlagsAt, Option<Late>) {
    let mut report = (FlagsAt::Unknown, None);
    for probe in probes.iter().filter(|probe| probe.claim().is_some()) {
        // The list that came with the first 0x05 predates it.
        let later = probe.turns.get(1..).unwrap_or_default();
        let reported = later.iter().position(|turn| turn.ask == Ask::Report && turn.heard.value == Some(0));
        let (before, after) = later.split_at(reported.unwrap_or(later.len()));
        if any_flagged(before) {
            let watched = probes.iter().find(|probe| probe.kind == Kind::FlagsAtIssue);
            let looks = watched.and_then(|probe| Some((probe.claim()?, probe.turns.get(1..)?)));
            return (FlagsAt::Issue, looks.and_then(|(claim, turns)| late(turns, claim.heard_ms)));
        }
        if let Some((reported, looks)) = after.split_first()
            && any_flagged(looks)
        {
            report = (FlagsAt::Report, late(looks, reported.heard_ms));
        }
    }
    // No flag before the report is evidence only if the site was queried in between.
    let looked = probes.iter().any(|probe| {
        probe.kind == Kind::FlagsAtIssue && probe.turns.iter().any(|turn| turn.ask == Ask::Look)
    });
    if looked { report } else { (FlagsAt::Unknown, None) }
}

fn any_flagged(turns: &[Exchange]) -> bool {
    turns.iter().any(|turn| turn.heard.list.as_ref().is_some_and(List::any_flagged))
}

/// Returns how late flags showed in these queries; `None` if the first one showed all.
fn late(turns: &[Exchange], since_ms: u64) -> Option<Late> {
    let mut looks = turns.iter().filter(|turn| turn.ask == Ask::Look);
    let all = |turn: &Exchange| turn.heard.list.as_ref().is_some_and(List::all_flagged);
    let first = looks.next()?;
    if all(first) {
        return None;
    }
    let last = looks.next_back().unwrap_or(first);
    Some(Late { ms: last.heard_ms.saturating_sub(since_ms), all: all(last) })
}

/// Returns the longest time a claim stood, and the shortest after which one had lapsed, in milliseconds.
fn claims(probes: &[Probe]) -> (Option<u64>, Option<u64>) {
    let mut stood: Vec<(u64, bool)> = Vec::new();
    let mut lapsed: Option<u64> = None;
    for probe in probes.iter().filter(|probe| probe.kind != Kind::Report) {
        let Some(claim) = probe.claim() else { continue };
        for turn in probe.turns.iter().filter(|turn| turn.ask == Ask::IssueAnew) {
            match turn.heard.value {
                Some(0) => {
                    let after_ms = turn.heard_ms.saturating_sub(claim.sent_ms);
                    lapsed = Some(lapsed.map_or(after_ms, |known| known.min(after_ms)));
                }
                Some(_) => {
                    let tried = matches!(probe.kind, Kind::Narrow(_));
                    stood.push((turn.sent_ms.saturating_sub(claim.heard_ms), tried));
                }
                None => {}
            }
        }
    }
    let below = |ms: u64| lapsed.is_none_or(|lapsed| ms < lapsed);
    // A claim that outlives another because it was tried: tries renew it, and are no evidence for one left alone.
    let renewed = stood.iter().any(|(ms, tried)| *tried && !below(*ms));
    let stands =
        stood.iter().filter(|(ms, tried)| below(*ms) && !(*tried && renewed)).map(|(ms, _)| *ms).max();
    (stands, lapsed)
}
