//! Errors of the cloud client.

use super::super::codes;
use super::super::reply::ReadError;
use crate::locale::{Text, display_text, system_error, text};

/// Reasons why a client can't be created from the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The address is not scheme, host and port.
    Url,
    /// The address has `http://` without permission.
    PlainHttp,
    /// The token is empty or has characters that no header can carry.
    Token,
}

/// Error of a call to the cloud. No variant holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VistaError {
    /// No complete answer came within the limit.
    Timeout {
        /// Limit of the call, in milliseconds.
        limit_ms: u64,
        /// Phase of the call in which the time ran out.
        phase: (&'static str, &'static str),
    },
    /// The name of the host is unknown.
    HostNotFound,
    /// Connecting, sending or receiving failed.
    Transport(Text),
    /// The certificate or the TLS handshake was refused.
    Tls(String),
    /// HTTP status 401 or 403.
    TokenRefused {
        /// HTTP status.
        status: u16,
    },
    /// HTTP status 3xx: redirects are not followed.
    Redirected {
        /// HTTP status.
        status: u16,
    },
    /// HTTP status other than 200.
    Status {
        /// HTTP status.
        status: u16,
    },
    /// The body is longer than the limit.
    TooLong {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The body is no reply of the service.
    Unreadable(#[from] ReadError),
    /// The service failed with a result code (3.13).
    Code {
        /// ResultCode, ResponseCode or Result.
        code: i64,
        /// ErrorDescription or ResponseDescription, if there was one that may be shown.
        said: Option<String>,
    },
}

display_text!(SetupError, VistaError);

impl SetupError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::Url => (
                "[cloud] url：应为 https://HOST 或 https://HOST:PORT，不含路径和用户名",
                "[cloud] url: expected https://HOST or https://HOST:PORT, without path or user name",
            ),
            Self::PlainHttp => (
                "[cloud] url：http:// 会明文发送令牌；请用 https://，测试网络可设 allow_plain_http = true",
                "[cloud] url: http:// would send the token in clear; use https://, or set allow_plain_http = true on a test network",
            ),
            Self::Token => (
                "[cloud] token_file：令牌为空，或含有不可打印的 ASCII 字符",
                "[cloud] token_file: the token is empty or holds characters other than printable ASCII",
            ),
        };
        Text::new(zh, en)
    }
}

impl VistaError {
    /// Returns the error in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Timeout { limit_ms, phase: (zh, en) } => text!(
                "云端在 {limit_ms} 毫秒内没有完整应答（{zh}）",
                "the cloud gave no complete answer within {limit_ms} ms ({en})"
            ),
            Self::HostNotFound => Text::new(
                "找不到云端的主机名：请检查 [cloud] url 和网络的 DNS",
                "the cloud's host name is not known: check [cloud] url and the network's DNS",
            ),
            Self::Transport(why) => {
                text!("与云端的连接失败：{why:#}", "the connection to the cloud failed: {why}")
            }
            Self::Tls(why) => text!(
                "与云端没有安全的连接：{why}；请检查 [cloud] url 和本机时钟",
                "no safe connection to the cloud: {why}; check [cloud] url and this machine's clock"
            ),
            Self::TokenRefused { status } => text!(
                "云端拒绝令牌（HTTP {status}）：请检查 [cloud] token_file",
                "the cloud refused the token (HTTP {status}): check [cloud] token_file"
            ),
            Self::Redirected { status } => text!(
                "云端要求跳转（HTTP {status}），不跟随：请检查 [cloud] url",
                "the cloud answered with a redirect (HTTP {status}), which is not followed: check [cloud] url"
            ),
            Self::Status { status } => {
                text!("云端应答 HTTP {status}", "the cloud answered HTTP {status}")
            }
            Self::TooLong { limit } => {
                text!("云端的应答超过 {limit} 字节", "the cloud's answer is longer than {limit} bytes")
            }
            Self::Unreadable(error) => {
                text!("无法读懂云端的应答：{error:#}", "the cloud's answer cannot be read: {error}")
            }
            Self::Code { code, said } => {
                let (label, said) = (codes::label(*code), sentence(*code, said.as_deref()));
                text!("云端应答代码 {label:#}{said:#}", "the cloud answered code {label}{said}")
            }
        }
    }
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
            other => Self::Transport(Text::same(other.to_string())),
        }
    }
}

/// Formats the descriptions of a code by the document's table, and by the server itself.
fn sentence(code: i64, said: Option<&str>) -> Text {
    let known = match codes::find(code) {
        Some(row) => {
            let (zh, en) = (row.chinese, row.english);
            text!("：{zh}", ": {en}")
        }
        None => Text::default(),
    };
    match said {
        Some(said) => text!("{known:#} 服务器的说明：{said}", "{known} The server says: {said}"),
        None => known,
    }
}

/// rustls reports a refused certificate inside an I/O error.
fn from_io(error: &std::io::Error) -> VistaError {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    match tls {
        Some(ureq::Error::Rustls(error)) => VistaError::Tls(error.to_string()),
        _ if error.kind() == std::io::ErrorKind::InvalidData => VistaError::Tls(error.to_string()),
        _ => VistaError::Transport(system_error(error)),
    }
}

fn phase_name(phase: ureq::Timeout) -> (&'static str, &'static str) {
    match phase {
        ureq::Timeout::Resolve => ("查找主机名时", "looking up the host name"),
        ureq::Timeout::Connect => ("连接时", "connecting"),
        ureq::Timeout::SendRequest | ureq::Timeout::SendBody => ("发送请求时", "sending the request"),
        ureq::Timeout::RecvResponse => ("等待应答时", "waiting for the answer"),
        ureq::Timeout::RecvBody => ("接收应答时", "receiving the answer"),
        _ => ("整个调用", "the whole call"),
    }
}
