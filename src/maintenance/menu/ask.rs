//! Requests of the menu, and the answers to them.

use crate::locale::Text;
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

/// Resolution of an unsettled ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The ticket came out after all.
    CameOut,
    /// The ticket is printed again, with a second user's PIN.
    PrintAgain,
    /// Staff gave the customer a ticket.
    HandedOver,
    /// The ticket is not owed.
    Void,
}

impl How {
    /// Returns the word of `journal resolve --as`.
    pub fn word(self) -> &'static str {
        match self {
            Self::CameOut => "came-out",
            Self::PrintAgain => "print-again",
            Self::HandedOver => "handed-over",
            Self::Void => "void",
        }
    }
}

/// Live test of input devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// Codes from the scanners: text, hex, and their meaning.
    Scanner,
    /// Keys of keypad and screen.
    Keys,
}

/// Request of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Checks a user's PIN.
    CheckPin {
        /// Name of the user.
        user: String,
        /// Digits typed.
        pin: Pin,
    },
    /// Records that a user has signed in.
    SignedIn,
    /// The menu has been left.
    Leave,
    /// Shows the state of every part in plain words.
    State,
    /// Feeds, cuts, prints a short test, and begins to count paper anew.
    PaperChanged,
    /// Lists the tickets that are uncertain or owed.
    Cases,
    /// Lists the unsettled tickets of one claim reference.
    Claim(String),
    /// Settles one ticket.
    Settle {
        /// Ticket to settle.
        case: Case,
        /// Resolution of the ticket.
        how: How,
        /// Second user, whose PIN was right.
        second: Option<String>,
    },
    /// Prints the business day's slip.
    Slip,
    /// Puts the kiosk into service, or out of it.
    Service(bool),
    /// Prints a sample ticket.
    TestTicket,
    /// Prints lines that show whether everything is where it should be.
    Alignment,
    /// Prints every character.
    Characters,
    /// Shows the printer's identity and raw status, its bits named.
    Printer,
    /// Begins a live test.
    Watch(Live),
    /// Ends the live test.
    StopWatching,
    /// Tests lamps and buzzer, one by one.
    Panel,
    /// Signs in to the on-site service.
    SignIn,
    /// Signs in to the on-site service and queries one booking number.
    Query(String),
    /// Checks the cloud's token and cinema.
    Cloud,
    /// Compares the clock with the servers'.
    Clock,
    /// Shows address, gateway and name resolution.
    Network,
    /// Shows the free disk space.
    Disk,
    /// Checks the whole journal.
    Journal,
    /// Shows the newest lines of the log.
    Log,
    /// Shows the whole configuration, secrets hidden.
    Config,
    /// Lists the settings that can be changed on site.
    Settings,
    /// Saves one setting, on trial until the next start.
    Save {
        /// Key of the setting.
        key: String,
        /// New value of the setting.
        value: String,
    },
    /// Acknowledges the change that was undone at the last start.
    Acknowledge,
    /// Stops the kiosk, to be started again.
    Restart,
    /// Reboots the machine.
    Reboot,
    /// Switches the machine off.
    PowerOff,
    /// Performs the acceptance.
    Acceptance,
    /// Lists the USB sticks.
    UsbDrives(Bundle),
    /// Writes to a USB stick.
    Write {
        /// Bundle to write.
        what: Bundle,
        /// Device of the stick, such as /dev/sda1.
        drive: String,
    },
}

/// Files that are written to a USB stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// The journal with the audit log.
    Journal,
    /// Everything that a supporter needs, without secrets.
    Bundle,
}

/// An unsettled ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// ID of the pickup.
    pub pickup: String,
    /// Claim reference, where there is one.
    pub claim: Option<String>,
    /// Name of the seat.
    pub seat: String,
    /// State of the ticket: uncertain or owed.
    pub state: SeatState,
    /// Start of the pickup, such as 11-24 10:00.
    pub at: String,
}

/// Result of a PIN check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinAnswer {
    /// The PIN is right.
    Right,
    /// The PIN is wrong.
    Wrong {
        /// Number of tries left before the menu is locked.
        left: u32,
    },
    /// The menu is locked: the PIN was not looked at.
    Locked {
        /// Seconds until the next PIN is looked at.
        seconds: u64,
    },
}

/// Answer to a request of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MenuAnswer {
    /// Result of a PIN check.
    Pin(PinAnswer),
    /// Report to be read.
    Report(Report),
    /// Unsettled tickets.
    Cases(Vec<Case>),
    /// Settings that can be changed, each with key and value.
    Settings(Vec<(String, String)>),
    /// USB sticks, each with device and name.
    UsbDrives(Bundle, Vec<(String, String)>),
    /// Line of a live test.
    Seen(Text),
}

/// Report to be read, page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// True if everything went as it should.
    pub ok: bool,
    /// Text, one paragraph each.
    pub lines: Vec<Text>,
}

impl Report {
    /// Returns a report of success.
    pub fn yes(lines: Vec<Text>) -> Self {
        Self { ok: true, lines }
    }

    /// Returns a report of failure.
    pub fn no(lines: Vec<Text>) -> Self {
        Self { ok: false, lines }
    }
}

/// Returns the same words for both languages: figures, addresses, a machine's own words.
pub fn same(text: impl Into<String>) -> Text {
    let text = text.into();
    Text::new(text.clone(), text)
}
