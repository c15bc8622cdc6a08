//! Who is in the menu: one person at a time, on the customer screen or in a terminal.

use super::Care;
use super::keys::{code_seen, key_named, menu_key, name, press_of};
use crate::config::settings::Language;
use crate::kiosk::control::{Answer as Reply, MenuCall};
use crate::kiosk::{Kiosk, Stopped, chance};
use crate::maintenance::menu::ask::{Answer, Ask, Live};
use crate::maintenance::menu::draw::Shown;
use crate::maintenance::menu::{Menu, Surface};
use crate::pickup::input::{Input, Scan};
use crate::screen::press::Pressed;
use crate::screen::texts::{self, Text};
use crate::screen::titles;
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
pub struct Session {
    id: u64,
    pub(super) menu: Menu,
    shown: Shown,
    revision: u64,
    waiting: Vec<(u64, Duration, oneshot::Sender<Reply>)>,
    since: jiff::Timestamp,
}

/// What a terminal gets.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MenuState {
    /// Names the session in what follows.
    pub session: u64,
    /// Counts changes.
    pub revision: u64,
    /// The menu has been left.
    pub over: bool,
    /// What is shown.
    pub shown: Shown,
}

impl Session {
    fn reply(&self) -> Reply {
        let state = MenuState {
            session: self.id,
            revision: self.revision,
            over: self.menu.is_over(),
            shown: self.shown.clone(),
        };
        Reply { json: serde_json::to_value(state).ok(), ..Reply::yes("") }
    }

    /// Answers whoever waits for a change, if there is one or time is up.
    fn tell(&mut self, now: Duration) {
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

    /// When something of it is due.
    pub(super) fn due(&self) -> Duration {
        self.waiting.iter().map(|(_, until, _)| *until).fold(self.menu.until(), Duration::min)
    }
}

impl Care {
    fn on_screen(&self) -> Option<&Session> {
        self.session.as_ref().filter(|session| session.menu.surface() == Surface::Screen)
    }

    fn watching(&self) -> Option<Live> {
        self.session.as_ref().and_then(|session| session.menu.watching())
    }
}

impl Kiosk {
    /// The view with the menu over it, where it is on this screen; while keys or scanners are tried, that staff are at
    /// work.
    pub(in crate::kiosk) fn menu_over(&self, view: View) -> View {
        let menu = self.care.on_screen().map(|session| session.shown.clone());
        if menu.is_none() && self.care.watching().is_none() {
            return view;
        }
        let mut place = view.place;
        if let Some(session) = self.care.on_screen() {
            place.language = session.menu.language();
        }
        View {
            state: "maintenance",
            title: titles::maintenance(),
            text: texts::staff_at_work(),
            menu,
            entry: None,
            progress: None,
            seats: Vec::new(),
            session: None,
            claim: None,
            fault: None,
            until: self.care.on_screen().map(|session| session.menu.until()),
            place,
            ..view
        }
    }

    // -- keys and codes --

    /// Whether a key of keypad or screen was the menu's. The last of the sequence is, too.
    pub(in crate::kiosk) async fn menu_takes_key(&mut self, pressed: &Pressed) -> Result<bool, Stopped> {
        let now = self.clock.now().mono;
        if self.care.on_screen().is_some() {
            self.screen_key(pressed, now).await?;
            return Ok(true);
        }
        if self.care.watching() == Some(Live::Keys) {
            let session = self.care.session.as_mut();
            let ask = session.and_then(|session| session.menu.key_seen(&name(pressed), now));
            self.follow(ask).await?;
            return Ok(true);
        }
        if self.care.alone {
            return Ok(true);
        }
        let Some(sequence) = self.care.sequence.as_mut() else { return Ok(false) };
        if !sequence.press(press_of(pressed), now) {
            return Ok(false);
        }
        self.menu_wanted().await?;
        Ok(true)
    }

    /// The sequence of keys was typed, on whichever device: the menu opens on the customer screen, after the pickup in
    /// progress if there is one.
    pub async fn menu_wanted(&mut self) -> Result<(), Stopped> {
        if !self.state.at_rest() {
            self.care.wanted = true;
            return Ok(());
        }
        self.care.wanted = false;
        if self.care.events.is_none() {
            return Ok(());
        }
        if let Some(session) = &self.care.session {
            log::warn!(
                "the menu is open in a terminal since {}: not opened on the screen too",
                session.since
            );
            return Ok(());
        }
        self.give(Input::Leave).await?;
        self.give(Input::Leave).await?;
        self.open_session(Surface::Screen, None).await
    }

    /// Opens the menu that was asked for during a pickup.
    pub(in crate::kiosk) async fn open_wanted_menu(&mut self) -> Result<(), Stopped> {
        if self.care.wanted && self.state.at_rest() { Box::pin(self.menu_wanted()).await } else { Ok(()) }
    }

    async fn screen_key(&mut self, pressed: &Pressed, now: Duration) -> Result<(), Stopped> {
        let Some(session) = self.care.session.as_mut() else { return Ok(()) };
        let tested = session.menu.watching() == Some(Live::Keys);
        let ask = match pressed {
            pressed if tested => session.menu.key_seen(&name(pressed), now),
            Pressed::Language => {
                session.menu.other_language();
                None
            }
            Pressed::Key(key) => menu_key(*key).and_then(|key| session.menu.press(key, now)),
            _ => None,
        };
        self.follow(ask).await
    }

    /// Whether a code was the menu's: shown where scanners are tried, refused while the menu is on the screen.
    pub(in crate::kiosk) async fn menu_takes_scan(&mut self, scan: &Scan) -> Result<bool, Stopped> {
        if self.care.watching() == Some(Live::Scanner) {
            let line = self.understood(scan);
            let asked = self.care.session.as_ref().map_or(0, |session| session.menu.asked());
            self.answer_menu(asked, Answer::Seen(line)).await?;
            return Ok(true);
        }
        let refused = self.care.on_screen().is_some() || self.care.alone;
        if refused {
            log::info!("a code came while only the menu is served: refused");
            self.refused_scans += 1;
        }
        Ok(refused)
    }

    /// A code as text, in hex, and how it is understood.
    fn understood(&self, scan: &Scan) -> Text {
        let Scan::Text(text) = scan else {
            return Text::new("超过 512 字节，已丢弃。", "Longer than 512 bytes: dropped.");
        };
        code_seen(text, &self.parts.machine.codes.read(text))
    }

    // -- sessions --

    async fn open_session(&mut self, surface: Surface, user: Option<&str>) -> Result<(), Stopped> {
        let now = self.clock.now();
        self.take_up_pins().await?;
        let holders = self.read_holders();
        let language = match surface {
            Surface::Screen => self.board.view(&self.state).place.language,
            Surface::Terminal => {
                let offered = &self.parts.context.loaded.settings.kiosk.languages;
                offered.first().copied().unwrap_or(Language::Chinese)
            }
        };
        let (menu, ask) = Menu::new(surface, holders, user, language, now.mono);
        let id = chance::number().map_err(|_| Stopped::Chance)?;
        let shown = menu.shown();
        self.care.session =
            Some(Session { id, menu, shown, revision: 1, waiting: Vec::new(), since: now.wall });
        self.follow(ask).await
    }

    /// A terminal's call.
    pub(in crate::kiosk) async fn menu_call(
        &mut self,
        call: MenuCall,
        reply: oneshot::Sender<Reply>,
    ) -> Result<(), Stopped> {
        let now = self.clock.now().mono;
        let Some(id) = call.session else { return self.terminal_opens(&call.user, reply).await };
        let session = self.care.session.as_mut().filter(|session| session.id == id);
        let Some(session) = session else {
            let _ = reply.send(Reply::no("the menu has been left"));
            return Ok(());
        };
        let Some(key) = call.key else {
            if session.revision <= call.seen && session.waiting.len() < WAITING_MAX {
                session.waiting.push((call.seen, now + WAIT, reply));
            } else {
                let _ = reply.send(session.reply());
            }
            return Ok(());
        };
        let ask = match key.as_str() {
            "leave" => session.menu.close(),
            key => key_named(key).and_then(|key| session.menu.press(key, now)),
        };
        session.waiting.truncate(WAITING_MAX);
        self.follow(ask).await?;
        let answer = match self.care.session.as_ref().filter(|session| session.id == id) {
            Some(session) => session.reply(),
            None => {
                let over = MenuState { session: id, revision: u64::MAX, over: true, shown: Shown::default() };
                Reply { json: serde_json::to_value(over).ok(), ..Reply::yes("") }
            }
        };
        let _ = reply.send(answer);
        Ok(())
    }

    async fn terminal_opens(&mut self, user: &str, reply: oneshot::Sender<Reply>) -> Result<(), Stopped> {
        if self.care.events.is_none() {
            let _ = reply.send(Reply::no("this kiosk has no menu"));
            return Ok(());
        }
        if let Some(session) = &self.care.session {
            let who =
                session.menu.who().map_or("somebody who has not signed in", |holder| holder.name.as_str());
            let surface = session.menu.surface().name();
            let _ = reply.send(Reply::no(format!(
                "{who} is in the menu already ({surface}); it is left by itself after 3 minutes without a key"
            )));
            return Ok(());
        }
        self.open_session(Surface::Terminal, Some(user)).await?;
        if let Some(session) = &self.care.session {
            let _ = reply.send(session.reply());
        }
        Ok(())
    }

    /// An answer for the menu, and what follows from it.
    pub(super) async fn answer_menu(&mut self, asked: u64, answer: Answer) -> Result<(), Stopped> {
        let now = self.clock.now().mono;
        let Some(session) = self.care.session.as_mut() else { return Ok(()) };
        let ask = session.menu.answer(asked, answer, now);
        self.follow(ask).await
    }

    /// Does what the menu asks for, and what follows from the answers that are there at once; then shows it.
    async fn follow(&mut self, ask: Option<Ask>) -> Result<(), Stopped> {
        let mut next = ask;
        while let Some(ask) = next.take() {
            let asked = self.care.session.as_ref().map_or(0, |session| session.menu.asked());
            let answer = Box::pin(self.do_for_menu(asked, ask)).await?;
            let now = self.clock.now().mono;
            if let (Some(session), Some(answer)) = (self.care.session.as_mut(), answer) {
                next = session.menu.answer(asked, answer, now);
            }
        }
        let now = self.clock.now().mono;
        if let Some(session) = self.care.session.as_mut() {
            session.tell(now);
            if session.menu.is_over() {
                self.care.session = None;
            }
        }
        self.show();
        Ok(())
    }

    /// Leaves a menu that nobody has touched for long, and answers terminals whose time is up.
    pub(super) async fn leave_idle_menu(&mut self) -> Result<(), Stopped> {
        let now = self.clock.now().mono;
        let Some(session) = self.care.session.as_mut() else { return Ok(()) };
        if session.menu.until() <= now {
            let ask = session.menu.close();
            return self.follow(ask).await;
        }
        session.tell(now);
        Ok(())
    }

    /// Who is in the menu, and where, for records.
    pub(super) fn present_holder(&self) -> (String, &'static str) {
        let Some(session) = &self.care.session else { return ("nobody".into(), "screen") };
        let who = session.menu.who().map_or("nobody", |holder| holder.name.as_str());
        (who.to_owned(), session.menu.surface().name())
    }
}
