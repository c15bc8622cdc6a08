//! Conditions of a printer, as data: each fault or state with code, name and sentences. Pure.

use crate::fault_code::FaultCode;
use crate::locale::Language;
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

/// Code, name and sentences of one condition; the sentences in Chinese and English.
struct Facts {
    code: FaultCode,
    name: &'static str,
    customer: [&'static str; 2],
    staff: [&'static str; 2],
}

const BROKEN: [&str; 2] = [
    "本机暂停服务，请到柜台取票。",
    "This machine is out of service. Please collect your tickets at the counter.",
];
const SOON: [&str; 2] = ["打印机正在准备，请稍候。", "The printer is getting ready. One moment, please."];

const PAPER_LOW: Facts = Facts {
    code: FaultCode::PaperLow,
    name: "paper_low",
    customer: ["可以正常取票。", "You can collect your tickets as usual."],
    staff: ["纸将用完：请准备新纸卷。", "Paper is running low: have a new roll ready."],
};

const PAPER_OUT: Facts = Facts {
    code: FaultCode::PaperOut,
    name: "paper_out",
    customer: ["本机缺纸，请稍候或到柜台取票。", "Out of paper. Please wait, or collect at the counter."],
    staff: ["缺纸：装入新纸卷并关好上盖。", "Out of paper: put in a new roll and close the cover."],
};

const COVER_OPEN: Facts = Facts {
    code: FaultCode::CoverOpen,
    name: "cover_open",
    customer: BROKEN,
    staff: ["上盖打开：请关好上盖。", "The printer's cover is open: close it."],
};

const CUTTER_FAULT: Facts = Facts {
    code: FaultCode::CutterFault,
    name: "cutter_fault",
    customer: BROKEN,
    staff: [
        "切刀卡住：关机，取出卡纸，再开机。",
        "The cutter is jammed: switch the printer off, clear the paper, switch it on.",
    ],
};

const HEAD_HOT: Facts = Facts {
    code: FaultCode::HeadHot,
    name: "head_hot",
    customer: SOON,
    staff: [
        "打印头过热：冷却后自动恢复。",
        "The print head is hot: it goes on by itself once it has cooled.",
    ],
};

const UNRECOVERABLE: Facts = Facts {
    code: FaultCode::PrinterUnrecoverable,
    name: "unrecoverable",
    customer: BROKEN,
    staff: [
        "打印机故障：关机再开机；仍有故障请报修。",
        "The printer has a fault: switch it off and on; call for repair if it stays.",
    ],
};

const OFFLINE: Facts = Facts {
    code: FaultCode::PrinterOffline,
    name: "offline",
    customer: BROKEN,
    staff: [
        "打印机脱机：检查上盖、纸和按键。",
        "The printer is offline: check its cover, paper and buttons.",
    ],
};

const NOT_ANSWERING: Facts = Facts {
    code: FaultCode::PrinterNotAnswering,
    name: "not_answering",
    customer: BROKEN,
    staff: [
        "打印机无应答：检查电源和连线，以及配置的型号。",
        "The printer does not answer: check its power and cable, and the configured profile.",
    ],
};

const DISCONNECTED: Facts = Facts {
    code: FaultCode::PrinterDisconnected,
    name: "disconnected",
    customer: BROKEN,
    staff: ["打印机未连接：检查电源和连线。", "The printer is not connected: check its power and cable."],
};

const NOT_EMPTY: Facts = Facts {
    code: FaultCode::PrinterNotEmpty,
    name: "not_empty",
    customer: SOON,
    staff: [
        "打印机内可能还有旧票：请等待；如不恢复，关机再开机。",
        "An older ticket may still be in the printer: wait; if this stays, switch it off and on.",
    ],
};

const TICKET_WAITING: Facts = Facts {
    code: FaultCode::TicketWaiting,
    name: "ticket_waiting",
    customer: ["请取走出票口的票。", "Please take the ticket from the slot."],
    staff: [
        "出票口有未取走的票：请取走；如不恢复，检查出票口。",
        "A ticket lies in the slot: take it; if this stays, look into the presenter.",
    ],
};

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
        self.facts().code
    }

    /// Returns the name used in records and JSON.
    pub const fn name(self) -> &'static str {
        self.facts().name
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

    /// Returns the sentence for a customer in front of the machine.
    pub fn for_customer(self, language: Language) -> &'static str {
        pick(self.facts().customer, language)
    }

    /// Returns the sentence for staff: the fault and its remedy.
    pub fn for_staff(self, language: Language) -> &'static str {
        pick(self.facts().staff, language)
    }

    const fn facts(self) -> &'static Facts {
        match self {
            Self::PaperLow => &PAPER_LOW,
            Self::PaperOut => &PAPER_OUT,
            Self::CoverOpen => &COVER_OPEN,
            Self::CutterFault => &CUTTER_FAULT,
            Self::HeadHot => &HEAD_HOT,
            Self::Unrecoverable => &UNRECOVERABLE,
            Self::Offline => &OFFLINE,
            Self::NotAnswering => &NOT_ANSWERING,
            Self::Disconnected => &DISCONNECTED,
            Self::NotEmpty => &NOT_EMPTY,
            Self::TicketWaiting => &TICKET_WAITING,
        }
    }
}

fn pick(texts: [&'static str; 2], language: Language) -> &'static str {
    let [chinese, english] = texts;
    match language {
        Language::Chinese => chinese,
        Language::English => english,
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
    fn each_condition_has_its_own_code_name_and_sentences() {
        let codes: HashSet<_> = Condition::ALL.iter().map(|c| c.code()).collect();
        let names: HashSet<_> = Condition::ALL.iter().map(|c| c.name()).collect();
        assert_eq!((codes.len(), names.len()), (11, 11));
        for condition in Condition::ALL {
            assert_eq!(Condition::from_code(condition.code()), Some(condition));
            for language in [Language::Chinese, Language::English] {
                assert!(!condition.for_customer(language).is_empty());
                assert!(!condition.for_staff(language).is_empty());
            }
            assert!(!condition.for_staff(Language::Chinese).is_ascii());
            assert!(condition.for_staff(Language::English).is_ascii());
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
