//! Halls of the simulated cinema: position and status of every seat before anything is sold.

/// AreaCategoryCode of an ordinary area.
pub(super) const STANDARD: &str = "0000000001";
/// AreaCategoryCode of a preferred area.
pub(super) const PREFERRED: &str = "0000000003";

/// Seat statuses of the document (3.4).
const FREE: u8 = 0;
const KEPT: u8 = 2;
const WHEELCHAIR: u8 = 3;
const BROKEN: u8 = 5;
const NEVER_SOLD: u8 = 7;

/// A hall of the simulated cinema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hall {
    /// ScreenNumber.
    pub number: u32,
    /// Areas of the hall.
    pub areas: Vec<HallArea>,
}

/// An area of a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallArea {
    /// AreaCategoryCode.
    pub category: &'static str,
    /// AreaNumber.
    pub number: u32,
    /// Description.
    pub name: String,
    /// ColumnCount, including the aisles at both ends.
    pub columns: u32,
    /// Rows from the top, furthest from the screen.
    pub rows: Vec<Vec<HallSeat>>,
}

/// A seat of a hall, before anything is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallSeat {
    /// PhysicalName of the seat's row.
    pub row_name: u32,
    /// Id.
    pub name: u32,
    /// RowIndex.
    pub row: u32,
    /// ColumnIndex.
    pub column: u32,
    /// SeatStyle.
    pub style: u8,
    /// Status while the seat is not sold.
    pub status: u8,
}

impl Hall {
    /// Returns every seat with its area.
    pub fn seats(&self) -> impl Iterator<Item = (&HallArea, &HallSeat)> {
        self.areas.iter().flat_map(|area| area.rows.iter().flatten().map(move |seat| (area, seat)))
    }
}

impl HallSeat {
    /// Formats the name as on tickets: 7排10座.
    pub fn full_name(&self) -> String {
        format!("{}排{}座", self.row_name, self.name)
    }
}

/// Creates a hall by its number: 3 has 500 seats, 7 two areas, every other is the document's.
pub fn hall(number: u32) -> Hall {
    let areas = match number {
        3 => vec![area(1, STANDARD, "三号厅", 1, 20, 25)],
        7 => {
            vec![area(1, PREFERRED, "七号厅 优选区", 4, 3, 10), area(2, STANDARD, "七号厅 标准区", 1, 3, 10)]
        }
        _ => vec![area(1, STANDARD, "一号厅", 1, 9, 10)],
    };
    Hall { number, areas }
}

/// Creates `rows` rows of `seats` seats between two aisles; the lowest row name is nearest to the screen.
fn area(number: u32, category: &'static str, name: &str, first_row: u32, rows: u32, seats: u32) -> HallArea {
    let last_row = first_row + rows - 1;
    let one_row = |row: u32| {
        let row_name = last_row - row;
        (1..=seats).map(|column| seat(row_name, seats + 1 - column, row, column, row_name == 9)).collect()
    };
    HallArea {
        category,
        number,
        name: name.to_owned(),
        columns: seats + 2,
        rows: (0..rows).map(one_row).collect(),
    }
}

fn seat(row_name: u32, name: u32, row: u32, column: u32, sofas: bool) -> HallSeat {
    let status = match (row_name, name) {
        (1, 1 | 2) => WHEELCHAIR,
        (2, 5) => BROKEN,
        (3, 10) => NEVER_SOLD,
        (4, 1 | 2) => KEPT,
        _ => FREE,
    };
    let style = match (sofas, column % 2) {
        (false, _) => 0,
        (true, 1) => 1,
        (true, _) => 3,
    };
    HallSeat { row_name, name, row, column, style, status }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halls_have_the_seats_that_are_said_of_them() {
        assert_eq!(hall(3).seats().count(), 500);
        assert_eq!(hall(1).seats().count(), 90);
        let seven = hall(7);
        assert_eq!(seven.areas.len(), 2);
        assert_ne!(seven.areas[0].category, seven.areas[1].category);
        let one = hall(1);
        let (_, first) = one.seats().next().unwrap();
        assert_eq!((first.full_name().as_str(), first.row, first.column), ("9排10座", 0, 1));
        let sofas: Vec<u8> = one.areas[0].rows[0].iter().map(|seat| seat.style).collect();
        assert_eq!(sofas, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
        for status in [FREE, KEPT, WHEELCHAIR, BROKEN, NEVER_SOLD] {
            assert!(one.seats().any(|(_, seat)| seat.status == status), "{status}");
        }
    }
}
