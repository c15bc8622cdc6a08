//! The power is cut at every sync and after every effect of the real binary, on a disk that keeps only what was synced
//! (`syncs/disk.c`); then the kiosk is started again on that, and record, papers and site are compared.
//!
//! An effect is a frame to the site or a ticket to the printer. Each point is tried twice: with nothing kept of what
//! was not synced, and with some of it kept, in any order and torn at sectors; `SYNCS_SEED` (1) chooses what is kept.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "syncs/disk.rs"]
mod disk;
#[path = "suite/kit/e2e/mod.rs"]
mod e2e;
#[path = "kill/ledger.rs"]
mod ledger;
#[path = "syncs/walk.rs"]
mod walk;

use disk::{Disk, Point};
use std::sync::Mutex;
use std::thread;
use walk::{Course, Walked, walk};

/// Number of kiosks that walk side by side: most of their time is spent waiting.
const SIDE_BY_SIDE: usize = 16;
/// Number of courses that broke a promise after which no more are begun.
const SHOWN_MAX: usize = 10;

/// Walks all courses, or until so many broke a promise; returns what came of each, in no order.
fn walk_all(disk: &Disk, courses: Vec<Course>, broken_max: usize) -> Vec<(Course, Walked)> {
    let (courses, walked) = (Mutex::new(courses), Mutex::new(Vec::new()));
    let next =
        || (broken(&walked.lock().unwrap()).len() < broken_max).then(|| courses.lock().unwrap().pop())?;
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some(course) = next() {
                    let came = walk(disk, &course);
                    walked.lock().unwrap().push((course, came));
                }
            });
        }
    });
    walked.into_inner().unwrap()
}

/// Returns the courses that broke a promise, described.
fn broken(walked: &[(Course, Walked)]) -> Vec<String> {
    walked.iter().filter(|(_, came)| !came.violations.is_empty()).map(told).collect()
}

/// Describes the result of a course for whoever has to find out why.
fn told((course, came): &(Course, Walked)) -> String {
    format!("{course:?}: {}", came.violations.join("; "))
}

/// Returns the courses of a process after others that were cut at these points, for every point at which it can be cut.
fn courses(before: &[Option<Point>], points: &[Point], seed: u64) -> Vec<Course> {
    let mut courses = Vec::new();
    for (n, point) in (0..).zip(points) {
        let cuts = || before.iter().copied().chain([Some(*point)]).collect();
        let course = |rest, refuses| Course { cuts: cuts(), rest, refuses, ..Course::default() };
        // Where nothing else is kept, the moment before a sync leaves what the point before it left.
        if !matches!(point, Point::BeforeSync(_)) {
            courses.push(course(None, n % 2 == 0));
        }
        courses.push(course(Some(seed.wrapping_mul(1_000).wrapping_add(n)), n % 2 == 1));
    }
    courses
}

#[test]
fn a_power_cut_at_every_sync_and_after_every_effect_breaks_no_promise() {
    let Some(disk) = Disk::make() else { return };
    let seed = std::env::var("SYNCS_SEED").map_or(1, |text| text.parse().expect("SYNCS_SEED: a number"));
    let cuts = |cuts: [Option<Point>; 2]| Course { cuts: cuts.into(), ..Course::default() };
    let halfway = Some(Point::AfterTicket(1));
    let references = walk_all(&disk, vec![cuts([None, None]), cuts([halfway, None])], 1);
    let of = |first| references.iter().find(|(course, _)| course.cuts[0] == first).expect("walked");
    assert!(broken(&references).is_empty(), "{}", broken(&references).join("\n"));
    let (whole, half) = (&of(None).1, &of(halfway).1);
    let (syncs, bytes) = whole.traces[0].cost_from(whole.presented_at);
    println!("syncs: a pickup of two tickets with its report: {syncs} syncs, {bytes} bytes written");
    let (syncs, bytes) = whole.traces[1].cost_from(0);
    println!("syncs: the next start, and the code presented again: {syncs} syncs, {bytes} bytes written");

    let mut all = courses(&[], &whole.traces[0].points(), seed);
    all.extend(courses(&[None], &whole.traces[1].points(), seed));
    all.extend(courses(&[halfway], &half.traces[1].points(), seed));
    for effect in [Point::AfterSite(3), Point::AfterTicket(1), Point::AfterTicket(2), Point::AfterSite(4)] {
        assert!(
            all.iter().any(|course| course.cuts == [Some(effect)]),
            "no 0x05, ticket or 0x07: {effect:?}"
        );
    }
    let wanted = all.len();
    let mut walked = walk_all(&disk, all, SHOWN_MAX);
    // On a busy machine a printer may count as silent, and a point of its pickup never comes.
    for (course, came) in walked.iter_mut().filter(|(_, came)| !came.met && came.violations.is_empty()) {
        *came = walk(&disk, course);
    }
    let missed: Vec<String> = walked.iter().filter(|(_, came)| !came.met).map(told).collect();
    let broken = broken(&walked);
    println!("syncs: SYNCS_SEED={seed}: {wanted} power cuts; violations {}", broken.len());
    assert!(broken.is_empty(), "SYNCS_SEED={seed}\n{}", broken.join("\n"));
    assert!(missed.is_empty(), "the power was not cut where it was to be:\n{}", missed.join("\n"));
}

#[test]
fn every_sync_that_is_left_out_is_found() {
    let Some(disk) = Disk::make() else { return };
    // The folder, the log of records, the database that a log is copied into, and what a first start makes.
    let skipped = ["*", ".", "journal.db-wal", "journal.db", "journal.db.new", "id-key.new"];
    let first = walk(&disk, &Course { cuts: vec![None], ..Course::default() });
    let made = first.traces[0].syncs_up_to("id-key.new") + 1;
    let cuts = [
        // All that a first start makes is there, and named.
        vec![Some(Point::AfterSync(made))],
        vec![Some(Point::AfterTicket(1))],
        // In the second process the log has just been emptied, and begun anew.
        vec![Some(Point::AfterTicket(1)), Some(Point::AfterTicket(1))],
    ];
    let course = |skip, cuts: &Vec<_>| Course { cuts: cuts.clone(), skip: Some(skip), ..Course::default() };
    let all = skipped.iter().flat_map(|skip| cuts.iter().map(|cuts| course(*skip, cuts))).collect();
    let walked = walk_all(&disk, all, usize::MAX);
    for skip in skipped {
        let mut found = walked.iter().filter(|(course, _)| course.skip == Some(skip));
        let found = found.find_map(|(_, came)| came.violations.first());
        let found = found.unwrap_or_else(|| panic!("no sync of {skip}, and nothing is found"));
        println!("syncs: none of {skip}: {found:.150}");
    }
}
