//! Every limit and interval of the printer's owner, in one place. Pure.

use std::time::Duration;

/// How long one answer to `DLE EOT n` may take: it is answered in real time, so only the wire and a clone's laziness count.
pub const STATUS_ANSWER: Duration = Duration::from_millis(500);

/// A whole status round so young, with no ticket since, is not asked again before a ticket: the workflow's look before an issue
/// is also the look before its first ticket, unless the site took its time. Each question costs a slow line 20 ms.
pub const FRESH_STATUS: Duration = Duration::from_millis(250);

/// How often one `DLE EOT n` is asked before the printer counts as silent.
pub const STATUS_TRIES: u8 = 2;

/// After a repeated question: how long a second answer to it is waited for before another is asked.
pub const LATE_ANSWER: Duration = Duration::from_millis(200);

/// No answer to `DLE EOT n` comes later than this after its question …
pub const LATEST_ANSWER: Duration = Duration::from_secs(20);

/// … and no more questions than this are kept that were not answered.
pub const QUESTIONS_OPEN: usize = 64;

/// A reply that has begun and gone on for this long without its end is dropped.
pub const REPLY_GAP: Duration = Duration::from_millis(300);

/// After connecting: silence for this long means that no stale replies are under way …
pub const SETTLE: Duration = Duration::from_millis(100);

/// … and this is how long such a silence is waited for at most.
pub const SETTLE_LIMIT: Duration = Duration::from_secs(2);

/// Whoever asks how the printer is while the kiosk gets to know it waits so long for its first word: the kiosk has
/// just started, or the printer.
pub const GETTING_READY: Duration = Duration::from_secs(3);

/// Between status rounds while a ticket prints.
pub const JOB_STATUS: Duration = Duration::from_millis(500);

/// Between status rounds while nothing happens.
pub const IDLE_STATUS: Duration = Duration::from_secs(10);

/// Between status rounds while something stops printing: a mended printer is back within this and the proof.
pub const BAD_STATUS: Duration = Duration::from_secs(1);

/// A USB port that contradicts the printer's own sensors in so many rounds in a row is told of.
pub const DISPUTED_ROUNDS: u8 = 3;

/// How much longer than the fence's limit a ticket is waited for while the printer says why it waits.
pub const EXPLAINED_WAIT: Duration = Duration::from_secs(60);

/// A transport that takes no byte for this long has stalled.
pub const WRITE_STALL: Duration = Duration::from_secs(15);

/// In the middle of a ticket a printer can't be asked. Where it doesn't tell by itself, a pause of this length in
/// taking bytes may have been an open cover or a change of paper: no head pauses so long by itself.
pub const UNEXPLAINED_PAUSE: Duration = Duration::from_millis(1_500);

/// A spoilt ticket's rest that can't be cleared is left to drain; no byte taken for this long: the connection is reset.
pub const DRAIN_STALL: Duration = Duration::from_secs(60);

/// How long the answer to a clear may take.
pub const CLEAR_ANSWER: Duration = Duration::from_secs(2);

/// A ticket that was shown counts as taken when so many rounds in a row no longer see it: the sensor may be behind.
pub const TAKEN_ROUNDS: u8 = 2;

/// How often a clear is tried in one stop of the printer.
pub const CLEAR_TRIES: u8 = 3;

/// Fences without identifier: silence for this long after the last answer means that no older one is under way.
pub const IN_TURN_QUIET: Duration = Duration::from_millis(250);

/// Fences without identifier: at most this many unanswered ones are reckoned with.
pub const IN_TURN_OWED_MAX: u8 = 32;

/// A fence is not believed before this part, one in so many, of the time that a ticket takes at the printer's best speed.
/// The margin is for a head that feeds blank lines faster than it prints, for paper saving, and for the clock.
pub const LEAST_TIME_MARGIN: u32 = 2;

/// After a pause of this length in taking bytes the rest of a ticket has its own least time: what was printed before the
/// pause says nothing of it …
pub const SHORT_PAUSE: Duration = Duration::from_millis(250);

/// … of which this part, one in so many, is asked for: a picture has more bytes a millimetre than text and blank paper.
pub const TAIL_MARGIN: u32 = 3;

/// Bytes that a serial port may be ahead of its wire, and that so prove nothing of the time the wire took.
pub const LINE_AHEAD_BYTES: usize = 512;

/// So many fences in a row that came too soon: it is the printer's way, and nothing it says of a ticket's end is believed.
pub const HASTY_FENCES: u8 = 2;

/// No printer is slower, millimetres of paper a second.
pub const SLOWEST_MM_S: u32 = 50;

/// Without any fence: how long, at least, after the transport took the last byte a ticket is given to come out.
pub const UNFENCED_PRINT: Duration = Duration::from_secs(3);

/// Without any fence: how long a printer must have been well after a spoilt ticket to count as empty.
pub const UNFENCED_DRAIN: Duration = Duration::from_secs(10);

/// How long the answer to `GS I` is waited for where no fence shows that it will not come.
pub const IDENTITY_ANSWER: Duration = Duration::from_millis(300);

/// The longest ticket taken, bytes.
pub const TICKET_MAX_BYTES: usize = 1 << 20;

/// How long connecting over TCP may take.
pub const CONNECT: Duration = Duration::from_millis(1_500);

/// First wait before connecting again …
pub const RECONNECT_FIRST: Duration = Duration::from_millis(500);

/// … and the longest; each wait doubles.
pub const RECONNECT_LONGEST: Duration = Duration::from_secs(2);

/// How many bytes of a ticket the kernel may keep when a serial port has taken them all.
pub const KERNEL_KEEPS_BYTES: usize = 4096;

/// A transport that takes nothing gets status questions up to this many bytes.
pub const QUESTIONS_WAITING_BYTES: usize = 64;
