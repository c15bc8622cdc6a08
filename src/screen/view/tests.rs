use super::*;
use crate::fault_code::FaultCode;
use crate::journal::record::{Claim, PickupId};
use crate::pickup::input::{Now, Source};
use crate::screen::hours::Hours;
use crate::screen::settings::Side;
use crate::screen::showtimes::Showing;
use crate::screen::texts;
use crate::ticket::{BookingId, BookingNumber};

const NOW: Duration = Duration::from_secs(100);

/// Returns the page's JSON at a time of the workflow's clock.
fn json(view: &View, mono: Duration) -> serde_json::Value {
    crate::screen::json::json(view, Now { mono, wall: Timestamp::UNIX_EPOCH })
}

/// Returns the page's JSON at a time of day at the cinema.
fn json_at(view: &View, mono: Duration, time: &str) -> serde_json::Value {
    let wall = format!("2026-11-24T{time}:00+08:00").parse().unwrap();
    crate::screen::json::json(view, Now { mono, wall })
}

fn place() -> ViewContext {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let languages = vec![Language::Chinese, Language::English];
    ViewContext::new("CHTEST01".into(), "lobby-1".into(), zone, languages)
}

fn ready(front: CustomerState) -> State {
    State { customer: front, printer: Readiness::Ready, ..State::default() }
}

fn entering(have: Half, typed: &str) -> View {
    let entering = CodeEntry {
        pickup: PickupId("p".into()),
        started_at: Timestamp::UNIX_EPOCH,
        started: NOW,
        source: Source::Typed,
        have,
        typed: typed.into(),
        wrong: false,
        until: NOW + Duration::from_millis(59_100),
    };
    view(&ready(CustomerState::EnteringCode(entering)), &place())
}

fn shown(outcome: Outcome, hint: Hint) -> Shown {
    Shown {
        pickup: PickupId("p".into()),
        outcome,
        hint,
        claim: None,
        seats: Vec::new(),
        session: None,
        since: NOW,
        until: NOW + Duration::from_secs(30),
    }
}

#[test]
fn a_number_is_shown_while_it_is_typed_and_an_id_never() {
    let typed = |have, text: &str| entering(have, text).entry.unwrap();
    assert_eq!(typed(Half::Neither, "111972").shown, "111972");
    assert_eq!(typed(Half::Neither, "111972W").shown, "••••••W");
    let number = Half::Number(BookingNumber::new(111_972).unwrap());
    let id = typed(number, "WQNX8JL");
    assert_eq!((id.asks, id.shown.as_str()), ("id", "••••••L"));
    assert_eq!(id.have.as_deref(), Some("••••72"));
    let known = Half::Id(BookingId::parse("WQNX8JL").unwrap());
    let page = json(&entering(known, "1119"), NOW).to_string();
    assert!(page.contains("1119") && !page.contains("WQNX8JL"), "{page}");
}

#[test]
fn times_left_are_whole_seconds_rounded_up() {
    let page = json(&entering(Half::Neither, "1"), NOW);
    assert_eq!(page["seconds_left"], 60);
    assert_eq!(json(&entering(Half::Neither, "1"), NOW * 9)["seconds_left"], 0);
    let locked = ready(CustomerState::Result(shown(Outcome::Locked, Hint::Locked { seconds: 17 })));
    let page = json(&view(&locked, &place()), NOW + Duration::from_secs(7));
    assert_eq!((&page["seconds_left"], &page["locked_seconds"]), (&23.into(), &10.into()));
}

#[test]
fn a_printer_that_stands_still_is_said_before_anybody_scans() {
    let fault = Fault {
        code: FaultCode::PaperOut,
        staff: Text::new("装纸", "Load paper"),
        since: Timestamp::UNIX_EPOCH,
    };
    let place = ViewContext { fault: Some(fault), ..place() };
    let state = State { printer: Readiness::Stopped(FaultCode::PaperOut), ..State::default() };
    let page = json(&view(&state, &place), NOW);
    assert_eq!(page["state"], "out_of_service");
    assert_eq!(page["fault"]["code"], "P2");
    assert_eq!(page["fault"]["since"], "1970-01-01 08:00");
    assert_eq!(page["kiosk"], "lobby-1");
    assert_eq!(json(&view(&ready(CustomerState::Idle), &place), NOW)["fault"], serde_json::Value::Null);
}

#[test]
fn a_result_shows_what_came_and_the_claim() {
    let session =
        BookedShowing { film: "阿凡达2".into(), screen: "1号厅".into(), at: Timestamp::UNIX_EPOCH };
    let seats = vec![("7排9座".to_owned(), SeatState::Printed), ("7排10座".to_owned(), SeatState::Uncertain)];
    let mut shown = shown(Outcome::SeeCounter, Hint::None);
    shown.claim = Some(Claim(42));
    (shown.session, shown.seats) = (Some(session), seats);
    let page = json(&view(&ready(CustomerState::Result(shown)), &place()), NOW);
    assert_eq!(page["claim"], "000042");
    assert_eq!(page["session"]["film"], "阿凡达2");
    assert_eq!(page["session"]["at"], "1970-01-01 08:00");
    assert_eq!(page["seats"][1]["text"]["en"], "ask at the counter");
    assert_eq!(page["language"], "zh-CN");
}

#[test]
fn every_sentence_of_the_page_is_there_in_both_languages() {
    for outcome in Outcome::ALL {
        let page = json(&view(&ready(CustomerState::Result(shown(outcome, Hint::None))), &place()), NOW);
        for part in ["title", "text"] {
            for language in ["zh-CN", "en"] {
                assert!(!page[part][language].as_str().unwrap().is_empty(), "{outcome:?} {part} {language}");
            }
        }
        for (name, label) in page["labels"].as_object().unwrap() {
            assert!(label["zh-CN"].is_string() && label["en"].is_string(), "{name}");
        }
    }
}

#[test]
fn in_the_night_an_unused_screen_is_dark_until_somebody_is_there() {
    let hours = Hours::parse("09:30-02:00");
    let idle = Arc::new(Idle { hours, notes: texts::idle::notes(), ..Idle::default() });
    let place = ViewContext { idle, awake_until: NOW, ..place() };
    let welcome = view(&ready(CustomerState::Idle), &place);
    let state = |time, mono| json_at(&welcome, mono, time)["state"].clone();
    assert_eq!(state("01:59", NOW), "welcome");
    assert_eq!(state("02:00", NOW), "asleep");
    assert_eq!(state("02:00", NOW - Duration::from_millis(1)), "welcome", "somebody has just touched it");
    assert_eq!(state("09:30", NOW), "welcome");
    let dark = json_at(&welcome, NOW, "03:00");
    assert_eq!(dark["hours"], "09:30–02:00");
    assert!(dark["notes"].is_null() && dark["lobby"].is_null());
    let printer = State { printer: Readiness::Stopped(FaultCode::PaperOut), ..State::default() };
    assert_eq!(json_at(&view(&printer, &place), NOW, "03:00")["state"], "out_of_service");
    let result = view(&ready(CustomerState::Result(shown(Outcome::Printed, Hint::None))), &place);
    assert_eq!(json_at(&result, NOW, "03:00")["state"], "printed");
}

#[test]
fn what_is_on_and_what_this_machine_does_not_do_stand_beside_the_welcome_alone() {
    let at = |time: &str| format!("2026-11-24T{time}").parse().unwrap();
    let showing = |film: &str, time| Showing {
        film: film.into(),
        hall: Some("1号厅".into()),
        starts_at: at(time),
        run_time: Some(120),
        seats_left: None,
        price_from: None,
    };
    let full = Showing { seats_left: Some(0), ..showing("后", "12:30") };
    let lobby = Some(Arc::new(Showtimes::new(vec![full, showing("前", "10:00")], Timestamp::UNIX_EPOCH)));
    let idle = Arc::new(Idle { notes: texts::idle::notes(), ..Idle::default() });
    let place = ViewContext { showtimes: lobby, idle, ..place() };
    let page = json_at(&view(&ready(CustomerState::Idle), &place), NOW, "11:00");
    let before =
        serde_json::json!([{"film": "前", "hall": "1号厅", "at": "10:00", "day": null, "sold_out": false}]);
    let after =
        serde_json::json!([{"film": "后", "hall": "1号厅", "at": "12:30", "day": null, "sold_out": true}]);
    assert_eq!((&page["lobby"]["now"], &page["lobby"]["next"]), (&before, &after));
    assert_eq!(page["notes"].as_array().unwrap().len(), 4);
    let eve = crate::screen::json::json(
        &view(&ready(CustomerState::Idle), &place),
        Now { mono: NOW, wall: "2026-11-23T20:00:00+08:00".parse().unwrap() },
    );
    assert_eq!(eve["lobby"]["next"][0]["day"]["zh-CN"], "周二");
    let later = json_at(&view(&ready(CustomerState::Idle), &place), NOW, "12:30");
    assert_eq!(
        (&later["lobby"]["now"][0]["film"], &later["lobby"]["next"]),
        (&"后".into(), &serde_json::json!([]))
    );
    let result = view(&ready(CustomerState::Result(shown(Outcome::Printed, Hint::None))), &place);
    let page = json_at(&result, NOW, "11:00");
    assert!(page["notes"].is_null() && page["lobby"].is_null());
}

#[test]
fn where_to_scan_and_where_to_take_is_said_where_it_is_known() {
    let idle = Idle { scanner: Some(Side::Below), slot: Some(Side::Right), ..Idle::default() };
    let place = ViewContext { idle: Arc::new(idle), ..place() };
    let page = |front| json(&view(&ready(front), &place), NOW)["where"].clone();
    let welcome = page(CustomerState::Idle);
    assert_eq!((&welcome["side"], &welcome["text"]["zh-CN"]), (&"below".into(), &"扫描口在屏幕下方".into()));
    let printed = page(CustomerState::Result(shown(Outcome::Printed, Hint::None)));
    assert_eq!((&printed["side"], &printed["text"]["zh-CN"]), (&"right".into(), &"出票口在屏幕右侧".into()));
    assert!(page(CustomerState::Result(shown(Outcome::NotFound, Hint::None))).is_null());
}
