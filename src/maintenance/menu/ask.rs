//! What the menu wants done, and what it is told.

use crate::screen::texts::Text;
use crate::ticket::SeatState;
use std::fmt;

/// Digits of a PIN on their way to be checked. `Debug` shows none.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(pub String);

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// What becomes of an unsettled ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It came out after all.
    CameOut,
    /// It is printed again, with a second holder's word.
    PrintAgain,
    /// Staff gave the customer one.
    HandedOver,
    /// It is not owed.
    Void,
}

impl How {
    /// The word of `journal resolve`.
    pub fn word(self) -> &'static str {
        match self {
            Self::CameOut => "came-out",
            Self::PrintAgain => "print-again",
            Self::HandedOver => "handed-over",
            Self::Void => "void",
        }
    }
}

/// What is watched live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// Codes from the scanners: text, hex, how they are understood.
    Scanner,
    /// Keys of keypad and screen.
    Keys,
}

/// One thing the menu wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Whether this is the holder's PIN.
    CheckPin {
        /// Whose.
        holder: String,
        /// The digits.
        pin: Pin,
    },
    /// Somebody has signed in: goes on record.
    SignedIn,
    /// The menu is over.
    Leave,
    /// Everything's state in plain words.
    State,
    /// Feeds, cuts, prints a short test, begins to count paper anew.
    PaperChanged,
    /// Tickets uncertain or owed.
    Cases,
    /// Those of one claim reference.
    Claim(String),
    /// Settles one.
    Settle {
        /// Which.
        case: Case,
        /// How.
        how: How,
        /// The second holder, whose PIN was right.
        second: Option<String>,
    },
    /// The business day's slip on paper.
    Slip,
    /// Into service, or out of it.
    Service(bool),
    /// A sample ticket.
    TestTicket,
    /// Lines that show whether everything is where it should be.
    Alignment,
    /// Every character.
    Characters,
    /// The printer's identity and raw status, its bits named.
    Printer,
    /// Begins to watch.
    Watch(Live),
    /// Ends it.
    StopWatching,
    /// Lamps and buzzer, one by one.
    Panel,
    /// Signs in to the on-site service.
    SignIn,
    /// And asks for one booking number.
    Query(String),
    /// The cloud's token and cinema.
    Cloud,
    /// The clock against the servers'.
    Clock,
    /// Address, gateway, name resolution.
    Network,
    /// Free disk.
    Disk,
    /// Looks at the whole journal.
    Journal,
    /// The newest lines of the log.
    Log,
    /// The whole configuration, secrets hidden.
    Config,
    /// The settings that change on site.
    Settings,
    /// Saves one, on trial until the next start.
    Save {
        /// Its key.
        key: String,
        /// Its new value.
        value: String,
    },
    /// What was undone at the last start has been seen.
    Acknowledge,
    /// Stops, to be started again.
    Restart,
    /// Reboots the machine.
    Reboot,
    /// Switches it off.
    PowerOff,
    /// The acceptance run.
    Acceptance,
    /// USB sticks.
    Sticks(Parcel),
    /// Writes to one.
    Write {
        /// What.
        what: Parcel,
        /// Its device.
        stick: String,
    },
}

/// What goes onto a stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parcel {
    /// The journal with all acts.
    Journal,
    /// All a supporter needs; no secrets.
    Bundle,
}

/// An unsettled ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its pickup.
    pub pickup: String,
    /// The claim reference, where there is one.
    pub claim: Option<String>,
    /// The seat's name.
    pub seat: String,
    /// Uncertain or owed.
    pub state: SeatState,
    /// When the pickup began, as 11-24 10:00.
    pub at: String,
}

/// What came of a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinAnswer {
    /// It is right.
    Right,
    /// It is not.
    Wrong {
        /// Tries left before the menu is shut.
        left: u32,
    },
    /// Too many were not: nothing was looked at.
    Locked {
        /// Seconds until the next is.
        seconds: u64,
    },
}

/// What the menu is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Of a PIN.
    Pin(PinAnswer),
    /// Of anything that is read.
    Report(Report),
    /// Unsettled tickets.
    Cases(Vec<Case>),
    /// Keys and values.
    Settings(Vec<(String, String)>),
    /// Devices and what to call them.
    Sticks(Parcel, Vec<(String, String)>),
    /// Something live.
    Seen(Text),
}

/// Lines to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// It went as it should.
    pub ok: bool,
    /// One paragraph each.
    pub lines: Vec<Text>,
}

impl Report {
    /// It went well.
    pub fn yes(lines: Vec<Text>) -> Self {
        Self { ok: true, lines }
    }

    /// It didn't.
    pub fn no(lines: Vec<Text>) -> Self {
        Self { ok: false, lines }
    }
}

/// The same words in either language: figures, addresses, what a machine says.
pub fn same(text: impl Into<String>) -> Text {
    let text = text.into();
    Text::new(text.clone(), text)
}
