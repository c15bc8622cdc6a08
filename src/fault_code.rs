//! Fault codes: the short names of faults that screens, logs, `check`, `/healthz`, the maintenance menu and `explain`
//! share. The table in `maintenance/faults/` says what each means and what is to be done. Pure; uses nothing.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Makes enum, list and texts from one list of codes: a code that stands in one of them stands in all.
macro_rules! fault_codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// Code of a fault, in the order of the manual. A variant has the fault's name in the table; a fault of the
        /// printer whose name leaves open of what it is has `Printer` before it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum FaultCode {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl FaultCode {
            /// Every code, in the order of the manual.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$variant),*];

            /// Returns the code as people and other programs read it: `P10`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

fault_codes! {
    /// Nothing has been heard of the printer since the start.
    PrinterUnheard = "P0",
    /// The printer's paper is running low; it still prints.
    PaperLow = "P1",
    /// The printer is out of paper.
    PaperOut = "P2",
    /// The printer's cover is open.
    CoverOpen = "P3",
    /// The printer's cutter is jammed.
    CutterFault = "P4",
    /// The print head is hot; the printer goes on by itself once it has cooled.
    HeadHot = "P5",
    /// The printer has a fault that only a power cycle or repair clears.
    PrinterUnrecoverable = "P6",
    /// The printer is offline, and gives no reason.
    PrinterOffline = "P7",
    /// The printer is connected and does not answer.
    PrinterNotAnswering = "P8",
    /// The printer is not connected.
    PrinterDisconnected = "P9",
    /// An older ticket may still be in the printer.
    PrinterNotEmpty = "P10",
    /// A ticket lies in the presenter and waits to be taken.
    TicketWaiting = "P11",
    /// A ticket could not be put on paper.
    TicketUnprintable = "T1",
    /// The journal is damaged or gone.
    JournalDamaged = "J1",
    /// The journal did not take the last record.
    JournalRefused = "J2",
    /// The disk is nearly full.
    DiskFull = "D1",
    /// The site does not answer.
    SiteSilent = "S1",
    /// The site refuses the sign-in, or answers nonsense.
    SiteRefuses = "S2",
    /// The cloud does not answer.
    CloudSilent = "C1",
    /// The cloud refuses the kiosk's token, or its answer is none of Vista's.
    CloudRefuses = "C2",
    /// A scanner is not there.
    ScannerGone = "K1",
    /// The keypad is not there.
    KeypadGone = "K2",
    /// The clock was never set.
    ClockUnset = "W1",
    /// The clock differs from the servers'.
    ClockApart = "W2",
    /// The settings are wrong; the kiosk can't start.
    SettingsWrong = "X1",
    /// The settings last changed on site were undone, since the kiosk could not start with them.
    SettingsUndone = "X2",
    /// Staff have taken the machine out of service.
    ClosedByStaff = "M1",
    /// Some tickets are uncertain or owed.
    TicketsUnsettled = "M2",
    /// The maintenance menu is locked for a while, after too many wrong PINs.
    PinsLocked = "M3",
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Error of a text that is no fault's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no fault has this code")]
pub struct UnknownFaultCode;

impl FromStr for FaultCode {
    type Err = UnknownFaultCode;

    /// Reads a code in upper or lower case, with or without blanks around it.
    fn from_str(text: &str) -> Result<Self, UnknownFaultCode> {
        let same = |code: &Self| code.as_str().eq_ignore_ascii_case(text.trim());
        Self::ALL.into_iter().find(same).ok_or(UnknownFaultCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_code_has_a_text_of_its_own_that_is_read_back() {
        let texts: HashSet<_> = FaultCode::ALL.map(FaultCode::as_str).into();
        assert_eq!(texts.len(), FaultCode::ALL.len());
        for code in FaultCode::ALL {
            let text = code.as_str();
            assert_eq!(text.parse(), Ok(code));
            assert_eq!(format!(" {} ", text.to_lowercase()).parse(), Ok(code));
            assert_eq!(serde_json::to_value(code).unwrap(), text);
            assert_eq!(serde_json::from_value::<FaultCode>(text.into()).unwrap(), code);
        }
        for wrong in ["", "P", "P99", "P1 0", "PaperOut"] {
            assert_eq!(wrong.parse::<FaultCode>(), Err(UnknownFaultCode), "{wrong:?}");
        }
    }

    #[test]
    fn a_code_is_padded_like_any_text() {
        assert_eq!(format!("{:<4}|{}", FaultCode::PaperOut, FaultCode::PrinterNotEmpty), "P2  |P10");
    }
}
