//! Wishes of other commands to the running kiosk, and its answers: the words of the local socket.

use crate::locale::Text;
use crate::sarft::probe::Ask;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use tokio::sync::oneshot;

/// A code on its way over the local socket. It proves the booking, so `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(pub String);

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({} bytes)", self.0.len())
    }
}

/// A wish of another command to the running kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "want", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Every part's state.
    Check,
    /// One query of the site.
    SarftQuery {
        /// VistaBookingNumber.
        number: u64,
    },
    /// One turn with the site about a test booking, for `acceptance`: in a test environment only.
    ProbeSite {
        /// Both halves.
        code: Code,
        /// The turn.
        ask: Ask,
    },
    /// A page of pickups.
    Pickups(Pickups),
    /// One pickup with its story.
    Show {
        /// The pickup's id or its claim reference.
        id: String,
        /// As a JSON object.
        json: bool,
    },
    /// A business day's slip.
    Day {
        /// The business day that is asked for.
        day: Date,
        /// As a JSON object.
        json: bool,
    },
    /// A ticket's fate, settled by staff.
    Resolve(Resolve),
    /// A pickup by a command, as if its code had been scanned.
    PickUp {
        /// Both halves.
        code: Code,
    },
    /// A command begins an order: should it be killed, the kiosk takes it up.
    OrderBegun,
    /// The maintenance menu in a terminal.
    Menu(MenuCall),
    /// A page of what people did to the machine.
    Audit(AuditRequest),
}

/// One call of a terminal that shows the maintenance menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuCall {
    /// The session; none opens one.
    pub session: Option<u64>,
    /// A key: a digit or another character, `enter`, `back` or `leave`; none waits for a change.
    pub key: Option<String>,
    /// The revision shown.
    pub seen: u64,
    /// The user at the terminal.
    pub user: String,
}

/// A page of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRequest {
    /// As what.
    pub shape: Shape,
    /// Of this business day only.
    pub day: Option<Date>,
    /// Only what is behind this one; 0 from the start, else `Answer::next`.
    pub after: i64,
}

/// A page of pickups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pickups {
    /// As what.
    pub shape: Shape,
    /// Of this business day only.
    pub day: Option<Date>,
    /// Only those with something uncertain, owed or unreported.
    pub unresolved: bool,
    /// Only what is behind this one; 0 from the start, else `Answer::next`.
    pub after: i64,
}

/// The form in which pickups are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A line each, for people.
    List,
    /// Comma-separated values, a line a ticket.
    Csv,
    /// The contract's JSON object, one a line.
    JsonLines,
}

/// `journal resolve`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// The pickup's id or its claim reference.
    pub id: String,
    /// The seat's name.
    pub ticket: String,
    /// `came-out`, `print-again`, `handed-over` or `void`.
    pub how: String,
    /// The reason that staff give; required.
    pub reason: String,
    /// The user who ran the command.
    pub who: String,
}

/// The kiosk's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlAnswer {
    /// True where the wish was fulfilled.
    pub ok: bool,
    /// For the person who asked.
    pub text: String,
    /// The same in Chinese, where it is said in both languages.
    #[serde(default)]
    pub zh: Option<String>,
    /// The same for programs, where there is such a form.
    #[serde(default)]
    pub json: Option<serde_json::Value>,
    /// The beginning of the next page, if there is one.
    #[serde(default)]
    pub next: Option<i64>,
}

impl ControlAnswer {
    /// The answer to a wish that was fulfilled.
    pub fn yes(text: impl Into<String>) -> Self {
        Self { ok: true, text: text.into(), zh: None, json: None, next: None }
    }

    /// The answer to a wish that was fulfilled, in both languages.
    pub fn done(text: Text) -> Self {
        Self { zh: Some(text.zh), ..Self::yes(text.en) }
    }

    /// The answer to a wish that was not.
    pub fn no(text: impl Into<Text>) -> Self {
        Self { ok: false, ..Self::done(text.into()) }
    }

    /// The refusal while a customer is being served.
    pub fn busy() -> Self {
        Self::no(("正在为顾客出票：请稍后再试", "a customer is being served: try again in a moment"))
    }

    /// The refusal of a code with one half alone.
    pub fn needs_both_halves() -> Self {
        Self::no(("码里应同时有取票号和验证码", "the code must hold both a booking number and a booking ID"))
    }

    /// The words for the person, in both languages.
    pub fn told(&self) -> Text {
        Text::new(self.zh.as_ref().unwrap_or(&self.text), &self.text)
    }
}

/// A request with the way back.
#[derive(Debug)]
pub struct Call {
    /// The wish.
    pub request: Request,
    /// The way back for the answer.
    pub reply: oneshot::Sender<ControlAnswer>,
}
