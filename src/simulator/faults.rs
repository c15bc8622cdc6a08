//! Faults of the simulated cinema, which can be changed while the rig runs. Pure.

use super::sarft::SiteFaults;
use serde::{Deserialize, Serialize};

/// Longest delay allowed, in milliseconds.
pub const DELAY_MAX_MS: u64 = 600_000;

/// Greatest deviation of the clock from the true time, in seconds.
pub const CLOCK_MAX_S: u64 = 100_000_000;

/// Faults of the whole cinema, `[faults]`; by default none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// Faults of the on-site service.
    pub site: SiteFaults,
    /// Faults of the simulated Vista.
    pub cloud: CloudFaults,
}

/// Interfaces of the simulated Vista, by which faults are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloudCall {
    /// OData.Cinemas.
    Cinemas,
    /// OData.GetNowShowingScheduledFilms.
    Films,
    /// GetTicketsForSession.
    TicketTypes,
    /// GetSessionSeatPlan.
    SeatPlan,
    /// AddTickets.
    AddTickets,
    /// GetOrder.
    Order,
    /// CancelOrder.
    CancelOrder,
    /// StartExternalPayment.
    StartPayment,
    /// CompleteOrder.
    CompleteOrder,
    /// QueryOrderBookingStatus.
    BookingStatus,
    /// GetSingleBooking.
    SingleBooking,
    /// RefundBooking.
    RefundBooking,
}

/// Faults of the simulated Vista, `[faults.cloud]`. Each `*_count` is the number of requests for which its fault holds;
/// without it the fault holds until it is changed. Of several at once `silent` comes first, then in the order below;
/// `delay_ms` combines with any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloudFaults {
    /// Calls for which the faults hold, and by which they are counted; all if empty.
    #[serde(skip_serializing_if = "is_default")]
    pub on: Vec<CloudCall>,
    /// Number of these calls that succeed first.
    #[serde(skip_serializing_if = "is_default")]
    pub skip: u32,
    /// Delay before each answer, in milliseconds; 0 to 600000.
    #[serde(skip_serializing_if = "is_default")]
    pub delay_ms: u64,
    /// Number of requests delayed.
    #[serde(skip_serializing_if = "is_default")]
    pub delay_count: Option<u32>,
    /// Takes the request and never answers.
    #[serde(skip_serializing_if = "is_default")]
    pub silent: bool,
    /// Number of requests without an answer.
    #[serde(skip_serializing_if = "is_default")]
    pub silent_count: Option<u32>,
    /// Carries the request out and never answers.
    #[serde(skip_serializing_if = "is_default")]
    pub silent_after: bool,
    /// Number of requests carried out without an answer.
    #[serde(skip_serializing_if = "is_default")]
    pub silent_after_count: Option<u32>,
    /// HTTP status of the answer, 300 to 599: 401, 500, 302, …
    #[serde(skip_serializing_if = "is_default")]
    pub status: Option<u16>,
    /// Number of answers with that status.
    #[serde(skip_serializing_if = "is_default")]
    pub status_count: Option<u32>,
    /// Answers 200 with a web page.
    #[serde(skip_serializing_if = "is_default")]
    pub html: bool,
    /// Number of answers with a web page.
    #[serde(skip_serializing_if = "is_default")]
    pub html_count: Option<u32>,
    /// Answers with the first half of the JSON.
    #[serde(skip_serializing_if = "is_default")]
    pub truncated: bool,
    /// Number of halved answers.
    #[serde(skip_serializing_if = "is_default")]
    pub truncated_count: Option<u32>,
    /// Lead of the server's clock in its `Date` header, in seconds; negative if behind; -100000000 to 100000000.
    #[serde(skip_serializing_if = "is_default")]
    pub clock_ahead_s: i64,
    /// ResultCode of the answer, which then has no booking.
    #[serde(skip_serializing_if = "is_default")]
    pub code: Option<i64>,
    /// Number of answers with that code.
    #[serde(skip_serializing_if = "is_default")]
    pub code_count: Option<u32>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Fault of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloudFault {
    /// Delay before the answer, in milliseconds.
    pub delay_ms: u64,
    /// Kind of answer after the delay.
    pub kind: CloudFaultKind,
}

/// Kinds of answer to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloudFaultKind {
    /// The right answer.
    None,
    /// No answer.
    Silent,
    /// No answer, but the request is carried out.
    SilentAfter,
    /// An error or redirect with this HTTP status.
    Status(u16),
    /// A web page.
    Html,
    /// The first half of the right answer.
    Truncated,
    /// A refusal with this ResultCode.
    Code(i64),
}

/// Reasons why faults are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultsError {
    /// The delay is too long.
    #[error("faults.cloud.delay_ms = {0}: expected 0 to {DELAY_MAX_MS}")]
    Delay(u64),
    /// The status is not that of an error or redirect.
    #[error("faults.cloud.status = {0}: expected 300 to 599")]
    Status(u16),
    /// The clock deviates by more than three years.
    #[error("faults.cloud.clock_ahead_s = {0}: expected -{CLOCK_MAX_S} to {CLOCK_MAX_S}")]
    Clock(i64),
}

impl CloudFaults {
    /// Checks that the values are in range.
    pub fn check(&self) -> Result<(), FaultsError> {
        if self.delay_ms > DELAY_MAX_MS {
            return Err(FaultsError::Delay(self.delay_ms));
        }
        if self.clock_ahead_s.unsigned_abs() > CLOCK_MAX_S {
            return Err(FaultsError::Clock(self.clock_ahead_s));
        }
        match self.status {
            Some(status) if !(300..=599).contains(&status) => Err(FaultsError::Status(status)),
            _ => Ok(()),
        }
    }

    /// Takes the fault for the next request, which is this call; counts it.
    pub fn take(&mut self, call: CloudCall) -> CloudFault {
        if !self.on.is_empty() && !self.on.contains(&call) {
            return CloudFault { delay_ms: 0, kind: CloudFaultKind::None };
        }
        if self.skip > 0 {
            self.skip -= 1;
            return CloudFault { delay_ms: 0, kind: CloudFaultKind::None };
        }
        let delay_ms = self.delay_ms;
        if delay_ms > 0 {
            spend(&mut self.delay_ms, &mut self.delay_count);
        }
        CloudFault { delay_ms, kind: self.take_kind() }
    }

    fn take_kind(&mut self) -> CloudFaultKind {
        if self.silent {
            spend(&mut self.silent, &mut self.silent_count);
            CloudFaultKind::Silent
        } else if self.silent_after {
            spend(&mut self.silent_after, &mut self.silent_after_count);
            CloudFaultKind::SilentAfter
        } else if let Some(status) = self.status {
            spend(&mut self.status, &mut self.status_count);
            CloudFaultKind::Status(status)
        } else if self.html {
            spend(&mut self.html, &mut self.html_count);
            CloudFaultKind::Html
        } else if self.truncated {
            spend(&mut self.truncated, &mut self.truncated_count);
            CloudFaultKind::Truncated
        } else if let Some(code) = self.code {
            spend(&mut self.code, &mut self.code_count);
            CloudFaultKind::Code(code)
        } else {
            CloudFaultKind::None
        }
    }
}

/// Uses a fault once, and clears it after the last time. A count of 0 counts as 1.
fn spend<T: Default>(fault: &mut T, count: &mut Option<u32>) {
    match count {
        None => {}
        Some(left) if *left > 1 => *left -= 1,
        Some(_) => {
            *fault = T::default();
            *count = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(faults: &mut CloudFaults, times: usize) -> Vec<CloudFaultKind> {
        (0..times).map(|_| faults.take(CloudCall::Films).kind).collect()
    }

    #[test]
    fn counted_faults_end_and_others_stay() {
        let mut faults =
            CloudFaults { status: Some(500), status_count: Some(2), html: true, ..CloudFaults::default() };
        let expected = [CloudFaultKind::Status(500), CloudFaultKind::Status(500), CloudFaultKind::Html];
        assert_eq!(kinds(&mut faults, 3), expected);
        assert_eq!(faults, CloudFaults { html: true, ..CloudFaults::default() });
        assert_eq!(kinds(&mut CloudFaults::default(), 1), [CloudFaultKind::None]);
    }

    #[test]
    fn faults_of_some_calls_leave_the_others_alone() {
        let mut faults = CloudFaults {
            on: vec![CloudCall::Order],
            silent_after: true,
            silent_after_count: Some(1),
            delay_ms: 5,
            ..CloudFaults::default()
        };
        let well = CloudFault { delay_ms: 0, kind: CloudFaultKind::None };
        assert_eq!(faults.take(CloudCall::SeatPlan), well);
        assert_eq!(faults.take(CloudCall::Order).kind, CloudFaultKind::SilentAfter);
        assert_eq!(faults.take(CloudCall::Order), CloudFault { delay_ms: 5, kind: CloudFaultKind::None });
    }

    #[test]
    fn a_delay_goes_with_any_fault() {
        let mut faults = CloudFaults {
            delay_ms: 20,
            delay_count: Some(1),
            code: Some(5),
            code_count: Some(1),
            ..CloudFaults::default()
        };
        assert_eq!(faults.take(CloudCall::Films), CloudFault { delay_ms: 20, kind: CloudFaultKind::Code(5) });
        assert_eq!(faults, CloudFaults::default());
    }

    #[test]
    fn values_that_cannot_be_played_are_named() {
        let faults = CloudFaults { status: Some(200), ..CloudFaults::default() };
        assert_eq!(faults.check(), Err(FaultsError::Status(200)));
        let faults = CloudFaults { delay_ms: 600_001, ..CloudFaults::default() };
        assert_eq!(faults.check(), Err(FaultsError::Delay(600_001)));
        assert_eq!(CloudFaults { status: Some(401), ..CloudFaults::default() }.check(), Ok(()));
    }

    #[test]
    fn they_read_and_write_as_json_and_unknown_ones_are_named() {
        let faults: CloudFaults = serde_json::from_str(r#"{"status":401,"status_count":3}"#).unwrap();
        assert_eq!(serde_json::to_string(&faults).unwrap(), r#"{"status":401,"status_count":3}"#);
        let error = serde_json::from_str::<CloudFaults>(r#"{"stauts":401}"#).unwrap_err();
        assert!(error.to_string().contains("stauts"), "{error}");
    }
}
