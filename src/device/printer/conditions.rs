//! Conditions of a printer, as data: each fault or state with code and name. Pure.

use crate::fault_code::FaultCode;
use std::fmt;

/// A condition of the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// The roll is near its end; the printer still prints.
    PaperLow,
    /// The printer has no paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is jammed.
    CutterFault,
    /// The print head is too hot; the printer resumes by itself once it has cooled.
    HeadHot,
    /// A fault that only a power cycle or repair clears.
    Unrecoverable,
    /// The printer reports that it is offline, and no reason.
    Offline,
    /// The printer is connected, but answers nothing.
    NotAnswering,
    /// The printer is not connected.
    Disconnected,
    /// Bytes of an older ticket may still come out.
    NotEmpty,
    /// A ticket is in the presenter and waits to be taken.
    TicketWaiting,
}

impl Condition {
    /// Every condition, the gravest last.
    pub const ALL: [Self; 11] = [
        Self::PaperLow,
        Self::TicketWaiting,
        Self::HeadHot,
        Self::NotEmpty,
        Self::Offline,
        Self::PaperOut,
        Self::CoverOpen,
        Self::CutterFault,
        Self::Unrecoverable,
        Self::NotAnswering,
        Self::Disconnected,
    ];

    /// Returns the short code that screen, log and `explain` share.
    pub const fn code(self) -> FaultCode {
        match self {
            Self::PaperLow => FaultCode::PaperLow,
            Self::PaperOut => FaultCode::PaperOut,
            Self::CoverOpen => FaultCode::CoverOpen,
            Self::CutterFault => FaultCode::CutterFault,
            Self::HeadHot => FaultCode::HeadHot,
            Self::Unrecoverable => FaultCode::PrinterUnrecoverable,
            Self::Offline => FaultCode::PrinterOffline,
            Self::NotAnswering => FaultCode::PrinterNotAnswering,
            Self::Disconnected => FaultCode::PrinterDisconnected,
            Self::NotEmpty => FaultCode::PrinterNotEmpty,
            Self::TicketWaiting => FaultCode::TicketWaiting,
        }
    }

    /// Returns the name used in records and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PaperLow => "paper_low",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::CutterFault => "cutter_fault",
            Self::HeadHot => "head_hot",
            Self::Unrecoverable => "unrecoverable",
            Self::Offline => "offline",
            Self::NotAnswering => "not_answering",
            Self::Disconnected => "disconnected",
            Self::NotEmpty => "not_empty",
            Self::TicketWaiting => "ticket_waiting",
        }
    }

    /// Returns the condition with this code.
    pub fn from_code(code: FaultCode) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.code() == code)
    }

    /// Returns true if no ticket can be printed during the condition.
    pub fn stops_printing(self) -> bool {
        self != Self::PaperLow
    }

    /// Returns true if a ticket that was printing when the condition arose is in pieces, uncut or lost.
    pub fn spoils_ticket(self) -> bool {
        matches!(self, Self::PaperOut | Self::CoverOpen | Self::CutterFault | Self::Unrecoverable)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of conditions; the empty set means ready.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Conditions(u16);

impl Conditions {
    /// The empty set: the printer is ready.
    pub const NONE: Self = Self(0);

    /// Adds a condition.
    pub fn insert(&mut self, condition: Condition) {
        self.0 |= Self::bit(condition);
    }

    /// Removes a condition.
    pub fn remove(&mut self, condition: Condition) {
        self.0 &= !Self::bit(condition);
    }

    /// Returns true if the condition is in the set.
    pub fn contains(self, condition: Condition) -> bool {
        self.0 & Self::bit(condition) != 0
    }

    /// Returns the conditions that are in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the conditions that are in this set and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns true if the set is empty: the printer is ready.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns true if any of the conditions stops printing.
    pub fn stops_printing(self) -> bool {
        self.iter().any(Condition::stops_printing)
    }

    /// Returns the gravest condition, which people are told about.
    pub fn gravest(self) -> Option<Condition> {
        self.iter().last()
    }

    /// Iterates over the conditions, the gravest last.
    pub fn iter(self) -> impl Iterator<Item = Condition> {
        Condition::ALL.into_iter().filter(move |condition| self.contains(*condition))
    }

    fn bit(condition: Condition) -> u16 {
        1 << (condition as u16)
    }
}

impl FromIterator<Condition> for Conditions {
    fn from_iter<T: IntoIterator<Item = Condition>>(conditions: T) -> Self {
        let mut set = Self::NONE;
        conditions.into_iter().for_each(|condition| set.insert(condition));
        set
    }
}

impl From<Condition> for Conditions {
    fn from(condition: Condition) -> Self {
        Self(Self::bit(condition))
    }
}

impl fmt::Debug for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl fmt::Display for Conditions {
    /// Writes `ready`, or the names separated by commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("ready");
        }
        for (index, condition) in self.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{condition}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault_code::UnknownFaultCode;
    use std::collections::HashSet;

    #[test]
    fn each_condition_has_its_own_code_and_name() {
        let codes: HashSet<_> = Condition::ALL.iter().map(|c| c.code()).collect();
        let names: HashSet<_> = Condition::ALL.iter().map(|c| c.name()).collect();
        assert_eq!((codes.len(), names.len()), (11, 11));
        for condition in Condition::ALL {
            assert_eq!(Condition::from_code(condition.code()), Some(condition));
        }
        assert_eq!("p2".parse().map(Condition::from_code), Ok(Some(Condition::PaperOut)));
        assert_eq!("P12".parse().map(Condition::from_code), Err(UnknownFaultCode));
        assert_eq!(Condition::from_code(FaultCode::PrinterUnheard), None);
    }

    #[test]
    fn low_paper_alone_stops_nothing_and_the_gravest_is_told() {
        let low = Conditions::from(Condition::PaperLow);
        assert!(!low.stops_printing());
        let mut set = low.union(Condition::CoverOpen.into());
        assert!(set.stops_printing());
        assert_eq!(set.gravest(), Some(Condition::CoverOpen));
        assert_eq!(set.to_string(), "paper_low, cover_open");
        set.remove(Condition::CoverOpen);
        assert_eq!(set, low);
        assert_eq!(Conditions::NONE.to_string(), "ready");
    }
}
