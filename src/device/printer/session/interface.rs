//! What goes into the session and what comes out.

use super::asker::PORT;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::timing;
use crate::receipt::profile::{Clear, Fence, Profile, Recover};
use std::time::Duration;

/// What the session has to know about printer and connection.
#[derive(Debug, Clone)]
pub struct Abilities {
    /// How the end of a ticket is confirmed.
    pub fence: Fence,
    /// The best speed of its head, millimetres of paper a second.
    pub speed_mm_s: u16,
    /// How long the fence may take after the last byte was taken.
    pub fence_timeout: Duration,
    /// Whether it clears its buffer on demand (`DLE DC4` function 8).
    pub clears: bool,
    /// Whether `DLE ENQ` frees it from a stuck knife.
    pub recovers: bool,
    /// The mouth that holds a ticket until it is taken.
    pub presenter: Option<Presenting>,
    /// The n of `DLE EOT n` it answers; [`PORT`] among them: its USB port can be asked.
    pub statuses: Vec<u8>,
    /// Automatic status back.
    pub automatic: bool,
    /// Whether it answers `GS I`.
    pub identifies: bool,
    /// The printer begins with this process: nothing of an older one can be under way.
    pub fresh: bool,
    /// A silent printer is given up and connected anew; for connections that don't notice its end (TCP, USB).
    pub reset_when_silent: bool,
    /// Size of its receive buffer. What a longer ticket leaves in the kernel keeps questions from the printer.
    pub buffer_bytes: usize,
    /// Cuts off what hangs out of the printer when a ticket's rest will never come.
    pub cut: Vec<u8>,
    /// Bytes a second of a wire slower than the kernel in front of it.
    pub wire_rate: Option<u32>,
}

/// How tickets are handed over by a printer that holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presenting {
    /// Shows the ticket, still held.
    pub present: Vec<u8>,
    /// Takes it back, or drops it.
    pub dismiss: Vec<u8>,
    /// Whether `dismiss` takes it back into the machine.
    pub retracts: bool,
    /// How long somebody may take to take it.
    pub patience: Duration,
}

impl Abilities {
    /// As the profile has them; not fresh, reset when silent, on a fast wire, without its presenter.
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

    /// The USB port is asked, too, before all else in each round.
    pub fn ask_port(&mut self) {
        self.statuses.insert(0, PORT);
    }

    pub(super) fn has_port(&self) -> bool {
        self.statuses.contains(&PORT)
    }

    /// Whether it answers a question about its state itself; a USB port that speaks for it does not count.
    pub(super) fn answers_status(&self) -> bool {
        self.statuses.iter().any(|n| *n != PORT)
    }

    /// How long a ticket of so many bytes and millimetres takes at least, from the moment its first byte is taken: at the
    /// head's best speed, and at the line's. The share that is asked for of it has the margin in it.
    pub(super) fn least_time(&self, bytes: usize, height_mm: u32) -> Duration {
        let head = Duration::from_secs(height_mm.into()) / u32::from(self.speed_mm_s.max(1));
        let carried = u32::try_from(bytes.saturating_sub(timing::LINE_AHEAD_BYTES)).unwrap_or(u32::MAX);
        let line =
            self.wire_rate.map_or(Duration::ZERO, |rate| Duration::from_secs(carried.into()) / rate.max(1));
        head.max(line) / timing::LEAST_TIME_MARGIN
    }

    /// How long a ticket of so many millimetres is given to come out where no fence tells.
    pub(super) fn unfenced_time(height_mm: u32) -> Duration {
        timing::UNFENCED_PRINT.max(Duration::from_secs(height_mm.into()) / timing::SLOWEST_MM_S)
    }

    pub(super) fn wire_time(&self, bytes: usize) -> Duration {
        let rate = self.wire_rate.map_or(f64::INFINITY, |rate| f64::from(rate.max(1)));
        let kept = u32::try_from(bytes.min(timing::KERNEL_KEEPS_BYTES)).unwrap_or(u32::MAX);
        Duration::from_secs_f64(f64::from(kept) / rate)
    }
}

/// What happens to the session.
#[derive(Debug, Clone)]
pub enum Input {
    /// The transport is open, and new.
    Connected,
    /// It is gone, or could not be opened; also after every [`Output::Reset`].
    Disconnected,
    /// Received.
    Bytes(Vec<u8>),
    /// The transport has taken this many more of the bytes written; told before what is received afterwards.
    Accepted(usize),
    /// What the USB port says of the printer, the answer to [`Output::AskPort`]; none: it can't be asked.
    Port(Option<u8>),
    /// Nothing but time.
    Tick,
    /// A complete ticket, to its cut.
    Print {
        /// Comes back with the result.
        job: u64,
        /// At most [`timing::TICKET_MAX_BYTES`].
        bytes: Vec<u8>,
        /// Millimetres of paper that have to move for it at least; 0: unknown.
        height_mm: u32,
    },
    /// How is it now? Answered by [`Output::Looked`], after a round of questions where that can be.
    Look,
}

/// What the session wants done, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Write these after everything that waits.
    Write(Vec<u8>),
    /// Ask the USB port how the printer is, and tell at once: [`Input::Port`].
    AskPort,
    /// Drop what waits here and in the kernel, and connect anew.
    Reset,
    /// A ticket's result; once for each.
    Printed {
        /// Which.
        job: u64,
        /// What is known of it.
        result: PrintResult,
    },
    /// What is the matter has changed.
    Conditions(Conditions),
    /// What is the matter now, as asked for by [`Input::Look`].
    Looked(Conditions),
    /// The model's name, once a connection; none where it tells none.
    Identified(Option<String>),
    /// The printer is not as its profile says; each once a connection.
    Unlike(Unlike),
}

/// What a printer does not do although its profile says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unlike {
    /// `DLE EOT n` goes unanswered.
    Status(u8),
    /// The fence goes unanswered, though all is well.
    Fence,
    /// The fence is answered before paper can have moved: on receipt, not when it is reached.
    HastyFence,
    /// Automatic status back says nothing when it is switched on.
    Automatic,
    /// `GS I` goes unanswered.
    Identity,
    /// Its USB port says that there is no paper, and the printer that there is.
    Port,
}

impl std::fmt::Display for Unlike {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(n) => write!(f, "it does not answer DLE EOT {n} (status.dle_eot)"),
            Self::Fence => f.write_str("it does not answer the fence (fence)"),
            Self::HastyFence => f.write_str(
                "it answers the fence before it can have printed the ticket (fence, or speed_mm_s if its head is faster than that)",
            ),
            Self::Automatic => f.write_str("it sends no automatic status (status.asb)"),
            Self::Identity => f.write_str("it does not tell its model (identify)"),
            Self::Port => f.write_str(
                "its USB port says that there is no paper, its sensors that there is (status.port)",
            ),
        }
    }
}

/// What is known of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintResult {
    /// It came out whole and was cut; where the printer holds it until then, it was taken.
    Confirmed,
    /// It came out whole, and nobody took it.
    Forgotten {
        /// It is in the machine again; false: it fell out in front.
        retracted: bool,
    },
    /// Not a byte of it went to the printer.
    NotStarted(Conditions),
    /// It may or may not have come out, or in pieces.
    Uncertain(Why),
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

/// Why a ticket is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// This came up while it printed.
    During(Condition),
    /// The printer is well and has not confirmed it in time.
    NoConfirmation,
    /// The printer stopped taking bytes in mid-ticket.
    Stalled,
    /// The printer confirmed it before paper can have moved so far.
    TooSoon,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::During(condition) => write!(f, "{condition} while it printed"),
            Self::NoConfirmation => f.write_str("the printer did not confirm it in time"),
            Self::Stalled => f.write_str("the printer stopped taking data"),
            Self::TooSoon => f.write_str("the printer confirmed it before it can have been printed"),
        }
    }
}
