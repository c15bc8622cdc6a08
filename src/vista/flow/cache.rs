//! What third parties keep of the cloud's information (2.1), and when it is asked for anew: the cinemas once a night,
//! films with their sessions, ticket types and seats at intervals of their own. What a time-out or an empty answer
//! brings never takes the place of what is known. One call at a time, and none for a while after one that failed: the
//! document asks for that, for the cinemas' sake.

mod kept;

pub use self::kept::Watched;

use super::super::cinemas::Cinema;
use super::super::films::{Film, Session};
use super::super::ticket_types::TicketType;
use crate::pickup::input::Now;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kept::Kept;
use std::collections::BTreeMap;
use std::time::Duration;

/// Most sessions kept, the nearest first.
pub const SESSIONS_MAX: usize = 1_000;
/// A session that began longer ago than this is over, hours.
const OVER_HOURS: i64 = 12;

/// Intervals and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The cinemas are asked for once a night, from this time on.
    pub cinemas_at: Time,
    /// Between two askings for films and sessions; the document's 20 minutes to a day.
    pub films: Duration,
    /// Between two askings for a session's ticket types; the document's 15 to 30 minutes.
    pub ticket_types: Duration,
    /// The same of its seats.
    pub seats: Duration,
    /// Ticket types are asked for so often in a row before the last known ones stay (3.3); at least once.
    pub ticket_type_tries: u32,
    /// After a call that brought nothing, none is made for so long.
    pub pause: Duration,
    /// Ticket types and seats are kept of so many sessions, those that begin next.
    pub sessions: usize,
}

/// One question to the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ask {
    /// 3.1
    Cinemas,
    /// 3.2
    Films,
    /// 3.3, of this session.
    TicketTypes(String),
    /// 3.4, of this session.
    Seats(String),
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 3.1
    Cinemas(Vec<Cinema>),
    /// 3.2
    Films(Vec<Film>),
    /// 3.3
    TicketTypes(Vec<TicketType>),
    /// 3.4: the seats that are free. A session marked as sold out has none (code 67); a plan without any seat is
    /// empty, which is [`Answer::Nothing`].
    SeatsLeft(u32),
    /// A time-out, a refusal, or nothing that can be used.
    Nothing {
        /// The same can succeed a little later, without anybody changing anything.
        again: bool,
    },
}

/// What happens to the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The time is up, or somebody wants to know what is next.
    Tick,
    /// The question was answered, or was not.
    Answered(Ask, Answer),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Ask the cloud.
    Ask(Ask),
    /// Nothing before this moment of the clock that never jumps.
    WaitUntil(Duration),
}

/// What is known, and since when.
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
    /// Nothing is known yet. `zone`: the cinema's.
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

    /// The cinemas that the token sees; none until they are known.
    pub fn cinemas(&self) -> &[Cinema] {
        &self.cinemas.value
    }

    /// The films with those of their sessions that are not over.
    pub fn films(&self) -> &[Film] {
        &self.films.value
    }

    /// When the cloud told the films; none: never yet.
    pub fn as_of(&self) -> Option<Timestamp> {
        self.films.as_of
    }

    /// What more is known of a session.
    pub fn watched(&self, session_id: &str) -> Option<&Watched> {
        self.watched.get(session_id)
    }
}

/// The next state, and what is to be done; none while an answer is awaited.
pub fn handle(mut state: State, input: Input, now: Now) -> (State, Option<Action>) {
    if let Input::Answered(ask, answer) = input {
        // An answer that nobody waits for any more says nothing.
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
    /// Keeps an answer. The question to put again at once, if its tries aren't used up.
    fn take(&mut self, ask: Ask, answer: Answer, tries: u32, now: Now) -> Option<Ask> {
        let terms = &self.terms;
        match (ask, answer) {
            (Ask::Cinemas, Answer::Cinemas(cinemas)) if !cinemas.is_empty() => {
                self.cinemas.put(cinemas, now, terms.films);
                self.night = Some(self.night_of(now));
            }
            (Ask::Films, Answer::Films(films)) if !films.is_empty() => {
                let films = nearest(films, self.zone.to_datetime(now.wall));
                self.films.put(films, now, terms.films);
            }
            (Ask::TicketTypes(session), Answer::TicketTypes(types)) if !types.is_empty() => {
                let watched = self.watched.entry(session).or_default();
                watched.types.put(types, now, terms.ticket_types);
            }
            (Ask::Seats(session), Answer::SeatsLeft(left)) => {
                self.watched.entry(session).or_default().seats.put(Some(left), now, terms.seats);
            }
            (ask @ Ask::TicketTypes(_), Answer::Nothing { again: true })
                if tries < terms.ticket_type_tries =>
            {
                self.asked = Some((ask.clone(), tries + 1));
                return Some(ask);
            }
            (ask, answer) => self.keep_old(ask, !matches!(answer, Answer::Nothing { again: false }), now),
        }
        None
    }

    /// What is known stays; it is asked for again after its interval, or sooner where nothing is known.
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

    /// Which night it is: the date on which it began.
    fn night_of(&self, now: Now) -> Date {
        let local = self.zone.to_datetime(now.wall);
        let since_midnight =
            SignedDuration::try_from(Time::midnight().until(self.terms.cinemas_at).unwrap_or_default());
        local.saturating_sub(since_midnight.unwrap_or_default()).date()
    }

    /// The sessions that begin next, the nearest first.
    fn to_come(&self, now: DateTime) -> Vec<(DateTime, &str)> {
        let all = self.films.value.iter().flat_map(|film| &film.sessions);
        let later = all.filter_map(|session| Some((session.showtime?, session.id.as_str())));
        let mut later: Vec<_> = later.filter(|(at, _)| *at > now).collect();
        later.sort_unstable();
        later.truncate(self.terms.sessions);
        later
    }

    /// Drops what is known of sessions that aren't among the next ones any more, and makes room for new ones.
    fn watch(&mut self, now: Now) {
        let local = self.zone.to_datetime(now.wall);
        let next: Vec<String> = self.to_come(local).into_iter().map(|(_, id)| id.to_owned()).collect();
        self.watched.retain(|id, _| next.contains(id));
        for id in next {
            self.watched.entry(id).or_default();
        }
    }

    /// What is due first, or when that will be.
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
        // The order of the list decides among what is due: what is nearest to the customer first.
        if let Some((_, ask)) = due.iter().find(|(at, _)| *at <= now.mono) {
            return Action::Ask(ask.clone());
        }
        // When a session begins, another one moves up.
        let begins = to_come.first().map(|(at, _)| now.mono + until(local, *at));
        let first = due.iter().map(|(at, _)| *at).chain(begins).min();
        Action::WaitUntil(first.unwrap_or(now.mono + self.terms.films))
    }

    /// When the next night begins in which the cinemas are asked for.
    fn dawn(&self, now: Now) -> Duration {
        let local = self.zone.to_datetime(now.wall);
        let next = self.night_of(now).tomorrow().map(|day| day.to_datetime(self.terms.cinemas_at));
        now.mono + next.map_or(self.terms.films, |next| until(local, next))
    }
}

/// From one moment of the cinema's day to a later one; at least a second, so that no rounding makes a circle.
fn until(now: DateTime, then: DateTime) -> Duration {
    let left = Duration::try_from(now.duration_until(then)).unwrap_or_default();
    left.max(Duration::from_secs(1))
}

/// The films with the sessions that aren't over, at most [`SESSIONS_MAX`] of them; long texts are of no use here.
fn nearest(films: Vec<Film>, now: DateTime) -> Vec<Film> {
    let over = now.saturating_sub(SignedDuration::from_hours(OVER_HOURS));
    let is_kept = |session: &Session| session.showtime.is_some_and(|at| at > over);
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
