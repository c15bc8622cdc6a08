//! RESTData.GetSessionSeatPlan (3.4): every seat of a session, with its position, style and status. Pure.

use super::lenient::{Lenient, List, Object, Text};
use super::reply::{ReadError, Reply, code, json};
use super::ticket_types::segment;
use serde::{Deserialize, Serialize};

/// SeatMapRequestedForSoldOutSession: an answer, not a failure. The session is marked as sold out or rented as a whole;
/// one that has sold out by itself gets 0 with every seat.
pub const NOT_OFFERED: i64 = 67;

/// Most areas of a hall.
pub const AREAS_MAX: usize = 50;
/// Most rows of an area.
pub const ROWS_MAX: usize = 200;
/// Most seats of a row.
pub const SEATS_MAX: usize = 200;

/// Seats of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeatPlan {
    /// Areas, which may differ in price.
    pub areas: Vec<Area>,
}

/// An area of a hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Area {
    /// AreaCategoryCode: that of the ticket type must equal it.
    pub category: Option<String>,
    /// Number, or else AreaNumber of the area's seats.
    pub number: Option<u32>,
    /// Description.
    pub name: Option<String>,
    /// ColumnCount.
    pub columns: Option<u32>,
    /// RowCount.
    pub row_count: Option<u32>,
    /// Rows with their seats.
    pub rows: Vec<Row>,
}

/// A row of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// PhysicalName: the name displayed in the hall.
    pub name: Option<String>,
    /// Seats of the row.
    pub seats: Vec<Seat>,
}

/// A seat of a row, with its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seat {
    /// Id: the name displayed on the seat.
    pub name: Option<String>,
    /// AreaNumber, RowIndex and ColumnIndex, if all are present.
    pub position: Option<Position>,
    /// SeatStyle.
    pub style: SeatStyle,
    /// Status of the seat, sold or not.
    pub status: SeatStatus,
}

/// Position of a seat, counted from 0 at the top left, furthest from the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// AreaNumber.
    pub area: u32,
    /// RowIndex.
    pub row: u32,
    /// ColumnIndex.
    pub column: u32,
}

/// SeatStyle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatStyle {
    /// An ordinary seat, or a style the document does not name.
    Chair,
    /// 1.
    SofaLeft,
    /// 2.
    SofaMiddle,
    /// 3.
    SofaRight,
}

/// Status. A seat with a status the document does not list cannot be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatStatus {
    /// 0.
    Free,
    /// 1.
    Sold,
    /// 2: kept by the cinema.
    Kept,
    /// 3: a wheelchair's place.
    Wheelchair,
    /// 5.
    Broken,
    /// 7: kept, and never sold.
    NeverSold,
    /// Any other status.
    Unknown,
}

/// The request's path below `RESTData.svc`.
pub fn request(cinema_id: &str, session_id: &str) -> String {
    format!("/cinemas/{}/sessions/{}/seat-plan", segment(cinema_id), segment(session_id))
}

impl SeatPlan {
    /// Returns every seat with its area and row.
    pub fn seats(&self) -> impl Iterator<Item = (&Area, &Row, &Seat)> {
        self.areas.iter().flat_map(|area| {
            area.rows.iter().flat_map(move |row| row.seats.iter().map(move |seat| (area, row, seat)))
        })
    }
}

/// Reads a reply's body.
pub fn read(body: &[u8]) -> Result<Reply<SeatPlan>, ReadError> {
    let raw: RawReply = json(body)?;
    let code = code(&raw.code, "ResponseCode")?;
    let areas = raw.layout.0.map(|layout| layout.areas.items("areas")).transpose()?;
    let understood = |areas: Vec<RawArea>| {
        Ok::<_, ReadError>(SeatPlan {
            areas: areas.into_iter().map(RawArea::understood).collect::<Result<_, _>>()?,
        })
    };
    Ok(Reply { code, said: None, content: areas.map(understood).transpose()? })
}

#[derive(Deserialize, Default)]
struct RawReply {
    #[serde(rename = "ResponseCode", default)]
    code: Lenient,
    #[serde(rename = "SeatLayoutData", default)]
    layout: Object<RawLayout>,
}

#[derive(Deserialize)]
struct RawLayout {
    #[serde(rename = "Areas", default)]
    areas: List<RawArea, AREAS_MAX>,
}

#[derive(Deserialize)]
struct RawArea {
    #[serde(rename = "AreaCategoryCode", default)]
    category: Lenient,
    #[serde(rename = "Number", alias = "AreaNumber", default)]
    number: Lenient,
    #[serde(rename = "Description", default)]
    name: Text,
    #[serde(rename = "ColumnCount", default)]
    columns: Lenient,
    #[serde(rename = "RowCount", default)]
    row_count: Lenient,
    #[serde(rename = "Rows", default)]
    rows: List<RawRow, ROWS_MAX>,
}

#[derive(Deserialize)]
struct RawRow {
    #[serde(rename = "PhysicalName", default)]
    name: Lenient,
    #[serde(rename = "Seats", default)]
    seats: List<RawSeat, SEATS_MAX>,
}

/// The document's table can be read in two ways: the three numbers inside of Position, or beside it.
#[derive(Deserialize)]
struct RawSeat {
    #[serde(rename = "Id", default)]
    name: Lenient,
    #[serde(rename = "Position", default)]
    position: Object<RawPosition>,
    #[serde(flatten)]
    beside: RawPosition,
    #[serde(rename = "SeatStyle", default)]
    style: Lenient,
    #[serde(rename = "Status", default)]
    status: Lenient,
}

#[derive(Deserialize)]
struct RawPosition {
    #[serde(rename = "AreaNumber", default)]
    area: Lenient,
    #[serde(rename = "RowIndex", default)]
    row: Lenient,
    #[serde(rename = "ColumnIndex", default)]
    column: Lenient,
}

impl RawArea {
    fn understood(self) -> Result<Area, ReadError> {
        let rows: Vec<Row> = self
            .rows
            .items("rows")?
            .into_iter()
            .map(|raw| {
                let seats = raw.seats.items("seats")?.into_iter().map(RawSeat::understood).collect();
                Ok(Row { name: raw.name.owned(), seats })
            })
            .collect::<Result<_, ReadError>>()?;
        let of_a_seat = || rows.iter().flat_map(|row| &row.seats).find_map(|seat| seat.position);
        Ok(Area {
            category: self.category.owned(),
            number: self.number.number().or_else(|| of_a_seat().map(|position| position.area)),
            name: self.name.owned(),
            columns: self.columns.number(),
            row_count: self.row_count.number(),
            rows,
        })
    }
}

impl RawPosition {
    fn understood(&self) -> Option<Position> {
        Some(Position { area: self.area.number()?, row: self.row.number()?, column: self.column.number()? })
    }
}

impl RawSeat {
    fn understood(self) -> Seat {
        let position = self.position.0.as_ref().and_then(RawPosition::understood);
        Seat {
            name: self.name.owned(),
            position: position.or_else(|| self.beside.understood()),
            style: match self.style.integer() {
                Some(1) => SeatStyle::SofaLeft,
                Some(2) => SeatStyle::SofaMiddle,
                Some(3) => SeatStyle::SofaRight,
                _ => SeatStyle::Chair,
            },
            status: match self.status.integer() {
                Some(0) => SeatStatus::Free,
                Some(1) => SeatStatus::Sold,
                Some(2) => SeatStatus::Kept,
                Some(3) => SeatStatus::Wheelchair,
                Some(5) => SeatStatus::Broken,
                Some(7) => SeatStatus::NeverSold,
                _ => SeatStatus::Unknown,
            },
        }
    }
}

#[cfg(test)]
mod tests;
