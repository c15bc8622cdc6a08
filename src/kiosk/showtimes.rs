//! The films and sessions of the cinema, for the screen: the cache's questions, put to the cloud on a thread of their own. So no
//! customer's lookup ever waits for them; and none is begun while somebody is being served.

use super::event::Event;
use super::stopped::Stopped;
use crate::config::{Loaded, Secrets};
use crate::pickup::input::Now;
use crate::screen::showtimes::{Showing, Showtimes};
use crate::vista::client::{Client, SetupError, VistaError};
use crate::vista::films::{Film, FilmSession};
use crate::vista::flow::cache::{self, Action, Ask, CacheAnswer, Input, State, Terms};
use crate::vista::seat_plan::{SeatPlan, SeatStatus};
use std::io;
use std::thread;
use std::time::Duration;
use tokio::sync::mpsc;

/// The cache has one question at a time.
const WAITING_MAX: usize = 1;

/// The cache, and the way to the cloud.
#[derive(Debug)]
pub struct ShowtimesThread {
    state: State,
    questions: mpsc::Sender<Ask>,
    /// Put as soon as nobody is being served.
    next: Option<Ask>,
    /// Nothing is due before; none while an answer is awaited.
    due: Option<Duration>,
    cinema_id: String,
}

/// A client of its own for what the screen shows, where there is a screen and it is wished.
///
/// # Errors
/// An address or token that can't be used.
pub fn client(loaded: &Loaded, secrets: &Secrets) -> Result<Option<Client>, SetupError> {
    let settings = &loaded.settings;
    let (Some(cloud), Some(token)) = (&settings.cloud, &secrets.cloud_token) else { return Ok(None) };
    if settings.screen.is_none() || !cloud.information.enabled {
        return Ok(None);
    }
    let mut cloud = cloud.clone();
    cloud.timeout_ms = cloud.information.timeout_ms;
    Client::new(&cloud, &settings.cinema.id, token.expose()).map(Some)
}

fn terms(loaded: &Loaded) -> Option<Terms> {
    let settings = &loaded.settings.cloud.as_ref()?.information;
    let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
    Some(Terms {
        cinemas_at: loaded.checked.cinemas_at,
        films: minutes(settings.films_minutes),
        ticket_types: minutes(settings.tickets_minutes),
        seats: minutes(settings.seats_minutes),
        ticket_type_tries: settings.ticket_tries,
        pause: Duration::from_secs(settings.pause_seconds.into()),
        sessions: usize::try_from(settings.sessions).unwrap_or_default(),
    })
}

impl ShowtimesThread {
    /// Starts the thread; answers come as events. None without a `[cloud]`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(loaded: &Loaded, client: Client, events: mpsc::Sender<Event>) -> io::Result<Option<Self>> {
        let Some(terms) = terms(loaded) else { return Ok(None) };
        let (questions, mut waiting) = mpsc::channel(WAITING_MAX);
        thread::Builder::new().name("information".into()).spawn(move || {
            let mut said = String::new();
            while let Some(ask) = waiting.blocking_recv() {
                let answer = put(&client, &ask).unwrap_or_else(|error| {
                    let reason = format!("what is on: {error}");
                    // The same reason every minute helps nobody.
                    let level = if reason == said { log::Level::Debug } else { log::Level::Warn };
                    log::log!(level, "{reason}");
                    said = reason;
                    CacheAnswer::Nothing { again: error.can_retry() }
                });
                if events.blocking_send(Event::Showtimes(ask, answer)).is_err() {
                    return;
                }
            }
        })?;
        let state = State::new(terms, loaded.checked.timezone.clone());
        let cinema_id = loaded.settings.cinema.id.clone();
        Ok(Some(Self { state, questions, next: None, due: Some(Duration::ZERO), cinema_id }))
    }

    /// The moment at which the cache wants to be looked at. Left alone while somebody is being served.
    pub fn due(&self) -> Option<Duration> {
        self.due
    }

    /// The time is up: puts the next question, where there is one.
    ///
    /// # Errors
    /// When the thread has ended.
    pub fn ask(&mut self, now: Now) -> Result<(), Stopped> {
        if self.next.is_none() {
            self.step(Input::Tick, now);
        }
        let Some(ask) = self.next.take() else { return Ok(()) };
        self.due = None;
        self.questions
            .try_send(ask)
            .map_err(|_| Stopped::Part(("场次信息的线程", "the information's thread")))
    }

    /// Takes an answer; the showtimes as they are known now, none when they are known no longer.
    pub fn answered(&mut self, ask: Ask, answer: CacheAnswer, now: Now) -> Option<Showtimes> {
        self.look_at(&answer);
        self.step(Input::Answered(ask, answer), now);
        self.showtimes()
    }

    fn step(&mut self, input: Input, now: Now) {
        let (state, action) = cache::handle(self.state.clone(), input, now);
        self.state = state;
        (self.next, self.due) = match action {
            Some(Action::Ask(ask)) => (Some(ask), Some(now.mono)),
            Some(Action::WaitUntil(then)) => (None, Some(then)),
            None => (None, None),
        };
    }

    /// Warns when the token doesn't see this cinema: then it has no films either.
    fn look_at(&self, answer: &CacheAnswer) {
        let CacheAnswer::Cinemas(cinemas) = answer else { return };
        if !cinemas.is_empty() && !cinemas.iter().any(|cinema| cinema.id == self.cinema_id) {
            log::warn!("what is on: the token sees no cinema {}: check [cinema] id", self.cinema_id);
        }
    }

    fn showtimes(&self) -> Option<Showtimes> {
        let of_a_film = |film: &Film| -> Vec<Showing> {
            film.sessions.iter().filter_map(|session| self.showing(film, session)).collect()
        };
        let showings = self.state.films().iter().flat_map(of_a_film).collect();
        Some(Showtimes::new(showings, self.state.as_of()?))
    }

    fn showing(&self, film: &Film, session: &FilmSession) -> Option<Showing> {
        let watched = self.state.watched(&session.id);
        let number = || session.screen_number.map(|number| number.to_string());
        Some(Showing {
            film: film.title.clone().unwrap_or_else(|| film.id.clone()),
            hall: session.screen_name.clone().or_else(number),
            starts_at: session.showtime?,
            run_time: film.run_time,
            seats_left: watched.and_then(cache::Watched::seats_left),
            price_from: watched.and_then(cache::Watched::price_from),
        })
    }
}

fn put(client: &Client, ask: &Ask) -> Result<CacheAnswer, VistaError> {
    Ok(match ask {
        Ask::Cinemas => CacheAnswer::Cinemas(client.cinemas()?),
        Ask::Films => CacheAnswer::Films(client.films()?),
        Ask::TicketTypes(session) => CacheAnswer::TicketTypes(client.ticket_types(session)?),
        Ask::Seats(session) => seats_left(client.seat_plan(session)?.as_ref()),
    })
}

/// None is code 67: the session is marked as sold out, or let as a whole.
fn seats_left(plan: Option<&SeatPlan>) -> CacheAnswer {
    let Some(plan) = plan else { return CacheAnswer::SeatsLeft(0) };
    if plan.seats().next().is_none() {
        return CacheAnswer::Nothing { again: true };
    }
    let free = plan.seats().filter(|(_, _, seat)| seat.status == SeatStatus::Free).count();
    CacheAnswer::SeatsLeft(u32::try_from(free).unwrap_or(u32::MAX))
}
