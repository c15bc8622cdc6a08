//! Limits on guessing, and who is exempt.

use super::rig::{Rig, site};
use pickup_kiosk::pickup::action::{Action, Notice};
use pickup_kiosk::pickup::state::{CustomerState, Half, Hint};
use pickup_kiosk::simulator::cinema::SecondIssue;
use pickup_kiosk::ticket::Outcome;

/// Presents so many refused codes, as fast as the rate limit allows.
fn guess(rig: &mut Rig, count: usize, code: impl Fn(usize) -> String) {
    for n in 0..count {
        rig.wait(20_000);
        rig.scan(&code(n));
        rig.wait(4_000);
        assert_eq!(rig.outcome(), Outcome::NotFound, "guess {n}");
    }
}

#[test]
fn five_wrong_codes_at_once_then_one_in_twenty_seconds() {
    let mut rig = Rig::new(1);
    for n in 0..5 {
        rig.scan(&format!("1000|Wrong{n}"));
        rig.wait(2_000);
        assert_eq!(rig.outcome(), Outcome::NotFound);
    }
    rig.scan("1000|Wrong6");
    let Hint::Locked { seconds } = rig.shown().hint else { panic!("{:?}", rig.shown()) };
    assert_eq!(rig.outcome(), Outcome::Locked);
    assert!((10..=20).contains(&seconds), "{seconds}");
    // After a restart they still count.
    rig.power_off();
    rig.power_on();
    rig.now_ms -= 30_000;
    rig.started_ms -= 30_000;
    rig.wait(seconds * 1_000);
    rig.scan(&Rig::code(0));
    assert!(matches!(rig.outcome(), Outcome::Printed | Outcome::Locked));
    rig.wait(20_000);
    rig.scan(&Rig::code(0));
    assert!(matches!(rig.outcome(), Outcome::Printed | Outcome::AlreadyCollected));
}

#[test]
fn a_pair_the_record_knows_is_never_locked() {
    let mut rig = Rig::new(1);
    rig.scan(&Rig::code(0));
    for n in 0..5 {
        rig.scan(&format!("1000|Wrong{n}"));
        rig.wait(2_000);
    }
    rig.scan("1000|Wrong6");
    assert_eq!(rig.outcome(), Outcome::Locked);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::AlreadyCollected);
}

#[test]
fn fifty_wrong_ids_of_one_number_send_it_to_the_counter_but_not_the_true_pair() {
    let mut rig = Rig::at(site(&[1, 1], SecondIssue::Refuse), "a");
    guess(&mut rig, 50, |n| format!("1000|Wrong{n}"));
    let blocked = |rig: &mut Rig, code: &str| {
        rig.wait(20_000);
        rig.scan(code);
        rig.wait(4_000);
        (rig.outcome(), rig.shown().hint) == (Outcome::SeeCounter, Hint::NumberBlocked)
    };
    assert!(blocked(&mut rig, "1000|Wrong99"));
    let elsewhere = format!("1000|{}", super::parts::id(1).expose());
    assert!(blocked(&mut rig, &elsewhere), "the ID of another number proves nothing");
    rig.cloud_away = true;
    assert!(blocked(&mut rig, &Rig::code(0)), "nobody confirms the pair");
    rig.cloud_away = false;
    rig.wait(20_000);
    rig.scan(&Rig::code(1));
    assert_eq!(rig.outcome(), Outcome::Printed, "other numbers are served");
    rig.wait(20_000);
    rig.scan(&Rig::code(0));
    assert_eq!(rig.outcome(), Outcome::Printed, "the cloud confirms the pair");
}

#[test]
fn guesses_at_a_blocked_number_are_paced_like_others() {
    let mut rig = Rig::new(1);
    guess(&mut rig, 50, |n| format!("1000|Wrong{n}"));
    rig.wait(100_000);
    for n in 0..5 {
        rig.scan(&format!("1000|More{n}"));
        rig.wait(2_000);
        assert_eq!(rig.shown().hint, Hint::NumberBlocked, "guess {n}");
    }
    rig.scan("1000|More6");
    assert_eq!(rig.outcome(), Outcome::Locked);
}

#[test]
fn fifty_wrong_ids_alone_ask_for_the_number_and_tell_staff_at_twenty() {
    let mut rig = Rig::new(1);
    guess(&mut rig, 50, |n| format!("WrongId{n}"));
    assert_eq!(rig.notices(), [&Notice::RateLimit(20)]);
    rig.wait(20_000);
    rig.actions.clear();
    rig.scan(super::parts::id(0).expose());
    assert_eq!(rig.count(|a| matches!(a, Action::AskCloud { .. })), 0);
    assert!(matches!(&rig.state.customer, CustomerState::EnteringCode(e) if matches!(e.have, Half::Id(_))));
    rig.scan("1000");
    assert_eq!(rig.outcome(), Outcome::Printed, "never a whole lock");
    // The next business day everything is as before.
    rig.wait(24 * 3_600_000);
    rig.scan("WrongAgain");
    rig.wait(4_000);
    assert_eq!(rig.outcome(), Outcome::NotFound);
}
