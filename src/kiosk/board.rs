//! What the kiosk shows to the world: the screen's view, and how it is, for whoever monitors it.

use super::Kiosk;
use super::site_task::Health;
use crate::config::settings::Language;
use crate::config::{Loaded, Rest};
use crate::device::printer::conditions::{Condition, Conditions};
use crate::journal::record::Entry;
use crate::maintenance::faults;
use crate::pickup::input::Readiness;
use crate::pickup::state::{Front, State};
use crate::screen::idle::AWAKE;
use crate::screen::lobby::Lobby;
use crate::screen::monitor::{Monitor, Paper, SiteStep, Tally};
use crate::screen::texts::Text;
use crate::screen::view::{Choices, Fault, Place, View, view};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// The board.
#[derive(Debug)]
pub(super) struct Board {
    place: Place,
    was_idle: bool,
    tally: Tally,
    site_silent_since: Option<Duration>,
    /// Codes refused while this pickup has been running.
    refused: u64,
    views: watch::Sender<Arc<View>>,
    monitor: watch::Sender<Arc<Monitor>>,
}

/// Where the machine stands, in its default language.
pub(super) fn place(loaded: &Loaded) -> Place {
    let settings = &loaded.settings;
    Place {
        cinema: settings.cinema.name.clone(),
        kiosk: settings.kiosk.id.clone(),
        zone: loaded.checked.timezone.clone(),
        language: first(&settings.kiosk.languages),
        languages: settings.kiosk.languages.clone(),
        fault: None,
        notices: Vec::new(),
        idle: Arc::new(loaded.checked.idle.clone()),
        lobby: None,
        awake_until: Duration::ZERO,
        refused: false,
        choices: None,
    }
}

/// What a kiosk shows that stays out of service from its start.
pub(super) fn closed(place: Place, fault: Fault) -> View {
    let state = State { printer: Readiness::Stopped(fault.code), ..State::default() };
    view(&state, &Place { notices: vec![fault.code], fault: Some(fault), ..place })
}

/// Where a machine stands whose configuration is wrong.
pub(super) fn place_of_rest(rest: &Rest) -> Place {
    let languages = match rest.languages.as_slice() {
        [] => vec![Language::Chinese, Language::English],
        some => some.to_vec(),
    };
    Place {
        cinema: rest.cinema.clone(),
        kiosk: rest.kiosk.clone(),
        zone: TimeZone::system(),
        language: first(&languages),
        languages,
        fault: None,
        notices: Vec::new(),
        idle: Arc::default(),
        lobby: None,
        awake_until: Duration::ZERO,
        refused: false,
        choices: None,
    }
}

impl Board {
    pub fn new(loaded: &Loaded) -> Self {
        let place = place(loaded);
        let views = watch::Sender::new(Arc::new(view(&State::default(), &place)));
        let monitor = watch::Sender::new(Arc::new(Monitor { journal_ok: true, ..Monitor::default() }));
        Self {
            place,
            was_idle: true,
            tally: Tally::default(),
            site_silent_since: None,
            refused: 0,
            views,
            monitor,
        }
    }

    pub fn view(&self, state: &State) -> View {
        view(state, &self.place)
    }

    pub fn other_language(&mut self) {
        let offered = &self.place.languages;
        let now = offered.iter().position(|language| *language == self.place.language).unwrap_or_default();
        let next = offered.get(now + 1).or_else(|| offered.first());
        self.place.language = next.copied().unwrap_or(self.place.language);
    }

    /// What the key just tapped can still become.
    pub fn choices(&mut self, choices: Option<Choices>) {
        self.place.choices = choices;
    }

    pub fn site_silent(&mut self, silent: bool, now: Duration) {
        self.site_silent_since = silent.then(|| self.site_silent_since.unwrap_or(now));
    }

    pub fn took(&mut self, step: SiteStep, took: Duration) {
        self.tally.took(step, took);
    }

    pub fn count(&mut self, entries: &[Entry]) {
        entries.iter().for_each(|entry| self.tally.count(entry));
    }

    /// Somebody is there: a screen that is dark in the night wakes.
    pub fn wake(&mut self, now: Duration) {
        self.place.awake_until = now + AWAKE;
    }

    /// What is on; none when it is no longer known.
    pub fn lobby(&mut self, lobby: Option<Lobby>) {
        self.place.lobby = lobby.map(Arc::new);
    }

    /// A code was refused because somebody else is being served: it is said until they are done.
    pub fn scan_refused(&mut self) {
        self.place.refused = true;
        self.refused += 1;
        // A scanner that reads all the time would fill the log.
        if self.refused == 1 {
            log::info!("a code came while a pickup was running: refused");
        }
    }

    /// The next customer finds the default language, however the last one left.
    fn customer(&mut self, front: &Front, now: Duration) {
        let is_idle = matches!(front, Front::Idle);
        if is_idle && !self.was_idle {
            self.place.language = first(&self.place.languages);
            self.wake(now);
        }
        self.was_idle = is_idle;
        if !matches!(front, Front::Busy(..)) {
            self.place.refused = false;
            let refused = std::mem::take(&mut self.refused);
            if refused > 1 {
                log::info!("codes refused while the last pickup was running: {refused}");
            }
        }
    }

    fn fault(&mut self, readiness: Readiness, now: Timestamp) {
        let Readiness::Stopped(code) = readiness else {
            self.place.fault = None;
            return;
        };
        if self.place.fault.as_ref().is_some_and(|fault| fault.code == code) {
            return;
        }
        let since = self.place.fault.as_ref().map_or(now, |fault| fault.since);
        let staff = faults::find(code)
            .map_or_else(|| Text::new("请联系技术人员", "Call a technician"), faults::Fault::usher);
        self.place.fault = Some(Fault { code, staff, since });
    }
}

fn first(languages: &[Language]) -> Language {
    languages.first().copied().unwrap_or(Language::Chinese)
}

impl Kiosk {
    /// Tells whoever looks, if anything has changed.
    pub(super) fn show(&mut self) {
        let now = self.clock.now();
        self.board.customer(&self.state.front, now.mono);
        self.board.fault(self.state.printer, now.wall);
        let faults = self.active_faults();
        self.board.place.notices.clone_from(&faults);
        put(&self.board.views, self.view());
        let told = self.told_conditions();
        let conditions = told.unwrap_or_default();
        let monitor = Monitor {
            printer: match self.state.printer {
                Readiness::Ready => None,
                Readiness::Stopped(code) => Some(code),
            },
            conditions: Condition::ALL.map(|one| (one.code(), conditions.contains(one))).to_vec(),
            paper: told.map_or(Paper::Unknown, paper),
            site_silent_since: self.board.site_silent_since,
            journal_ok: self.state.journal_ok,
            backlog: self.state.backlog.due.iter().filter(|due| !due.list_only).count(),
            refused_scans: self.refused_scans,
            tally: self.board.tally.clone(),
            faults,
        };
        put(&self.board.monitor, monitor);
    }

    /// The site answers, or doesn't, or not as it should.
    pub(super) fn site_heard(&mut self, health: Health) {
        self.board.site_silent(health == Health::Silent, self.clock.now().mono);
        self.care.active.set("S1", health == Health::Silent);
        self.care.active.set("S2", health == Health::Refuses);
        self.show();
    }

    /// What is shown, and every change of it.
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.board.views.subscribe()
    }

    /// How the kiosk is, and every change of it.
    pub fn monitor(&self) -> watch::Receiver<Arc<Monitor>> {
        self.board.monitor.subscribe()
    }

    /// The moment the workflow's clock began.
    pub fn began(&self) -> Instant {
        self.clock.began()
    }
}

fn paper(conditions: Conditions) -> Paper {
    let unheard = [Condition::Disconnected, Condition::NotAnswering];
    if unheard.into_iter().any(|one| conditions.contains(one)) {
        Paper::Unknown
    } else if conditions.contains(Condition::PaperOut) {
        Paper::Out
    } else if conditions.contains(Condition::PaperLow) {
        Paper::Low
    } else {
        Paper::Enough
    }
}

fn put<T: PartialEq>(channel: &watch::Sender<Arc<T>>, value: T) {
    channel.send_if_modified(|shown| {
        let differs = **shown != value;
        if differs {
            *shown = Arc::new(value);
        }
        differs
    });
}
