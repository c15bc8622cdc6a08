//! Errors of the cloud client.

use super::super::codes;
use super::super::reply::ReadError;

/// Reasons why a client can't be created from the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The address is not scheme, host and port.
    #[error("[cloud] url: expected https://HOST or https://HOST:PORT, without path or user name")]
    Url,
    /// The address has `http://` without permission.
    #[error(
        "[cloud] url: http:// would send the token in clear; use https://, or set allow_plain_http = true on a test network"
    )]
    PlainHttp,
    /// The token is empty or has characters that no header can carry.
    #[error("[cloud] token_file: the token is empty or holds characters other than printable ASCII")]
    Token,
}

/// Error of a call to the cloud. No variant holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VistaError {
    /// No complete answer came within the limit.
    #[error("the cloud gave no complete answer within {limit_ms} ms ({phase})")]
    Timeout {
        /// Limit of the call, in milliseconds.
        limit_ms: u64,
        /// Phase of the call in which the time ran out.
        phase: &'static str,
    },
    /// The name of the host is unknown.
    #[error("the cloud's host name is not known: check [cloud] url and the network's DNS")]
    HostNotFound,
    /// Connecting, sending or receiving failed.
    #[error("the connection to the cloud failed: {0}")]
    Transport(String),
    /// The certificate or the TLS handshake was refused.
    #[error("no safe connection to the cloud: {0}; check [cloud] url and this machine's clock")]
    Tls(String),
    /// HTTP status 401 or 403.
    #[error("the cloud refused the token (HTTP {status}): check [cloud] token_file")]
    TokenRefused {
        /// HTTP status.
        status: u16,
    },
    /// HTTP status 3xx: redirects are not followed.
    #[error("the cloud answered with a redirect (HTTP {status}), which is not followed: check [cloud] url")]
    Redirected {
        /// HTTP status.
        status: u16,
    },
    /// HTTP status other than 200.
    #[error("the cloud answered HTTP {status}")]
    Status {
        /// HTTP status.
        status: u16,
    },
    /// The body is longer than the limit.
    #[error("the cloud's answer is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The body is no reply of the service.
    #[error("the cloud's answer cannot be read: {0}")]
    Unreadable(#[from] ReadError),
    /// The service failed with a result code (3.13).
    #[error("the cloud answered code {}{}", codes::label(*code), sentence(*code, said.as_deref()))]
    Code {
        /// ResultCode, ResponseCode or Result.
        code: i64,
        /// ErrorDescription or ResponseDescription, if there was one that may be shown.
        said: Option<String>,
    },
}

impl VistaError {
    /// Returns true if the same call can succeed later without any change.
    pub fn can_retry(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::HostNotFound | Self::Transport(_) => true,
            // A page of a proxy or load balancer while the service is down.
            Self::Unreadable(error) => matches!(error, ReadError::NotJson { .. }),
            Self::Status { status } => matches!(status, 408 | 429 | 500..=599),
            Self::Code { code, .. } => codes::find(*code).is_some_and(|row| row.can_retry),
            Self::Tls(_) | Self::TokenRefused { .. } | Self::Redirected { .. } | Self::TooLong { .. } => {
                false
            }
        }
    }

    /// Converts an error of the HTTP library; its texts hold addresses and system errors, never headers or bodies.
    pub(super) fn from_ureq(error: ureq::Error, limit_ms: u64) -> Self {
        match error {
            ureq::Error::Timeout(phase) => Self::Timeout { limit_ms, phase: phase_name(phase) },
            ureq::Error::HostNotFound => Self::HostNotFound,
            ureq::Error::BodyExceedsLimit(limit) => Self::TooLong { limit },
            ureq::Error::Rustls(error) => Self::Tls(error.to_string()),
            ureq::Error::Tls(what) => Self::Tls(what.to_owned()),
            ureq::Error::Io(error) => from_io(&error),
            other => Self::Transport(other.to_string()),
        }
    }
}

/// Formats the descriptions of a code by the document's table, and by the server itself.
fn sentence(code: i64, said: Option<&str>) -> String {
    let known = codes::find(code).map(|row| format!(": {}", row.english)).unwrap_or_default();
    match said {
        Some(said) => format!("{known} The server says: {said}"),
        None => known,
    }
}

/// rustls reports a refused certificate inside an I/O error.
fn from_io(error: &std::io::Error) -> VistaError {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match tls {
        Some(ureq::Error::Rustls(error)) => VistaError::Tls(error.to_string()),
        _ if error.kind() == std::io::ErrorKind::InvalidData => VistaError::Tls(error.to_string()),
        _ => VistaError::Transport(error.to_string()),
    }
}

fn phase_name(phase: ureq::Timeout) -> &'static str {
    match phase {
        ureq::Timeout::Resolve => "looking up the host name",
        ureq::Timeout::Connect => "connecting",
        ureq::Timeout::SendRequest | ureq::Timeout::SendBody => "sending the request",
        ureq::Timeout::RecvResponse => "waiting for the answer",
        ureq::Timeout::RecvBody => "receiving the answer",
        _ => "the whole call",
    }
}
