//! Every screen that a customer can meet, by name.

use super::stage::{MONO, wall};
use jiff::tz::TimeZone;
use pickup_kiosk::config::settings::Side;
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::record::{Claim, PickupId};
use pickup_kiosk::locale::{Language, Text};
use pickup_kiosk::pickup::input::{Readiness, Source};
use pickup_kiosk::pickup::state::{
    ActivePickup, BookedShowing, CodeEntry, CustomerState, Half, Hint, Seat, Shown, Stage, State,
};
use pickup_kiosk::screen::hours::Hours;
use pickup_kiosk::screen::idle::Idle;
use pickup_kiosk::screen::picture::Picture;
use pickup_kiosk::screen::showtimes::{Showing, Showtimes};
use pickup_kiosk::screen::texts;
use pickup_kiosk::screen::view::{Fault, View, ViewContext, view};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Outcome, SeatKey, SeatState};
use std::sync::Arc;
use std::time::Duration;

pub struct Screen {
    pub name: &'static str,
    state: State,
    place: ViewContext,
}

impl Screen {
    pub fn in_language(&self, language: Language) -> View {
        view(&self.state, &ViewContext { language, ..self.place.clone() })
    }
}

/// Picture that a cinema may have put beside the welcome: a strip of film.
pub fn picture() -> Arc<Picture> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 320, 180);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    let pixel = |at: u32| {
        let (x, y) = (at % 320, at / 320);
        let hole = !(24..156).contains(&y) && (x % 40) > 12 && ((y % 156) / 4) % 6 > 1;
        let shade = u8::try_from((x + y) * 150 / 500).unwrap();
        if hole { [244, 246, 255] } else { [90 + shade, 30 + shade / 3, 50] }
    };
    writer.write_image_data(&(0..320 * 180).flat_map(pixel).collect::<Vec<u8>>()).unwrap();
    writer.finish().unwrap();
    Arc::new(Picture::new(bytes).unwrap())
}

fn place() -> ViewContext {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let languages = vec![Language::Chinese, Language::English];
    let idle = Arc::new(Idle { notes: texts::idle::notes(), ..Idle::default() });
    ViewContext { idle, ..ViewContext::new("星光影城".into(), "lobby-1".into(), zone, languages) }
}

fn full_place() -> ViewContext {
    let showing = |film: &str, hall: &str, at: &str, seats_left| Showing {
        film: film.into(),
        hall: Some(hall.into()),
        starts_at: at.parse().unwrap(),
        run_time: Some(150),
        seats_left,
        price_from: None,
    };
    let lobby = Showtimes::new(
        vec![
            showing("流浪地球3", "1号IMAX厅", "2026-11-24T19:05", None),
            showing("重返20岁", "3号厅", "2026-11-24T18:40", None),
            showing("哪吒之魔童闹海（国语3D数字版）", "5号厅", "2026-11-24T18:10", None),
            showing("流浪地球3", "2号厅", "2026-11-24T19:50", Some(0)),
            showing("Paddington in Peru and Everywhere Else", "4号厅", "2026-11-24T20:15", Some(9)),
            showing("重返20岁", "3号厅", "2026-11-24T21:20", None),
            showing("封神第三部", "6号厅", "2026-11-25T00:10", None),
        ],
        wall(),
    );
    let idle = Idle {
        picture: Some(picture()),
        scanner: Some(Side::Below),
        slot: Some(Side::Right),
        ..(*place().idle).clone()
    };
    ViewContext { showtimes: Some(Arc::new(lobby)), idle: Arc::new(idle), ..place() }
}

fn entering(have: Half, typed: &str, wrong: bool) -> CustomerState {
    CustomerState::EnteringCode(CodeEntry {
        pickup: PickupId("p".into()),
        started_at: wall(),
        started: MONO,
        source: Source::Typed,
        have,
        typed: typed.into(),
        wrong,
        until: MONO + Duration::from_secs(60),
    })
}

fn number() -> BookingNumber {
    BookingNumber::new(111_972).unwrap()
}

fn id() -> BookingId {
    BookingId::parse("WQNX8JL").unwrap()
}

fn session() -> BookedShowing {
    BookedShowing { film: "重返20岁".into(), screen: "1号厅".into(), at: wall() }
}

fn active(states: &[SeatState]) -> Box<ActivePickup> {
    let seat = |(at, state): (usize, &SeatState)| Seat {
        key: SeatKey { session_code: "s".into(), seat_code: at.to_string() },
        name: format!("7排{}座", at + 9),
        state: *state,
        ticket: None,
        not_owed: *state != SeatState::Reserved,
    };
    Box::new(ActivePickup {
        pickup: PickupId("p".into()),
        started_at: wall(),
        started: MONO,
        source: Source::Scanner,
        number: Some(number()),
        id: id(),
        id_alone: false,
        respelled: false,
        look: pickup_kiosk::pickup::state::Look::Due,
        cloud: None,
        history: None,
        taken: Vec::new(),
        claim: Claim(482_913),
        own_issue: !states.is_empty(),
        unanswered: false,
        second_issue: false,
        issued_now: false,
        issued_at: None,
        asked_again: false,
        doubtful: Vec::new(),
        listed: Vec::new(),
        elsewhere: Vec::new(),
        recorded: true,
        tied: false,
        patience: None,
        session: Some(session()).filter(|_| !states.is_empty()),
        seats: states.iter().enumerate().map(seat).collect(),
    })
}

fn result(outcome: Outcome, hint: Hint) -> CustomerState {
    let printed = |at: usize| (format!("7排{at}座"), SeatState::Printed);
    let owed =
        vec![printed(9), ("7排10座".into(), SeatState::Uncertain), ("7排11座".into(), SeatState::Reserved)];
    let (seats, claim) = match (outcome, hint) {
        (Outcome::Printed, _) => ((9..15).map(printed).collect(), None),
        (Outcome::SeeCounter, Hint::None) => (owed, Some(Claim(482_913))),
        _ => (Vec::new(), None),
    };
    CustomerState::Result(Shown {
        pickup: PickupId("p".into()),
        outcome,
        hint,
        claim,
        session: Some(session()).filter(|_| !seats.is_empty()),
        seats,
        since: MONO,
        until: MONO + Duration::from_secs(30),
    })
}

/// Returns all screens, each of the outcomes among them.
pub fn all() -> Vec<Screen> {
    let with = |name, front, place: ViewContext| Screen {
        name,
        state: State { customer: front, printer: Readiness::Ready, ..State::default() },
        place,
    };
    let plain = |name, front| with(name, front, place());
    let idle = Idle { hours: Hours::parse("10:00-18:00"), ..Idle::default() };
    let no_paper =
        Text::new("缺纸：装入新纸卷并关好上盖。", "Out of paper: put in a new roll and close the cover.");
    let fault = Some(Fault { code: FaultCode::PaperOut, staff: no_paper, since: wall() });
    let stopped = ViewContext { fault, ..place() };
    let third = Stage::Printing { at: 2 };
    let printing =
        active(&[SeatState::Printed, SeatState::Printed, SeatState::Printing, SeatState::Reserved]);
    let patience = Stage::WaitingForPrinter { until: MONO + Duration::from_secs(90), since: MONO };
    let waiting = active(&[SeatState::Printed, SeatState::Reserved]);
    let reprint = CustomerState::Reprinting {
        pickup: PickupId("p".into()),
        seat: SeatKey { session_code: "s".into(), seat_code: "1".into() },
        was: SeatState::Printed,
        report: None,
    };
    let mut all = vec![
        plain("welcome", CustomerState::Idle),
        with("asleep", CustomerState::Idle, ViewContext { idle: Arc::new(idle), ..place() }),
        with("welcome-full", CustomerState::Idle, full_place()),
        // For whoever walks by: several codes, and the longest of what is said of one.
        with(
            "welcome-ailing",
            CustomerState::Idle,
            ViewContext {
                notices: vec![
                    FaultCode::SiteSilent,
                    FaultCode::CloudSilent,
                    FaultCode::PaperLow,
                    FaultCode::TicketsUnsettled,
                ],
                ..full_place()
            },
        ),
        plain("entering", entering(Half::Neither, "1119", false)),
        plain("entering-letters", entering(Half::Neither, "WQN", false)),
        plain("entering-id", entering(Half::Number(number()), "WQNX8J", false)),
        plain("entering-id-wrong", entering(Half::Number(number()), "", true)),
        plain("entering-number", entering(Half::Id(id()), "11", false)),
        plain("working", CustomerState::Busy(active(&[]), Stage::Recalling)),
        plain("found", CustomerState::Busy(active(&[SeatState::Reserved; 2]), Stage::Issuing)),
        with("printing", CustomerState::Busy(printing.clone(), third.clone()), full_place()),
        with(
            "printing-refused",
            CustomerState::Busy(printing, third),
            ViewContext { refused: true, ..full_place() },
        ),
        plain("waiting", CustomerState::Busy(waiting, patience)),
        plain("maintenance", reprint),
        with("out-of-service-idle", CustomerState::Idle, stopped.clone()),
    ];
    if let Some(screen) = all.last_mut() {
        screen.state.printer = Readiness::Stopped(FaultCode::PaperOut);
    }
    for (name, outcome, hint) in [
        ("printed", Outcome::Printed, Hint::None),
        ("already-collected", Outcome::AlreadyCollected, Hint::None),
        ("refunded", Outcome::Refunded, Hint::None),
        ("cancelled", Outcome::Cancelled, Hint::None),
        ("not-found", Outcome::NotFound, Hint::None),
        ("code-rejected", Outcome::CodeRejected, Hint::None),
        ("code-telephone", Outcome::CodeRejected, Hint::TelephoneNumber),
        ("abandoned", Outcome::Abandoned, Hint::None),
        ("try-later", Outcome::TryLater, Hint::None),
        ("see-counter", Outcome::SeeCounter, Hint::None),
        ("see-counter-late", Outcome::SeeCounter, Hint::TooLate),
        ("see-counter-early", Outcome::SeeCounter, Hint::TooEarly),
        ("see-counter-other", Outcome::SeeCounter, Hint::OtherCinema),
        ("see-counter-blocked", Outcome::SeeCounter, Hint::NumberBlocked),
        ("locked", Outcome::Locked, Hint::Locked { seconds: 17 }),
        ("out-of-service", Outcome::OutOfService, Hint::Printer(FaultCode::PaperOut)),
    ] {
        let place = if outcome == Outcome::OutOfService { stopped.clone() } else { full_place() };
        all.push(with(name, result(outcome, hint), place));
    }
    all
}
