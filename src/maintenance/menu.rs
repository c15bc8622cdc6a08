//! Maintenance menu: a key changes its state and may lead to a request. It is the same on every surface: digits choose,
//! Enter goes on, Back goes back.

mod answers;
pub mod ask;
pub mod draw;
pub mod entries;
mod keys;
mod page;

use crate::locale::{Language, Text};
use crate::maintenance::settings::Role;
use ask::{Ask, How, Live, Report};
use entries::{Digits, Item, List, MenuStep};
use page::{Page, Purpose};
use std::collections::VecDeque;
use std::time::Duration;

/// Time without a key after which the menu is left.
pub const IDLE: Duration = Duration::from_secs(180);
/// Entries on a page, when there is more than one page: 9 turns it.
const ITEMS: usize = 8;
/// Longest input for a PIN, in digits, one more than any has: a longer one is wrong, not cut to one that may be right.
const PIN_MAX: usize = 33;
/// Longest value of a setting, in bytes.
const VALUE_MAX: usize = 256;
/// Time between two presses of the same key below which its contact bounces.
const BOUNCE: Duration = Duration::from_millis(50);
/// Number of presses of Back in a row that end the test of the keys it belongs to.
const BACK_OUT: u32 = 3;
/// Characters by two digits, for keypads without letters: the row, then the column.
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

/// Key of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Digit 0 to 9.
    Digit(u8),
    /// Any other character; only where a value is typed on a keyboard.
    Character(char),
    /// Back to the page before, or deletes what was typed last.
    Back,
    /// Confirms, and goes on.
    Enter,
}

/// Surface that shows the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The customer screen; its keys may be a keypad's.
    Screen,
    /// A terminal, with a whole keyboard.
    Terminal,
}

impl Surface {
    /// Returns the surface's name in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Terminal => "terminal",
        }
    }
}

/// User who may sign in to the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuUser {
    /// Name of the user, as in the list to sign in.
    pub name: String,
    /// Role, which decides the entries.
    pub role: Role,
}

/// Menu of one person in front of the kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    surface: Surface,
    users: Vec<MenuUser>,
    who: Option<MenuUser>,
    language: Language,
    pages: Vec<Page>,
    touched: Duration,
    /// Number of the last question: an answer to any other is late.
    asked: u64,
    over: bool,
}

impl Menu {
    /// Opens a menu in which nobody has signed in yet. `user` sits at the terminal; where nobody has a PIN, whoever can
    /// open the kiosk's socket is a technician.
    pub fn new(
        surface: Surface,
        users: Vec<MenuUser>,
        user: Option<&str>,
        language: Language,
        now: Duration,
    ) -> (Self, Option<Ask>) {
        let mut menu = Self {
            surface,
            users,
            who: None,
            language,
            pages: Vec::new(),
            touched: now,
            asked: 0,
            over: false,
        };
        if !menu.users.is_empty() {
            menu.choose_user(Purpose::SignIn);
            return (menu, None);
        }
        if let (Surface::Terminal, Some(user)) = (surface, user) {
            menu.who = Some(MenuUser { name: user.to_owned(), role: Role::Technician });
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

    /// Returns the user who has signed in.
    pub fn who(&self) -> Option<&MenuUser> {
        self.who.as_ref()
    }

    /// Returns the surface that shows the menu.
    pub fn surface(&self) -> Surface {
        self.surface
    }

    /// Returns the language of the menu.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Switches to the other language.
    pub fn other_language(&mut self) {
        self.language = match self.language {
            Language::Chinese => Language::English,
            Language::English => Language::Chinese,
        };
    }

    /// Returns true once the menu has been left.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Returns the moment at which the menu is left without a further key.
    pub fn until(&self) -> Duration {
        self.touched + IDLE
    }

    /// Returns the number of the last question; its answer has to name it.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// Returns the live test on show, if any.
    pub fn watching(&self) -> Option<Live> {
        match self.pages.last() {
            Some(Page::Live { what, .. }) => Some(*what),
            _ => None,
        }
    }

    /// Handles a key. Returns the request that follows, if any.
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

    fn step(&mut self, step: MenuStep) -> Option<Ask> {
        match step {
            MenuStep::Open(list) => self.open(list),
            MenuStep::Ask(ask) => return self.ask(ask),
            MenuStep::Confirm(question, ask) => self.pages.push(Page::Confirm { question, ask }),
            MenuStep::Digits(what) => self.pages.push(Page::Digits { what, typed: String::new() }),
            MenuStep::Case(case) => self.choice(draw::case(&case), entries::fates(&case)),
            MenuStep::Second(case) => {
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
            MenuStep::Edit(key, value) => self.pages.push(Page::Edit { key, typed: value, row: None }),
            MenuStep::User(user) => {
                let purpose = match self.pages.last() {
                    Some(Page::Choice { users: Some(purpose), .. }) => purpose.clone(),
                    _ => Purpose::SignIn,
                };
                self.pages.push(Page::Pin { user, typed: String::new(), purpose, said: None });
            }
            MenuStep::Language => self.other_language(),
        }
        None
    }

    // -- pages --

    fn open(&mut self, list: List) {
        let role = self.who.as_ref().map_or(Role::Usher, |user| user.role);
        let (title, items) = (entries::title(list), entries::items(list, role));
        self.pages.push(Page::Choice { title, said: None, items, from: 0, fixed: true, users: None });
    }

    fn choice(&mut self, title: Text, items: Vec<Item>) {
        self.pages.push(Page::Choice { title, said: None, items, from: 0, fixed: false, users: None });
    }

    /// Shows the users who may sign in, without the one who has.
    fn choose_user(&mut self, purpose: Purpose) {
        let own = self.who.as_ref().map(|user| user.name.as_str());
        let others = self.users.iter().filter(|user| Some(user.name.as_str()) != own);
        let item = |user: &MenuUser| Item {
            name: ask::same(user.name.clone()),
            step: MenuStep::User(user.name.clone()),
        };
        let items: Vec<_> = others.map(item).collect();
        let title = match purpose {
            Purpose::SignIn => Text::new("请选择您的姓名", "Who are you?"),
            Purpose::Second(_) => Text::new("第二位负责人", "The second user"),
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
            users: Some(purpose),
        });
    }

    fn report(&mut self, title: Text, report: Report) {
        let Report { ok, lines } = report;
        self.pages.push(Page::Report { title, ok, lines, from: 0 });
    }

    fn ask(&mut self, ask: Ask) -> Option<Ask> {
        self.asked += 1;
        if matches!(ask, Ask::Settle { .. } | Ask::Save { .. }) {
            // Lists above the tree are out of date after this.
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
            // The answer will be late.
            self.asked += 1;
        }
        self.pages.pop();
        if self.pages.is_empty() { self.close() } else { None }
    }

    /// Leaves the menu, by key or by time.
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
