//! Faults: everything that can go wrong, and when it does.

use super::chance::Chance;

/// One kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The site can't be reached: not a byte is sent.
    SiteAway,
    /// A request is lost on its way.
    RequestLost,
    /// The site does what was asked, the reply is lost.
    ReplyLost,
    /// The reply comes late, within the limit.
    ReplyLate,
    /// A request reaches the site twice.
    AskedTwice,
    /// An answer reaches the workflow twice.
    AnsweredTwice,
    /// The reply is nonsense.
    Malformed,
    /// 0x06 or 0x08 is non-zero without a reason.
    Refused,
    /// The site has no ticket_info_codes for a while.
    EmptyCodes,
    /// No answer from the cloud.
    CloudAway,
    /// The cloud answers when nobody waits any more.
    CloudLate,
    /// The paper is out when a ticket is to begin.
    NoPaper,
    /// The printer says ready and is not.
    StatusLies,
    /// The paper ends, or a cover opens, in the middle of a ticket.
    PaperTorn,
    /// The ticket comes out, its confirmation doesn't.
    FenceLost,
    /// The confirmation takes long.
    FenceLate,
    /// The kiosk's power fails between two actions.
    PowerCut,
    /// The journal does not take a record.
    RecordFails,
    /// The journal does not answer.
    RecallFails,
    /// The wall clock jumps.
    ClockJump,
    /// A code is scanned while a pickup is running.
    ImpatientScan,
    /// An 0x04 leaves a seat out; once a booking.
    ShortList,
    /// An 0x04 is as it was at an earlier question.
    StaleList,
    /// An 0x05 without an answer is carried out long after the kiosk gave it up.
    LateIssue,
    /// The journal says that it failed, and the record is on disk all the same.
    RecordKept,
    /// The journal takes nothing for a while, then mends without a restart.
    JournalAway,
    /// The clock jumps by days or months.
    ClockFar,
    /// The journal's key is gone at a start.
    KeyLost,
    /// The journal is damaged at a start, and a new one is begun.
    JournalLost,
}

impl Fault {
    pub const ALL: [Self; 29] = [
        Self::SiteAway,
        Self::RequestLost,
        Self::ReplyLost,
        Self::ReplyLate,
        Self::AskedTwice,
        Self::AnsweredTwice,
        Self::Malformed,
        Self::Refused,
        Self::EmptyCodes,
        Self::CloudAway,
        Self::CloudLate,
        Self::NoPaper,
        Self::StatusLies,
        Self::PaperTorn,
        Self::FenceLost,
        Self::FenceLate,
        Self::PowerCut,
        Self::RecordFails,
        Self::RecallFails,
        Self::ClockJump,
        Self::ImpatientScan,
        Self::ShortList,
        Self::StaleList,
        Self::LateIssue,
        Self::RecordKept,
        Self::JournalAway,
        Self::ClockFar,
        Self::KeyLost,
        Self::JournalLost,
    ];

    /// Returns true if a ticket may rightly be of unknown fate after the fault: paper, power or disk failed.
    pub fn physical(self) -> bool {
        matches!(
            self,
            Self::PaperTorn
                | Self::FenceLost
                | Self::PowerCut
                | Self::RecordFails
                | Self::RecordKept
                | Self::JournalAway
        )
    }
}

/// Plan of when faults strike.
#[derive(Debug, Clone)]
pub enum Plan {
    /// Each fault at its own rate, in a thousand opportunities, until they heal.
    Random { rates: Box<[u64; Fault::ALL.len()]> },
    /// One fault, at its n-th opportunity.
    Single { fault: Fault, countdown: u64 },
}

impl Plan {
    pub fn random(chance: &mut Chance) -> Self {
        let strength = chance.one_of(&[0, 5, 20, 60, 150]);
        let mut rates = [0; Fault::ALL.len()];
        for (rate, fault) in rates.iter_mut().zip(Fault::ALL) {
            if chance.below(2) == 0 {
                *rate = chance.below(strength + 1);
            }
            // Every action is an opportunity for these: as many a pickup as for the others.
            if matches!(fault, Fault::PowerCut | Fault::RecordFails | Fault::RecordKept | Fault::JournalAway)
            {
                *rate = (*rate).min(40) / 2;
            }
        }
        Self::Random { rates: Box::new(rates) }
    }

    pub fn single(chance: &mut Chance) -> Self {
        let fault = chance.one_of(&Fault::ALL);
        let reach = if fault == Fault::PowerCut { 90 } else { 16 };
        Self::Single { fault, countdown: chance.below(reach) }
    }

    pub fn strikes(&mut self, fault: Fault, chance: &mut Chance) -> bool {
        match self {
            Self::Random { rates } => chance.per_mille(rates[fault as usize]),
            Self::Single { fault: one, countdown } if *one == fault => {
                let now = *countdown == 0;
                *countdown = countdown.wrapping_sub(1);
                now
            }
            Self::Single { .. } => false,
        }
    }

    pub fn heal(&mut self) {
        if let Self::Random { rates } = self {
            rates.fill(0);
        }
    }
}
