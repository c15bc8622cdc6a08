//! Model of a printer: a buffer, a head that takes its time, paper, a cover, a cutter, and replies that can be lost.

use crate::device::printer::session::command;
use crate::receipt::profile::Fence;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Fate of one ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fate {
    /// True once the printer has received bytes of it.
    pub received: bool,
    /// True if the ticket has been cut, and nothing stopped the printer in between.
    pub whole: bool,
}

pub struct Model {
    pub fence: Fence,
    pub clears: bool,
    /// True if `DLE ENQ` frees its cutter.
    pub recovers: bool,
    /// Number of times that `DLE ENQ 2` was received.
    pub recoveries: usize,
    /// True if it answers a clear without clearing.
    pub clear_lies: bool,
    pub powered: bool,
    /// True if it answers no real-time status.
    pub mute: bool,
    /// True if it answers no real-time status while it prints.
    pub mute_when_busy: bool,
    /// True if it answers a fence as soon as it has received it, whatever is before it.
    pub answers_on_receipt: bool,
    /// Number of bytes until it restarts, and number of bytes that are then lost.
    pub restart: Option<(usize, usize)>,
    /// True if it loses the answers to fences.
    pub loses_fences: bool,
    pub paper: bool,
    pub cover_open: bool,
    pub cutter_jammed: bool,
    pub hot: bool,
    pub low: bool,
    /// True for a signal at its cash drawer's connector, which many printers without a drawer have.
    pub drawer: bool,
    /// Number of bytes that can be printed before the paper runs out.
    pub paper_left: Option<usize>,
    pub jam_at_cut: bool,
    /// Time that one byte takes.
    pub pace: Duration,
    pub room: usize,
    pub fates: BTreeMap<u8, Fate>,
    pub received: Vec<u8>,
    pub identity: &'static str,
    buffer: VecDeque<u8>,
    open: Option<(u8, bool)>,
    next_at: Duration,
    replies: Vec<u8>,
    real_time: Vec<u8>,
    automatic: bool,
    last_status: [u8; 4],
}

/// Returns a ticket as the model reads it: `ESC @`, `{`, its number, `length` dots, `}`.
pub fn ticket(number: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![0x1B, b'@', b'{', number];
    bytes.extend(std::iter::repeat_n(b'.', length));
    bytes.push(b'}');
    bytes
}

impl Model {
    pub fn new(fence: Fence, clears: bool) -> Self {
        Self {
            fence,
            clears,
            recovers: false,
            recoveries: 0,
            clear_lies: false,
            powered: true,
            mute: false,
            mute_when_busy: false,
            answers_on_receipt: false,
            restart: None,
            loses_fences: false,
            paper: true,
            cover_open: false,
            cutter_jammed: false,
            hot: false,
            low: false,
            drawer: false,
            paper_left: None,
            jam_at_cut: false,
            pace: Duration::from_millis(1),
            room: 1 << 20,
            fates: BTreeMap::new(),
            received: Vec::new(),
            identity: "TM-T88V",
            buffer: VecDeque::new(),
            open: None,
            next_at: Duration::ZERO,
            replies: Vec::new(),
            real_time: Vec::new(),
            automatic: false,
            last_status: [0; 4],
        }
    }

    pub fn status(&self, n: u8) -> u8 {
        let stopped = self.stopped();
        0x12 | match n {
            1 => u8::from(stopped) << 3 | u8::from(self.drawer) << 2,
            2 => u8::from(self.cover_open) << 2 | u8::from(!self.paper) << 5,
            3 => u8::from(self.cutter_jammed) << 3 | u8::from(self.hot) << 6,
            _ => (u8::from(self.low) * 0x0C) | (u8::from(!self.paper) * 0x60),
        }
    }

    fn automatic_status(&self) -> [u8; 4] {
        [
            0x10 | u8::from(self.stopped()) << 3 | u8::from(self.cover_open) << 5,
            u8::from(self.cutter_jammed) << 3 | u8::from(self.hot) << 6,
            (u8::from(self.low) * 0x03) | (u8::from(!self.paper) * 0x0C),
            0,
        ]
    }

    pub fn stopped(&self) -> bool {
        !self.paper || self.cover_open || self.cutter_jammed || self.hot
    }

    /// Returns true if the buffer holds bytes of tickets that are not printed yet.
    pub fn holds_ticket_bytes(&self) -> bool {
        self.buffer.iter().any(|byte| b"{.}".contains(byte))
    }

    /// Switches the power off or on: everything in the printer is lost.
    pub fn power(&mut self, on: bool) {
        self.powered = on;
        self.buffer.clear();
        self.real_time.clear();
        self.replies.clear();
        self.open = None;
        self.automatic = false;
    }

    /// Takes at most as many bytes as there is room for; returns their number.
    pub fn receive(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        for byte in bytes {
            // A full printer still takes real-time commands, if nothing is before them.
            if self.buffer.len() >= self.room && self.real_time.is_empty() && *byte != 0x10 {
                break;
            }
            taken += 1;
            if self.powered && !self.restarts() {
                self.received.push(*byte);
                self.take(*byte);
                if self.answers_on_receipt {
                    self.answer_on_receipt();
                }
            }
        }
        taken
    }

    /// Returns true if this byte is lost to a restart.
    fn restarts(&mut self) -> bool {
        match &mut self.restart {
            Some((0, lost)) => {
                *lost = lost.saturating_sub(1);
                let over = *lost == 0;
                self.power(true);
                if over {
                    self.restart = None;
                }
                true
            }
            Some((left, _)) => {
                *left -= 1;
                false
            }
            None => false,
        }
    }

    fn answer_on_receipt(&mut self) {
        let from = self.buffer.len().saturating_sub(11);
        let tail: Vec<u8> = self.buffer.iter().skip(from).copied().collect();
        match (self.fence, tail.as_slice()) {
            (Fence::GsParenH, [0x1D, b'(', b'H', 6, 0, 48, 48, a, b, c, d]) => {
                self.replies.extend_from_slice(&[0x37, 0x22, *a, *b, *c, *d, 0]);
            }
            (Fence::GsR, [.., 0x1D, b'r', 1]) => self.replies.push(u8::from(self.low) * 0x03),
            _ => {}
        }
    }

    fn take(&mut self, byte: u8) {
        self.real_time.push(byte);
        let possible = |whole: &[u8]| whole.starts_with(&self.real_time);
        match self.real_time.as_slice() {
            [0x10, 0x04, n @ 1..=4] => {
                if !(self.mute || self.mute_when_busy && self.holds_ticket_bytes()) {
                    self.replies.push(self.status(*n));
                }
                self.real_time.clear();
            }
            [0x10, 0x05, 2] => {
                self.real_time.clear();
                self.recoveries += 1;
                if self.recovers && self.cutter_jammed {
                    self.cutter_jammed = false;
                    self.buffer.clear();
                    self.open = None;
                }
            }
            [0x10] | [0x10, 0x04 | 0x05] => {}
            whole if whole == command::CLEAR => {
                self.real_time.clear();
                if self.clears {
                    if !self.clear_lies {
                        self.buffer.clear();
                        self.open = None;
                    }
                    self.replies.extend_from_slice(&[0x37, 0x25, 0]);
                }
            }
            _ if possible(&command::CLEAR) => {}
            _ => {
                let bytes = std::mem::take(&mut self.real_time);
                if let [.., b'{', number] =
                    self.buffer.iter().chain(&bytes).copied().collect::<Vec<_>>().as_slice()
                {
                    self.fates.entry(*number).or_default().received = true;
                }
                self.buffer.extend(bytes);
            }
        }
    }

    /// Works until now; returns the replies.
    pub fn advance(&mut self, now: Duration) -> Vec<u8> {
        if !self.powered {
            return Vec::new();
        }
        self.next_at = self.next_at.max(now.saturating_sub(Duration::from_millis(20)));
        while self.next_at <= now && !self.stopped() {
            if !self.work() {
                // The printer is at rest: the next work takes its time from now on.
                self.next_at = now;
                break;
            }
            self.next_at += self.pace;
        }
        let broken_off = !self.paper || self.cover_open || self.cutter_jammed;
        if let Some((_, whole)) = &mut self.open {
            *whole &= !broken_off;
        }
        let status = self.automatic_status();
        if self.automatic && status != self.last_status {
            self.last_status = status;
            self.replies.extend_from_slice(&status);
        }
        std::mem::take(&mut self.replies)
    }

    fn answers(&self, fence: Fence) -> bool {
        self.fence == fence && !self.loses_fences && !self.answers_on_receipt
    }

    /// Prints one byte or executes one command; returns false if there is nothing to do.
    fn work(&mut self) -> bool {
        let head: Vec<u8> = self.buffer.iter().take(11).copied().collect();
        let used = match head.as_slice() {
            [] => return false,
            [0x1D, b'(', b'H', 6, 0, 48, 48, a, b, c, d] => {
                if self.answers(Fence::GsParenH) {
                    self.replies.extend_from_slice(&[0x37, 0x22, *a, *b, *c, *d, 0]);
                }
                11
            }
            [0x1D, b'r', 1, ..] => {
                if self.answers(Fence::GsR) {
                    self.replies.push(u8::from(self.low) * 0x03);
                }
                3
            }
            [0x1D, b'a', _, ..] => {
                self.automatic = true;
                self.last_status = self.automatic_status();
                self.replies.extend_from_slice(&self.last_status);
                3
            }
            [0x1D, b'I', 67, ..] => {
                self.replies.push(0x5F);
                self.replies.extend_from_slice(self.identity.as_bytes());
                self.replies.push(0);
                3
            }
            [0, ..] => self.buffer.iter().take_while(|byte| **byte == 0).count(),
            [0x1B, b'@', ..] => {
                self.automatic = false;
                2
            }
            [0x1B] | [0x1D, ..] if head.len() < 11 => return false,
            [b'{', number, ..] => {
                self.open = Some((*number, true));
                2
            }
            [b'{'] => return false,
            [b'}', ..] => {
                if self.jam_at_cut {
                    self.jam_at_cut = false;
                    self.cutter_jammed = true;
                } else if let Some((number, whole)) = self.open.take() {
                    self.fates.entry(number).or_default().whole |= whole;
                }
                1
            }
            [b'|', ..] => {
                self.open = None;
                1
            }
            [b'.', ..] => {
                if let Some(left) = &mut self.paper_left {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        self.paper_left = None;
                        self.paper = false;
                    }
                }
                1
            }
            _ => 1,
        };
        self.buffer.drain(..used);
        true
    }
}
