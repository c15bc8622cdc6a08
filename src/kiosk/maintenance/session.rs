//! The person in the menu: one at a time, on the customer screen or in a terminal.

use super::audit::MenuUser;
use super::keys::{key_named, menu_key, name};
use crate::kiosk::request::ControlAnswer as Reply;
use crate::maintenance::menu::ask::{Ask, Live};
use crate::maintenance::menu::draw::Shown;
use crate::maintenance::menu::{Menu, Surface};
use crate::maintenance::texts;
use crate::screen::texts::screens;
use crate::screen::user_input::UserInput;
use crate::screen::view::View;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::sync::oneshot;

/// Terminals that may wait for a change at once; more are answered at once.
const WAITING_MAX: usize = 4;
/// A terminal that waits is answered after so long, changed or not.
const WAIT: Duration = Duration::from_secs(60);

/// One person in the menu.
#[derive(Debug)]
pub(super) struct MenuSession {
    pub id: u64,
    pub menu: Menu,
    shown: Shown,
    revision: u64,
    waiting: Vec<(u64, Duration, oneshot::Sender<Reply>)>,
    pub since: jiff::Timestamp,
}

/// The menu as a terminal gets it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MenuState {
    /// Names the session in later calls.
    pub session: u64,
    /// Counts changes.
    pub revision: u64,
    /// The menu has been left.
    pub over: bool,
    /// The page that is shown.
    pub shown: Shown,
}

impl MenuState {
    /// The answer to a terminal whose menu has been left.
    pub(super) fn over(session: u64) -> Reply {
        let over = Self { session, revision: u64::MAX, over: true, shown: Shown::default() };
        Reply { json: serde_json::to_value(over).ok(), ..Reply::yes("") }
    }
}

impl MenuSession {
    /// A session that begins with this menu.
    pub(super) fn new(id: u64, menu: Menu, since: jiff::Timestamp) -> Self {
        let shown = menu.shown();
        Self { id, menu, shown, revision: 1, waiting: Vec::new(), since }
    }

    /// The answer to a terminal: the menu as it is now.
    pub(super) fn reply(&self) -> Reply {
        let state = MenuState {
            session: self.id,
            revision: self.revision,
            over: self.menu.is_over(),
            shown: self.shown.clone(),
        };
        Reply { json: serde_json::to_value(state).ok(), ..Reply::yes("") }
    }

    /// Answers whoever waits for a change, if there is one or time is up.
    pub(super) fn tell(&mut self, now: Duration) {
        let shown = self.menu.shown();
        if shown != self.shown || self.menu.is_over() {
            self.shown = shown;
            self.revision += 1;
        }
        for (seen, until, reply) in std::mem::take(&mut self.waiting) {
            if self.revision > seen || until <= now {
                // A terminal that has gone needs nothing any more.
                let _ = reply.send(self.reply());
            } else {
                self.waiting.push((seen, until, reply));
            }
        }
    }

    /// The moment at which something of it is due.
    pub(super) fn due(&self) -> Duration {
        self.waiting.iter().map(|(_, until, _)| *until).fold(self.menu.until(), Duration::min)
    }

    /// True for a menu on the customer screen.
    pub(super) fn is_on_screen(&self) -> bool {
        self.menu.surface() == Surface::Screen
    }

    /// The user in the menu, and its place, for records.
    pub(super) fn menu_user(&self) -> MenuUser {
        let who = self.menu.who().map_or("nobody", |user| user.name.as_str());
        MenuUser { who: who.to_owned(), surface: self.menu.surface().name() }
    }

    /// The refusal of a second person.
    pub(super) fn refuse_second(&self) -> Reply {
        let who = self.menu.who().map(|user| user.name.as_str());
        Reply::no(texts::machine::menu_taken(who, self.menu.surface()))
    }

    // -- keys --

    /// A key at the screen, or of the keypad.
    pub(super) fn screen_key(&mut self, pressed: &UserInput, now: Duration) -> Option<Ask> {
        let tested = self.menu.watching() == Some(Live::Keys);
        match pressed {
            pressed if tested => self.menu.key_seen(&name(pressed), now),
            UserInput::Language => {
                self.menu.other_language();
                None
            }
            UserInput::Key(key) => menu_key(*key).and_then(|key| self.menu.press(key, now)),
            _ => None,
        }
    }

    /// A key of a terminal's.
    pub(super) fn terminal_key(&mut self, key: &str, now: Duration) -> Option<Ask> {
        let ask = match key {
            "leave" => self.menu.close(),
            key => key_named(key).and_then(|key| self.menu.press(key, now)),
        };
        self.waiting.truncate(WAITING_MAX);
        ask
    }

    /// A terminal that waits for another revision than it has seen.
    pub(super) fn wait(&mut self, seen: u64, now: Duration, reply: oneshot::Sender<Reply>) {
        if self.revision <= seen && self.waiting.len() < WAITING_MAX {
            self.waiting.push((seen, now + WAIT, reply));
        } else {
            let _ = reply.send(self.reply());
        }
    }
}

/// The view with the menu over it, where it is on this screen; while keys or scanners are tried, that staff are at work.
pub(super) fn over(session: Option<&MenuSession>, view: View) -> View {
    let on_screen = session.filter(|session| session.is_on_screen());
    if on_screen.is_none() && session.and_then(|session| session.menu.watching()).is_none() {
        return view;
    }
    let mut place = view.place;
    if let Some(session) = on_screen {
        place.language = session.menu.language();
    }
    View {
        menu: on_screen.map(|session| session.shown.clone()),
        until: on_screen.map(|session| session.menu.until()),
        notice: view.notice,
        locked_until: view.locked_until,
        ..View::plain("maintenance", screens::staff_at_work(), place)
    }
}
