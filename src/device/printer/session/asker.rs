//! One round of real-time status: the questions one after the other, each answered before the next.
//!
//! An answer does not say which question it answers. So there is one question at a time, a repeated one is
//! the same one, and after a repeated one a second answer is waited for before another is asked.

use crate::device::printer::timing;
use crate::receipt::profile::FULL_STATUS;
use std::collections::VecDeque;
use std::time::Duration;

/// Stands among the n of `DLE EOT n` for the question to the USB port, which is answered at once.
pub const PORT: u8 = 0;

/// What kind of answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// One byte, to `DLE EOT` 1 to 4.
    Byte,
    /// To `DLE EOT 20`.
    Full,
    /// The USB port's.
    Port,
}

impl Answer {
    /// The kind that answers this question.
    fn to(n: u8) -> Self {
        match n {
            PORT => Self::Port,
            FULL_STATUS => Self::Full,
            _ => Self::Byte,
        }
    }
}

/// Asks the statuses a printer has.
#[derive(Debug, Clone)]
pub struct Asker {
    statuses: Vec<u8>,
    round: Option<Round>,
    /// Another round was wanted while one ran: its answers would be too old.
    again: bool,
    /// A question went unanswered: its answer may still come and look like another's.
    late: bool,
    /// Questions of one byte's answer that were sent and not answered: their n. Answers come in this order, though some
    /// may be lost. At most [`timing::QUESTIONS_OPEN`].
    open: VecDeque<u8>,
    /// When they were sent, of as many: which one's answer was lost is not known, so the oldest time stays.
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

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `DLE EOT n` is to be sent, or the port asked.
    Ask(u8),
    /// Every status has been answered.
    Done,
    /// This one was not answered.
    Failed(u8),
}

impl Asker {
    /// For the n of `DLE EOT n` in this list, [`PORT`] among them.
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

    /// Starts a round. Whatever is answered from now on was asked from now on: a round that runs already is
    /// followed by another.
    pub fn request(&mut self, now: Duration) -> Option<Step> {
        if self.round.is_some() {
            self.again = true;
            return None;
        }
        Some(self.ask(0, now))
    }

    /// An answer came: which n it answers, if any, and what comes next.
    pub fn answer(&mut self, kind: Answer, now: Duration) -> (Option<u8>, Option<Step>) {
        let Some(round) = &mut self.round else { return (None, None) };
        let n = self.statuses.get(round.index).copied();
        if n.is_some_and(|n| Answer::to(n) != kind) {
            return (None, None);
        }
        if let Wait::Late { .. } = round.wait {
            return (n, None);
        }
        if self.late && kind != Answer::Port {
            round.wait = Wait::Late { until: now + timing::LATE_ANSWER };
            return (n, None);
        }
        let next = round.index + 1;
        (n, Some(self.ask(next, now)))
    }

    /// A byte that answers a `DLE EOT` came: every n that it may be the answer to, the likeliest first. One where only
    /// one question is open; more where answers are late, all that are asked where nothing is open.
    pub fn candidates(&mut self, now: Duration) -> Vec<u8> {
        while self.open_since.front().is_some_and(|at| now.saturating_sub(*at) > timing::LATEST_ANSWER) {
            self.open_since.pop_front();
            self.open.pop_front();
        }
        let mut all: Vec<u8> = self.open.iter().copied().collect();
        self.open_since.pop_back();
        if self.open.pop_front().is_none() {
            all = self.statuses.iter().copied().filter(|n| Answer::to(*n) == Answer::Byte).collect();
        }
        all
    }

    /// Whether an answer to an earlier question may still come.
    pub fn expects_late(&self, now: Duration) -> bool {
        self.open_since.iter().any(|at| now.saturating_sub(*at) <= timing::LATEST_ANSWER)
    }

    /// `DLE EOT n` was sent.
    pub fn sent(&mut self, n: u8, now: Duration) {
        if Answer::to(n) == Answer::Byte {
            if self.open.len() >= timing::QUESTIONS_OPEN {
                self.open.pop_front();
                self.open_since.pop_front();
            }
            self.open.push_back(n);
            self.open_since.push_back(now);
        }
    }

    /// The connection is new: nothing that was asked before is answered on it.
    pub fn forget(&mut self) {
        self.cancel();
        self.open.clear();
        self.open_since.clear();
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Duration) -> Option<Step> {
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
                    return Some(Step::Failed(n));
                }
                round.tries += 1;
                round.wait = Wait::Answer { until: now + timing::STATUS_ANSWER };
                self.statuses.get(round.index).map(|n| Step::Ask(*n))
            }
            _ => None,
        }
    }

    /// When `tick` has something to do.
    pub fn deadline(&self) -> Option<Duration> {
        self.round.as_ref().map(|round| match round.wait {
            Wait::Answer { until } | Wait::Late { until } => until,
        })
    }

    /// Whether a round runs.
    pub fn is_busy(&self) -> bool {
        self.round.is_some()
    }

    /// Ends the round, if one runs; what is still answered answers nothing.
    pub fn cancel(&mut self) {
        self.round = None;
        self.again = false;
    }

    fn ask(&mut self, index: usize, now: Duration) -> Step {
        let index = if index >= self.statuses.len() && self.again { 0 } else { index };
        if index == 0 {
            self.again = false;
        }
        let Some(n) = self.statuses.get(index) else {
            self.round = None;
            return Step::Done;
        };
        self.round =
            Some(Round { index, tries: 1, wait: Wait::Answer { until: now + timing::STATUS_ANSWER } });
        Step::Ask(*n)
    }
}
