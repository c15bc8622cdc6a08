//! Export of the record as CSV, JSON lines and text. Pure.

use crate::journal::view::{Counts, DaySlip, PickupView, TimelineView};
use crate::locale::{Text, text};
use crate::ticket::SeatState;
use std::fmt::Write;

/// Header line of the pickups' CSV. Each further line is one ticket; a pickup without any has one line.
pub const CSV_HEADER: &str =
    "pickup,started_at,booking_number,outcome,claim,seat,state,reported,duration_ms\r\n";

/// Formats one pickup as CSV lines (RFC 4180, lines end in CR LF).
pub fn csv_lines(pickup: &PickupView) -> String {
    let outcome = pickup.outcome.map(|outcome| outcome.name()).unwrap_or_default();
    let duration = pickup.duration_ms.map(|ms| ms.to_string()).unwrap_or_default();
    let reported = if pickup.reported { "true" } else { "false" };
    let line = |seat: &str, state: &str| {
        let fields = [
            pickup.pickup.as_str(),
            &pickup.started_at,
            pickup.booking_number.as_deref().unwrap_or_default(),
            outcome,
            pickup.claim.as_deref().unwrap_or_default(),
            seat,
            state,
            reported,
            &duration,
        ];
        fields.map(csv_field).join(",") + "\r\n"
    };
    if pickup.tickets.is_empty() {
        return line("", "");
    }
    pickup.tickets.iter().map(|ticket| line(&ticket.seat, ticket.state.name())).collect()
}

/// Formats one field of CSV: quoted where it has to be, and never taken for a formula by a spreadsheet.
pub(super) fn csv_field(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let formula = plain.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\'']);
    let safe = if formula { format!("'{plain}") } else { plain };
    if safe.contains(['"', ',', ';', '\'']) || safe != safe.trim() {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

/// Formats a value as one line of JSON, with its line end; a pickup becomes the contract's object.
pub fn json_line<T: serde::Serialize>(value: &T) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string(value)? + "\n")
}

/// Formats one pickup as one line for people.
pub fn list_line(pickup: &PickupView) -> String {
    let mut line = format!(
        "{}  {}  {:<16} {:>10}",
        clock(&pickup.started_at),
        pickup.pickup,
        pickup.outcome.map_or("no end on record", |outcome| outcome.name()),
        pickup.booking_number.as_deref().unwrap_or("-"),
    );
    if let Some(claim) = &pickup.claim {
        let _ = write!(line, "  claim {claim}");
    }
    for ticket in &pickup.tickets {
        let _ = write!(line, "  {} {}", plain(&ticket.seat), ticket.state.name());
    }
    line.push('\n');
    line
}

/// Formats a pickup and its timeline for people.
pub fn timeline_text(story: &TimelineView) -> Text {
    let pickup = &story.pickup;
    let id = &pickup.pickup;
    let number = pickup.booking_number.as_deref().map_or_else(|| Text::new("不详", "unknown"), Text::same);
    let outcome = pickup
        .outcome
        .map_or_else(|| Text::new("没有结束记录", "no end on record"), |outcome| Text::same(outcome.name()));
    let mut text =
        text!("取票 {id}，订单 {number:#}：{outcome:#}", "Pickup {id}, booking {number}: {outcome}");
    if let Some(claim) = &pickup.claim {
        add(&mut text, &text!("，领取编号 {claim}", ", claim reference {claim}"));
    }
    add(&mut text, &Text::same("\n"));
    for ticket in &pickup.tickets {
        add(&mut text, &text!("  {}  {:#}\n", "  {}  {}\n", plain(&ticket.seat), state(ticket.state)));
    }
    let mut before = None;
    for event in &story.story {
        if before != Some(&event.pickup) {
            let id = &event.pickup;
            add(&mut text, &text!("取票 {id}\n", "Pickup {id}\n"));
            before = Some(&event.pickup);
        }
        let (at, zh, en) = (clock(&event.at), plain(&event.zh), plain(&event.detail));
        add(&mut text, &text!("  {at}  {zh}\n", "  {at}  {en}\n"));
    }
    text
}

fn add(text: &mut Text, more: &Text) {
    text.zh.push_str(&more.zh);
    text.en.push_str(&more.en);
}

/// Returns what people call the state of a ticket; in English the name of the contract.
pub fn state(state: SeatState) -> Text {
    let zh = match state {
        SeatState::Reserved => "未出",
        SeatState::Printing => "正在打",
        SeatState::Printed => "已打印",
        SeatState::Uncertain => "未确认",
        SeatState::Reprinted => "已补打",
        SeatState::HandedOver => "柜台已给票",
        SeatState::Void => "不再需要",
    };
    Text::new(zh, state.name())
}

/// Formats a day slip for people and for the printer.
pub fn day_slip_text(slip: &DaySlip) -> Text {
    let mut text = Text::same(format!("{}  {}\n", plain(&slip.kiosk), slip.business_day));
    for line in &slip.films {
        let (film, counts) = (plain(&line.film), counts(&line.counts));
        add(&mut text, &text!("{film}\n  {counts:#}\n", "{film}\n  {counts}\n"));
    }
    let (total, tests) = (counts(&slip.total), slip.test_tickets);
    add(&mut text, &text!("合计\n  {total:#}\n", "Total\n  {total}\n"));
    add(&mut text, &text!("测试票 {tests}\n", "Test tickets {tests}\n"));
    text
}

fn counts(counts: &Counts) -> Text {
    let named = [
        ("已打印", "printed", counts.printed),
        ("未出", "owed", counts.owed),
        ("未确认", "uncertain", counts.uncertain),
        ("已补打", "reprinted", counts.reprinted),
        ("柜台已给票", "handed over", counts.handed_over),
        ("不再需要", "void", counts.void),
    ];
    let some = named.iter().filter(|(.., count)| *count > 0);
    let all: Vec<Text> = some.map(|(zh, en, count)| text!("{zh} {count}", "{en} {count}")).collect();
    if all.is_empty() { Text::new("没有", "nothing") } else { Text::join(&all, "  ", "  ") }
}

/// Formats 2026-11-24T10:00:00.123+08:00 as 2026-11-24 10:00:00.
fn clock(stamp: &str) -> String {
    stamp.get(..19).unwrap_or(stamp).replace('T', " ")
}

/// Replaces control characters: a terminal takes the result for nothing but text.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::view::{FilmLine, SeatView};
    use crate::ticket::Outcome;

    fn pickup(seat: &str) -> PickupView {
        PickupView {
            pickup: "p1".into(),
            started_at: "2026-11-24T10:00:00.123+08:00".into(),
            booking_number: Some("111972".into()),
            outcome: Some(Outcome::SeeCounter),
            claim: Some("004711".into()),
            tickets: vec![
                SeatView { seat: seat.into(), state: SeatState::Printed },
                SeatView { seat: "7排9座".into(), state: SeatState::Uncertain },
            ],
            reported: true,
            duration_ms: Some(41),
        }
    }

    #[test]
    fn each_ticket_has_its_line() {
        assert_eq!(
            csv_lines(&pickup("7排10座")),
            "p1,2026-11-24T10:00:00.123+08:00,111972,see_counter,004711,7排10座,printed,true,41\r\n\
             p1,2026-11-24T10:00:00.123+08:00,111972,see_counter,004711,7排9座,uncertain,true,41\r\n"
        );
        let none = PickupView {
            tickets: Vec::new(),
            outcome: None,
            claim: None,
            duration_ms: None,
            booking_number: None,
            ..pickup("")
        };
        assert_eq!(csv_lines(&none), "p1,2026-11-24T10:00:00.123+08:00,,,,,,true,\r\n");
        let columns = CSV_HEADER.split(',').count();
        assert_eq!(csv_lines(&none).split(',').count(), columns);
    }

    #[test]
    fn no_field_is_a_formula_or_breaks_its_line() {
        for (seat, field) in [
            ("=cmd|'/C calc'!A0", "\"'=cmd|'/C calc'!A0\""),
            ("+1", "\"'+1\""),
            (" =1", "\"' =1\""),
            ("＝1", "\"'＝1\""),
            ("\t@x", "\"' @x\""),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\r\nb", "a  b"),
        ] {
            assert_eq!(csv_field(seat), field, "{seat:?}");
        }
    }

    #[test]
    fn the_json_is_the_contracts() {
        let mut printed = pickup("7排10座");
        printed.outcome = Some(Outcome::Printed);
        printed.claim = None;
        printed.tickets.truncate(1);
        assert_eq!(
            json_line(&printed).unwrap(),
            "{\"pickup\":\"p1\",\"started_at\":\"2026-11-24T10:00:00.123+08:00\",\"booking_number\":\"111972\",\
             \"outcome\":\"printed\",\"claim\":null,\"tickets\":[{\"seat\":\"7排10座\",\"state\":\"printed\"}],\
             \"reported\":true,\"duration_ms\":41}\n"
        );
    }

    #[test]
    fn a_days_slip_names_what_there_is() {
        let counts = Counts { printed: 3, uncertain: 1, ..Counts::default() };
        let slip = DaySlip {
            kiosk: "lobby-1".into(),
            business_day: "2026-11-24".into(),
            films: vec![FilmLine { film: "重返20岁\u{1b}".into(), counts }],
            total: counts,
            test_tickets: 2,
        };
        let text = "lobby-1  2026-11-24\n重返20岁 \n  printed 3  uncertain 1\nTotal\n  printed 3  uncertain 1\n\
                    Test tickets 2\n";
        assert_eq!(day_slip_text(&slip).en, text);
        let zh =
            "lobby-1  2026-11-24\n重返20岁 \n  已打印 3  未确认 1\n合计\n  已打印 3  未确认 1\n测试票 2\n";
        assert_eq!(day_slip_text(&slip).zh, zh);
    }

    #[test]
    fn a_list_line_fits_on_one() {
        assert_eq!(
            list_line(&pickup("7排\n10座")),
            "2026-11-24 10:00:00  p1  see_counter          111972  claim 004711  7排 10座 printed  7排9座 uncertain\n"
        );
    }
}
