//! OData.Cinemas (3.1): the cinemas the token may see. Pure.

use super::lenient::{Lenient, Text};
use super::odata::{self, Query};
use super::reply::ReadError;
use serde::{Deserialize, Serialize};

/// Most cinemas read.
pub const CINEMAS_MAX: usize = 5_000;

/// Fields requested: all that the document lists.
const FIELDS: [&str; 7] =
    ["ID", "CinemaNationalId", "Name", "PhoneNumber", "EmailAddress", "City", "Address1"];

/// A cinema, as OData.Cinemas (3.1) describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cinema {
    /// ID: the CinemaId in every other interface.
    pub id: String,
    /// CinemaNationalId: the cinema's national number.
    pub national_id: Option<String>,
    /// Name of the cinema, the field `Name`.
    pub name: Option<String>,
    /// PhoneNumber.
    pub phone: Option<String>,
    /// EmailAddress.
    pub email: Option<String>,
    /// Address1.
    pub address: Option<String>,
    /// City of the cinema, the field `City`.
    pub city: Option<String>,
}

/// Requests all cinemas.
pub fn request() -> Query {
    Query::of("Cinemas").select(&FIELDS)
}

/// Requests one cinema.
pub fn request_one(cinema_id: &str) -> Query {
    request().filter_equal("ID", cinema_id)
}

/// Reads a reply's body. Cinemas without an ID are left out.
pub fn read(body: &[u8]) -> Result<Vec<Cinema>, ReadError> {
    let raw = odata::list::<RawCinema, CINEMAS_MAX>(body, "cinemas")?;
    Ok(raw.into_iter().filter_map(RawCinema::understood).collect())
}

#[derive(Deserialize)]
struct RawCinema {
    #[serde(rename = "ID", default)]
    id: Lenient,
    #[serde(rename = "CinemaNationalId", default)]
    national_id: Lenient,
    #[serde(rename = "Name", default)]
    name: Text,
    #[serde(rename = "PhoneNumber", default)]
    phone: Lenient,
    #[serde(rename = "EmailAddress", default)]
    email: Text,
    #[serde(rename = "Address1", default)]
    address: Text,
    #[serde(rename = "City", default)]
    city: Text,
}

impl RawCinema {
    fn understood(self) -> Option<Cinema> {
        Some(Cinema {
            id: self.id.owned()?,
            national_id: self.national_id.owned(),
            name: self.name.owned(),
            phone: self.phone.owned(),
            email: self.email.owned(),
            address: self.address.owned(),
            city: self.city.owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document's sample (3.1), all fields, as the only item of its list.
    const SAMPLE: &str = r#"{"value":[{
        "ID":"0200", "CinemaNationalId":"1721210", "Name":"CHTEST01", "NameAlt":"", "PhoneNumber":"",
        "EmailAddress":null, "Address1":"Address1", "Address2":"Address2", "City":"China", "Latitude":null,
        "Longitude":null, "ParkingInfo":"", "LoyaltyCode":"", "IsGiftStore":false, "Description":"",
        "DescriptionAlt":null, "PublicTransport":"", "AllowPrintAtHomeBookings":false,
        "AllowOnlineVoucherValidation":true, "DisplaySofaSeats":false}]}"#;

    #[test]
    fn the_documents_request() {
        assert_eq!(
            Query::of("Cinemas")
                .select(&["ID", "CinemaNationalId", "Name", "PhoneNumber", "EmailAddress", "City"])
                .path(),
            "/Cinemas?$format=json&$select=ID,CinemaNationalId,Name,PhoneNumber,EmailAddress,City"
        );
        assert_eq!(
            request_one("0200").path(),
            "/Cinemas?$format=json&$select=ID,CinemaNationalId,Name,PhoneNumber,EmailAddress,City,Address1\
             &$filter=ID%20eq%20%270200%27"
        );
    }

    #[test]
    fn the_documents_reply() {
        let expected = Cinema {
            id: "0200".into(),
            national_id: Some("1721210".into()),
            name: Some("CHTEST01".into()),
            phone: None,
            email: None,
            address: Some("Address1".into()),
            city: Some("China".into()),
        };
        assert_eq!(read(SAMPLE.as_bytes()), Ok(vec![expected]));
    }

    #[test]
    fn other_forms_are_read_or_refused() {
        let both = r#"{"odata.metadata":"http://h/$metadata#Cinemas","value":[null,{"ID":200},{"ID":null}]}"#;
        assert_eq!(read(both.as_bytes()).unwrap()[0].id, "200");
        assert_eq!(read(br#"{"value":[]}"#), Ok(vec![]));
        assert_eq!(read(b"{}"), Err(ReadError::Missing("value")));
        assert_eq!(read(br#"{"value":null}"#), Err(ReadError::Missing("value")));
        assert!(matches!(read(br#"{"value":{}}"#), Err(ReadError::Shape { .. })));
        assert!(matches!(read(b"<html>"), Err(ReadError::NotJson { .. })));
        let many = format!(r#"{{"value":[{}null]}}"#, "null,".repeat(CINEMAS_MAX));
        let over = ReadError::TooMany { what: "cinemas", max: CINEMAS_MAX };
        assert_eq!(read(many.as_bytes()), Err(over));
    }
}
