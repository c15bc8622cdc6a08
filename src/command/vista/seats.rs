//! `vista seats`: the seat plan drawn in the terminal, or as JSON.

use super::super::{CommandError, ExitStatus};
use super::table::{padded, tame};
use crate::vista::seat_plan::{Area, Row, Seat, SeatPlan, SeatStatus, SeatStyle};
use serde_json::json;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Largest number of columns and rows drawn; seats beyond are listed below the plan.
const GRID_MAX: u32 = 200;
/// Smallest width of a seat, in cells.
const SEAT_CELLS: usize = 2;

/// Shows a seat plan; `None` means that the cloud offers none for this session.
pub(super) fn show(
    session: &str,
    plan: Option<&SeatPlan>,
    as_json: bool,
) -> Result<ExitStatus, CommandError> {
    let Some(plan) = plan else {
        if as_json {
            return super::lines(&[json!({ "session": session, "offered": false, "areas": [] })]);
        }
        let text = "the cinema marked this session as sold out, or let it as a whole (67): no seat plan\n";
        return super::show(&format!("session {}: {text}", tame(session)));
    };
    if as_json {
        return super::lines(&[json!({ "session": session, "offered": true, "areas": plan.areas })]);
    }
    super::show(&draw(plan))
}

/// Draws area by area, furthest from the screen first; then the number of seats by status, and the meaning of the
/// signs.
fn draw(plan: &SeatPlan) -> String {
    let mut text = String::new();
    for area in &plan.areas {
        draw_area(area, &mut text);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, _, seat) in plan.seats() {
        *counts.entry(meaning(seat.status)).or_default() += 1;
    }
    let counted: Vec<String> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    text.push_str(&format!("seats: {}\n", counted.join(", ")));
    text.push_str(
        "a number is a free seat's name; ■ sold  ◇ kept  ♿ wheelchair  × broken  # never sold  ? unknown\n",
    );
    text.push_str("( ) the two ends of a sofa, ~ its middle\n");
    text
}

fn draw_area(area: &Area, text: &mut String) {
    let name = area.name.as_deref().unwrap_or("area");
    let category = area.category.as_deref().unwrap_or("not said");
    let number = area.number.map_or_else(|| "?".into(), |number| number.to_string());
    text.push_str(&format!("{} · area {number} · category {}\n", tame(name), tame(category)));
    let mut rows: BTreeMap<u32, (&Row, BTreeMap<u32, &Seat>)> = BTreeMap::new();
    let mut without: Vec<String> = Vec::new();
    for row in &area.rows {
        for seat in &row.seats {
            match seat.position.filter(|at| at.row < GRID_MAX && at.column < GRID_MAX) {
                Some(at) => {
                    rows.entry(at.row).or_insert_with(|| (row, BTreeMap::new())).1.insert(at.column, seat);
                }
                None => without.push(full_name(row, seat)),
            }
        }
    }
    let width = rows.values().map(|(row, _)| row_name(row).width()).max().unwrap_or(0);
    let names = rows.values().flat_map(|(_, seats)| seats.values());
    let cells = names.filter_map(|seat| seat.name.as_deref()).map(|name| tame(name).width()).max();
    let cells = cells.unwrap_or(0).clamp(SEAT_CELLS, 4);
    let columns = rows.values().filter_map(|(_, seats)| seats.keys().max()).max().copied().unwrap_or(0);
    let last = rows.keys().max().copied();
    for index in 0..last.map_or(0, |last| last + 1) {
        let Some((row, seats)) = rows.get(&index) else {
            text.push('\n');
            continue;
        };
        let mut line = padded(&row_name(row), width);
        for column in 0..=columns {
            line.push_str(&match seats.get(&column) {
                Some(seat) => drawn(seat, cells),
                None => " ".repeat(cells + 2),
            });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if !without.is_empty() {
        text.push_str(&format!("without a place: {}\n", without.join(" ")));
    }
}

/// Draws a seat between the ends of its sofa or blanks, `cells` + 2 wide.
fn drawn(seat: &Seat, cells: usize) -> String {
    let inner = match seat.status {
        SeatStatus::Free => seat.name.as_deref().map_or_else(|| "·".into(), tame),
        SeatStatus::Sold => "■".into(),
        SeatStatus::Kept => "◇".into(),
        SeatStatus::Wheelchair => "♿".into(),
        SeatStatus::Broken => "×".into(),
        SeatStatus::NeverSold => "#".into(),
        SeatStatus::Unknown => "?".into(),
    };
    let blanks = " ".repeat(cells.saturating_sub(inner.width()));
    let (left, right) = match seat.style {
        SeatStyle::Chair => (' ', ' '),
        SeatStyle::SofaLeft => ('(', ' '),
        SeatStyle::SofaMiddle => ('~', '~'),
        SeatStyle::SofaRight => (' ', ')'),
    };
    format!("{left}{blanks}{inner}{right}")
}

fn meaning(status: SeatStatus) -> &'static str {
    match status {
        SeatStatus::Free => "free",
        SeatStatus::Sold => "sold",
        SeatStatus::Kept => "kept",
        SeatStatus::Wheelchair => "wheelchair",
        SeatStatus::Broken => "broken",
        SeatStatus::NeverSold => "never sold",
        SeatStatus::Unknown => "unknown",
    }
}

fn row_name(row: &Row) -> String {
    with(row.name.as_deref().unwrap_or("?"), '排')
}

/// Returns a seat's name as on tickets: 7排10座.
pub(super) fn full_name(row: &Row, seat: &Seat) -> String {
    format!("{}{}", row_name(row), with(seat.name.as_deref().unwrap_or("?"), '座'))
}

/// Returns a name with its measure word, which some cinemas write into it already.
fn with(name: &str, word: char) -> String {
    let name = tame(name);
    if name.ends_with(word) { name } else { format!("{name}{word}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vista::seat_plan::Position;

    fn seat(name: &str, row: u32, column: u32, style: SeatStyle, status: SeatStatus) -> Seat {
        Seat { name: Some(name.into()), position: Some(Position { area: 1, row, column }), style, status }
    }

    #[test]
    fn every_kind_of_seat_has_its_sign_and_its_place() {
        use SeatStatus::{Broken, Free, Kept, NeverSold, Sold, Unknown, Wheelchair};
        use SeatStyle::{Chair, SofaLeft, SofaMiddle, SofaRight};
        let far = vec![
            seat("3", 0, 1, SofaLeft, Free),
            seat("2", 0, 2, SofaMiddle, Sold),
            seat("1", 0, 3, SofaRight, Free),
        ];
        let near = vec![
            seat("10", 2, 0, Chair, Wheelchair),
            seat("4", 2, 1, Chair, Kept),
            seat("3", 2, 2, Chair, Broken),
            seat("2", 2, 3, Chair, NeverSold),
            seat("1", 2, 4, Chair, Unknown),
        ];
        let mut lost = seat("9", 0, 0, Chair, Free);
        lost.position = None;
        let row = |name: &str, seats| Row { name: Some(name.into()), seats };
        let area = Area {
            category: Some("0000000001".into()),
            number: Some(1),
            name: Some("一号厅".into()),
            columns: Some(5),
            row_count: Some(3),
            rows: vec![row("10", far), row("1排", near), row("2", vec![lost])],
        };
        let drawn = draw(&SeatPlan { areas: vec![area] });
        let mut lines = drawn.lines();
        assert_eq!(lines.next(), Some("一号厅 · area 1 · category 0000000001"));
        assert_eq!(lines.next(), Some("10排    ( 3 ~ ■~  1)"));
        assert_eq!(lines.next(), Some(""));
        assert_eq!(lines.next(), Some("1排  ♿   ◇   ×   #   ?"));
        assert_eq!(lines.next(), Some("without a place: 2排9座"));
        assert_eq!(
            lines.next(),
            Some("seats: 1 broken, 3 free, 1 kept, 1 never sold, 1 sold, 1 unknown, 1 wheelchair")
        );
    }
}
