//! The cloud over HTTP: one blocking client with a kept connection and a limit on everything.
//!
//! Blocks for at most `timeout_ms` a call, so it belongs on a thread of its own. Redirects aren't
//! followed (the token would go along), proxies of the environment aren't used.

mod error;

pub use self::error::{SetupError, VistaError};

use super::answer::{CloudAnswer, CloudBooking};
use super::{codes, single_booking};
use crate::config::settings::Cloud;
use crate::ticket::BookingId;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{HeaderValue, header};

/// Largest reply read, bytes; real ones have a few thousand.
const BODY_MAX: u64 = 1024 * 1024;

/// Largest response header block read, bytes.
const HEADERS_MAX: usize = 16 * 1024;

/// A connection unused for longer is opened anew: servers close idle ones, commonly after minutes.
const IDLE_MAX: Duration = Duration::from_secs(30);

/// The header every call carries, in lower case as the document spells it (2.1).
const TOKEN_HEADER: &str = "connectapitoken";

/// An ID no booking has: VISTA's have about 7 characters. For trying the token.
const NOBODYS_ID: &str = "PICKUPKIOSKSELFCHECK";

/// Loggers of libraries below this client that write request bytes, token included, at level trace.
/// Whoever sets the logger up keeps them at `info` or quieter whatever `RUST_LOG` says.
pub const LOGGERS_TO_QUIETEN: [&str; 3] = ["ureq", "ureq_proto", "rustls"];

/// The cloud. `Debug` shows no secret.
pub struct Client {
    agent: Agent,
    booking_url: String,
    token: HeaderValue,
    cinema_id: String,
    client_id: String,
    timeout_ms: u64,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("booking_url", &self.booking_url)
            .field("cinema_id", &self.cinema_id)
            .field("timeout_ms", &self.timeout_ms)
            .finish_non_exhaustive()
    }
}

/// A call that succeeded on the wire and was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// ResultCode: 0, 47, 61 or 62; every other one is a [`VistaError::Code`].
    pub code: i64,
    /// The booking, when there is one.
    pub booking: Option<CloudBooking>,
    /// By how much the server's clock (its Date header, whole seconds) is ahead of this machine's;
    /// negative when behind. None without a header that can be read.
    pub clock_ahead: Option<SignedDuration>,
}

impl Client {
    /// A client for one cinema. Connects to nothing yet.
    ///
    /// # Errors
    /// When the address isn't `https://HOST[:PORT]` (or `http://` where allowed), or the token can't be a header.
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
        Ok(Self {
            agent: Agent::new_with_config(config),
            booking_url: format!("{base}{}/booking", cloud.paths.booking.trim_end_matches('/')),
            token,
            cinema_id: cinema_id.to_owned(),
            client_id: cloud.client_id.clone(),
            timeout_ms: cloud.timeout_ms,
        })
    }

    /// What the cloud says of the booking with this ID (3.11).
    pub fn get_single_booking(&self, id: &BookingId) -> CloudAnswer {
        match self.single_booking(id) {
            Ok(Exchange { code: codes::ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED, .. }) => CloudAnswer::Ambiguous,
            Ok(Exchange { code: codes::OK, booking: Some(booking), .. }) => CloudAnswer::Booking(booking),
            Ok(_) => CloudAnswer::NotFound,
            Err(error) => CloudAnswer::Unavailable(error.to_string()),
        }
    }

    /// The same with everything that can go wrong told apart.
    pub fn single_booking(&self, id: &BookingId) -> Result<Exchange, VistaError> {
        let body = single_booking::request(id, &self.cinema_id, &self.client_id).to_string();
        let mut response = self
            .agent
            .post(&self.booking_url)
            .header(TOKEN_HEADER, self.token.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .send(body)
            .map_err(|error| VistaError::from_ureq(error, self.timeout_ms))?;
        let clock_ahead = clock_ahead(response.headers().get(header::DATE), Timestamp::now());
        let status = response.status().as_u16();
        match status {
            200 => {}
            401 | 403 => return Err(VistaError::TokenRefused { status }),
            300..=399 => return Err(VistaError::Redirected { status }),
            _ => return Err(VistaError::Status { status }),
        }
        let body = response
            .body_mut()
            .with_config()
            .limit(BODY_MAX)
            .read_to_vec()
            .map_err(|error| VistaError::from_ureq(error, self.timeout_ms))?;
        let reply = single_booking::read(&body)?;
        match reply.code {
            codes::OK
            | codes::BOOKING_DOES_NOT_EXIST
            | codes::ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED
            | codes::ORDER_DOES_NOT_EXIST => {
                Ok(Exchange { code: reply.code, booking: reply.booking, clock_ahead })
            }
            code => Err(VistaError::Code { code }),
        }
    }

    /// Tries address and token without asking for anybody's booking: no booking has the ID it asks for.
    pub fn check(&self) -> Result<Exchange, VistaError> {
        // The constant is well-formed; were it not, the call could only fail as a bad request would.
        let Some(id) = BookingId::parse(NOBODYS_ID) else {
            return Err(VistaError::Status { status: 400 });
        };
        self.single_booking(&id)
    }
}

/// The base of all addresses, without a slash at its end.
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
