//! Rows read from the bytes of a database page, whether or not SQLite would still open the file: the cells of a table's
//! leaf page and the record format, as <https://www.sqlite.org/fileformat2.html> has them (chapters 1.6 and 2).

use super::{Booking, Found, Row};
use crate::journal::record::PickupId;
use crate::journal::rules::check_pickup_id;
use crate::journal::store::rows::{booking_number, issue_state, report_state};

/// Length of the header at the start of a database file, before the first page's own, in bytes.
const FILE_HEADER: usize = 100;
/// Largest number of columns of a row; the widest table, the seats', has 12.
const COLUMNS_MAX: usize = 16;
/// Bytes by which the longest payload kept whole in a table's leaf page is shorter than the page.
const CELL_SHORT_OF_PAGE: usize = 35;

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Value<'a> {
    Null,
    Integer(i64),
    Blob(&'a [u8]),
    Text(&'a str),
}

/// Returns the wanted rows of a page. None: its head is no table's or index's, or a cell is broken; its bytes may still
/// be looked through with [`in_any_place`].
pub(super) fn in_cells(page: &[u8], first: bool) -> Option<Vec<Row>> {
    let start = if first { FILE_HEADER } else { 0 };
    let head = page.get(start..)?;
    let cells = usize::from(u16::from_be_bytes([*head.get(3)?, *head.get(4)?]));
    let (header, leaf) = match *head.first()? {
        0x0D => (8_usize, true),
        0x0A => (8, false),
        0x02 | 0x05 => (12, false),
        _ => return None,
    };
    let places = head.get(header..header.checked_add(cells.checked_mul(2)?)?)?;
    if !leaf {
        return Some(Vec::new());
    }
    let mut rows = Vec::new();
    for place in places.chunks_exact(2).filter_map(|two| <[u8; 2]>::try_from(two).ok()) {
        let bytes = page.get(usize::from(u16::from_be_bytes(place))..)?;
        match cell(bytes, page.len())? {
            Cell::Record(values) => rows.extend(row(&values)),
            Cell::Elsewhere => {}
        }
    }
    Some(rows)
}

/// Returns the wanted rows that begin at any byte of a page.
pub(super) fn in_any_place(page: &[u8]) -> Vec<Row> {
    let found = (0..page.len()).filter_map(|start| match cell(page.get(start..)?, page.len())? {
        Cell::Record(values) => row(&values),
        Cell::Elsewhere => None,
    });
    found.collect()
}

/// A cell of a table's leaf page.
enum Cell<'a> {
    /// The values of a payload that is whole in its page.
    Record(Vec<Value<'a>>),
    /// A payload too long for its page, which no wanted row is.
    Elsewhere,
}

/// Reads a cell: the payload's length, the row's number, the payload.
fn cell(bytes: &[u8], page_len: usize) -> Option<Cell<'_>> {
    let (length, bytes) = varint(bytes)?;
    let (_, bytes) = varint(bytes)?;
    let length = usize::try_from(length).ok()?;
    if length > page_len.checked_sub(CELL_SHORT_OF_PAGE)? {
        return Some(Cell::Elsewhere);
    }
    record(bytes.get(..length)?).map(Cell::Record)
}

/// Reads a variable-length integer: seven bits a byte, the first ones first; the ninth byte has eight.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        if at == 8 {
            return Some((value << 8 | u64::from(*byte), bytes.get(9..)?));
        }
        value = value << 7 | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}

/// Reads a record's values. None where it does not fill its payload to the byte.
fn record(payload: &[u8]) -> Option<Vec<Value<'_>>> {
    let (length, rest) = varint(payload)?;
    let length = usize::try_from(length).ok()?;
    let mut types = rest.get(..length.checked_sub(payload.len() - rest.len())?)?;
    let mut body = payload.get(length..)?;
    let mut values = Vec::new();
    while !types.is_empty() {
        let (kind, more) = varint(types)?;
        types = more;
        let (value, after) = value(kind, body)?;
        body = after;
        values.push(value);
        if values.len() > COLUMNS_MAX {
            return None;
        }
    }
    body.is_empty().then_some(values)
}

/// Reads a value of a serial type, and returns it with what is behind it.
fn value(kind: u64, body: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let size = match kind {
        0 | 8 | 9 => 0,
        1..=4 => usize::try_from(kind).ok()?,
        5 => 6,
        6 => 8,
        12.. => usize::try_from((kind - 12) / 2).ok()?,
        _ => return None,
    };
    let (own, after) = body.split_at_checked(size)?;
    let value = match kind {
        0 => Value::Null,
        8 => Value::Integer(0),
        9 => Value::Integer(1),
        1..=6 => {
            let sign = if own.first()? & 0x80 == 0 { 0 } else { -1_i64 };
            Value::Integer(own.iter().fold(sign, |value, byte| value << 8 | i64::from(*byte)))
        }
        _ if kind.is_multiple_of(2) => Value::Blob(own),
        _ => Value::Text(std::str::from_utf8(own).ok()?),
    };
    Some((value, after))
}

/// Recognises a wanted row by its columns: their number, their kinds and the words they may have.
fn row(values: &[Value<'_>]) -> Option<Row> {
    match *values {
        [
            Value::Null,
            Value::Integer(number),
            ref id_hash,
            Value::Text(issue),
            Value::Integer(0 | 1),
            Value::Integer(0 | 1),
            Value::Text(report),
            Value::Null | Value::Integer(_),
            Value::Integer(last_step),
            Value::Integer(last_session),
            Value::Integer(open @ (0 | 1)),
        ] => {
            issue_state(issue).and(report_state(report))?;
            let number = booking_number(Some(number))?;
            let id_hash = hash(id_hash)?;
            Some(Row::Booking(Booking { number, id_hash, last_step, last_session, open: open == 1 }))
        }
        [
            Value::Null,
            Value::Text(id),
            Value::Integer(_),
            Value::Integer(_),
            Value::Integer(number),
            Value::Integer(_),
            Value::Text("attempt" | "recognised"),
            Value::Null | Value::Text(_),
            Value::Null | Value::Integer(_),
            Value::Null | Value::Integer(_),
        ] => {
            check_pickup_id(&PickupId(id.to_owned())).ok()?;
            Some(Row::Pickup(booking_number(Some(number))?))
        }
        [
            Value::Null,
            Value::Integer(number),
            Value::Text(found),
            ref id_hash,
            ref last_session,
            // A column that earlier versions had.
            ref rest @ ..,
        ] if rest.len() <= 1 => {
            let last_session = match *last_session {
                Value::Null => None,
                Value::Integer(session) => Some(session),
                _ => return None,
            };
            let (found, number) = (Found::from_name(found)?, booking_number(Some(number))?);
            Some(Row::Salvaged { number, found, id_hash: hash(id_hash)?, last_session })
        }
        _ => None,
    }
}

/// Reads an ID's hash, or none where it is forgotten; refuses any other value.
fn hash(value: &Value<'_>) -> Option<Option<[u8; 32]>> {
    match value {
        Value::Null => Some(None),
        Value::Blob(bytes) => <[u8; 32]>::try_from(*bytes).ok().map(Some),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_varint_is_read_to_its_last_byte_and_no_further() {
        assert_eq!(varint(&[0x7F, 1]), Some((127, &[1][..])));
        assert_eq!(varint(&[0x81, 0x00]), Some((128, &[][..])));
        assert_eq!(varint(&[0xFF; 9]), Some((u64::MAX, &[][..])));
        assert_eq!((varint(&[0x80]), varint(&[])), (None, None));
    }

    #[test]
    fn values_are_read_with_their_sign_and_nonsense_is_refused() {
        let integer = |kind, bytes| value(kind, bytes).map(|(value, _)| value);
        assert_eq!(integer(1, &[0xFF]), Some(Value::Integer(-1)));
        assert_eq!(integer(2, &[0x01, 0x00]), Some(Value::Integer(256)));
        assert_eq!(integer(6, &[0x7F; 8]), Some(Value::Integer(0x7F7F_7F7F_7F7F_7F7F)));
        assert_eq!((integer(4, &[1]), integer(7, &[0; 8]), integer(10, &[])), (None, None, None));
        assert_eq!(integer(u64::MAX, &[0; 8]), None);
        assert_eq!(integer(13 + 2, &[0xFF]), None, "no text");
    }

    #[test]
    fn a_page_of_nonsense_gives_no_row_and_no_panic() {
        let mut state = 7_u32;
        for _ in 0..200 {
            let page = std::iter::repeat_with(|| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            });
            let mut page = page.take(1024).collect::<Vec<u8>>();
            assert_eq!(in_any_place(&page), []);
            for kind in [0x0D, 0x0A, 0x05, 0x02] {
                page[0] = kind;
                assert_eq!(in_cells(&page, false).unwrap_or_default(), []);
            }
        }
        assert_eq!(in_cells(&[], true), None);
        assert_eq!(in_cells(&[0x0D, 0, 0, 0xFF, 0xFF], false), None);
    }
}
