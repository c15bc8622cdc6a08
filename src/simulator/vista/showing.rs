//! Cinemas, films, ticket types and seat plans of the simulated Vista (3.1 to 3.4).

use super::super::programme::{self, HallArea, HallSeat, Programme, SimulatedShowing, hall};
use super::super::settings::CinemaSettings;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// InvalidRequestData: no such cinema or session.
const INVALID_REQUEST_DATA: i64 = 4;
/// SeatMapRequestedForSoldOutSession.
const SOLD_OUT_SESSION: i64 = 67;
/// Status of a sold seat.
const SOLD: u8 = 1;

/// Options of an OData request, by their case-sensitive names.
pub(super) type Options = HashMap<String, String>;

/// Returns the list of cinemas; `None` for unknown options.
pub(super) fn cinemas(identity: &CinemaSettings, options: &Options) -> Option<Value> {
    let one = |id: &str, national: &str, name: &str| {
        json!({
            "ID": id, "CinemaNationalId": national, "Name": name, "NameAlt": "", "PhoneNumber": "",
            "EmailAddress": null, "Address1": "南京西路1号", "Address2": "Address2", "City": "上海",
            "Latitude": null, "Longitude": null, "ParkingInfo": "", "LoyaltyCode": "", "IsGiftStore": false,
            "Description": "", "DescriptionAlt": null, "PublicTransport": "",
            "AllowPrintAtHomeBookings": false, "AllowOnlineVoucherValidation": true, "DisplaySofaSeats": false,
        })
    };
    let mut list = vec![one(&identity.id, &identity.national_code, &identity.name)];
    if identity.id != "0179" {
        list.push(one("0179", "17212102", "CHTEST02"));
    }
    if let Some(filter) = options.get("$filter") {
        let (field, literal) = filter.split_once(" eq ")?;
        let wanted = unquoted(literal)?;
        list.retain(|cinema| cinema.get(field).and_then(Value::as_str) == Some(wanted.as_str()));
    }
    Some(odata("Cinemas", list, options))
}

/// Returns the films on sale with their sessions; `None` for unknown options.
pub(super) fn films(
    programme: &Programme,
    identity: &CinemaSettings,
    timezone: &TimeZone,
    options: &Options,
) -> Option<Value> {
    let wanted = options.get("cinemaId").map(|literal| unquoted(literal)).unwrap_or(Some(String::new()))?;
    let here = wanted.is_empty() || wanted == identity.id;
    let expand = options.get("$expand").map_or("", String::as_str);
    let film = |film: &programme::Film| {
        let mut value = json!({
            "ScheduledFilmId": film.id, "Title": film.title, "ShortCode": film.code,
            "RunTime": film.minutes.to_string(), "RatingDescription": "",
            "Synopsis": "导演：样例；主演：样例；上映日期：2015-01-08",
        });
        if let (true, Some(object)) = (expand.starts_with("Sessions"), value.as_object_mut()) {
            let of_it = programme.sessions.iter().filter(|session| session.film_id == film.id);
            let sessions = of_it.map(|session| showing(session, timezone, expand == "Sessions/Attributes"));
            object.insert("Sessions".into(), sessions.collect());
        }
        value
    };
    let list = if here { programme.films.iter().map(film).collect() } else { Vec::new() };
    Some(odata("ScheduledFilms", list, options))
}

fn showing(session: &SimulatedShowing, timezone: &TimeZone, with_attributes: bool) -> Value {
    let at = timezone.to_datetime(session.at);
    let mut value = json!({
        "SessionId": session.id, "Showtime": at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        "ScreenNumber": session.hall, "ScreenName": session.screen_name,
    });
    if let (true, Some(object)) = (with_attributes, value.as_object_mut()) {
        object.insert("Attributes".into(), json!([{ "Description": "0", "ShortName": "" }]));
    }
    value
}

/// Returns the ticket types of a session, or the code that refuses.
pub(super) fn ticket_types(
    programme: &Programme,
    identity: &CinemaSettings,
    cinema_id: &str,
    session_id: &str,
) -> Result<Value, i64> {
    let session = session(programme, identity, cinema_id, session_id)?;
    let tickets: Vec<Value> = programme::ticket_types(&hall(session.hall))
        .into_iter()
        .map(|kind| {
            json!({
                "AreaCategoryCode": kind.category, "CinemaId": identity.id, "Description": kind.name,
                "PriceGroupCode": "0029", "PriceInCents": kind.price_cents,
                "ResalePriceInCents": kind.resale, "SalesChannels": ["POS", "POSBK", "RSP", "TEST"],
                "TicketTypeCode": kind.code,
            })
        })
        .collect();
    Ok(json!({ "ResponseCode": 0, "Tickets": tickets }))
}

/// Returns the seats of a session, or the code that refuses.
pub(super) fn seat_plan(
    programme: &Programme,
    identity: &CinemaSettings,
    taken: impl Fn(&str, &str) -> bool,
    cinema_id: &str,
    session_id: &str,
) -> Result<Value, i64> {
    let session = session(programme, identity, cinema_id, session_id)?;
    if session.chartered {
        return Err(SOLD_OUT_SESSION);
    }
    let taken = |seat: &str| taken(&session.id, seat);
    let areas: Vec<Value> = hall(session.hall).areas.iter().map(|area| describe_area(area, &taken)).collect();
    Ok(json!({ "ResponseCode": 0, "SeatLayoutData": { "AreaCategories": [], "Areas": areas } }))
}

fn describe_area(area: &HallArea, taken: &impl Fn(&str) -> bool) -> Value {
    let seat = |seat: &HallSeat| {
        let status = if taken(&seat.full_name()) { SOLD } else { seat.status };
        json!({
            "Id": seat.name.to_string(), "OriginalStatus": seat.status,
            "Position": { "AreaNumber": area.number, "ColumnIndex": seat.column, "RowIndex": seat.row },
            "SeatStyle": seat.style, "SeatsInGroup": null, "Status": status,
        })
    };
    let rows: Vec<Value> = area
        .rows
        .iter()
        .map(|row| {
            let name = row.first().map(|seat| seat.row_name.to_string());
            json!({ "PhysicalName": name, "Seats": row.iter().map(seat).collect::<Vec<_>>() })
        })
        .collect();
    json!({
        "AreaCategoryCode": area.category, "ColumnCount": area.columns, "Description": area.name,
        "DescriptionAlt": "", "HasSofaSeatingEnabled": false, "Height": rows.len(),
        "IsAllocatedSeating": true, "Number": area.number, "RowCount": rows.len(), "Rows": rows,
    })
}

fn session<'a>(
    programme: &'a Programme,
    identity: &CinemaSettings,
    cinema_id: &str,
    session_id: &str,
) -> Result<&'a SimulatedShowing, i64> {
    let here = (cinema_id == identity.id).then(|| programme.session(session_id)).flatten();
    here.ok_or(INVALID_REQUEST_DATA)
}

/// Reads a string literal of OData.
fn unquoted(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inner.replace("''", "'"))
}

fn odata(set: &str, list: Vec<Value>, options: &Options) -> Value {
    let list: Vec<Value> = match options.get("$select") {
        None => list,
        Some(fields) => {
            let paths: Vec<Vec<&str>> = fields.split(',').map(|path| path.split('/').collect()).collect();
            let paths: Vec<&[&str]> = paths.iter().map(Vec::as_slice).collect();
            list.iter().map(|item| selected(item, &paths)).collect()
        }
    };
    json!({ "odata.metadata": format!("http://simulated/WSVistaWebClient/OData.svc/$metadata#{set}"), "value": list })
}

/// Keeps only the fields to which one of the paths leads.
fn selected(value: &Value, paths: &[&[&str]]) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| selected(item, paths)).collect(),
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (name, field) in fields {
                let below: Vec<&[&str]> = paths
                    .iter()
                    .filter_map(|path| path.split_first())
                    .filter(|(first, _)| *first == name)
                    .map(|(_, rest)| rest)
                    .collect();
                if below.iter().any(|rest| rest.is_empty()) {
                    kept.insert(name.clone(), field.clone());
                } else if !below.is_empty() {
                    kept.insert(name.clone(), selected(field, &below));
                }
            }
            Value::Object(kept)
        }
        other => other.clone(),
    }
}
