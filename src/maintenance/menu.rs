//! The menu: key → state → what is to be done. The same on every surface: digits choose, Enter goes on, Back goes back.

mod answers;
pub mod ask;
pub mod draw;
pub mod entries;
mod keys;
mod page;

use crate::config::settings::{Language, Role};
use crate::screen::texts::Text;
use ask::{Ask, How, Live, Report};
use entries::{Digits, Item, List, Step};
use page::{Page, Purpose};
use std::collections::VecDeque;
use std::time::Duration;

/// Without a key for so long it is left by itself.
pub const IDLE: Duration = Duration::from_secs(180);
/// Entries a page, when there is more than one page: 9 turns it.
const ITEMS: usize = 8;
/// Digits of a PIN taken in, one more than any has: what is longer is wrong, not cut to one that may be right.
const PIN_MAX: usize = 33;
/// Characters of a setting.
const VALUE_MAX: usize = 256;
/// The same key sooner than this is a contact that bounces.
const BOUNCE: Duration = Duration::from_millis(50);
/// So often Back in a row ends the test of the keys it belongs to.
const BACK_OUT: u32 = 3;
/// Characters by two digits, for keypads without letters: the row, then the place in it.
pub const GRID: [&str; 10] = [
    "0123456789",
    ".:-/_?=&@%",
    "abcdefghij",
    "klmnopqrst",
    "uvwxyz+,;#",
    "ABCDEFGHIJ",
    "KLMNOPQRST",
    "UVWXYZ~!*$",
    "()[]{}<>|^",
    " '\"`\\",
];

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// 0 to 9.
    Digit(u8),
    /// Any other character; only where a value is typed on a keyboard.
    Character(char),
    /// One back.
    Back,
    /// On.
    Enter,
}

/// Where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The customer screen; its keys may be a keypad's.
    Screen,
    /// A terminal, with a whole keyboard.
    Terminal,
}

impl Surface {
    /// In records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Terminal => "terminal",
        }
    }
}

/// Who may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// One person in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    surface: Surface,
    holders: Vec<Holder>,
    who: Option<Holder>,
    language: Language,
    pages: Vec<Page>,
    touched: Duration,
    /// Counts what was asked: an answer to anything but the last is late.
    asked: u64,
    over: bool,
}

impl Menu {
    /// For somebody who has not signed in yet. `user`: who sits at the terminal; where nobody holds a PIN, whoever can
    /// open the kiosk's socket is a technician.
    pub fn new(
        surface: Surface,
        holders: Vec<Holder>,
        user: Option<&str>,
        language: Language,
        now: Duration,
    ) -> (Self, Option<Ask>) {
        let mut menu = Self {
            surface,
            holders,
            who: None,
            language,
            pages: Vec::new(),
            touched: now,
            asked: 0,
            over: false,
        };
        if !menu.holders.is_empty() {
            menu.choose_holder(Purpose::SignIn);
            return (menu, None);
        }
        if let (Surface::Terminal, Some(user)) = (surface, user) {
            menu.who = Some(Holder { name: user.to_owned(), role: Role::Technician });
            menu.open(List::Main);
            return (menu, Some(Ask::SignedIn));
        }
        let line = Text::new(
            "还没有设置密码：pickup-kiosk maintain --set-pin 姓名 --role technician。",
            "Nobody has a PIN yet: pickup-kiosk maintain --set-pin NAME --role technician.",
        );
        menu.report(title(), Report::no(vec![line]));
        (menu, None)
    }

    /// Who has signed in.
    pub fn who(&self) -> Option<&Holder> {
        self.who.as_ref()
    }

    /// Where it is shown.
    pub fn surface(&self) -> Surface {
        self.surface
    }

    /// Its language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The other language.
    pub fn other_language(&mut self) {
        self.language = match self.language {
            Language::Chinese => Language::English,
            Language::English => Language::Chinese,
        };
    }

    /// It has been left.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// When it is left by itself.
    pub fn until(&self) -> Duration {
        self.touched + IDLE
    }

    /// The number of the question asked last; its answer has to name it.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// What is watched live now.
    pub fn watching(&self) -> Option<Live> {
        match self.pages.last() {
            Some(Page::Live { what, .. }) => Some(*what),
            _ => None,
        }
    }

    /// A key. What is to be done, if anything.
    pub fn press(&mut self, key: Key, now: Duration) -> Option<Ask> {
        self.touched = now;
        let Some(page) = self.pages.last_mut() else { return self.close() };
        match (page, key) {
            (Page::Choice { .. }, Key::Digit(0) | Key::Back) => self.back(),
            (Page::Choice { items, from, .. }, Key::Digit(digit)) => {
                let digit = usize::from(digit);
                if items.len() > ITEMS + 1 && digit > ITEMS {
                    *from = if *from + ITEMS < items.len() { *from + ITEMS } else { 0 };
                    return None;
                }
                let step = items.get((*from + digit).checked_sub(1)?)?.step.clone();
                self.step(step)
            }
            (Page::Pin { typed, .. }, Key::Digit(digit)) => {
                if typed.len() < PIN_MAX {
                    typed.push(char::from(b'0' + digit.min(9)));
                }
                None
            }
            (Page::Digits { typed, what }, Key::Digit(digit)) => {
                let most = if *what == Digits::Claim { 6 } else { 10 };
                if typed.len() < most {
                    typed.push(char::from(b'0' + digit.min(9)));
                }
                None
            }
            (Page::Pin { typed, .. } | Page::Digits { typed, .. }, Key::Back) => {
                if typed.pop().is_none() {
                    self.back()
                } else {
                    None
                }
            }
            (Page::Edit { .. }, key) => self.edit(key),
            (Page::Live { .. }, key) => self.live_key(key, now),
            (Page::Report { lines, from, .. }, Key::Enter | Key::Digit(_)) => {
                let next = *from + draw::LINES;
                if next < draw::wrapped(lines, self.language).len() {
                    *from = next;
                    return None;
                }
                self.back()
            }
            (_, Key::Enter) => self.enter(),
            (_, Key::Back) => self.back(),
            _ => None,
        }
    }

    fn step(&mut self, step: Step) -> Option<Ask> {
        match step {
            Step::Open(list) => self.open(list),
            Step::Ask(ask) => return self.ask(ask),
            Step::Confirm(question, ask) => self.pages.push(Page::Confirm { question, ask }),
            Step::Digits(what) => self.pages.push(Page::Digits { what, typed: String::new() }),
            Step::Case(case) => self.choice(draw::case(&case), entries::fates(&case)),
            Step::Second(case) => {
                let question = Text::new(
                    format!("{}：确认出票口和打印机里没有这张票后按确定。", case.seat),
                    format!(
                        "{}: look into the slot and the printer. Press Enter once this ticket is in neither.",
                        case.seat
                    ),
                );
                let ask = Ask::Settle { case, how: How::PrintAgain, second: None };
                self.pages.push(Page::Confirm { question, ask });
            }
            Step::Edit(key, value) => self.pages.push(Page::Edit { key, typed: value, row: None }),
            Step::Holder(holder) => {
                let purpose = match self.pages.last() {
                    Some(Page::Choice { holders: Some(purpose), .. }) => purpose.clone(),
                    _ => Purpose::SignIn,
                };
                self.pages.push(Page::Pin { holder, typed: String::new(), purpose, said: None });
            }
            Step::Language => self.other_language(),
        }
        None
    }

    // -- pages --

    fn open(&mut self, list: List) {
        let role = self.who.as_ref().map_or(Role::Usher, |holder| holder.role);
        let (title, items) = (entries::title(list), entries::items(list, role));
        self.pages.push(Page::Choice { title, said: None, items, from: 0, fixed: true, holders: None });
    }

    fn choice(&mut self, title: Text, items: Vec<Item>) {
        self.pages.push(Page::Choice { title, said: None, items, from: 0, fixed: false, holders: None });
    }

    /// Everybody who may sign in, or everybody but the one who has.
    fn choose_holder(&mut self, purpose: Purpose) {
        let own = self.who.as_ref().map(|holder| holder.name.as_str());
        let others = self.holders.iter().filter(|holder| Some(holder.name.as_str()) != own);
        let item = |holder: &Holder| Item {
            name: ask::same(holder.name.clone()),
            step: Step::Holder(holder.name.clone()),
        };
        let items: Vec<_> = others.map(item).collect();
        let title = match purpose {
            Purpose::SignIn => Text::new("请选择您的姓名", "Who are you?"),
            Purpose::Second(_) => Text::new("第二位负责人", "The second holder"),
        };
        if items.is_empty() {
            let line = Text::new(
                "重新打印需要第二位有密码的人：pickup-kiosk maintain --set-pin。",
                "Printing again needs a second person with a PIN: pickup-kiosk maintain --set-pin.",
            );
            self.report(title, Report::no(vec![line]));
            return;
        }
        self.pages.push(Page::Choice {
            title,
            said: None,
            items,
            from: 0,
            fixed: false,
            holders: Some(purpose),
        });
    }

    fn report(&mut self, title: Text, report: Report) {
        let Report { ok, lines } = report;
        self.pages.push(Page::Report { title, ok, lines, from: 0 });
    }

    fn ask(&mut self, ask: Ask) -> Option<Ask> {
        self.asked += 1;
        if matches!(ask, Ask::Settle { .. } | Ask::Save { .. }) {
            // What is listed above the tree will not be so any more.
            while !matches!(self.pages.last(), None | Some(Page::Choice { fixed: true, .. })) {
                self.pages.pop();
            }
        }
        match ask {
            Ask::Watch(what) => self.pages.push(Page::Live { what, lines: VecDeque::new(), last: None }),
            _ => {
                let title = draw::title_of(&ask);
                self.pages.push(Page::Working { title });
            }
        }
        Some(ask)
    }

    fn back(&mut self) -> Option<Ask> {
        if matches!(self.pages.last(), Some(Page::Working { .. })) {
            // Its answer will be late.
            self.asked += 1;
        }
        self.pages.pop();
        if self.pages.is_empty() { self.close() } else { None }
    }

    /// Left, by key or by time.
    pub fn close(&mut self) -> Option<Ask> {
        self.over = true;
        Some(Ask::Leave)
    }
}

fn title() -> Text {
    entries::title(List::Main)
}

#[cfg(test)]
mod tests;
