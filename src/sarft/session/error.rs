//! Errors between the kiosk and the on-site service, in both languages.

use crate::locale::{Text, display_text, text};
use crate::sarft::malformed::Malformed;
use std::io;
use std::time::Duration;

/// Exchange in progress when an error occurred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SarftStep {
    /// Opening the connection.
    Connect,
    /// 0x01
    SignIn,
    /// 0x03
    Query,
    /// 0x05
    Issue,
    /// 0x07
    Report,
}

/// Error between the kiosk and the on-site service. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// No connection could be made.
    CannotConnect {
        /// Address of the service, HOST:PORT.
        address: String,
        /// Description by the operating system.
        reason: Text,
    },
    /// The time limit passed.
    TimedOut {
        /// Exchange in progress.
        step: SarftStep,
        /// The time limit that passed.
        limit: Duration,
    },
    /// The connection ended.
    Closed {
        /// Exchange in progress.
        step: SarftStep,
        /// `UnexpectedEof` if the service closed it in good order.
        kind: io::ErrorKind,
    },
    /// The bytes received are not the expected reply.
    Malformed {
        /// Exchange in progress.
        step: SarftStep,
        /// Field, offset and reason.
        cause: Malformed,
    },
    /// 0x02 was not 0.
    Refused {
        /// Return value of the 0x02.
        value: u8,
    },
    /// The request may not be sent on this connection now. Nothing was sent.
    NotAllowed {
        /// The request refused.
        step: SarftStep,
        /// Reason for the refusal.
        why: (&'static str, &'static str),
    },
    /// The fields of the request do not fit. Nothing was sent.
    Unsendable {
        /// The request that cannot be encoded.
        step: SarftStep,
        /// Field and reason.
        cause: Malformed,
    },
}

/// Error of an issue (0x05).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// No byte of 0x05 left this machine: nothing was issued.
    NotSent(SiteError),
    /// Bytes of 0x05 may have arrived: the tickets may have been issued.
    NoReply(SiteError),
}

/// Error of a report (0x07).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ReportError {
    /// True if at least one byte of 0x07 left this machine.
    pub sent: bool,
    /// Cause of the error.
    pub cause: SiteError,
}

display_text!(SarftStep, SiteError, IssueError, ReportError);

impl SarftStep {
    /// Returns the exchange in both languages.
    pub fn text(self) -> Text {
        match self {
            Self::Connect => Text::new("连接", "connecting"),
            Self::SignIn => Text::new("登录", "the sign-in"),
            Self::Query => Text::new("查询", "the query"),
            Self::Issue => Text::new("出票", "the issue"),
            Self::Report => Text::new("回报", "the report"),
        }
    }
}

impl SiteError {
    /// Returns the error in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::CannotConnect { address, reason } => text!(
                "无法连接影院取票服务 {address}：{reason:#}；请检查 [sarft] address、网络和该服务",
                "cannot connect to the on-site service at {address}: {reason}; check [sarft] address, the network and the \
                 service"
            ),
            Self::TimedOut { step, limit } => {
                let limit = limit.as_millis();
                text!(
                    "影院取票服务在 {limit} 毫秒内没有完成{step:#}",
                    "the on-site service did not finish {step} within {limit} ms"
                )
            }
            Self::Closed { step, kind } => text!(
                "{step:#}途中与影院取票服务的连接断开（{kind}）",
                "the connection to the on-site service ended during {step} ({kind})"
            ),
            Self::Malformed { step, cause } => text!(
                "影院取票服务对{step:#}的应答格式有误：{cause:#}；请核对 [sarft.wire] 与该服务",
                "the on-site service's answer to {step} is malformed: {cause}; compare [sarft.wire] with the site"
            ),
            Self::Refused { value } => text!(
                "影院取票服务拒绝登录，返回 {value}；请检查 [sarft] username 和 password_file",
                "the on-site service refused the sign-in with {value}; check [sarft] username and password_file"
            ),
            Self::NotAllowed { step, why: (zh, en) } => {
                text!("此时不能{step:#}：{zh}", "{step} is not allowed here: {en}")
            }
            Self::Unsendable { step, cause } => {
                text!("无法发送{step:#}：{cause:#}", "{step} cannot be sent: {cause}")
            }
        }
    }
}

impl IssueError {
    /// Returns the error in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::NotSent(error) => text!("没有出票：{error:#}", "nothing was issued: {error}"),
            Self::NoReply(error) => {
                text!("不知道是否已出票：{error:#}", "it is unknown whether the tickets were issued: {error}")
            }
        }
    }
}

impl ReportError {
    /// Returns the error in both languages.
    pub fn text(&self) -> Text {
        let cause = &self.cause;
        if self.sent {
            text!("回报已发送，没有应答：{cause:#}", "the report was sent but not answered: {cause}")
        } else {
            text!("回报没有发送，也没有应答：{cause:#}", "the report was not sent or answered: {cause}")
        }
    }
}
