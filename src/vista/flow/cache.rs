//! Cache of the cloud's information that third parties keep (2.1), and its refresh: the cinemas once a night, films
//! with their sessions, ticket types and seats at intervals of their own. A time-out or an empty answer never replaces
//! known data. One call at a time, and none for a while after a failed one: the document asks for that, for the
//! cinemas' sake.

mod kept;

pub use self::kept::Watched;

use super::super::cinemas::Cinema;
use super::super::films::{Film, FilmSession};
use super::super::ticket_types::TicketType;
use crate::clock::Now;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kept::Kept;
use std::collections::BTreeMap;
use std::time::Duration;

/// Most sessions kept, the nearest first.
pub const SESSIONS_MAX: usize = 1_000;
/// Time after its beginning at which a session counts as over, in hours.
const OVER_HOURS: i64 = 12;

/// Intervals and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Time of night from which the cinemas are requested, once a night.
    pub cinemas_at: Time,
    /// Interval between requests for films and sessions; 20 minutes to a day by the document.
    pub films: Duration,
    /// Interval between requests for a session's ticket types; 15 to 30 minutes by the document.
    pub ticket_types: Duration,
    /// Interval between requests for a session's seats.
    pub seats: Duration,
    /// Number of tries for ticket types before the last known ones are kept (3.3); at least one.
    pub ticket_type_tries: u32,
    /// Pause after a call without a usable answer.
    pub pause: Duration,
    /// Number of sessions whose ticket types and seats are kept, those that begin next.
    pub sessions: usize,
}

/// A request to the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ask {
    /// 3.1
    Cinemas,
    /// 3.2
    Films,
    /// 3.3, for this session.
    TicketTypes(String),
    /// 3.4, for this session.
    Seats(String),
}

/// Outcome of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheAnswer {
    /// 3.1
    Cinemas(Vec<Cinema>),
    /// 3.2
    Films(Vec<Film>),
    /// 3.3
    TicketTypes(Vec<TicketType>),
    /// 3.4: the number of free seats. A session marked as sold out has none (code 67); a plan without any seat is
    /// empty, which is [`CacheAnswer::Nothing`].
    SeatsLeft(u32),
    /// A time-out, a refusal, or no usable answer.
    Nothing {
        /// True if the same request can succeed a little later without any change.
        again: bool,
    },
}

/// Events for the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The time is up, or the next action is wanted.
    Tick,
    /// A request was answered, or was not.
    Answered(Ask, CacheAnswer),
}

/// Next action of the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Send this request to the cloud.
    Ask(Ask),
    /// Wait until this time of the monotonic clock.
    WaitUntil(Duration),
}

/// Known data, with its age.
#[derive(Debug, Clone)]
pub struct State {
    terms: Terms,
    zone: TimeZone,
    night: Option<Date>,
    cinemas: Kept<Vec<Cinema>>,
    films: Kept<Vec<Film>>,
    watched: BTreeMap<String, Watched>,
    asked: Option<(Ask, u32)>,
    quiet_until: Duration,
}

impl State {
    /// Creates an empty cache. `zone` is the cinema's time zone.
    pub fn new(terms: Terms, zone: TimeZone) -> Self {
        Self {
            terms,
            zone,
            night: None,
            cinemas: Kept::default(),
            films: Kept::default(),
            watched: BTreeMap::new(),
            asked: None,
            quiet_until: Duration::ZERO,
        }
    }

    /// Returns the cinemas that the token sees; empty until they are known.
    pub fn cinemas(&self) -> &[Cinema] {
        &self.cinemas.value
    }

    /// Returns the films with those of their sessions that are not over.
    pub fn films(&self) -> &[Film] {
        &self.films.value
    }

    /// Returns the time at which the cloud told the films; `None` if it never has.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.films.as_of
    }

    /// Returns further data on a session.
    pub fn watched(&self, session_id: &str) -> Option<&Watched> {
        self.watched.get(session_id)
    }
}

/// Returns the next state and the next action; no action while an answer is awaited.
pub fn handle(mut state: State, input: Input, now: Now) -> (State, Option<Action>) {
    if let Input::Answered(ask, answer) = input {
        // An answer that is no longer awaited is ignored.
        if state.asked.as_ref().is_some_and(|(asked, _)| *asked == ask)
            && let Some((_, tries)) = state.asked.take()
            && let Some(again) = state.take(ask, answer, tries, now)
        {
            return (state, Some(Action::Ask(again)));
        }
    }
    if state.asked.is_some() {
        return (state, None);
    }
    state.watch(now);
    let action = state.next(now);
    if let Action::Ask(ask) = &action {
        state.asked = Some((ask.clone(), 1));
    }
    (state, Some(action))
}

impl State {
    /// Keeps an answer. Returns the request to repeat at once, if its tries aren't used up.
    fn take(&mut self, ask: Ask, answer: CacheAnswer, tries: u32, now: Now) -> Option<Ask> {
        let terms = &self.terms;
        match (ask, answer) {
            (Ask::Cinemas, CacheAnswer::Cinemas(cinemas)) if !cinemas.is_empty() => {
                self.cinemas.put(cinemas, now, terms.films);
                self.night = Some(self.night_of(now));
            }
            (Ask::Films, CacheAnswer::Films(films)) if !films.is_empty() => {
                let films = nearest(films, self.zone.to_datetime(now.wall));
                self.films.put(films, now, terms.films);
            }
            (Ask::TicketTypes(session), CacheAnswer::TicketTypes(types)) if !types.is_empty() => {
                let watched = self.watched.entry(session).or_default();
                watched.types.put(types, now, terms.ticket_types);
            }
            (Ask::Seats(session), CacheAnswer::SeatsLeft(left)) => {
                self.watched.entry(session).or_default().seats.put(Some(left), now, terms.seats);
            }
            (ask @ Ask::TicketTypes(_), CacheAnswer::Nothing { again: true })
                if tries < terms.ticket_type_tries =>
            {
                self.asked = Some((ask.clone(), tries + 1));
                return Some(ask);
            }
            (ask, answer) => {
                self.keep_old(ask, !matches!(answer, CacheAnswer::Nothing { again: false }), now)
            }
        }
        None
    }

    /// Keeps known data; it is requested again after its interval, or sooner if nothing is known.
    fn keep_old(&mut self, ask: Ask, again: bool, now: Now) {
        let terms = &self.terms;
        self.quiet_until = now.mono + terms.pause;
        let sooner = |interval, known| if known || !again { interval } else { terms.pause };
        match ask {
            Ask::Cinemas => self.cinemas.due = now.mono + terms.films,
            Ask::Films => self.films.due = now.mono + sooner(terms.films, self.films.is_known()),
            Ask::TicketTypes(session) => {
                let types = &mut self.watched.entry(session).or_default().types;
                types.due = now.mono + sooner(terms.ticket_types, types.is_known());
            }
            Ask::Seats(session) => {
                let seats = &mut self.watched.entry(session).or_default().seats;
                seats.due = now.mono + sooner(terms.seats, seats.is_known());
            }
        }
    }

    /// Returns the current night: the date on which it began.
    fn night_of(&self, now: Now) -> Date {
        let local = self.zone.to_datetime(now.wall);
        let since_midnight =
            SignedDuration::try_from(Time::midnight().until(self.terms.cinemas_at).unwrap_or_default());
        local.saturating_sub(since_midnight.unwrap_or_default()).date()
    }

    /// Returns the sessions that begin next, the nearest first.
    fn to_come(&self, now: DateTime) -> Vec<(DateTime, &str)> {
        let all = self.films.value.iter().flat_map(|film| &film.sessions);
        let later = all.filter_map(|session| Some((session.showtime?, session.id.as_str())));
        let mut later: Vec<_> = later.filter(|(at, _)| *at > now).collect();
        later.sort_unstable();
        later.truncate(self.terms.sessions);
        later
    }

    /// Drops data on sessions that are no longer among the next ones, and makes room for new ones.
    fn watch(&mut self, now: Now) {
        let local = self.zone.to_datetime(now.wall);
        let next: Vec<String> = self.to_come(local).into_iter().map(|(_, id)| id.to_owned()).collect();
        self.watched.retain(|id, _| next.contains(id));
        for id in next {
            self.watched.entry(id).or_default();
        }
    }

    /// Returns the request that is due first, or the time at which one will be.
    fn next(&self, now: Now) -> Action {
        if now.mono < self.quiet_until {
            return Action::WaitUntil(self.quiet_until);
        }
        let cinemas_due =
            if self.night == Some(self.night_of(now)) { self.dawn(now) } else { self.cinemas.due };
        let mut due = vec![(self.films.due, Ask::Films), (cinemas_due, Ask::Cinemas)];
        let local = self.zone.to_datetime(now.wall);
        let to_come = self.to_come(local);
        for (_, id) in &to_come {
            let Some(watched) = self.watched.get(*id) else { continue };
            due.push((watched.types.due, Ask::TicketTypes((*id).to_owned())));
            due.push((watched.seats.due, Ask::Seats((*id).to_owned())));
        }
        // The order of the list decides among the requests that are due: those nearest to the customer first.
        if let Some((_, ask)) = due.iter().find(|(at, _)| *at <= now.mono) {
            return Action::Ask(ask.clone());
        }
        // When a session begins, another one moves up.
        let begins = to_come.first().map(|(at, _)| now.mono + until(local, *at));
        let first = due.iter().map(|(at, _)| *at).chain(begins).min();
        Action::WaitUntil(first.unwrap_or(now.mono + self.terms.films))
    }

    /// Returns the beginning of the next night in which the cinemas are requested.
    fn dawn(&self, now: Now) -> Duration {
        let local = self.zone.to_datetime(now.wall);
        let next = self.night_of(now).tomorrow().map(|day| day.to_datetime(self.terms.cinemas_at));
        now.mono + next.map_or(self.terms.films, |next| until(local, next))
    }
}

/// Returns the time from one moment of the cinema's day to a later one; at least a second, so that rounding makes no
/// loop.
fn until(now: DateTime, then: DateTime) -> Duration {
    let left = Duration::try_from(now.duration_until(then)).unwrap_or_default();
    left.max(Duration::from_secs(1))
}

/// Keeps the sessions that aren't over, at most [`SESSIONS_MAX`] of them, and drops long texts.
fn nearest(films: Vec<Film>, now: DateTime) -> Vec<Film> {
    let over = now.saturating_sub(SignedDuration::from_hours(OVER_HOURS));
    let is_kept = |session: &FilmSession| session.showtime.is_some_and(|at| at > over);
    let mut times: Vec<DateTime> = films
        .iter()
        .flat_map(|film| &film.sessions)
        .filter(|s| is_kept(s))
        .filter_map(|s| s.showtime)
        .collect();
    times.sort_unstable();
    let last = times.get(SESSIONS_MAX - 1).copied().unwrap_or(DateTime::MAX);
    let mut left = SESSIONS_MAX;
    let of_a_film = |mut film: Film| {
        film.synopsis = None;
        film.sessions.retain(|session| {
            let kept = left > 0 && is_kept(session) && session.showtime <= Some(last);
            left -= usize::from(kept);
            kept
        });
        film
    };
    films.into_iter().map(of_a_film).collect()
}

#[cfg(test)]
mod tests;
