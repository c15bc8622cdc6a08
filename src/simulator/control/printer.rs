//! Printer control: `GET /printer` shows the virtual printer's condition; `PUT /printer` changes it.
//!
//! The body of PUT: `{"fault": "paper_out"}` at once, or with one of `"after_tickets": 1`, `"after_rows": 300`,
//! `"after_bytes": 500`, `"after_ms": 2000`; `{"mend": true}` clears all faults; `{"power_cycle": true}`; `{"power":
//! false}` closes its address until `{"power": true}`. Several keys together act in the order mend, power, fault.

use super::{Handles, Refused, refused};
use crate::simulator::lock;
use crate::virtual_printer::{After, Fault, VirtualPrinter};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Serialize)]
pub(super) struct PrinterView {
    paper_out: bool,
    paper_low: bool,
    cover_open: bool,
    cutter_stuck: bool,
    head_hot: bool,
    unrecoverable: bool,
    offline: bool,
    ticket_waiting: bool,
    retracted: u32,
    dropped: u32,
    stopped: bool,
    on: bool,
    lost_bytes: u64,
}

impl From<&VirtualPrinter> for PrinterView {
    fn from(printer: &VirtualPrinter) -> Self {
        let condition = printer.condition();
        Self {
            paper_out: condition.paper_out,
            paper_low: condition.paper_low,
            cover_open: condition.cover_open,
            cutter_stuck: condition.cutter_stuck.is_some(),
            head_hot: condition.head_hot,
            unrecoverable: condition.unrecoverable,
            offline: condition.offline,
            ticket_waiting: condition.ticket_waiting,
            retracted: printer.dismissed().retracted,
            dropped: printer.dismissed().dropped,
            stopped: condition.stopped(),
            on: !printer.is_off(),
            lost_bytes: printer.lost_bytes(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ControlEvent {
    mend: bool,
    power_cycle: bool,
    power: Option<bool>,
    fault: Option<JsonFault>,
    after_rows: Option<usize>,
    after_tickets: Option<u32>,
    after_bytes: Option<usize>,
    after_ms: Option<u64>,
}

/// Fault as the JSON of `PUT /printer` spells it, a word each; [`Fault`] is what the virtual printer makes of it.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum JsonFault {
    PaperOut,
    PaperLow,
    CoverOpen,
    /// The cutter is stuck until a command frees it.
    CutterStuck,
    /// The cutter is stuck until a technician frees it.
    CutterStuckForGood,
    /// The printer prints, and answers nothing any more.
    Silent,
    /// One answer to a fence is lost.
    FenceLost,
    HeadHot,
    /// Voltage, head or memory has failed; a power cycle helps.
    Unrecoverable,
    /// The feed button is held down.
    Offline,
    /// The printer answers in real time, and prints nothing until a power cycle.
    Hung,
    /// The printer answers fences, and no real-time status any more.
    StatusSilent,
    /// The status says that all is well.
    StatusLies,
    /// Only half of the next answer arrives.
    HalfReply,
    /// A ticket in the presenter is not taken.
    NotTaken,
}

impl From<JsonFault> for Fault {
    fn from(spelt: JsonFault) -> Self {
        match spelt {
            JsonFault::PaperOut => Self::PaperOut,
            JsonFault::PaperLow => Self::PaperLow,
            JsonFault::CoverOpen => Self::CoverOpen,
            JsonFault::CutterStuck => Self::CutterStuck { recoverable: true },
            JsonFault::CutterStuckForGood => Self::CutterStuck { recoverable: false },
            JsonFault::Silent => Self::Silent,
            JsonFault::FenceLost => Self::FenceLost,
            JsonFault::HeadHot => Self::HeadHot,
            JsonFault::Unrecoverable => Self::Unrecoverable,
            JsonFault::Offline => Self::Offline,
            JsonFault::Hung => Self::Hung,
            JsonFault::StatusSilent => Self::StatusSilent,
            JsonFault::StatusLies => Self::StatusLies,
            JsonFault::HalfReply => Self::HalfReply,
            JsonFault::NotTaken => Self::NotTaken,
        }
    }
}

impl ControlEvent {
    fn after(&self, clock: Duration) -> Result<After, Refused> {
        let moments = [
            self.after_rows.map(After::Rows),
            self.after_tickets.map(After::Tickets),
            self.after_bytes.map(After::Bytes),
            self.after_ms.map(|ms| After::Time(clock + Duration::from_millis(ms))),
        ];
        let mut given = moments.into_iter().flatten();
        match (given.next(), given.next(), self.fault) {
            (None, ..) => Ok(After::Now),
            (Some(moment), None, Some(_)) => Ok(moment),
            _ => Err(refused(
                StatusCode::BAD_REQUEST,
                "after_rows, after_tickets, after_bytes and after_ms belong to a fault, and only one of them",
            )),
        }
    }
}

pub(super) async fn read(State(handles): State<Handles>) -> Result<Json<PrinterView>, Refused> {
    let printer = handles.printer.as_ref().ok_or_else(no_printer)?;
    Ok(Json(PrinterView::from(&*lock(printer))))
}

pub(super) async fn write(
    State(handles): State<Handles>,
    body: Result<Json<ControlEvent>, JsonRejection>,
) -> Result<Json<PrinterView>, Refused> {
    let printer = handles.printer.as_ref().ok_or_else(no_printer)?;
    let Json(happening) = body.map_err(|error| refused(StatusCode::BAD_REQUEST, error.body_text()))?;
    let mut printer = lock(printer);
    let after = happening.after(printer.clock())?;
    if happening.mend {
        printer.mend();
    }
    if happening.power_cycle {
        printer.power_cycle();
    }
    if let Some(on) = happening.power {
        printer.power(on);
    }
    if let Some(fault) = happening.fault
        && !printer.script(fault.into(), after)
    {
        return Err(refused(StatusCode::CONFLICT, "too many faults are waiting for their time"));
    }
    Ok(Json(PrinterView::from(&*printer)))
}

fn no_printer() -> Refused {
    refused(StatusCode::NOT_FOUND, "this rig has no [printer]")
}
