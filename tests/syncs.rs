//! The power is cut at every sync and after every effect of the real binary, on a disk that keeps only what was synced.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "syncs/disk.rs"]
mod disk;
mod e2e;
#[path = "kill/ledger.rs"]
mod ledger;
#[path = "syncs/walk.rs"]
mod walk;

use disk::Disk;
use walk::{Course, walk};

#[test]
fn one() {
    let Some(disk) = Disk::make() else { return };
    let walked = walk(&disk, Course::default());
    for line in &walked.trace.0 { println!("{line:?}"); }
    println!("{} {:?} {:?}", walked.presented_at, walked.trace.cost_from(walked.presented_at), walked.violations);
}
