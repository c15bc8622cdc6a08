//! Input from the page, `POST /input`: one key.

use super::Press;
use crate::screen::user_input::UserInput;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Number of keys at once before the rate limit applies: a hand on a keyboard.
const BURST: f64 = 40.0;
/// Rate limit, in keys per second: faster than anybody types.
const PACE: f64 = 20.0;

/// Receiver of keys, with a rate limit.
#[derive(Clone)]
pub(super) struct Keys {
    press: Press,
    left: Arc<Mutex<(f64, Instant)>>,
}

impl Keys {
    pub(super) fn new(press: Press) -> Self {
        Self { press, left: Arc::new(Mutex::new((BURST, Instant::now()))) }
    }

    fn in_pace(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let since = now.duration_since(left.1).as_secs_f64();
        *left = ((left.0 + since * PACE).min(BURST), now);
        let fits = left.0 >= 1.0;
        if fits {
            left.0 -= 1.0;
        }
        fits
    }
}

/// Body of a request: one key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Body {
    key: String,
}

pub(super) async fn input(State(keys): State<Keys>, body: Result<Json<Body>, JsonRejection>) -> Response {
    // The body is not repeated: it may be a part of a booking ID.
    let Ok(Json(body)) = body else {
        return (StatusCode::BAD_REQUEST, "expected {\"key\": \"1\"} as application/json\n").into_response();
    };
    let Some(pressed) = UserInput::named(&body.key) else {
        let right = "expected a digit, a letter, clear, back, enter, language or more_time\n";
        return (StatusCode::BAD_REQUEST, right).into_response();
    };
    if !keys.in_pace() {
        return (StatusCode::TOO_MANY_REQUESTS, "too many keys at once\n").into_response();
    }
    if (keys.press)(pressed) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the kiosk is busy\n").into_response()
    }
}
