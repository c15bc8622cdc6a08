//! One round of status polling: the questions one after the other, each answered before the next.
//!
//! An answer does not say which question it answers. So there is one question at a time, a repeated one is the same
//! one, and after a repeated one a second answer is waited for before another is asked.

use crate::device::printer::timing;
use crate::receipt::profile::FULL_STATUS;
use std::collections::VecDeque;
use std::time::Duration;

/// Number that stands among the n of `DLE EOT n` for the question to the USB port, which is answered at once.
pub const PORT: u8 = 0;

/// Kind of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollAnswer {
    /// One byte, the answer to `DLE EOT` 1 to 4.
    Byte,
    /// Full status, the answer to `DLE EOT 20`.
    Full,
    /// Status of the USB port.
    Port,
}

impl PollAnswer {
    /// Returns the kind that answers this question.
    fn to(n: u8) -> Self {
        match n {
            PORT => Self::Port,
            FULL_STATUS => Self::Full,
            _ => Self::Byte,
        }
    }
}

/// Poller of the statuses that a printer has.
#[derive(Debug, Clone)]
pub struct StatusPoller {
    statuses: Vec<u8>,
    round: Option<Round>,
    /// True if another round was wanted while one ran: its answers would be too old.
    again: bool,
    /// True if a question was not answered: its answer may still come and look like another's.
    late: bool,
    /// Numbers n of the questions with one-byte answers that were sent and not answered. Answers come in this order,
    /// though some may be lost. At most [`timing::QUESTIONS_OPEN`].
    open: VecDeque<u8>,
    /// Times at which they were sent. Nobody knows whose answer was lost, so the oldest time stays.
    open_since: VecDeque<Duration>,
}

#[derive(Debug, Clone)]
struct Round {
    index: usize,
    tries: u8,
    wait: Wait,
}

#[derive(Debug, Clone, Copy)]
enum Wait {
    Answer { until: Duration },
    Late { until: Duration },
}

/// Next step of the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PollStep {
    /// `DLE EOT n` is to be sent, or the port asked.
    Ask(u8),
    /// Every status has been answered.
    Done,
    /// The status with this n was not answered.
    Failed(u8),
}

impl StatusPoller {
    /// Creates a poller for the n of `DLE EOT n` in this list, [`PORT`] among them.
    pub fn new(statuses: Vec<u8>) -> Self {
        Self {
            statuses,
            round: None,
            again: false,
            late: false,
            open: VecDeque::new(),
            open_since: VecDeque::new(),
        }
    }

    /// Starts a round, in which every answer is to a question asked from now on: a round that already runs is repeated.
    pub fn request(&mut self, now: Duration) -> Option<PollStep> {
        if self.round.is_some() {
            self.again = true;
            return None;
        }
        Some(self.ask(0, now))
    }

    /// Takes an answer; returns the n that it answers, if any, and the next step.
    pub fn answer(&mut self, kind: PollAnswer, now: Duration) -> (Option<u8>, Option<PollStep>) {
        let Some(round) = &mut self.round else { return (None, None) };
        let n = self.statuses.get(round.index).copied();
        if n.is_some_and(|n| PollAnswer::to(n) != kind) {
            return (None, None);
        }
        if let Wait::Late { .. } = round.wait {
            return (n, None);
        }
        if self.late && kind != PollAnswer::Port {
            round.wait = Wait::Late { until: now + timing::LATE_ANSWER };
            return (n, None);
        }
        let next = round.index + 1;
        (n, Some(self.ask(next, now)))
    }

    /// Takes a byte that answers a `DLE EOT`; returns every n that it may be the answer to, the likeliest first: one
    /// where only one question is open, more where answers are late, all that are asked where nothing is open.
    pub fn candidates(&mut self, now: Duration) -> Vec<u8> {
        while self.open_since.front().is_some_and(|at| now.saturating_sub(*at) > timing::LATEST_ANSWER) {
            self.open_since.pop_front();
            self.open.pop_front();
        }
        let mut all: Vec<u8> = self.open.iter().copied().collect();
        self.open_since.pop_back();
        if self.open.pop_front().is_none() {
            all = self.statuses.iter().copied().filter(|n| PollAnswer::to(*n) == PollAnswer::Byte).collect();
        }
        all
    }

    /// Returns true if an answer to an earlier question may still come.
    pub fn expects_late(&self, now: Duration) -> bool {
        self.open_since.iter().any(|at| now.saturating_sub(*at) <= timing::LATEST_ANSWER)
    }

    /// Notes that `DLE EOT n` was sent.
    pub fn sent(&mut self, n: u8, now: Duration) {
        if PollAnswer::to(n) == PollAnswer::Byte {
            if self.open.len() >= timing::QUESTIONS_OPEN {
                self.open.pop_front();
                self.open_since.pop_front();
            }
            self.open.push_back(n);
            self.open_since.push_back(now);
        }
    }

    /// Forgets all questions: the connection is new, and nothing that was asked before is answered on it.
    pub fn forget(&mut self) {
        self.cancel();
        self.open.clear();
        self.open_since.clear();
    }

    /// Takes the passing of time; returns the next step if a limit has passed.
    pub fn tick(&mut self, now: Duration) -> Option<PollStep> {
        let round = self.round.as_mut()?;
        match round.wait {
            Wait::Late { until } if now >= until => {
                self.late = false;
                let next = round.index + 1;
                Some(self.ask(next, now))
            }
            Wait::Answer { until } if now >= until => {
                self.late = true;
                if round.tries >= timing::STATUS_TRIES {
                    let n = self.statuses.get(round.index).copied().unwrap_or(0);
                    self.cancel();
                    return Some(PollStep::Failed(n));
                }
                round.tries += 1;
                round.wait = Wait::Answer { until: now + timing::STATUS_ANSWER };
                self.statuses.get(round.index).map(|n| PollStep::Ask(*n))
            }
            _ => None,
        }
    }

    /// Returns the time at which `tick` has something to do.
    pub fn deadline(&self) -> Option<Duration> {
        self.round.as_ref().map(|round| match round.wait {
            Wait::Answer { until } | Wait::Late { until } => until,
        })
    }

    /// Returns true while a round runs.
    pub fn is_busy(&self) -> bool {
        self.round.is_some()
    }

    /// Ends the round, if one runs; later answers are ignored.
    pub fn cancel(&mut self) {
        self.round = None;
        self.again = false;
    }

    fn ask(&mut self, index: usize, now: Duration) -> PollStep {
        let index = if index >= self.statuses.len() && self.again { 0 } else { index };
        if index == 0 {
            self.again = false;
        }
        let Some(n) = self.statuses.get(index) else {
            self.round = None;
            return PollStep::Done;
        };
        self.round =
            Some(Round { index, tries: 1, wait: Wait::Answer { until: now + timing::STATUS_ANSWER } });
        PollStep::Ask(*n)
    }
}
