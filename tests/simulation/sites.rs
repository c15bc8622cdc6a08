//! The kinds of site that fit the interface document, and what a kiosk may have been told of each.

#![allow(dead_code)]

use super::parts;
use pickup_kiosk::config::settings::FlagsAt;
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::simulator::cinema::{SecondIssue, SetsFlags, SiteKind};

/// Claims lapse after so many milliseconds.
const LAPSES_MS: [u64; 3] = [4_000, 60_000, 300_000];

/// Every kind of site, with a name.
pub const ALL: [(&str, SiteKind); 9] = [
    ("flags at the report, refuses", SiteKind::plain(SecondIssue::Refuse)),
    ("flags at the report, accepts", SiteKind::plain(SecondIssue::Accept)),
    ("flags at the issue", AT_ISSUE),
    ("flags by seat, some late", SiteKind { flags_late_ms: 10_000, ..SiteKind::plain(SecondIssue::Refuse) }),
    ("claims lapse after 4 s", lapsing(LAPSES_MS[0])),
    ("claims lapse after 60 s", lapsing(LAPSES_MS[1])),
    ("claims lapse after 300 s", lapsing(LAPSES_MS[2])),
    ("refuses with 2", SiteKind { refusal: 2, ..SiteKind::plain(SecondIssue::Refuse) }),
    ("refuses with 9", SiteKind { refusal: 9, ..SiteKind::plain(SecondIssue::Refuse) }),
];

const AT_ISSUE: SiteKind = SiteKind { flags: SetsFlags::AtIssue, ..SiteKind::plain(SecondIssue::Refuse) };

const fn lapsing(after_ms: u64) -> SiteKind {
    SiteKind { claim_lapses_ms: Some(after_ms), ..SiteKind::plain(SecondIssue::Refuse) }
}

/// What may be known of a site: nothing, or what is true.
pub const KNOWN: usize = 4;

/// A kiosk for each thing that may be known, with a cloud and without: as [`told`] counts them.
pub fn machines() -> Vec<Machine> {
    [true, false].into_iter().flat_map(|cloud| (0..KNOWN).map(move |known| machine(cloud, known))).collect()
}

fn machine(cloud: bool, known: usize) -> Machine {
    let (flags_at, claim_stands) = match known {
        0 => (FlagsAt::Unknown, false),
        1 => (FlagsAt::Report, true),
        2 => (FlagsAt::Report, false),
        _ => (FlagsAt::Issue, true),
    };
    parts::machine_told(cloud, flags_at, claim_stands)
}

/// The place of the kiosk in [`machines`] that knows nothing of its site, or all.
pub fn told(site: SiteKind, knows: bool, cloud: bool) -> usize {
    let known = match (knows, site.flags, site.claim_lapses_ms) {
        (false, ..) => 0,
        (true, SetsFlags::AtIssue, _) => 3,
        (true, SetsFlags::AtReport, None) => 1,
        (true, SetsFlags::AtReport, Some(_)) => 2,
    };
    if cloud { known } else { KNOWN + known }
}
