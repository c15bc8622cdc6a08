//! The kiosk's face to the world: the screen's view, and its health, for whoever monitors it.

use crate::config::{Loaded, Rest};
use crate::device::panel::show::Look;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::fault_code::FaultCode;
use crate::journal::record::Entry;
use crate::locale::Language;
use crate::maintenance::faults;
use crate::pickup::input::{Now, Readiness};
use crate::pickup::state::{CustomerState, State};
use crate::screen::idle::AWAKE;
use crate::screen::monitor::{Monitor, Paper, SiteStep, Tally};
use crate::screen::showtimes::Showtimes;
use crate::screen::view::{Choices, Fault, View, ViewContext, default_language, view};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// The screen's view and the monitor's figures, as they were published last.
#[derive(Debug)]
pub(super) struct Display {
    place: ViewContext,
    was_idle: bool,
    tally: Tally,
    site_silent_since: Option<Duration>,
    /// Codes refused while this pickup has been running.
    refused: u64,
    /// All codes refused because somebody else, or the menu alone, was served.
    refused_in_all: u64,
    views: watch::Sender<Arc<View>>,
    monitor: watch::Sender<Arc<Monitor>>,
}

/// The channels on which a kiosk publishes what it shows, for its page, its monitor and its lamps.
#[derive(Debug, Clone)]
pub struct Published {
    /// The view, and every change of it.
    pub views: watch::Receiver<Arc<View>>,
    /// The kiosk's health, and every change of it.
    pub monitor: watch::Receiver<Arc<Monitor>>,
    /// The look that is tried on the panel instead, while one is.
    pub tried: watch::Receiver<Option<Look>>,
    /// The moment the workflow's clock began.
    pub began: Instant,
    /// The configuration.
    pub loaded: Arc<Loaded>,
}

/// The place of the machine, in its default language.
pub(super) fn place(loaded: &Loaded) -> ViewContext {
    let settings = &loaded.settings;
    let (cinema, kiosk) = (settings.cinema.name.clone(), settings.kiosk.id.clone());
    let languages = settings.kiosk.languages.clone();
    let idle = Arc::new(loaded.checked.idle.clone());
    ViewContext { idle, ..ViewContext::new(cinema, kiosk, loaded.checked.timezone.clone(), languages) }
}

/// The view of a kiosk that stays out of service from its start.
pub(super) fn closed(place: ViewContext, fault: Fault) -> View {
    let state = State { printer: Readiness::Stopped(fault.code), ..State::default() };
    view(&state, &ViewContext { notices: vec![fault.code], fault: Some(fault), ..place })
}

/// The place of a machine whose configuration is wrong.
pub(super) fn place_of_rest(rest: &Rest) -> ViewContext {
    let languages = match rest.languages.as_slice() {
        [] => vec![Language::Chinese, Language::English],
        some => some.to_vec(),
    };
    ViewContext::new(rest.cinema.clone(), rest.kiosk.clone(), TimeZone::system(), languages)
}

impl Display {
    /// The view of a kiosk that has just started, in its default language.
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
            refused_in_all: 0,
            views,
            monitor,
        }
    }

    /// The view of a state.
    pub fn view(&self, state: &State) -> View {
        view(state, &self.place)
    }

    /// The channels on which it is published. `tried`: the look that is tried on the panel instead.
    pub fn published(
        &self,
        tried: watch::Receiver<Option<Look>>,
        began: Instant,
        loaded: &Arc<Loaded>,
    ) -> Published {
        let (views, monitor) = (self.views.subscribe(), self.monitor.subscribe());
        Published { views, monitor, tried, began, loaded: Arc::clone(loaded) }
    }

    /// Takes the next language that is offered.
    pub fn other_language(&mut self) {
        let offered = &self.place.languages;
        let now = offered.iter().position(|language| *language == self.place.language).unwrap_or_default();
        let next = offered.get(now + 1).or_else(|| offered.first());
        self.place.language = next.copied().unwrap_or(self.place.language);
    }

    /// Shows the characters that the key just tapped can still become.
    pub fn choices(&mut self, choices: Option<Choices>) {
        self.place.choices = choices;
    }

    /// The site is silent, or is not any more.
    pub fn site_silent(&mut self, silent: bool, now: Duration) {
        self.site_silent_since = silent.then(|| self.site_silent_since.unwrap_or(now));
    }

    /// The site has taken so long for a step.
    pub fn took(&mut self, step: SiteStep, took: Duration) {
        self.tally.took(step, took);
    }

    /// Counts what has gone on record.
    pub fn count(&mut self, entries: &[Entry]) {
        entries.iter().for_each(|entry| self.tally.count(entry));
    }

    /// Somebody is there: a screen that is dark in the night wakes.
    pub fn wake(&mut self, now: Duration) {
        self.place.awake_until = now + AWAKE;
    }

    /// Shows films and sessions; none when they are no longer known.
    pub fn showtimes(&mut self, lobby: Option<Showtimes>) {
        self.place.showtimes = lobby.map(Arc::new);
    }

    /// Counts a code that was refused.
    pub fn count_refused(&mut self) {
        self.refused_in_all += 1;
    }

    /// A code was refused because somebody else is being served: it is said until they are done.
    pub fn scan_refused(&mut self) {
        self.place.refused = true;
        self.refused += 1;
        self.count_refused();
        // A scanner that reads all the time would fill the log.
        if self.refused == 1 {
            log::info!("a code came while a pickup was running: refused");
        }
    }

    /// The language on the screen.
    pub fn language(&self) -> Language {
        self.place.language
    }

    /// Follows the workflow's state and the codes that are on.
    pub fn follow(&mut self, state: &State, faults: &[FaultCode], now: Now) {
        self.customer(&state.customer, now.mono);
        self.fault(state.printer, now.wall);
        self.place.notices.clear();
        self.place.notices.extend(faults);
    }

    /// Tells whoever looks, if anything has changed. `told`: the printer's conditions, where it has told them.
    pub fn publish(&self, view: View, state: &State, told: Option<Conditions>, faults: Vec<FaultCode>) {
        put(&self.views, view);
        let conditions = told.unwrap_or_default();
        let monitor = Monitor {
            printer: match state.printer {
                Readiness::Ready => None,
                Readiness::Stopped(code) => Some(code),
            },
            conditions: Condition::ALL.map(|one| (one.code(), conditions.contains(one))).to_vec(),
            paper: told.map_or(Paper::Unknown, paper),
            site_silent_since: self.site_silent_since,
            journal_ok: state.journal_ok,
            backlog: state.backlog.due.iter().filter(|due| !due.list_only).count(),
            refused_scans: self.refused_in_all,
            tally: self.tally.clone(),
            faults,
        };
        put(&self.monitor, monitor);
    }

    /// The next customer finds the default language, however the last one left.
    fn customer(&mut self, front: &CustomerState, now: Duration) {
        let is_idle = matches!(front, CustomerState::Idle);
        if is_idle && !self.was_idle {
            self.place.language = default_language(&self.place.languages);
            self.wake(now);
        }
        self.was_idle = is_idle;
        if !matches!(front, CustomerState::Busy(..)) {
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
        self.place.fault = Some(Fault { code, staff: faults::row(code).usher(), since });
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
