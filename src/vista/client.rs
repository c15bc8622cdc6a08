//! HTTP client of the cloud: blocking, with one kept connection and a limit on everything.
//!
//! A call blocks for at most `timeout_ms`, so the client belongs on a thread of its own. Redirects aren't followed (the
//! token would go along), and proxies of the environment aren't used.

mod error;
mod reading;
mod writing;

pub use self::error::{SetupError, VistaError};
pub use self::reading::BookingStatus;
pub use self::writing::RefundTerms;

use super::answer::{CloudAnswer, CloudBooking};
use super::identity::Identity;
use super::reply::{ReadError, Reply};
use super::single_booking::Which;
use super::{codes, single_booking};
use crate::config::settings::Cloud;
use crate::ticket::BookingId;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::fmt;
use std::time::Duration;
use ureq::http::{HeaderValue, Response, header};
use ureq::{Agent, Body};

/// Largest reply read about one booking or order, in bytes; real ones have a few thousand.
const BODY_MAX: u64 = 1024 * 1024;

/// Largest list or seat plan read, in bytes; a cinema's films with their texts have some hundred thousand.
const LIST_MAX: u64 = 4 * 1024 * 1024;

/// Largest response header block read, in bytes.
const HEADERS_MAX: usize = 16 * 1024;

/// Longest a connection may be unused; after that a new one is opened: servers close idle ones, commonly after minutes.
const IDLE_MAX: Duration = Duration::from_secs(30);

/// Name of the header every call carries, in lower case as the document spells it (2.1).
const TOKEN_HEADER: &str = "connectapitoken";

/// An ID that no booking has, for trying the token: VISTA's IDs have about 7 characters.
const NOBODYS_ID: &str = "PICKUPKIOSKSELFCHECK";

/// Loggers of libraries below this client that write request bytes, token included, at level trace. The logger's setup
/// keeps them at `info` or quieter regardless of `RUST_LOG`.
pub const LOGGERS_TO_QUIETEN: [&str; 3] = ["ureq", "ureq_proto", "rustls"];

/// A client of the cloud. `Debug` shows no secret.
pub struct Client {
    agent: Agent,
    urls: Urls,
    token: HeaderValue,
    cinema_id: String,
    identity: Identity,
    timeout_ms: u64,
}

/// Base address of each service, without a slash at the end.
struct Urls {
    odata: String,
    data: String,
    ticketing: String,
    booking: String,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("booking_url", &self.urls.booking)
            .field("cinema_id", &self.cinema_id)
            .field("timeout_ms", &self.timeout_ms)
            .finish_non_exhaustive()
    }
}

/// A call that succeeded on the wire and was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// ResultCode: 0, 47, 61 or 62; any other is a [`VistaError::Code`].
    pub code: i64,
    /// The booking, if there is one.
    pub booking: Option<CloudBooking>,
    /// Lead of the server's clock (its Date header, whole seconds) over this machine's; negative if behind. `None`
    /// without a readable header.
    pub clock_ahead: Option<SignedDuration>,
    /// TotalValueCents of the booking, in fen.
    pub total_cents: Option<i64>,
}

/// The body of an answer with HTTP status 200.
struct OkReply {
    body: Vec<u8>,
    clock_ahead: Option<SignedDuration>,
}

impl Client {
    /// Creates a client for one cinema. Does not connect yet.
    ///
    /// # Errors
    /// Fails if the address isn't `https://HOST[:PORT]` (or `http://` where allowed), or the token can't be a header.
    pub fn new(cloud: &Cloud, cinema_id: &str, token: &str) -> Result<Self, SetupError> {
        let base = checked_url(&cloud.url, cloud.allow_plain_http)?;
        let mut token = HeaderValue::from_str(token.trim()).map_err(|_| SetupError::Token)?;
        if token.is_empty() {
            return Err(SetupError::Token);
        }
        token.set_sensitive(true);
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_millis(cloud.timeout_ms)))
            .http_status_as_error(false)
            .https_only(!cloud.allow_plain_http)
            .max_redirects(0)
            .proxy(None)
            .max_response_header_size(HEADERS_MAX)
            .max_idle_connections(1)
            .max_idle_connections_per_host(1)
            .max_idle_age(IDLE_MAX)
            .user_agent(concat!("pickup-kiosk/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .build();
        let url = |path: &str| format!("{base}{}", path.trim_end_matches('/'));
        Ok(Self {
            agent: Agent::new_with_config(config),
            urls: Urls {
                odata: url(&cloud.paths.odata),
                data: url(&cloud.paths.data),
                ticketing: url(&cloud.paths.ticketing),
                booking: url(&cloud.paths.booking),
            },
            token,
            cinema_id: cinema_id.to_owned(),
            identity: Identity {
                class: cloud.client_class.clone(),
                id: cloud.client_id.clone(),
                name: cloud.client_name.clone(),
            },
            timeout_ms: cloud.timeout_ms,
        })
    }

    /// Requests the booking with this ID (3.11).
    pub fn get_single_booking(&self, id: &BookingId) -> CloudAnswer {
        match self.single_booking(id) {
            Ok(Exchange { code: codes::ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED, .. }) => CloudAnswer::Ambiguous,
            Ok(Exchange { code: codes::OK, booking: Some(booking), .. }) => CloudAnswer::Booking(booking),
            Ok(_) => CloudAnswer::NotFound,
            Err(error) => CloudAnswer::Unavailable(error.to_string()),
        }
    }

    /// Requests the booking with this ID, with every kind of error distinguished.
    pub fn single_booking(&self, id: &BookingId) -> Result<Exchange, VistaError> {
        self.find_booking(Which::Id(id))
    }

    /// Requests a booking by ID, number or both (3.11).
    pub fn find_booking(&self, which: Which<'_>) -> Result<Exchange, VistaError> {
        let request = single_booking::request(which, &self.cinema_id, &self.identity.id);
        let answer = self.post(&format!("{}/booking", self.urls.booking), &request)?;
        let reply = single_booking::read(&answer.body)?;
        match reply.code {
            codes::OK
            | codes::BOOKING_DOES_NOT_EXIST
            | codes::ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED
            | codes::ORDER_DOES_NOT_EXIST => Ok(Exchange {
                code: reply.code,
                booking: reply.booking,
                clock_ahead: answer.clock_ahead,
                total_cents: reply.total_cents,
            }),
            code => Err(VistaError::Code { code, said: None }),
        }
    }

    /// Tests address and token without requesting anybody's booking: no booking has the ID it sends.
    pub fn check(&self) -> Result<Exchange, VistaError> {
        // The constant is well-formed; otherwise the call could only fail as a bad request would.
        let Some(id) = BookingId::parse(NOBODYS_ID) else {
            return Err(VistaError::Status { status: 400 });
        };
        self.single_booking(&id)
    }

    fn post(&self, url: &str, request: &Value) -> Result<OkReply, VistaError> {
        let call = self.agent.post(url).header(TOKEN_HEADER, self.token.clone());
        let sent = call.header(header::CONTENT_TYPE, "application/json").send(request.to_string());
        self.answer(sent, BODY_MAX)
    }

    fn get(&self, url: &str) -> Result<OkReply, VistaError> {
        let call = self.agent.get(url).header(TOKEN_HEADER, self.token.clone());
        self.answer(call.header(header::CONTENT_TYPE, "application/json").call(), LIST_MAX)
    }

    fn answer(
        &self,
        received: Result<Response<Body>, ureq::Error>,
        body_max: u64,
    ) -> Result<OkReply, VistaError> {
        let failed = |error| VistaError::from_ureq(error, self.timeout_ms);
        let mut response = received.map_err(failed)?;
        let clock_ahead = clock_ahead(response.headers().get(header::DATE), Timestamp::now());
        let status = response.status().as_u16();
        match status {
            200 => {}
            401 | 403 => return Err(VistaError::TokenRefused { status }),
            300..=399 => return Err(VistaError::Redirected { status }),
            _ => return Err(VistaError::Status { status }),
        }
        let body = response.body_mut().with_config().limit(body_max).read_to_vec().map_err(failed)?;
        Ok(OkReply { body, clock_ahead })
    }
}

/// Returns the content of a reply; a result code other than 0 is an error, and so is missing content.
fn content<T>(reply: Reply<T>, what: &'static str) -> Result<T, VistaError> {
    if reply.code != codes::OK {
        return Err(VistaError::Code { code: reply.code, said: reply.said });
    }
    Ok(reply.content.ok_or(ReadError::Missing(what))?)
}

/// Checks the base of all addresses, and removes the slash at its end.
fn checked_url(url: &str, allow_plain_http: bool) -> Result<&str, SetupError> {
    let url = url.trim_end_matches('/');
    let host = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(host), _) => host,
        (None, Some(host)) if allow_plain_http => host,
        (None, Some(_)) => return Err(SetupError::PlainHttp),
        (None, None) => return Err(SetupError::Url),
    };
    // With `@` the address would carry a password, which logs would show.
    let plain = !host.is_empty() && !host.contains(['/', '?', '#', '@', '\\']);
    let parses = url.parse::<ureq::http::Uri>().is_ok_and(|uri| uri.host().is_some());
    if plain && parses { Ok(url) } else { Err(SetupError::Url) }
}

fn clock_ahead(date: Option<&HeaderValue>, now: Timestamp) -> Option<SignedDuration> {
    let date = rfc2822::DateTimeParser::new().parse_timestamp(date?.to_str().ok()?).ok()?;
    Some(date.duration_since(now))
}

#[cfg(test)]
mod tests;
