//! HTTP server of the page (contract, "The screen's HTTP") and of monitoring.
//!
//! A client that sends something must be this page: with its token, new at each start, its Origin, and a Host that is
//! this one.

mod events;
mod guard;
mod input;
mod listener;
mod maintenance;

use super::monitor::Monitor;
use super::picture::Picture;
use super::user_input::UserInput;
use super::view::View;
use crate::pickup::input::Now;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use guard::Guard;
use listener::Bounded;
use std::fmt;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Largest body read, in bytes: the name of a key.
const BODY_MAX: usize = 1_024;
/// Most connections to the page at once, including event streams.
const PAGE_CONNECTIONS: usize = 32;
/// Most connections of monitoring systems at once.
const MONITOR_CONNECTIONS: usize = 16;
/// Longest duration of a monitoring connection.
const MONITOR_LIMIT: Duration = Duration::from_secs(30);

const PAGE: &str = include_str!("assets/index.html");
const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &str = include_str!("assets/app.js");
/// Placeholder of the page's token.
const TOKEN_PLACE: &str = "{token}";
/// Placeholder of a demo's own styles and scripts.
const HEAD_PLACE: &str = "<!--head-->";

/// Function that takes an input; returns false if the kiosk has no room for it.
pub type Press = Arc<dyn Fn(UserInput) -> bool + Send + Sync>;

/// Function that returns the current time.
pub type Clock = Arc<dyn Fn() -> Now + Send + Sync>;

/// Pages beside the customer screen's, behind the same checks; the demo has some.
#[derive(Debug, Clone, Default)]
pub struct Extra {
    /// Routes that any client on this machine may read.
    pub open: Router,
    /// Routes that need token and Origin.
    pub guarded: Router,
    /// Elements for the page's head.
    pub head: &'static str,
}

/// Interface between the kiosk and its HTTP servers.
#[derive(Clone)]
pub struct Kiosk {
    /// View to show, on every change.
    pub views: watch::Receiver<Arc<View>>,
    /// State of the kiosk, on every change.
    pub monitor: watch::Receiver<Arc<Monitor>>,
    /// Current time, on the workflow's clock and on the wall clock.
    pub clock: Clock,
    /// Receiver of inputs.
    pub press: Press,
    /// Picture of the cinema.
    pub picture: Option<Arc<Picture>>,
    /// Version of the program.
    pub version: &'static str,
}

impl fmt::Debug for Kiosk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kiosk").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Kiosk {
    fn now(&self) -> Now {
        (self.clock)()
    }
}

/// Serves the page until the runtime ends.
///
/// # Errors
/// Fails if the listener can't be used, or if the system has no randomness for the token.
pub fn serve(listener: TcpListener, kiosk: &Kiosk, extra: Extra) -> io::Result<()> {
    let guard = Arc::new(Guard::new(listener.local_addr()?)?);
    let page = PAGE.replace(TOKEN_PLACE, guard.token()).replace(HEAD_PLACE, extra.head);
    let guarded = Router::new()
        .route("/events", get(events::events).with_state(events::Streams::new(kiosk.clone())))
        .route("/input", post(input::input).with_state(input::Keys::new(kiosk.press.clone())))
        .merge(extra.guarded)
        .route_layer(middleware::from_fn_with_state(Arc::clone(&guard), guard::token_and_origin));
    let router = Router::new()
        .route("/", get(move || async move { Html(page) }))
        .route("/style.css", get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE) }))
        .merge(maintenance::files())
        .route(
            "/app.js",
            get(|| async { ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT) }),
        )
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .route("/picture", get(picture).with_state(kiosk.clone()))
        .route("/healthz", get(healthz).with_state(kiosk.clone()))
        .merge(extra.open)
        .merge(guarded)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn_with_state(guard, guard::host))
        .layer(middleware::map_response(guard::headers));
    spawn("the screen's page", Bounded::new(listener, PAGE_CONNECTIONS, None)?, router);
    Ok(())
}

/// Serves `/healthz` and `/metrics` until the runtime ends.
///
/// # Errors
/// Fails if the listener can't be used.
pub fn serve_monitor(listener: TcpListener, kiosk: &Kiosk) -> io::Result<()> {
    let router = Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(kiosk.clone());
    spawn("the monitor", Bounded::new(listener, MONITOR_CONNECTIONS, Some(MONITOR_LIMIT))?, router);
    Ok(())
}

fn spawn(what: &'static str, listener: Bounded, router: Router) {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            log::error!("{what}: {error}");
        }
    });
}

async fn picture(State(kiosk): State<Kiosk>) -> Response {
    let Some(picture) = &kiosk.picture else { return StatusCode::NOT_FOUND.into_response() };
    ([(header::CONTENT_TYPE, picture.kind())], picture.bytes().to_vec()).into_response()
}

async fn healthz(State(kiosk): State<Kiosk>) -> Response {
    let monitor = Arc::clone(&kiosk.monitor.borrow());
    let (mut reasons, notes) = (monitor.reasons(kiosk.now().mono), monitor.notes());
    if reasons.is_empty() {
        return ["in service".to_owned()]
            .into_iter()
            .chain(notes)
            .map(|line| line + "\n")
            .collect::<String>()
            .into_response();
    }
    reasons.extend(notes);
    (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n").into_response()
}

async fn metrics(State(kiosk): State<Kiosk>) -> Response {
    let page = kiosk.monitor.borrow().metrics(kiosk.now().mono, kiosk.version);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page).into_response()
}
