//! Limits and intervals of the printer's owner, all in one place. Pure.

use std::time::Duration;

/// Time limit for one answer to `DLE EOT n`: it is answered in real time, so only the wire and a clone's delay count.
pub const STATUS_ANSWER: Duration = Duration::from_millis(500);

/// Age up to which a whole status round, with no ticket since, is not repeated before a ticket: the workflow's check
/// before an issue also serves its first ticket, unless the site took long. Each question takes 20 ms on a slow line.
pub const FRESH_STATUS: Duration = Duration::from_millis(250);

/// Number of times that one `DLE EOT n` is asked before the printer counts as silent.
pub const STATUS_TRIES: u8 = 2;

/// Time that a second answer to a repeated question is waited for before another question is asked.
pub const LATE_ANSWER: Duration = Duration::from_millis(200);

/// Time after its question within which an answer to `DLE EOT n` may still come.
pub const LATEST_ANSWER: Duration = Duration::from_secs(20);

/// Largest number of unanswered questions that are remembered.
pub const QUESTIONS_OPEN: usize = 64;

/// Time without its end after which the beginning of a reply is dropped.
pub const REPLY_GAP: Duration = Duration::from_millis(300);

/// Silence after connecting that shows that no stale replies are under way.
pub const SETTLE: Duration = Duration::from_millis(100);

/// Time limit for such a silence after connecting.
pub const SETTLE_LIMIT: Duration = Duration::from_secs(2);

/// Time limit for the first status of a printer that is still being inspected, because it or the kiosk just started.
pub const GETTING_READY: Duration = Duration::from_secs(3);

/// Interval between status rounds while a ticket prints.
pub const JOB_STATUS: Duration = Duration::from_millis(500);

/// Interval between status rounds while nothing happens.
pub const IDLE_STATUS: Duration = Duration::from_secs(10);

/// Interval between status rounds while a condition stops printing: a repaired printer is back within this and a drain.
pub const BAD_STATUS: Duration = Duration::from_secs(1);

/// Number of rounds in a row in which the USB port contradicts the printer's sensors before the mismatch is reported.
pub const DISPUTED_ROUNDS: u8 = 3;

/// Extra time beyond the fence's limit while the printer gives a reason for waiting.
pub const EXPLAINED_WAIT: Duration = Duration::from_secs(60);

/// Time without a byte taken after which a transport counts as stalled.
pub const WRITE_STALL: Duration = Duration::from_secs(15);

/// Pause in taking bytes that may have been an open cover or a change of paper, where the printer doesn't report by
/// itself: it can't be asked in the middle of a ticket, and no head pauses for so long.
pub const UNEXPLAINED_PAUSE: Duration = Duration::from_millis(1_500);

/// Time without a byte taken, while the rest of a spoilt ticket drains, after which the connection is reset.
pub const DRAIN_STALL: Duration = Duration::from_secs(60);

/// Time limit for the answer to a clear (`DLE DC4` function 8).
pub const CLEAR_ANSWER: Duration = Duration::from_secs(2);

/// Number of rounds in a row without it after which a presented ticket counts as taken: the sensor may lag.
pub const TAKEN_ROUNDS: u8 = 2;

/// Number of times that a clear is tried in one stop of the printer.
pub const CLEAR_TRIES: u8 = 3;

/// For fences without identifier: silence after the last answer that shows that no older answer is under way.
pub const IN_TURN_QUIET: Duration = Duration::from_millis(250);

/// For fences without identifier: largest number of unanswered fences that are counted.
pub const IN_TURN_OWED_MAX: u8 = 32;

/// Divisor of the time that a ticket takes at the printer's best speed; a fence that comes earlier is not believed. The
/// margin is for a head that feeds blank lines faster than it prints, for paper saving, and for the clock.
pub const LEAST_TIME_MARGIN: u32 = 2;

/// Pause in taking bytes after which the rest of a ticket has its own least time: the part printed before the pause
/// says nothing about it.
pub const SHORT_PAUSE: Duration = Duration::from_millis(250);

/// Divisor of the least time of such a rest: a picture has more bytes per millimetre than text and blank paper.
pub const TAIL_MARGIN: u32 = 3;

/// Bytes that a serial port may be ahead of its wire, and that therefore prove nothing about the time on the wire.
pub const LINE_AHEAD_BYTES: usize = 512;

/// Number of fences in a row that came too soon after which no fence of the printer is believed any more.
pub const HASTY_FENCES: u8 = 2;

/// Speed of the slowest printer, in millimetres of paper per second.
pub const SLOWEST_MM_S: u32 = 50;

/// Least time that a ticket is given to come out, after the transport took its last byte, where there is no fence.
pub const UNFENCED_PRINT: Duration = Duration::from_secs(3);

/// Time that a printer without fence must be well after a spoilt ticket to count as empty.
pub const UNFENCED_DRAIN: Duration = Duration::from_secs(10);

/// Time limit for the answer to `GS I`, where no fence shows that it will not come.
pub const IDENTITY_ANSWER: Duration = Duration::from_millis(300);

/// Largest size of a ticket, in bytes.
pub const TICKET_MAX_BYTES: usize = 1 << 20;

/// Time limit for connecting over TCP.
pub const CONNECT: Duration = Duration::from_millis(1_500);

/// First delay before connecting again; each further delay is twice as long.
pub const RECONNECT_FIRST: Duration = Duration::from_millis(500);

/// Longest delay before connecting again.
pub const RECONNECT_LONGEST: Duration = Duration::from_secs(2);

/// Number of bytes of a ticket that the kernel may still hold when a serial port has taken them all.
pub const KERNEL_KEEPS_BYTES: usize = 4096;

/// Largest number of status question bytes that wait for a transport that takes nothing.
pub const QUESTIONS_WAITING_BYTES: usize = 64;
