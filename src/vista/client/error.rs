//! What can go wrong with a call to the cloud.

use super::super::codes;
use super::super::read::ReadError;

/// Why a client can't be made from the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// Not scheme, host and port.
    #[error("[cloud] url: expected https://HOST or https://HOST:PORT, without path or user name")]
    Url,
    /// `http://` without leave.
    #[error(
        "[cloud] url: http:// would send the token in clear; use https://, or set allow_plain_http = true on a test network"
    )]
    PlainHttp,
    /// Empty or with characters no header can carry.
    #[error("[cloud] token_file: the token is empty or holds characters other than printable ASCII")]
    Token,
}

/// Why a call to the cloud gave nothing that can be used. No variant holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VistaError {
    /// No complete answer within the limit.
    #[error("the cloud gave no complete answer within {limit_ms} ms ({phase})")]
    Timeout {
        /// The limit of the call, milliseconds.
        limit_ms: u64,
        /// What was waited for.
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
    /// 401 or 403.
    #[error("the cloud refused the token (HTTP {status}): check [cloud] token_file")]
    TokenRefused {
        /// HTTP status.
        status: u16,
    },
    /// 3xx: not followed.
    #[error("the cloud answered with a redirect (HTTP {status}), which is not followed: check [cloud] url")]
    Redirected {
        /// HTTP status.
        status: u16,
    },
    /// Any other status than 200.
    #[error("the cloud answered HTTP {status}")]
    Status {
        /// HTTP status.
        status: u16,
    },
    /// A body over the limit.
    #[error("the cloud's answer is longer than {limit} bytes")]
    TooLong {
        /// The limit, bytes.
        limit: u64,
    },
    /// A body that is no reply of the service.
    #[error("the cloud's answer cannot be read: {0}")]
    Unreadable(#[from] ReadError),
    /// A result code (3.13) that says that the service failed.
    #[error("the cloud answered code {}{}", codes::label(*code), sentence(*code, said.as_deref()))]
    Code {
        /// ResultCode, ResponseCode or Result.
        code: i64,
        /// ErrorDescription or ResponseDescription, where it came with one and may be shown.
        said: Option<String>,
    },
}

impl VistaError {
    /// Whether the same call, made again later, can succeed without anybody changing anything.
    pub fn can_retry(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::HostNotFound | Self::Transport(_) => true,
            // A proxy's or load balancer's page while the service is away.
            Self::Unreadable(error) => matches!(error, ReadError::NotJson { .. }),
            Self::Status { status } => matches!(status, 408 | 429 | 500..=599),
            Self::Code { code, .. } => codes::find(*code).is_some_and(|row| row.can_retry),
            Self::Tls(_) | Self::TokenRefused { .. } | Self::Redirected { .. } | Self::TooLong { .. } => {
                false
            }
        }
    }

    /// Translates the library's error; its texts hold addresses and system errors, never headers or bodies.
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

/// What the table says of a code, and the server itself.
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
