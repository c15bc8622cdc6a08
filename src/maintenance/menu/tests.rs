use super::ask::{Bundle, Case, MenuAnswer, PinAnswer};
use super::draw::{COLUMNS, LINES};
use super::*;
use crate::ticket::SeatState;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::mem::discriminant;
use unicode_width::UnicodeWidthStr;

const PIN: &str = "271828";
const START: Duration = Duration::from_secs(1_000);

fn user(name: &str, role: Role) -> MenuUser {
    MenuUser { name: name.into(), role }
}

fn users() -> Vec<MenuUser> {
    vec![user("Li", Role::Technician), user("Wang", Role::Usher), user("Zhao", Role::Usher)]
}

fn case(n: usize) -> Case {
    Case {
        pickup: format!("p{n}"),
        claim: Some(format!("{n:06}")),
        seat: format!("{n}排10座"),
        state: if n.is_multiple_of(2) { SeatState::Uncertain } else { SeatState::Reserved },
        at: "11-24 10:00".into(),
    }
}

/// Returns a kiosk's answer to a request; reports have several lines, to be paged.
fn answer_to(ask: &Ask) -> Option<MenuAnswer> {
    Some(match ask {
        Ask::CheckPin { pin, .. } => {
            MenuAnswer::Pin(if pin.0 == PIN { PinAnswer::Right } else { PinAnswer::Wrong { left: 4 } })
        }
        Ask::SignedIn | Ask::Leave | Ask::Watch(_) | Ask::StopWatching => return None,
        Ask::Cases | Ask::Claim(_) => MenuAnswer::Cases((0..10).map(case).collect()),
        Ask::Settings => MenuAnswer::Settings(vec![("sarft.address".into(), "10.0.0.1:9500".into()); 11]),
        Ask::UsbDrives(what) => {
            MenuAnswer::UsbDrives(*what, vec![("/dev/sda1".into(), "/dev/sda1  A  4G".into())])
        }
        Ask::Log => MenuAnswer::Report(Report::yes(
            (0..40).map(|n| ask::same(format!("line {n} \u{1b}[2J"))).collect(),
        )),
        _ => MenuAnswer::Report(Report::no(vec![Text::new("票".repeat(200), "word ".repeat(100))])),
    })
}

/// Menu with the requests it has made, their answers included.
#[derive(Clone)]
struct MenuRig {
    menu: Menu,
    asks: Vec<Ask>,
    now: Duration,
}

impl MenuRig {
    fn new(surface: Surface) -> Self {
        let (menu, ask) = Menu::new(surface, users(), Some("root"), Language::English, START);
        assert_eq!(ask, None);
        Self { menu, asks: Vec::new(), now: START }
    }

    fn key(&mut self, key: Key) {
        self.now += Duration::from_secs(1);
        let mut next = self.menu.press(key, self.now);
        while let Some(ask) = next.take() {
            next = answer_to(&ask).and_then(|answer| self.menu.answer(self.menu.asked(), answer, self.now));
            self.asks.push(ask);
        }
    }

    fn digits(&mut self, digits: &str) {
        digits.bytes().for_each(|digit| self.key(Key::Digit(digit - b'0')));
    }

    fn sign_in(&mut self, place: u8) {
        self.key(Key::Digit(place));
        self.digits(PIN);
        self.key(Key::Enter);
    }

    fn text(&self) -> String {
        let shown = self.menu.shown();
        format!("{}\n{}\n{}", shown.title, shown.lines.join("\n"), shown.foot)
    }
}

fn fits(rig: &MenuRig) {
    let mut menu = rig.menu.clone();
    for _ in 0..2 {
        let shown = menu.shown();
        assert!(shown.lines.len() <= LINES, "{shown:?}");
        for line in shown.lines.iter().chain([&shown.title, &shown.foot]) {
            assert!(line.width() <= COLUMNS, "{line}");
            assert!(!line.contains(char::is_control), "{line:?}");
        }
        assert!(!rig.text().contains(PIN), "a PIN is never drawn");
        menu.other_language();
    }
}

/// Explores every state that keys lead to, and tries each with every key. Values are typed whole.
fn explore(start: MenuRig) -> (usize, Vec<Ask>) {
    let mut seen = HashSet::new();
    let mut asks = Vec::new();
    let mut ahead = VecDeque::from([start]);
    while let Some(rig) = ahead.pop_front() {
        fits(&rig);
        let mut tries: Vec<MenuRig> = Vec::new();
        let mut keys: Vec<Key> = (0..10).map(Key::Digit).chain([Key::Enter, Key::Back]).collect();
        if matches!(rig.menu.pages.last(), Some(Page::Pin { .. } | Page::Digits { .. } | Page::Edit { .. })) {
            let mut typed = rig.clone();
            typed.digits(PIN);
            typed.key(Key::Enter);
            tries.push(typed);
            keys = vec![Key::Back];
        }
        for key in keys {
            let mut tried = rig.clone();
            tried.key(key);
            tries.push(tried);
        }
        for mut tried in tries {
            asks.append(&mut tried.asks.split_off(rig.asks.len()));
            tried.asks.clear();
            // A live page tells times apart; its lines are another test's.
            let live = tried.menu.watching().map(|what| format!("{what:?}"));
            let state = live.unwrap_or_else(|| format!("{:?}{:?}", tried.menu.pages, tried.menu.language));
            if !tried.menu.is_over() && seen.insert(state) {
                ahead.push_back(tried);
            }
        }
    }
    (seen.len(), asks)
}

#[test]
fn every_path_is_walked_by_keys_alone_on_every_surface() {
    for surface in [Surface::Screen, Surface::Terminal] {
        let mut rig = MenuRig::new(surface);
        rig.sign_in(1);
        assert_eq!(rig.asks.last(), Some(&Ask::SignedIn));
        let (states, asks) = explore(rig);
        assert!(states > 300, "{states}");
        let met: HashSet<_> = asks.iter().map(discriminant).collect();
        let case = case(0);
        let all = [
            Ask::Leave,
            Ask::State,
            Ask::PaperChanged,
            Ask::Cases,
            Ask::Claim(String::new()),
            Ask::Settle { case, how: How::Void, second: None },
            Ask::Slip,
            Ask::Service(true),
            Ask::TestTicket,
            Ask::Alignment,
            Ask::Characters,
            Ask::Printer,
            Ask::Watch(Live::Keys),
            Ask::StopWatching,
            Ask::Panel,
            Ask::SignIn,
            Ask::Query(String::new()),
            Ask::Cloud,
            Ask::Clock,
            Ask::Network,
            Ask::Disk,
            Ask::Journal,
            Ask::Log,
            Ask::Config,
            Ask::Settings,
            Ask::Save { key: String::new(), value: String::new() },
            Ask::Acknowledge,
            Ask::Restart,
            Ask::Reboot,
            Ask::PowerOff,
            Ask::Acceptance,
            Ask::UsbDrives(Bundle::Bundle),
            Ask::Write { what: Bundle::Journal, drive: String::new() },
        ];
        for ask in &all {
            assert!(met.contains(&discriminant(ask)), "{surface:?}: no keys lead to {ask:?}");
        }
        for ask in &asks {
            if let Ask::Settle { how: How::PrintAgain, second, .. } = ask {
                assert!(second.as_deref().is_some_and(|second| second != "Li"), "{ask:?}");
            }
        }
    }
}

#[test]
fn an_usher_meets_nothing_of_the_technicians() {
    let mut rig = MenuRig::new(Surface::Screen);
    rig.sign_in(2);
    let (_, asks) = explore(rig);
    let words: BTreeSet<String> =
        asks.iter().map(|ask| format!("{ask:?}").split([' ', '(', '{']).next().unwrap().to_owned()).collect();
    let wanted =
        ["Cases", "CheckPin", "Claim", "Leave", "PaperChanged", "Service", "Settle", "Slip", "State"];
    assert_eq!(words.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_wrong_pin_opens_nothing_and_one_of_ten_thousand_digits_is_cut() {
    let mut rig = MenuRig::new(Surface::Screen);
    rig.key(Key::Digit(3));
    rig.digits(&"1".repeat(10_000));
    assert!(rig.text().len() < 400);
    rig.key(Key::Enter);
    let Some(Ask::CheckPin { pin, user }) = rig.asks.last() else { panic!("{:?}", rig.asks) };
    assert_eq!((pin.0.len(), user.as_str()), (PIN_MAX, "Zhao"));
    assert!(!format!("{:?}", rig.asks).contains("111"), "a PIN is in no debug text");
    assert!(rig.text().contains("That PIN is wrong"));
    assert!(rig.menu.who().is_none());
    rig.key(Key::Enter);
    assert_eq!(rig.asks.len(), 1, "nothing is typed: nothing is asked");
}

#[test]
fn an_answer_that_comes_late_changes_nothing() {
    let mut rig = MenuRig::new(Surface::Terminal);
    rig.sign_in(1);
    let before = rig.text();
    let ask = rig.menu.press(Key::Digit(1), rig.now);
    assert_eq!(ask, Some(Ask::State));
    let asked = rig.menu.asked();
    assert!(rig.menu.shown().working);
    rig.key(Key::Back);
    assert_eq!(rig.menu.answer(asked, MenuAnswer::Report(Report::yes(Vec::new())), rig.now), None);
    assert_eq!(rig.text(), before);
    // Nor does a PIN that was being looked at when somebody went back.
    let mut rig = MenuRig::new(Surface::Screen);
    rig.key(Key::Digit(1));
    rig.digits(PIN);
    rig.menu.press(Key::Enter, rig.now);
    let asked = rig.menu.asked();
    rig.key(Key::Back);
    assert_eq!(rig.menu.answer(asked, MenuAnswer::Pin(PinAnswer::Right), rig.now), None);
    assert!(rig.menu.who().is_none());
}

#[test]
fn it_is_over_after_three_minutes_without_a_key() {
    let mut rig = MenuRig::new(Surface::Screen);
    rig.sign_in(1);
    assert_eq!(rig.menu.until(), rig.now + Duration::from_secs(180));
    assert_eq!(rig.menu.close(), Some(Ask::Leave));
    assert!(rig.menu.is_over());
}

#[test]
fn without_holders_a_terminal_is_trusted_and_the_screen_is_not() {
    let (menu, ask) = Menu::new(Surface::Terminal, Vec::new(), Some("root"), Language::Chinese, START);
    assert_eq!((ask, menu.who().unwrap().role), (Some(Ask::SignedIn), Role::Technician));
    let (menu, ask) = Menu::new(Surface::Screen, Vec::new(), None, Language::Chinese, START);
    assert_eq!((ask, menu.who()), (None, None));
    assert!(menu.shown().lines.join("").contains("--set-pin"));
    // And alone, nobody can have a ticket printed again.
    let (mut menu, _) = Menu::new(Surface::Terminal, Vec::new(), Some("root"), Language::English, START);
    menu.press(Key::Digit(3), START);
    menu.answer(menu.asked(), MenuAnswer::Cases(vec![case(0)]), START);
    for key in [Key::Digit(1), Key::Digit(2), Key::Enter] {
        assert_eq!(menu.press(key, START), None);
    }
    assert!(menu.shown().lines.join(" ").contains("second person"), "{:?}", menu.shown());
}

#[test]
fn a_value_is_typed_by_pairs_of_digits_where_there_are_no_letters() {
    let mut rig = MenuRig::new(Surface::Screen);
    rig.sign_in(1);
    for key in [9, 5, 2, 1] {
        rig.key(Key::Digit(key));
    }
    assert!(rig.text().contains("10.0.0.1:9500_"), "{}", rig.text());
    for _ in 0..13 {
        rig.key(Key::Back);
    }
    rig.digits("2010116000");
    assert!(rig.text().contains("a.:"), "{}", rig.text());
    let all: String = GRID.concat();
    for c in (0x20_u8..0x7F).map(char::from) {
        assert!(all.contains(c), "{c:?} can't be typed");
    }
    assert!(GRID.iter().all(|row| row.chars().count() <= 10));
    // On a keyboard digits are digits.
    let mut rig = MenuRig::new(Surface::Terminal);
    rig.sign_in(1);
    for key in [9, 5, 2, 1] {
        rig.key(Key::Digit(key));
    }
    rig.digits("7");
    rig.key(Key::Character('x'));
    rig.key(Key::Enter);
    let saved = Ask::Save { key: "sarft.address".into(), value: "10.0.0.1:95007x".into() };
    assert_eq!(rig.asks.last(), Some(&saved));
}

#[test]
fn a_key_that_bounces_and_one_that_nobody_pressed_are_seen() {
    let mut rig = MenuRig::new(Surface::Screen);
    rig.sign_in(1);
    for key in [9, 2, 2] {
        rig.key(Key::Digit(key));
    }
    assert_eq!(rig.menu.watching(), Some(Live::Keys));
    let began = rig.now;
    let at = |ms| began + Duration::from_millis(ms);
    let mut menu = rig.menu.clone();
    for (key, ms) in [("5", 0), ("5", 30), ("9", 900), ("back", 2_000), ("back", 3_000)] {
        assert_eq!(menu.key_seen(key, at(ms)), None);
    }
    let lines = menu.shown().lines;
    assert_eq!(
        lines,
        ["[5]", "[5]  +30 ms  bounces!", "[9]  +870 ms", "[back]  +1100 ms", "[back]  +1000 ms"]
    );
    assert_eq!(menu.key_seen("back", at(4_000)), Some(Ask::StopWatching));
    assert_eq!(menu.watching(), None);
    for n in 0..100 {
        rig.menu.key_seen("1", at(n * 1_000));
    }
    assert_eq!(rig.menu.shown().lines.len(), 12, "bounded");
}
