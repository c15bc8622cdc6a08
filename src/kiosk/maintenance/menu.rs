//! The menu of a running kiosk: keys and codes on their way to it, and its requests on their way to whoever does them.

use super::audit::MenuUser;
use super::keys::{code_seen, name, press_of};
use super::outcome::Outcome;
use super::requests::Requests;
use super::session::{self, MenuSession, MenuState};
use crate::kiosk::clock::{self, Clock};
use crate::kiosk::effect::{Effect, Effects, Maintain};
use crate::kiosk::parts::Context;
use crate::kiosk::request::{ControlAnswer as Reply, MenuCall};
use crate::kiosk::status::Status;
use crate::kiosk::stopped::Stopped;
use crate::locale::Text;
use crate::maintenance::menu::ask::{Ask, Live, MenuAnswer};
use crate::maintenance::menu::{Menu, Surface};
use crate::maintenance::sequence::{Press, Sequence};
use crate::maintenance::texts;
use crate::pickup::input::{Input, Scan};
use crate::screen::user_input::UserInput;
use crate::screen::view::{View, default_language};
use std::time::Duration;
use tokio::sync::oneshot;

/// The menu: one person at a time, and the parts that do what it asks for.
#[derive(Debug)]
pub(super) struct MenuService {
    pub requests: Requests,
    context: Context,
    clock: Clock,
    session: Option<MenuSession>,
    sequence: Option<Sequence<Press>>,
    /// The sequence was typed during a pickup: the menu opens when it is over.
    wanted: bool,
    /// The menu alone is served: no code begins a pickup.
    alone: bool,
}

impl MenuService {
    /// Nobody is in the menu, and no sequence of keys opens it.
    pub(super) fn new(requests: Requests, context: Context, clock: Clock) -> Self {
        Self { requests, context, clock, session: None, sequence: None, wanted: false, alone: false }
    }

    /// The configured sequence of keys opens the menu from now on.
    pub(super) fn begin(&mut self) {
        let keys = Press::all_named(&self.context.loaded.settings.maintenance.sequence);
        self.sequence = Some(Sequence::new(keys));
    }

    /// The menu alone is served from here on.
    pub(super) fn serve_alone(&mut self) {
        self.alone = true;
    }

    /// Somebody is in it.
    pub(super) fn is_open(&self) -> bool {
        self.session.is_some()
    }

    fn on_screen(&self) -> bool {
        self.session.as_ref().is_some_and(MenuSession::is_on_screen)
    }

    fn watching(&self) -> Option<Live> {
        self.session.as_ref().and_then(|session| session.menu.watching())
    }

    /// The user in the menu, and its place, for records.
    pub(super) fn menu_user(&self) -> MenuUser {
        let nobody = || MenuUser { who: "nobody".into(), surface: "screen" };
        self.session.as_ref().map_or_else(nobody, MenuSession::menu_user)
    }

    /// The place of the menu; the screen where nobody is in it.
    pub(super) fn surface(&self) -> &'static str {
        self.session.as_ref().map_or("screen", |session| session.menu.surface().name())
    }

    /// The view with the menu over it.
    pub(super) fn over(&self, view: View) -> View {
        session::over(self.session.as_ref(), view)
    }

    /// The moment at which something of the session is due.
    pub(super) fn due(&self) -> Option<Duration> {
        self.session.as_ref().map(MenuSession::due)
    }

    // -- keys and codes --

    /// Takes a key of keypad or screen, if it is the menu's. The last of the sequence is, too.
    pub(super) async fn takes_key(
        &mut self,
        pressed: &UserInput,
        status: &Status,
    ) -> Result<Option<Effects>, Stopped> {
        let now = self.clock.now().mono;
        if self.on_screen() {
            let ask = self.session.as_mut().and_then(|session| session.screen_key(pressed, now));
            return self.follow(ask, status).await.map(Some);
        }
        if self.watching() == Some(Live::Keys) {
            let session = self.session.as_mut();
            let ask = session.and_then(|session| session.menu.key_seen(&name(pressed), now));
            return self.follow(ask, status).await.map(Some);
        }
        if self.alone {
            return Ok(Some(Vec::new()));
        }
        let called = self.sequence.as_mut().is_some_and(|sequence| sequence.press(press_of(pressed), now));
        Ok(called.then(|| self.call_to_screen(status)))
    }

    /// Takes a code, if it is the menu's: shown where scanners are tried, refused while the menu is on the screen.
    pub(super) async fn takes_scan(
        &mut self,
        scan: &Scan,
        status: &Status,
    ) -> Result<Option<Effects>, Stopped> {
        if self.watching() == Some(Live::Scanner) {
            let line = self.understood(scan);
            return self.answer(self.asked(), MenuAnswer::Seen(line), status).await.map(Some);
        }
        let refused = self.on_screen() || self.alone;
        if refused {
            log::info!("a code came while only the menu is served: refused");
        }
        Ok(refused.then(|| vec![Effect::CountRefusedScan]))
    }

    /// A code as text, in hex, and how it is understood.
    fn understood(&self, scan: &Scan) -> Text {
        let Scan::Text(text) = scan else {
            return texts::inputs::code_too_long();
        };
        code_seen(text, &self.context.loaded.checked.codes.read(text))
    }

    // -- sessions --

    /// The sequence of keys was typed, on whichever device: the menu opens on the customer screen, after the pickup in
    /// progress if there is one.
    pub(super) fn call_to_screen(&mut self, status: &Status) -> Effects {
        self.wanted = !status.at_rest;
        if self.wanted || self.requests.jobs.events().is_none() {
            return Vec::new();
        }
        if let Some(session) = &self.session {
            log::warn!(
                "the menu is open in a terminal since {}: not opened on the screen too",
                session.since
            );
            return Vec::new();
        }
        let leave = || Effect::Input(Input::Leave);
        vec![leave(), leave(), Effect::Maintain(Maintain::OpenOnScreen)]
    }

    /// Opens the menu that was called during a pickup, if that is over.
    pub(super) fn open_wanted(&mut self, status: &Status) -> Effects {
        if self.wanted && status.at_rest { self.call_to_screen(status) } else { Vec::new() }
    }

    /// Opens it for one person.
    pub(super) async fn open(
        &mut self,
        surface: Surface,
        user: Option<&str>,
        status: &Status,
    ) -> Result<Effects, Stopped> {
        let now = self.clock.now();
        self.requests.audit.take_up_pins().await?;
        let users = self.requests.pins.read_holders();
        let language = match surface {
            Surface::Screen => status.language,
            Surface::Terminal => default_language(&self.context.loaded.settings.kiosk.languages),
        };
        let (menu, ask) = Menu::new(surface, users, user, language, now.mono);
        let id = clock::number()?;
        self.session = Some(MenuSession::new(id, menu, now.wall));
        self.follow(ask, status).await
    }

    /// A terminal's call.
    pub(super) async fn call(
        &mut self,
        call: MenuCall,
        status: &Status,
        reply: oneshot::Sender<Reply>,
    ) -> Result<Effects, Stopped> {
        let now = self.clock.now().mono;
        let Some(id) = call.session else { return self.terminal_opens(&call.user, status, reply).await };
        let Some(session) = self.session.as_mut().filter(|session| session.id == id) else {
            let _ = reply.send(Reply::no(texts::machine::menu_left()));
            return Ok(Vec::new());
        };
        let Some(key) = call.key else {
            session.wait(call.seen, now, reply);
            return Ok(Vec::new());
        };
        let ask = session.terminal_key(&key, now);
        let mut effects = self.follow(ask, status).await?;
        effects.push(Effect::Maintain(Maintain::Reply(id, reply)));
        Ok(effects)
    }

    async fn terminal_opens(
        &mut self,
        user: &str,
        status: &Status,
        reply: oneshot::Sender<Reply>,
    ) -> Result<Effects, Stopped> {
        if self.requests.jobs.events().is_none() {
            let _ = reply.send(Reply::no(texts::machine::no_menu()));
            return Ok(Vec::new());
        }
        if let Some(session) = &self.session {
            let _ = reply.send(session.refuse_second());
            return Ok(Vec::new());
        }
        let mut effects = self.open(Surface::Terminal, Some(user), status).await?;
        effects.push(Effect::Maintain(Maintain::ReplyOpened(reply)));
        Ok(effects)
    }

    /// Tells the terminal of a session what is shown; of any session, where none is named.
    pub(super) fn reply(&self, id: Option<u64>, reply: oneshot::Sender<Reply>) {
        let session = self.session.as_ref().filter(|session| id.is_none_or(|id| session.id == id));
        if let Some(answer) = session.map(MenuSession::reply).or_else(|| id.map(MenuState::over)) {
            let _ = reply.send(answer);
        }
    }

    // -- requests --

    /// The number of the menu's question.
    fn asked(&self) -> u64 {
        self.session.as_ref().map_or(0, |session| session.menu.asked())
    }

    /// An answer for the menu, and what follows from it; nothing where it has been left.
    pub(super) async fn answer(
        &mut self,
        asked: u64,
        answer: MenuAnswer,
        status: &Status,
    ) -> Result<Effects, Stopped> {
        if self.session.is_none() {
            return Ok(Vec::new());
        }
        self.go_on(asked, Some(answer), status).await
    }

    /// Goes on with the menu: with an answer, or without one that is there at once.
    pub(super) async fn go_on(
        &mut self,
        asked: u64,
        answer: Option<MenuAnswer>,
        status: &Status,
    ) -> Result<Effects, Stopped> {
        let ask = self.next(asked, answer);
        self.follow(ask, status).await
    }

    fn next(&mut self, asked: u64, answer: Option<MenuAnswer>) -> Option<Ask> {
        let now = self.clock.now().mono;
        self.session.as_mut()?.menu.answer(asked, answer?, now)
    }

    /// Does what the menu asks for, and what follows from the answers that are there at once; then shows it.
    async fn follow(&mut self, ask: Option<Ask>, status: &Status) -> Result<Effects, Stopped> {
        let mut next = ask;
        while let Some(ask) = next.take() {
            let (asked, menu_user) = (self.asked(), self.menu_user());
            match self.requests.carry_out(asked, ask, &menu_user, status).await? {
                Outcome::Answer(answer) => next = self.next(asked, Some(answer)),
                Outcome::Later => {}
                Outcome::First(effects) => return Ok(effects),
            }
        }
        let now = self.clock.now().mono;
        if let Some(session) = self.session.as_mut() {
            session.tell(now);
        }
        self.session.take_if(|session| session.menu.is_over());
        Ok(vec![Effect::Show])
    }

    /// Leaves a menu that nobody has touched for long, and answers terminals whose time is up.
    pub(super) async fn leave_idle(&mut self, status: &Status) -> Result<Effects, Stopped> {
        let now = self.clock.now().mono;
        let Some(session) = self.session.as_mut() else { return Ok(Vec::new()) };
        if session.menu.until() <= now {
            let ask = session.menu.close();
            return self.follow(ask, status).await;
        }
        session.tell(now);
        Ok(Vec::new())
    }
}
