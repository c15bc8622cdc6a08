//! Printer at the level of bytes: a buffer, a head that takes its time, paper, answers; and all that can befall them.

use pickup_kiosk::receipt::profile::Fence;
use std::collections::VecDeque;
use std::time::Duration;

/// Returns a ticket as it is here: `ESC @`, `{`, its job's number, `:`, a dot for every 2 mm, `}` for the cut.
pub fn ticket(job: u64, dots: usize) -> Vec<u8> {
    let mut bytes = vec![0x1B, b'@', b'{'];
    bytes.extend_from_slice(job.to_string().as_bytes());
    bytes.push(b':');
    bytes.extend(std::iter::repeat_n(b'.', dots));
    bytes.push(b'}');
    bytes
}

/// Returns the number in the bytes of a paper.
pub fn number_of(bytes: &[u8]) -> u64 {
    number(bytes.iter().skip_while(|byte| **byte != b'{').skip(1))
}

/// Millimetres of paper for a dot.
pub const DOT_MM: u32 = 2;
/// Time that a dot takes: 500 mm a second.
const DOT: Duration = Duration::from_millis(4);
/// `DLE DC4` function 8.
const CLEAR: [u8; 10] = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];

/// Paper of a ticket: the truth, whatever the printer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// The ticket's first byte has come.
    Begun(u64),
    /// The ticket has been cut; or it never will be, and what there is of it lies in the machine.
    Out { job: u64, whole: bool },
}

/// Printer at the level of bytes.
pub struct Model {
    pub fence: Fence,
    pub clears: bool,
    /// True if it answers a fence on receipt, and then never late: an answer on receipt that takes as long as the paper
    /// is told from an honest one by nobody.
    pub on_receipt: bool,
    /// True if it keeps its buffer through a restart, and prints the ticket at hand from its beginning, up to the last
    /// fence that it has answered.
    pub replays: bool,
    pub room: usize,
    pub paper: bool,
    pub cover_open: bool,
    pub hot: bool,
    /// Number of dots until the paper ends.
    pub paper_left: Option<usize>,
    /// Number of further bytes until it restarts, and the time that it is away then.
    pub restart: Option<(usize, Duration)>,
    /// Number of further bytes until it is stuck, and the moment before which it takes nothing then.
    pub stuck: Option<(usize, Duration)>,
    /// Delay of its answers.
    pub delay: Duration,
    /// Number of answers that are lost.
    pub loses: usize,
    /// Moment until which it is away.
    pub away_until: Duration,
    /// True if it has restarted since the last look.
    pub restarted: bool,
    /// Moment since which it has been stopped.
    pub stopped_at: Option<Duration>,
    buffer: VecDeque<u8>,
    real_time: Vec<u8>,
    /// Job whose ticket is at the head; true if nothing is amiss with it.
    open: Option<(u64, bool)>,
    /// Number of dots printed of it.
    pub printed: usize,
    at_hand: Vec<u8>,
    begun: u64,
    free_at: Duration,
    replies: VecDeque<(Duration, Vec<u8>)>,
    pub paper_log: Vec<Paper>,
}

impl Model {
    pub fn new(fence: Fence, clears: bool, room: usize) -> Self {
        Self {
            fence,
            clears,
            on_receipt: false,
            replays: false,
            room,
            paper: true,
            cover_open: false,
            hot: false,
            paper_left: None,
            restart: None,
            stuck: None,
            delay: Duration::ZERO,
            loses: 0,
            away_until: Duration::ZERO,
            restarted: false,
            stopped_at: None,
            buffer: VecDeque::new(),
            real_time: Vec::new(),
            open: None,
            printed: 0,
            at_hand: Vec::new(),
            begun: 0,
            free_at: Duration::ZERO,
            replies: VecDeque::new(),
            paper_log: Vec::new(),
        }
    }

    pub fn stopped(&self) -> bool {
        !self.paper || self.cover_open || self.hot
    }

    /// Returns true if it stands still, or is about to.
    pub fn will_stop(&self) -> bool {
        self.stopped() || self.paper_left.is_some()
    }

    /// Puts everything right, as somebody would.
    pub fn mend(&mut self) {
        (self.paper, self.cover_open, self.hot) = (true, false, false);
        (self.paper_left, self.restart, self.stuck) = (None, None, None);
        (self.delay, self.loses) = (Duration::ZERO, 0);
    }

    /// Returns true while its head moves.
    pub fn at_work(&self, now: Duration) -> bool {
        !self.buffer.is_empty() && !self.stopped() && self.free_at > now
    }

    /// Returns the moment at which something happens by itself.
    pub fn next_at(&self, now: Duration) -> Option<Duration> {
        let head = self.at_work(now).then_some(self.free_at);
        let reply = self.replies.front().map(|(at, _)| *at);
        let stuck = self.stuck.map(|(_, until)| until).filter(|until| *until > now);
        [head, reply, stuck].into_iter().flatten().min()
    }

    /// Takes the bytes that it has room for; returns their number.
    pub fn receive(&mut self, bytes: &[u8], now: Duration) -> usize {
        let mut taken = 0;
        for byte in bytes {
            let held = self.stuck.is_some_and(|(left, until)| left == 0 && now < until);
            let full = self.buffer.len() >= self.room && self.real_time.is_empty() && *byte != 0x10;
            if held || full || now < self.away_until {
                break;
            }
            taken += 1;
            if let Some((left, _)) = &mut self.stuck {
                *left = left.saturating_sub(1);
            }
            if let Some((left, away)) = self.restart {
                if left == 0 {
                    self.restart = None;
                    self.restarts(now + away);
                    break;
                }
                self.restart = Some((left - 1, away));
            }
            self.take(*byte, now);
        }
        taken
    }

    /// Restarts, because power fails or its own watchdog strikes.
    fn restarts(&mut self, back_at: Duration) {
        self.away_until = back_at;
        self.free_at = back_at;
        self.restarted = true;
        self.replies.clear();
        self.real_time.clear();
        if self.replays {
            let at_hand = std::mem::take(&mut self.at_hand);
            at_hand.into_iter().rev().for_each(|byte| self.buffer.push_front(byte));
            self.open = None;
        } else {
            self.lose_buffer();
        }
    }

    fn lose_buffer(&mut self) {
        if let Some((job, _)) = self.open.take() {
            self.paper_log.push(Paper::Out { job, whole: false });
        }
        self.at_hand.clear();
        self.buffer.clear();
    }

    fn take(&mut self, byte: u8, now: Duration) {
        if self.buffer.is_empty() {
            self.free_at = self.free_at.max(now);
        }
        self.real_time.push(byte);
        match self.real_time.as_slice() {
            [0x10, 4, n @ 1..=4] => {
                let status = self.status(*n);
                self.say(vec![status], now);
                self.real_time.clear();
            }
            [0x10] | [0x10, 4] => {}
            whole if whole == CLEAR => {
                self.real_time.clear();
                if self.clears {
                    self.lose_buffer();
                    self.say(vec![0x37, 0x25, 0], now);
                }
            }
            start if CLEAR.starts_with(start) => {}
            _ => {
                self.buffer.extend(self.real_time.drain(..));
                self.marks_begun();
                if self.on_receipt {
                    self.answer_tail(now);
                }
            }
        }
    }

    /// Takes note of a ticket whose first bytes, up to the colon, have come.
    fn marks_begun(&mut self) {
        if self.buffer.back() != Some(&b':') {
            return;
        }
        let from = self.buffer.iter().rposition(|byte| *byte == b'{').unwrap();
        let job = number(self.buffer.iter().skip(from + 1));
        if job > self.begun {
            self.begun = job;
            self.paper_log.push(Paper::Begun(job));
        }
    }

    fn answer_tail(&mut self, now: Duration) {
        let from = self.buffer.len().saturating_sub(11);
        let tail: Vec<u8> = self.buffer.iter().skip(from).copied().collect();
        match (self.fence, tail.as_slice()) {
            (Fence::GsParenH, [0x1D, b'(', b'H', 6, 0, 48, 48, a, b, c, d]) => {
                self.say(vec![0x37, 0x22, *a, *b, *c, *d, 0], now);
            }
            (Fence::GsR, [.., 0x1D, b'r', 1]) => self.say(vec![0], now),
            _ => {}
        }
    }

    fn status(&self, n: u8) -> u8 {
        0x12 | match n {
            1 => u8::from(self.stopped()) << 3,
            2 => u8::from(self.cover_open) << 2 | u8::from(!self.paper) << 5,
            3 => u8::from(self.hot) << 6,
            _ => u8::from(!self.paper) * 0x60,
        }
    }

    fn say(&mut self, bytes: Vec<u8>, now: Duration) {
        if self.loses > 0 {
            self.loses -= 1;
            return;
        }
        let after = self.replies.back().map_or(now, |(at, _)| *at);
        let delay = if self.on_receipt { Duration::ZERO } else { self.delay };
        self.replies.push_back((after.max(now + delay), bytes));
    }

    /// Works until now; returns what it has said by then.
    pub fn advance(&mut self, now: Duration) -> Vec<u8> {
        while self.free_at <= now && !self.stopped() && now >= self.away_until && self.work() {}
        self.stopped_at = self.stopped().then(|| self.stopped_at.unwrap_or(now));
        if let Some((_, whole)) = &mut self.open {
            *whole &= self.paper && !self.cover_open;
        }
        let mut said = Vec::new();
        while self.replies.front().is_some_and(|(at, _)| *at <= now) {
            said.extend(self.replies.pop_front().unwrap().1);
        }
        said
    }

    /// Performs the next command; returns false if none is whole.
    fn work(&mut self) -> bool {
        let head: Vec<u8> = self.buffer.iter().take(11).copied().collect();
        let at = self.free_at;
        let used = match head.as_slice() {
            [] => return false,
            [0x1D, b'(', b'H', 6, 0, 48, 48, a, b, c, d] => {
                if !self.on_receipt && self.fence == Fence::GsParenH {
                    self.say(vec![0x37, 0x22, *a, *b, *c, *d, 0], at);
                }
                11
            }
            [0x1D, b'r', 1, ..] => {
                if !self.on_receipt && self.fence == Fence::GsR {
                    self.say(vec![0], at);
                }
                3
            }
            [0x1D, b'(', ..] | [0x1D] | [0x1D, b'r'] => return false,
            [0, ..] => self.buffer.iter().take_while(|byte| **byte == 0).count(),
            [b'{', ..] => match self.buffer.iter().position(|byte| *byte == b':') {
                Some(colon) => {
                    // The ticket that was open before it has lost its end.
                    self.lost_end();
                    let job = number(self.buffer.iter().skip(1));
                    (self.open, self.printed) = (Some((job, true)), 0);
                    colon + 1
                }
                None => return false,
            },
            [b'}', ..] => {
                if let Some((job, whole)) = self.open.take() {
                    self.paper_log.push(Paper::Out { job, whole });
                }
                1
            }
            [b'.', ..] => {
                self.free_at += DOT;
                self.printed += 1;
                if let Some(left) = &mut self.paper_left {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        (self.paper_left, self.paper) = (None, false);
                    }
                }
                1
            }
            _ => 1,
        };
        let done: Vec<u8> = self.buffer.drain(..used).collect();
        let answered = matches!(head.as_slice(), [0x1D, b'(' | b'r', ..]);
        if self.open.is_some() && !answered {
            self.at_hand.extend(done);
        } else {
            self.at_hand.clear();
        }
        true
    }

    fn lost_end(&mut self) {
        if let Some((job, _)) = self.open.take() {
            self.paper_log.push(Paper::Out { job, whole: false });
        }
    }
}

/// Returns the number in the digits at the front.
fn number<'a>(bytes: impl Iterator<Item = &'a u8>) -> u64 {
    let digits = bytes.take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))
}
