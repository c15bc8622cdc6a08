//! Reasons for which a step is refused.

use crate::locale::{Text, display_text, text};
use crate::ticket::SeatState;
use thiserror::Error;

/// A step that does not follow from what is on record. Seats are named as on paper.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Illegal {
    /// The pickup's ID is not 1 to 32 letters and digits.
    BadPickupId,
    /// The pickup has a second `Started`.
    StartedTwice,
    /// The pickup has no `Started` on record.
    UnknownPickup,
    /// A step of an attempt came after `Ended`, or a second `Ended`.
    PickupEnded,
    /// The step needs an attempt, which only `Issuing` and `Resumed` begin.
    NoAttempt,
    /// The pickup is tied to no booking.
    NoBooking,
    /// The pair has no booking on record.
    UnknownBooking,
    /// The number or pair is not that of the pickup.
    OtherBooking,
    /// The booking has no 0x06 = 0 on record, without which nothing may print or be taken up again.
    NotIssued,
    /// The booking has no seat at all.
    NoSeats,
    /// The booking has no such seat.
    UnknownSeat(String),
    /// The booking has several seats of this name.
    AmbiguousSeat(String),
    /// The states do not have this transition.
    Transition {
        /// Name of the seat.
        seat: String,
        /// State of the seat's ticket.
        from: SeatState,
        /// State asked for.
        to: SeatState,
    },
    /// The seat's content is gone: there is nothing to print from.
    ContentGone(String),
    /// The claim reference is that of another booking, or of another pickup without one.
    ClaimTaken,
    /// The claim reference has more than 6 digits.
    ClaimRange,
    /// The booking can't be released: something came out, or may have.
    NotReleasable,
    /// The name or the reason is missing that staff must give.
    NoReason,
    /// A pickup of the booking has no end on record.
    PickupRunning,
}

display_text!(Illegal);

impl Illegal {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::BadPickupId => {
                ("取票的编号应为 1 到 32 个字母和数字", "a pickup's id is 1 to 32 letters and digits")
            }
            Self::StartedTwice => ("已经开始过", "it was started before"),
            Self::UnknownPickup => ("没有这次取票的记录", "no such pickup is on record"),
            Self::PickupEnded => ("已经结束", "it has ended"),
            Self::NoAttempt => ("既没有出票，也没有续取", "it neither issued nor resumed a booking"),
            Self::NoBooking => ("没有对应的订单", "it is tied to no booking"),
            Self::UnknownBooking => {
                ("没有这个取票号和验证码的订单记录", "no booking of this number and ID is on record")
            }
            Self::OtherBooking => ("属于另一个订单", "it belongs to another booking"),
            Self::NotIssued => ("没有这个订单的出票记录", "the booking's issue is not on record"),
            Self::NoSeats => ("订单至少要有一个座位", "a booking needs at least one seat"),
            Self::UnknownSeat(seat) => {
                return text!("订单里没有座位 {seat}", "the booking has no seat {seat}");
            }
            Self::AmbiguousSeat(seat) => {
                return text!(
                    "订单里有几个座位叫 {seat}：请用座位代码",
                    "the booking has several seats {seat}: name it by its seat code"
                );
            }
            Self::Transition { seat, from, to } => {
                let (from, to) = (from.name(), to.name());
                return text!(
                    "座位 {seat} 为 {from}：不能改为 {to}",
                    "seat {seat} is {from}: it cannot become {to}"
                );
            }
            Self::ContentGone(seat) => {
                return text!(
                    "座位 {seat} 的票面内容已不在：请在柜台处理",
                    "the content of seat {seat} is gone: settle it at the counter"
                );
            }
            Self::ClaimTaken => ("领取编号是别人的", "its claim reference is somebody else's"),
            Self::ClaimRange => ("领取编号最多 6 位", "a claim reference has at most 6 digits"),
            Self::NotReleasable => (
                "有票已出或可能已出：订单仍由本机保留",
                "a ticket came out or may have: the booking stays claimed",
            ),
            Self::NoReason => ("需要姓名和原因", "a name and a reason are needed"),
            Self::PickupRunning => (
                "这个订单正在取票，或取票中断后还没有重新启动",
                "a pickup of this booking is running, or was cut off and the kiosk has not been started since",
            ),
        };
        Text::new(zh, en)
    }
}
