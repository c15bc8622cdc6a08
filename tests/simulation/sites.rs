//! Kinds of site that fit the interface document, and what a kiosk may have been told of each.

#![allow(dead_code)]

use super::parts;
use pickup_kiosk::config::settings::{ClaimLapses, FlagsAt};
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::simulator::cinema::{SecondIssue, SetsFlags, SiteKind};

/// Times in ms after which claims lapse.
const LAPSES_MS: [u64; 3] = [4_000, 60_000, 300_000];

/// Every kind of site, with a name.
pub const ALL: [(&str, SiteKind); 10] = [
    ("flags at the report, refuses", SiteKind::plain(SecondIssue::Refuse)),
    ("flags at the report, accepts", SiteKind::plain(SecondIssue::Accept)),
    ("flags at the issue", AT_ISSUE),
    ("flags by seat, some late", SiteKind { flags_late_ms: 10_000, ..SiteKind::plain(SecondIssue::Refuse) }),
    ("claims lapse after 4 s", lapsing(LAPSES_MS[0])),
    ("claims lapse after 60 s", lapsing(LAPSES_MS[1])),
    ("claims lapse after 300 s", lapsing(LAPSES_MS[2])),
    ("flags at the issue that lapse after 4 s", SiteKind { claim_lapses_ms: Some(LAPSES_MS[0]), ..AT_ISSUE }),
    ("refuses with 2", SiteKind { refusal: 2, ..SiteKind::plain(SecondIssue::Refuse) }),
    ("refuses with 9", SiteKind { refusal: 9, ..SiteKind::plain(SecondIssue::Refuse) }),
];

const AT_ISSUE: SiteKind = SiteKind { flags: SetsFlags::AtIssue, ..SiteKind::plain(SecondIssue::Refuse) };

const fn lapsing(after_ms: u64) -> SiteKind {
    SiteKind { claim_lapses_ms: Some(after_ms), ..SiteKind::plain(SecondIssue::Refuse) }
}

/// Returns a kiosk that has been told nothing of its site, or all: as it is set up there.
pub fn machine(site: SiteKind, knows: bool, cloud: bool) -> Machine {
    let mut machine = parts::machine_told(cloud, FlagsAt::Unknown, false);
    if knows {
        machine.policy.flags_at = match site.flags {
            SetsFlags::AtIssue => FlagsAt::Issue,
            SetsFlags::AtReport => FlagsAt::Report,
        };
        machine.policy.claim_lapses = match site.claim_lapses_ms {
            // The acceptance sees a little less.
            Some(lapses_ms) => ClaimLapses::After((lapses_ms / 1_000 - 1) as u32),
            None => ClaimLapses::Never,
        };
    }
    machine
}

/// Returns a kiosk for each kind of site, in the order of [`place`].
pub fn machines() -> Vec<Machine> {
    let told = |site: SiteKind| {
        [(false, false), (false, true), (true, false), (true, true)].map(|(k, c)| machine(site, k, c))
    };
    ALL.into_iter().flat_map(|(_, site)| told(site)).collect()
}

/// Returns the index in [`machines`] of the kiosk for the site with this index in [`ALL`].
pub fn place(site: usize, knows: bool, cloud: bool) -> usize {
    site * 4 + 2 * usize::from(knows) + usize::from(cloud)
}
