//! Timeline of a pickup: each step as a sentence. Pure; no ID, no code ever.
//!
//! A step is kept short, as one word and its particulars, and put into a sentence when it is read: flash wears by the
//! byte.

use crate::journal::record::RecordStep;
use crate::journal::rules::Resolution;
use crate::locale::{Text, text};
use crate::ticket::{SeatState, Ticket};

/// Largest number of characters kept of a phrase handed in.
const PHRASE: usize = 200;

/// Separator between particulars; phrases have no control characters.
const BETWEEN: char = '\u{1f}';

/// A step to keep: its word and its particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Kind of the step, in one word.
    pub kind: &'static str,
    /// Particulars, separated by U+001F.
    pub detail: String,
}

fn note<const N: usize>(kind: &'static str, particulars: [&str; N]) -> Note {
    let text = particulars.map(phrase).join(&BETWEEN.to_string());
    Note { kind, detail: text.trim_end_matches(BETWEEN).to_owned() }
}

/// Returns the note of a step. `seat` is the name of the seat of a `Seat` step.
pub fn of_step(step: &RecordStep, seat: &str) -> Note {
    match step {
        RecordStep::Started { number, .. } => {
            note("started", [&number.map(|number| number.to_string()).unwrap_or_default()])
        }
        RecordStep::Recognised { .. } => note("recognised", []),
        RecordStep::Issuing { seats, .. } => note("issuing", [&names(seats)]),
        RecordStep::IssueUnanswered => note("issue_unanswered", []),
        RecordStep::Issued => note("issued", []),
        RecordStep::IssueRefused { return_value, claim_kept } => {
            let kept = if *claim_kept { "kept" } else { "" };
            note("issue_refused", [&return_value.to_string(), kept])
        }
        RecordStep::IssueNotSent { .. } => note("issue_not_sent", []),
        RecordStep::Resumed { seats, .. } => note("resumed", [&names(seats)]),
        RecordStep::CodesArrived { seats } => note("codes_arrived", [&names(seats)]),
        RecordStep::SeatsFound { seats } => note("seats_found", [&names(seats)]),
        RecordStep::Seat { state, why, .. } => note(state.name(), [seat, why]),
        RecordStep::Ended { outcome, claim, why, report_due, released, .. } => {
            let claim = claim.map(|claim| claim.to_string()).unwrap_or_default();
            let due = if *report_due { "due" } else { "" };
            let released = if *released { "released" } else { "" };
            note("ended", [outcome.name(), &claim, why, due, released])
        }
        RecordStep::ReportFailed { sent, .. } => note("report_failed", [if *sent { "sent" } else { "" }]),
        RecordStep::Reported { .. } => note("reported", []),
        RecordStep::ReportRefused { return_value, .. } => note("report_refused", [&return_value.to_string()]),
    }
}

/// Returns the note of staff's settlement of a seat.
pub fn of_resolution(how: Resolution, seat: &str, who: &str, reason: &str) -> Note {
    note(how.name(), [seat, who, reason])
}

/// Returns the note of staff's order to print a seat again.
pub fn of_reprint(seat: &str, who: &str, reason: &str) -> Note {
    note("print-again", [seat, who, reason])
}

/// Returns the sentence of a note.
pub fn sentence(kind: &str, detail: &str) -> Text {
    let mut parts = detail.split(BETWEEN);
    let mut part = || parts.next().unwrap_or_default();
    let first = part();
    match kind {
        "started" if first.is_empty() => Text::new("出示了一个码。", "A code was presented."),
        "started" => text!("为订单 {first} 出示了一个码。", "A code was presented for booking {first}."),
        "recognised" => {
            Text::new("取票记录里有这一对取票号和验证码。", "The journal knows this pair of number and ID.")
        }
        "issuing" => text!("请求取票服务出票：{first}。", "The site is asked to issue {first}."),
        "issue_unanswered" => Text::new("取票服务没有应答出票请求。", "The site did not answer the issue."),
        "issued" => Text::new("取票服务已出票。", "The site issued the booking."),
        "issue_refused" if part().is_empty() => text!(
            "取票服务拒绝出票，返回 {first}：没有票归本机。",
            "The site refused the issue with {first}: nothing is ours."
        ),
        "issue_refused" => text!(
            "取票服务拒绝出票，返回 {first}：本机以前已出票，或可能已出票。",
            "The site refused the issue with {first}: issued by this kiosk before, or possibly."
        ),
        "issue_not_sent" => Text::new("出票请求最终没有发出。", "The issue was not sent after all."),
        "resumed" if first.is_empty() => Text::new("续取以前的出票。", "An earlier issue is taken up again."),
        "resumed" => text!(
            "续取以前的出票中未出的票：{first}。",
            "An earlier issue is taken up again for what is owed: {first}."
        ),
        "codes_arrived" => text!("收到二维码信息：{first}。", "Codes have arrived: {first}."),
        "seats_found" => text!(
            "取票服务列出了以前漏列的座位，与其他座位一同出票：{first}。",
            "The site lists seats that it had left out before; issued with the others: {first}."
        ),
        "ended" => ended(first, [part(), part(), part(), part()]),
        "report_failed" if first.is_empty() => Text::new("回报没有发出。", "The report could not be sent."),
        "report_failed" => Text::new("回报已发出，没有应答。", "The report was sent but not answered."),
        "reported" => Text::new("取票服务已收到回报。", "The site has the report."),
        "report_refused" => text!(
            "取票服务拒绝回报，返回 {first}：需要工作人员查看。",
            "The site refused the report with {first}: staff must look."
        ),
        "came-out" => by_staff(first, ("票已经出来了", "came out"), part(), part()),
        "handed-over" => by_staff(first, ("柜台已给票", "settled at the counter"), part(), part()),
        // A state and staff's word have the same name: staff's has a reason after the name.
        "print-again" => by_staff(first, ("获准补打", "is printed again by authority"), part(), part()),
        state => of_seat(state, first, part(), part()),
    }
}

fn by_staff(seat: &str, (zh, en): (&str, &str), who: &str, reason: &str) -> Text {
    text!("{seat}：{zh}，{who}：{reason}。", "{seat}: {en}, by {who}: {reason}.")
}

fn of_seat(state: &str, seat: &str, why: &str, reason: &str) -> Text {
    if !reason.is_empty() {
        return by_staff(seat, ("不再需要", "not owed any more"), why, reason);
    }
    let (zh, en) = match SeatState::from_name(state) {
        Some(SeatState::Reserved) => ("重新列为未出，没有发送任何字节", "owed again, not a byte was sent"),
        Some(SeatState::Printing) => ("正送往打印机", "on its way to the printer"),
        Some(SeatState::Printed) => ("已打印", "came out"),
        Some(SeatState::Uncertain) => ("不确定是否已打印", "may or may not have come out"),
        Some(SeatState::Reprinted) => ("已补打", "printed again"),
        Some(SeatState::HandedOver) => ("柜台已给票", "settled at the counter"),
        Some(SeatState::Void) => ("不再需要", "not owed any more"),
        None => (state, state),
    };
    because(&text!("{seat}：{zh}", "{seat}: {en}"), why)
}

fn ended(outcome: &str, [claim, why, due, released]: [&str; 4]) -> Text {
    let mut text = because(&text!("结束：{outcome}", "Ended: {outcome}"), why);
    let mut more = |zh: &str, en: &str| {
        text.zh.push_str(zh);
        text.en.push_str(en);
    };
    if !claim.is_empty() {
        more(&format!("领取编号 {claim}。"), &format!(" Claim reference {claim}."));
    }
    if !due.is_empty() {
        more("待向取票服务回报。", " The site is owed a report.");
    }
    if !released.is_empty() {
        more(
            "没有出票：这个订单又可以在任何地方取票。",
            " Nothing came out: the booking can be collected anywhere again.",
        );
    }
    text
}

fn because(what: &Text, why: &str) -> Text {
    if why.is_empty() {
        text!("{what:#}。", "{what}.")
    } else {
        text!("{what:#}（{why}）。", "{what} ({why}).")
    }
}

/// Cuts a phrase to a bounded line without control characters.
pub(super) fn phrase(text: &str) -> String {
    let plain = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(PHRASE).collect()
}

fn names(seats: &[Ticket]) -> String {
    seats.iter().map(|seat| phrase(&seat.seat_name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::Claim;
    use crate::ticket::{Outcome, SeatKey};

    fn told(note: &Note) -> String {
        sentence(note.kind, &note.detail).en
    }

    #[test]
    fn what_is_kept_is_told_in_full() {
        let ended = RecordStep::Ended {
            outcome: Outcome::SeeCounter,
            claim: Some(Claim(4711)),
            duration_ms: 1,
            why: "paper\u{1f}out".into(),
            report_due: true,
            released: false,
            refused: None,
        };
        assert_eq!(
            told(&of_step(&ended, "")),
            "Ended: see_counter (paper out). Claim reference 004711. The site is owed a report."
        );
        let refused = |claim_kept| RecordStep::IssueRefused { return_value: 1, claim_kept };
        assert!(told(&of_step(&refused(true), "")).ends_with("or possibly."));
        assert!(told(&of_step(&refused(false), "")).ends_with("nothing is ours."));
    }

    #[test]
    fn the_workflows_word_and_staffs_are_told_apart() {
        let key = SeatKey { session_code: "S".into(), seat_code: "10".into() };
        let void = RecordStep::Seat { seat: key, state: SeatState::Void, why: "refunded".into() };
        assert_eq!(told(&of_step(&void, "7排10座")), "7排10座: not owed any more (refunded).");
        let staff = of_resolution(Resolution::Void, "7排10座", "Li", "gone home");
        assert_eq!(told(&staff), "7排10座: not owed any more, by Li: gone home.");
        let again = of_reprint("7排10座", "Li", "torn");
        assert_eq!(told(&again), "7排10座: is printed again by authority, by Li: torn.");
    }
}
