//! The journal on disk, as the kiosk uses it.

use crate::journal_kit;

use journal_kit::*;
use pickup_kiosk::journal::record::{Claim, IssueState, RecordStep, RefusedCode, ReportState};
use pickup_kiosk::journal::rules::{Illegal, Resolution};
use pickup_kiosk::journal::store::{Filter, Handle, Journal, JournalError, Notice, StaffDecision};
use pickup_kiosk::ticket::{BookingId, Outcome, SeatState};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_pickup_of_two_tickets_is_on_record_step_by_step() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    for step in whole_pickup() {
        journal.append(&step).unwrap();
    }
    let recall = journal.recall(Some(number()), &id(), at(60)).unwrap();
    let history = recall.history.unwrap();
    assert_eq!((history.issue, history.report), (IssueState::Issued, ReportState::Done));
    assert!(history.seats.iter().all(|seat| seat.state == SeatState::Printed && seat.ticket.is_none()));
    assert_eq!(journal.leftover(at(60)).unwrap(), Default::default());
    let view = serde_json::to_string(&journal.records().list(Filter::default()).unwrap()[0]).unwrap();
    assert_eq!(
        view,
        r#"{"pickup":"p1","started_at":"2026-11-24T10:00:00.000+08:00","booking_number":"111972","outcome":"printed","claim":null,"tickets":[{"seat":"7排10座","state":"printed"},{"seat":"7排9座","state":"printed"}],"reported":true,"duration_ms":41}"#
    );
    let story = journal.records().show(&Handle::parse("p1").unwrap()).unwrap().story;
    for event in &story {
        println!("{} {} {}", event.at, event.kind, event.detail);
    }
    assert_eq!(story.len(), 9);
}

#[test]
fn the_same_pair_is_known_after_a_restart_and_another_id_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&begun("p1")).unwrap();
    journal.append(&[entry("p1", RecordStep::Issued), entry("p1", seat("10", SeatState::Printing))]).unwrap();
    drop(journal);
    let journal = open(dir.path());
    let recall = journal.recall(None, &id(), at(60)).unwrap();
    assert_eq!(recall.history.unwrap().seats[0].ticket, Some(ticket("10")));
    let other = BookingId::parse("WQNX8JM").unwrap();
    let recall = journal.recall(Some(number()), &other, at(60)).unwrap();
    assert_eq!((recall.history, recall.taken), (None, vec![key("10"), key("9")]));
    let leftover = journal.leftover(at(60)).unwrap();
    assert_eq!(leftover.unfinished[0].0.seats[0].state, SeatState::Printing);
    assert_eq!(leftover.owed, 1);
}

#[test]
fn only_the_owner_reads_its_files_and_nothing_secret_stays_in_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&begun("p1")).unwrap();
    for file in ["journal.db", "journal.db-wal", "id-key", "lock"] {
        let mode = fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let holds = |secret: &str| {
        let files = fs::read_dir(dir.path()).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
        files.into_iter().any(|bytes| bytes.windows(secret.len()).any(|part| part == secret.as_bytes()))
    };
    let code = ticket("10").info_code;
    assert!(holds(&code), "owed content is kept");
    for step in &whole_pickup()[1..] {
        journal.append(step).unwrap();
    }
    journal.checkpoint().unwrap();
    assert!(!holds(&code) && !holds(&code[8..60]), "settled content is gone");
    assert!(!holds("WQNX8JL") && !format!("{journal:?}").contains("WQNX8JL"));
}

#[test]
fn a_second_owner_is_told_who_the_first_is() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path());
    let refused = Journal::open(dir.path(), settings()).unwrap_err();
    let text = refused.to_string();
    assert!(matches!(refused, JournalError::Locked { .. }));
    assert!(text.contains(&format!("a test, process {}", std::process::id())), "{text}");
    drop(first);
    open(dir.path());
}

#[test]
fn without_its_key_pairs_are_not_recognised_but_what_is_theirs_stays_taken() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    assert_eq!(journal.notices(), []);
    journal.append(&begun("p1")).unwrap();
    journal.append(&[entry("p1", RecordStep::Issued), entry("p1", seat("10", SeatState::Printing))]).unwrap();
    drop(journal);
    fs::remove_file(dir.path().join("id-key")).unwrap();
    let journal = open(dir.path());
    assert_eq!(journal.notices(), [Notice::KeyLost]);
    let recall = journal.recall(Some(number()), &id(), at(60)).unwrap();
    assert_eq!((recall.history, recall.taken), (None, vec![key("10"), key("9")]));
    assert_eq!(journal.leftover(at(60)).unwrap().unfinished.len(), 1);
    drop(journal);
    assert_eq!(open(dir.path()).notices(), [], "said once");
    fs::write(dir.path().join("id-key"), b"short").unwrap();
    assert!(matches!(Journal::open(dir.path(), settings()), Err(JournalError::BadKey { .. })));
}

#[test]
fn staff_settle_by_claim_reference_and_the_story_says_who_and_why() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&begun("p1")).unwrap();
    let steps = [RecordStep::Issued, seat("10", SeatState::Printing), seat("10", SeatState::Uncertain)];
    let claimed = ended(Outcome::SeeCounter, Some(4711), true);
    let entries = steps.into_iter().chain([claimed]).map(|step| entry("p1", step)).collect::<Vec<_>>();
    journal.append(&entries).unwrap();
    let unresolved = Filter { unresolved: true, ..Filter::default() };
    assert_eq!(journal.records().list(unresolved).unwrap().len(), 1);

    let handle = Handle::parse("004711").unwrap();
    let order = |seat| StaffDecision { handle: &handle, seat, reason: "paper in the tray", who: "Li" };
    let nobody = StaffDecision { who: " ", ..order("7排10座") };
    assert!(journal.resolve(nobody, Resolution::CameOut, at(9)).is_err());
    let reprint = journal.begin_reprint(order("7排10座"), at(9)).unwrap();
    assert_eq!((reprint.count, &reprint.ticket), (1, &ticket("10")));
    journal.append(&[entry(&reprint.pickup.0, seat("10", SeatState::Uncertain))]).unwrap();
    journal.resolve(order("7排10座"), Resolution::CameOut, at(10)).unwrap();
    journal.resolve(order("9"), Resolution::HandedOver, at(11)).unwrap();
    let again = journal.resolve(order("9"), Resolution::Void, at(12)).unwrap_err();
    assert!(matches!(again, JournalError::Illegal { why: Illegal::Transition { .. }, .. }), "{again}");
    journal.append(&[entry("p1", RecordStep::Reported { number: number() })]).unwrap();
    assert_eq!(journal.records().list(unresolved).unwrap(), []);

    let story = journal.records().show(&handle).unwrap();
    let text = pickup_kiosk::journal::export::timeline_text(&story).en;
    println!("{text}");
    for sentence in [
        "7排10座: may or may not have come out.",
        "7排10座: is printed again by authority, by Li: paper in the tray.",
        "7排10座: came out, by Li: paper in the tray.",
        "7排9座: settled at the counter, by Li: paper in the tray.",
    ] {
        assert!(text.contains(sentence), "{sentence}");
    }
    let none = journal.records().show(&Handle::parse("999999").unwrap()).unwrap_err();
    assert!(matches!(none, JournalError::NoSuchPickup(_)));
}

#[test]
fn a_days_slip_counts_by_film_and_a_day_lists_its_own_pickups() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    for step in whole_pickup() {
        journal.append(&step).unwrap();
    }
    journal.note_test_ticket(at(5)).unwrap();
    journal.note_test_ticket(at(6)).unwrap();
    let slip = journal.records().day_slip("2026-11-24".parse().unwrap()).unwrap();
    assert_eq!((slip.total.printed, slip.films.len(), slip.test_tickets), (2, 1, 2));
    assert_eq!(slip.films[0].film, "重返20岁");
    let day = |day: &str| Filter { business_day: Some(day.parse().unwrap()), ..Filter::default() };
    assert_eq!(journal.records().list(day("2026-11-24")).unwrap().len(), 1);
    assert_eq!(journal.records().list(day("2026-11-23")).unwrap().len(), 0);
    assert_eq!(journal.records().day_slip("2026-11-23".parse().unwrap()).unwrap().films.len(), 0);
}

#[test]
fn refused_codes_are_counted_by_number_and_by_day_across_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    for (n, id_alone) in [(1, false), (2, true), (3, false)] {
        let pickup = format!("p{n}");
        let refused = RefusedCode { number: (!id_alone).then(number), id_alone };
        let mut end = ended(Outcome::NotFound, None, false);
        if let RecordStep::Ended { refused: place, .. } = &mut end {
            *place = Some(refused);
        }
        journal.append(&[entry(&pickup, started()), entry(&pickup, end)]).unwrap();
    }
    drop(journal);
    let journal = open(dir.path());
    let recall = journal.recall(Some(number()), &id(), at(60)).unwrap();
    assert_eq!((recall.number_refused_today, recall.id_alone_refused_today), (2, 1));
    let tomorrow = journal.recall(Some(number()), &id(), at(86_400)).unwrap();
    assert_eq!((tomorrow.number_refused_today, tomorrow.id_alone_refused_today), (0, 0));
    assert_eq!(journal.leftover(at(60)).unwrap().refused_lately, [at(1); 3]);
    assert_eq!(journal.leftover(at(-60)).unwrap().refused_lately, [], "the clock went back");
    assert_eq!(journal.leftover(at(700)).unwrap().refused_lately, []);
}

#[test]
fn free_space_is_measured_against_the_limit() {
    let dir = tempfile::tempdir().unwrap();
    let mut greedy = settings();
    greedy.limits.free_mib = u32::MAX;
    let journal = Journal::open(dir.path(), greedy).unwrap();
    assert!(journal.free_mib().unwrap() > 0);
    assert!(!journal.has_space().unwrap());
}

#[test]
fn claim_references_are_random_and_nobodys() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let claims = (0..20).map(|_| journal.recall(None, &id(), at(0)).unwrap().fresh_claim);
    let claims = claims.collect::<std::collections::BTreeSet<Claim>>();
    assert!(claims.len() > 15 && claims.iter().all(|claim| (1..=Claim::MAX).contains(&claim.0)));
}

#[test]
fn what_people_do_is_kept_with_facts_that_outlive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append_act_with(&act(0, "service"), Some(("service", "out"))).unwrap();
    journal.append_act(&act(1, &"x".repeat(10_000))).unwrap();
    journal.keep_fact("pins", &"票".repeat(10_000)).unwrap();
    drop(journal);
    let journal = open(dir.path());
    assert_eq!(journal.fact("service").unwrap().as_deref(), Some("out"));
    assert!(journal.fact("pins").unwrap().unwrap().len() <= 4_096, "bounded");
    assert_eq!(journal.fact("nothing").unwrap(), None);
    let (acts, next) = journal.records().audit_entries(None, 0, 1).unwrap();
    assert_eq!((acts[0].who.as_str(), acts[0].after.as_str(), next), ("Li", "out [2J", Some(1)));
    let (acts, next) = journal.records().audit_entries(None, 1, 10).unwrap();
    assert_eq!((acts.len(), acts[0].act.len(), next), (1, 200, None));
    let other_day = journal.records().audit_entries(Some("2020-01-01".parse().unwrap()), 0, 10).unwrap();
    assert_eq!(other_day.0, []);
}

#[test]
fn a_journal_of_a_version_before_is_taken_over_with_all_it_holds() {
    for (version, older) in [(1, "DROP TABLE acts; DROP TABLE salvaged;"), (2, "DROP TABLE salvaged;")] {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = open(dir.path());
        journal.append(&begun("p1")).unwrap();
        drop(journal);
        let old = rusqlite::Connection::open(dir.path().join("journal.db")).unwrap();
        old.execute_batch(&format!("{older} PRAGMA user_version = {version};")).unwrap();
        drop(old);
        let mut journal = open(dir.path());
        assert_eq!(journal.records().list(Filter::default()).unwrap().len(), 1);
        journal.append_act(&act(0, "signed_in")).unwrap();
        drop(journal);
        let journal = open(dir.path());
        assert_eq!(
            journal.records().audit_entries(None, 0, 10).unwrap().0.len(),
            1,
            "once taken over it stays so"
        );
        assert_eq!(journal.recall(Some(number()), &id(), at(60)).unwrap().salvaged, None);
    }
}

#[test]
fn sqlite_is_built_as_the_project_says_wherever_it_is_built() {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let mut options = connection.prepare("PRAGMA compile_options").unwrap();
    let options = options.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let options: Vec<String> = options.collect::<Result<_, _>>().unwrap();
    // .cargo/config.toml sets it: an unattended machine can load no code, and has no code that nothing uses.
    assert!(options.iter().any(|option| option == "OMIT_LOAD_EXTENSION"), "{options:?}");
    for unwanted in ["ENABLE_FTS", "ENABLE_RTREE", "ENABLE_STAT4", "ENABLE_LOAD_EXTENSION"] {
        assert!(!options.iter().any(|option| option.starts_with(unwanted)), "{options:?}");
    }
}
