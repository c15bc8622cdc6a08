//! Event stream, `GET /events`: sends the complete view at once, on every change, and every few seconds, so that the
//! page notices a stream that has died silently.

use super::Kiosk;
use crate::screen::json::json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Most streams at once: the screen, and some observers.
const STREAMS_MAX: usize = 8;
/// Time without a change after which a view is sent again. The page gives up a stream after three of them.
const BEAT: Duration = Duration::from_secs(5);

/// Source of the event streams, with their number limited.
#[derive(Clone)]
pub(super) struct Streams {
    kiosk: Kiosk,
    places: Arc<Semaphore>,
}

impl Streams {
    pub(super) fn new(kiosk: Kiosk) -> Self {
        Self { kiosk, places: Arc::new(Semaphore::new(STREAMS_MAX)) }
    }
}

struct Stream {
    kiosk: Kiosk,
    begun: bool,
    _place: OwnedSemaphorePermit,
}

impl Stream {
    /// Returns the next event; `None` if the kiosk has ended.
    async fn next(&mut self) -> Option<Event> {
        if self.begun && matches!(timeout(BEAT, self.kiosk.views.changed()).await, Ok(Err(_))) {
            return None;
        }
        self.begun = true;
        let view = Arc::clone(&self.kiosk.views.borrow_and_update());
        Some(Event::default().data(json(&view, self.kiosk.now()).to_string()))
    }
}

pub(super) async fn events(State(streams): State<Streams>) -> Response {
    let Ok(place) = Arc::clone(&streams.places).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many event streams\n").into_response();
    };
    let first = Stream { kiosk: streams.kiosk, begun: false, _place: place };
    let events = stream::unfold(first, |mut stream| async move {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    });
    Sse::new(events).into_response()
}
