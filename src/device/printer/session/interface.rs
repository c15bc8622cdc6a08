//! Interface of the session: its inputs, outputs and results, and the printer's capabilities.

use super::status_poller::PORT;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::timing;
use crate::locale::{Text, display_text, text};
use crate::receipt::profile::{Clear, Fence, Profile, Recover};
use std::time::Duration;

/// Capabilities of the printer and its connection, as the session needs them.
#[derive(Debug, Clone)]
pub struct Capabilities {
    /// Kind of the fence that confirms the end of a ticket (`fence`).
    pub fence: Fence,
    /// Best speed of the head, in millimetres of paper per second (`speed_mm_s`).
    pub speed_mm_s: u16,
    /// Time limit for the fence after the last byte was taken (`fence_timeout_ms`).
    pub fence_timeout: Duration,
    /// True if the printer clears its buffer on demand (`DLE DC4` function 8; `clear`).
    pub clears: bool,
    /// True if `DLE ENQ` frees the printer from a jammed cutter (`recover`).
    pub recovers: bool,
    /// Presenter that holds a ticket until it is taken; none if the printer has none.
    pub presenter: Option<Presenting>,
    /// Numbers n of `DLE EOT n` that the printer answers (`status.dle_eot`); with [`PORT`], its USB port can be asked.
    pub statuses: Vec<u8>,
    /// True if the printer sends automatic status back (`status.asb`).
    pub automatic: bool,
    /// True if the printer answers `GS I` (`identify`).
    pub identifies: bool,
    /// True if the printer begins with this process: nothing of an older one can be under way.
    pub fresh: bool,
    /// True if a silent printer is given up and connected anew, on connections that don't notice its end (TCP, USB).
    pub reset_when_silent: bool,
    /// Size of its receive buffer, in bytes. What a longer ticket leaves in the kernel delays questions to the printer.
    pub buffer_bytes: usize,
    /// Command that cuts the paper of a ticket whose rest will never come.
    pub cut: Vec<u8>,
    /// Bytes per second of a wire that is slower than the kernel in front of it.
    pub wire_rate: Option<u32>,
}

/// Commands and time limit of a presenter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presenting {
    /// Command that presents the ticket, still held.
    pub present: Vec<u8>,
    /// Command that retracts the ticket, or drops it.
    pub dismiss: Vec<u8>,
    /// True if `dismiss` retracts the ticket into the machine.
    pub retracts: bool,
    /// Time limit for the customer to take the ticket.
    pub patience: Duration,
}

impl Capabilities {
    /// Returns the capabilities in the profile; not fresh, reset when silent, on a fast wire, without presenter.
    pub fn of(profile: &Profile) -> Self {
        Self {
            fence: profile.fence,
            speed_mm_s: profile.speed_mm_s,
            fence_timeout: Duration::from_millis(profile.fence_timeout_ms),
            clears: profile.clear == Clear::DleDc4Fn8,
            recovers: profile.recover == Recover::DleEnq,
            presenter: None,
            statuses: profile.status.dle_eot.clone(),
            automatic: profile.status.asb,
            identifies: profile.identify,
            fresh: false,
            reset_when_silent: true,
            buffer_bytes: usize::try_from(profile.buffer_bytes).unwrap_or(usize::MAX),
            cut: profile.cut.bytes(),
            wire_rate: None,
        }
    }

    /// Has the USB port asked, too, before all else in each round.
    pub fn ask_port(&mut self) {
        self.statuses.insert(0, PORT);
    }

    pub(super) fn has_port(&self) -> bool {
        self.statuses.contains(&PORT)
    }

    /// Returns true if the printer itself answers a status question; a USB port that speaks for it does not count.
    pub(super) fn answers_status(&self) -> bool {
        self.statuses.iter().any(|n| *n != PORT)
    }

    /// Returns the least time for a ticket of this size, from the moment its first byte is taken: at the head's best
    /// speed, and at the line's. It is divided by the margin.
    pub(super) fn least_time(&self, bytes: usize, height_mm: u32) -> Duration {
        let head = Duration::from_secs(height_mm.into()) / u32::from(self.speed_mm_s.max(1));
        let carried = u32::try_from(bytes.saturating_sub(timing::LINE_AHEAD_BYTES)).unwrap_or(u32::MAX);
        let line =
            self.wire_rate.map_or(Duration::ZERO, |rate| Duration::from_secs(carried.into()) / rate.max(1));
        head.max(line) / timing::LEAST_TIME_MARGIN
    }

    /// Returns the time that a ticket of this height is given to come out where there is no fence.
    pub(super) fn unfenced_time(height_mm: u32) -> Duration {
        timing::UNFENCED_PRINT.max(Duration::from_secs(height_mm.into()) / timing::SLOWEST_MM_S)
    }

    pub(super) fn wire_time(&self, bytes: usize) -> Duration {
        let rate = self.wire_rate.map_or(f64::INFINITY, |rate| f64::from(rate.max(1)));
        let kept = u32::try_from(bytes.min(timing::KERNEL_KEEPS_BYTES)).unwrap_or(u32::MAX);
        Duration::from_secs_f64(f64::from(kept) / rate)
    }
}

/// Input of the session: an event.
#[derive(Debug, Clone)]
pub enum Input {
    /// The transport is open, and new.
    Connected,
    /// The transport is gone, or could not be opened; also after every [`Output::Reset`].
    Disconnected,
    /// Bytes have been received.
    Bytes(Vec<u8>),
    /// The transport has taken this many more of the bytes written; reported before what is received afterwards.
    Accepted(usize),
    /// The USB port has answered [`Output::AskPort`]; none if it can't be asked.
    Port(Option<u8>),
    /// Time has passed, and nothing else.
    Tick,
    /// Print a complete ticket, including its cut.
    Print {
        /// Number of the ticket, which comes back with the result.
        job: u64,
        /// Bytes of the ticket, at most [`timing::TICKET_MAX_BYTES`].
        bytes: Vec<u8>,
        /// Least length of paper that has to move for it, in millimetres; 0 if unknown.
        height_mm: u32,
    },
    /// Report the current conditions with [`Output::Looked`], after a status round where that is possible.
    Look,
}

/// Output of the session: actions and events, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Write these bytes after everything that waits.
    Write(Vec<u8>),
    /// Ask the USB port for its status, and answer at once with [`Input::Port`].
    AskPort,
    /// Drop what waits here and in the kernel, and reconnect.
    Reset,
    /// A ticket has its result; once for each ticket.
    Printed {
        /// Number of the ticket.
        job: u64,
        /// Result of the ticket.
        result: PrintResult,
    },
    /// The conditions have changed.
    Conditions(Conditions),
    /// The current conditions, as requested by [`Input::Look`].
    Looked(Conditions),
    /// The printer has been identified, once per connection; the name of the model, or none if it tells none.
    Identified(Option<String>),
    /// The printer is not as its profile says; each mismatch once per connection.
    Mismatch(ProfileMismatch),
}

/// Point in which a printer is not as its profile says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileMismatch {
    /// `DLE EOT n` is not answered.
    Status(u8),
    /// The fence is not answered, though all is well.
    Fence,
    /// The fence is answered before paper can have moved: on receipt, not when it is reached.
    HastyFence,
    /// Automatic status back sends nothing when it is switched on.
    Automatic,
    /// `GS I` is not answered.
    Identity,
    /// The USB port says that there is no paper, and the printer's sensors that there is.
    Port,
}

display_text!(ProfileMismatch);

impl ProfileMismatch {
    /// Returns the mismatch in both languages.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::Status(n) => {
                return text!(
                    "它不应答 DLE EOT {n}（status.dle_eot）",
                    "it does not answer DLE EOT {n} (status.dle_eot)"
                );
            }
            Self::Fence => ("它不应答 fence（fence）", "it does not answer the fence (fence)"),
            Self::HastyFence => (
                "它在票可能打完之前就应答了 fence（fence；打印头更快时改 speed_mm_s）",
                "it answers the fence before it can have printed the ticket (fence, or speed_mm_s if its head is faster than that)",
            ),
            Self::Automatic => {
                ("它不自动回传状态（status.asb）", "it sends no automatic status (status.asb)")
            }
            Self::Identity => ("它不报型号（identify）", "it does not tell its model (identify)"),
            Self::Port => (
                "它的 USB 端口说没有纸，传感器说有（status.port）",
                "its USB port says that there is no paper, its sensors that there is (status.port)",
            ),
        };
        Text::new(zh, en)
    }
}

/// Result of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintResult {
    /// The ticket came out whole and was cut; where a presenter holds it, it was taken.
    Confirmed,
    /// The ticket came out whole, and nobody took it.
    Forgotten {
        /// True if the ticket was retracted into the machine; false if it was dropped in front.
        retracted: bool,
    },
    /// Not a byte of the ticket went to the printer.
    NotStarted(Conditions),
    /// The ticket may or may not have come out, or is in pieces.
    Uncertain(UncertainReason),
}

impl std::fmt::Display for PrintResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Confirmed => f.write_str("confirmed"),
            Self::Forgotten { retracted: true } => f.write_str("printed, not taken, retracted"),
            Self::Forgotten { retracted: false } => f.write_str("printed, not taken, dropped"),
            Self::NotStarted(conditions) => write!(f, "not started ({conditions})"),
            Self::Uncertain(why) => write!(f, "uncertain ({why})"),
        }
    }
}

/// Reason why a ticket is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UncertainReason {
    /// A condition arose while the ticket printed.
    During(Condition),
    /// The printer is well and has not confirmed the ticket in time.
    NoConfirmation,
    /// The printer stopped taking bytes in the middle of the ticket.
    Stalled,
    /// The printer confirmed the ticket before paper can have moved so far.
    TooSoon,
}

display_text!(UncertainReason);

impl UncertainReason {
    /// Returns the reason in both languages.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::During(condition) => {
                return text!("打印途中出现 {condition}", "{condition} while it printed");
            }
            Self::NoConfirmation => ("打印机没有按时确认", "the printer did not confirm it in time"),
            Self::Stalled => ("打印机停止接收数据", "the printer stopped taking data"),
            Self::TooSoon => {
                ("打印机在票可能打完之前就确认了", "the printer confirmed it before it can have been printed")
            }
        };
        Text::new(zh, en)
    }
}
