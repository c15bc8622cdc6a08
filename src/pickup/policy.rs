//! Rules that the cinema and the chain choose, and what they allow: decided by the site's records before anything is
//! issued.

use super::input::Readiness;
use super::state::RefusalReason;
use crate::config::settings::{ClaimLapses, FlagsAt};
use crate::device::printer::conditions::Conditions;
use crate::fault_code::FaultCode;
use crate::ticket::Ticket;
use jiff::Timestamp;
use std::collections::HashSet;
use std::time::Duration;

/// Choices of the cinema and the chain, from the configuration.
#[derive(Debug, Clone)]
pub struct Policy {
    /// VISTA CinemaId of this cinema.
    pub cinema_id: String,
    /// National code; where given, cinema_code and the first 8 digits of every ticket_info_code must equal it.
    pub national_code: Option<String>,
    /// True if there is a cloud to ask.
    pub cloud: bool,
    /// Time at which the site sets print_flag, where that is known: `[sarft] flags_at`.
    pub flags_at: FlagsAt,
    /// Lapse of an issue that is not reported, where that is known: `[sarft] claim_lapses_s`.
    pub claim_lapses: ClaimLapses,
    /// Minutes after the session began at which pickup ends.
    pub late_minutes: Option<u32>,
    /// Hours before the session at which pickup begins.
    pub earliest_hours: Option<u32>,
    /// Minutes after the last step within which the same code goes on.
    pub resume_minutes: u32,
    /// Number of refused codes at once before the rate limit sets in.
    pub burst: u32,
    /// Time for one more refused code after that.
    pub pace_period: Duration,
    /// Number of refused codes of an ID alone a day after which the number is asked for too.
    pub id_alone_a_day: u32,
    /// Number of refused codes of an ID alone a day at which staff are told.
    pub id_alone_notice: u32,
    /// Number of refused codes of one booking number a day after which only a pair that the cloud confirms is served.
    pub number_a_day: u32,
}

impl Policy {
    /// Returns true if the site keeps an unreported issue for this kiosk: neither time nor staff give it to another.
    pub fn claim_stands(&self) -> bool {
        self.claim_lapses == ClaimLapses::Never
    }

    /// Returns the time after which an issue that is not reported is anybody's.
    pub fn claim_limit(&self) -> Option<Duration> {
        match self.claim_lapses {
            ClaimLapses::After(seconds) => Some(Duration::from_secs(seconds.into())),
            ClaimLapses::Never | ClaimLapses::Unknown => None,
        }
    }
}

/// Returns true if no two records are the same seat.
pub(super) fn seats_differ(tickets: &[Ticket]) -> bool {
    let mut seen = HashSet::new();
    tickets.iter().all(|ticket| seen.insert(ticket.key()))
}

/// Returns the reason for which these tickets are not to be issued here and now, if there is one.
pub(super) fn objection(policy: &Policy, tickets: &[Ticket], now: Timestamp) -> Option<RefusalReason> {
    if let Some(code) = &policy.national_code
        && tickets.iter().any(|ticket| other_cinema(ticket, code))
    {
        return Some(RefusalReason::OtherCinema);
    }
    let now_s = now.as_second();
    let starts: Vec<i64> = tickets.iter().map(|ticket| ticket.session_at.as_second()).collect();
    // A booking of several sessions is too late only when all of them are, too early likewise.
    let late = |minutes: u32| starts.iter().all(|at| now_s > at + i64::from(minutes) * 60);
    let early = |hours: u32| starts.iter().all(|at| now_s < at - i64::from(hours) * 3_600);
    if policy.late_minutes.is_some_and(late) {
        return Some(RefusalReason::TooLate);
    }
    policy.earliest_hours.is_some_and(early).then_some(RefusalReason::TooEarly)
}

fn other_cinema(ticket: &Ticket, code: &str) -> bool {
    let info = ticket.info_code.get(..8);
    ticket.cinema_code != code || info.is_some_and(|info| info != code)
}

/// Facts about the machine by which its service stops and goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Staff have taken the machine out of service (M1).
    pub suspended: bool,
    /// The printer's conditions; none while its owner has said nothing at all.
    pub printer: Option<Conditions>,
    /// Nobody is being served.
    pub at_rest: bool,
    /// The disk is nearly full (D1).
    pub disk_full: bool,
    /// The journal took the last record.
    pub journal_ok: bool,
}

/// The readiness of the machine for a ticket. A nearly full disk (D1) and a journal that fails (J2) stop it only while
/// nobody is being served: nothing is issued without a record, and what has been is printed.
pub fn readiness(service: Service) -> Readiness {
    if service.suspended {
        return Readiness::Stopped(FaultCode::ClosedByStaff);
    }
    let Some(conditions) = service.printer else { return Readiness::Stopped(FaultCode::PrinterUnheard) };
    if let Some(condition) = conditions.gravest().filter(|_| conditions.stops_printing()) {
        return Readiness::Stopped(condition.code());
    }
    match () {
        () if !service.at_rest => Readiness::Ready,
        () if service.disk_full => Readiness::Stopped(FaultCode::DiskFull),
        () if !service.journal_ok => Readiness::Stopped(FaultCode::JournalRefused),
        () => Readiness::Ready,
    }
}

/// True where staff have tickets to settle (M2): some are uncertain, or owed.
pub fn unsettled(uncertain: u32, owed: u32) -> bool {
    uncertain + owed > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::printer::conditions::Condition;

    const READY: Service = Service {
        suspended: false,
        printer: Some(Conditions::NONE),
        at_rest: true,
        disk_full: false,
        journal_ok: true,
    };

    #[test]
    fn nothing_begins_without_a_record_and_what_was_issued_is_printed() {
        let full = Service { disk_full: true, ..READY };
        let failing = Service { journal_ok: false, ..READY };
        assert_eq!(readiness(READY), Readiness::Ready);
        assert_eq!(readiness(full), Readiness::Stopped(FaultCode::DiskFull));
        assert_eq!(readiness(failing), Readiness::Stopped(FaultCode::JournalRefused));
        assert_eq!(readiness(Service { journal_ok: false, ..full }), Readiness::Stopped(FaultCode::DiskFull));
        for service in [full, failing] {
            assert_eq!(readiness(Service { at_rest: false, ..service }), Readiness::Ready);
        }
    }

    #[test]
    fn staff_go_before_the_printer_and_the_printer_before_the_journal() {
        let out: Conditions = Condition::PaperOut.into();
        let both = Service { printer: Some(out), disk_full: true, journal_ok: false, ..READY };
        assert_eq!(readiness(both), Readiness::Stopped(Condition::PaperOut.code()));
        assert_eq!(readiness(Service { at_rest: false, ..both }), Readiness::Stopped(FaultCode::PaperOut));
        assert_eq!(
            readiness(Service { printer: None, ..both }),
            Readiness::Stopped(FaultCode::PrinterUnheard)
        );
        assert_eq!(
            readiness(Service { suspended: true, ..both }),
            Readiness::Stopped(FaultCode::ClosedByStaff)
        );
        let low = Service { printer: Some(Condition::PaperLow.into()), ..READY };
        assert_eq!(readiness(low), Readiness::Ready, "it prints on");
    }

    #[test]
    fn one_ticket_uncertain_or_owed_is_for_staff() {
        assert!(!unsettled(0, 0));
        assert!(unsettled(1, 0) && unsettled(0, 1));
    }
}
