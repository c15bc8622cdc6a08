//! RESTData.GetTicketsForSession (3.3): the ticket types on sale for a session. Pure.

use super::lenient::{Lenient, List, Text};
use super::odata::escape;
use super::reply::{ReadError, Reply, code, json};
use serde::{Deserialize, Serialize};

/// Most ticket types read.
pub const TYPES_MAX: usize = 500;

/// A ticket type on sale for a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketType {
    /// TicketTypeCode.
    pub code: String,
    /// Description.
    pub name: Option<String>,
    /// AreaCategoryCode: the type is valid only for seats of this category.
    pub area_category: Option<String>,
    /// PriceInCents, in fen, without fees: the value that AddTickets needs.
    pub price_cents: Option<i64>,
    /// ResalePriceInCents as it was sent: the document's sample has 19.9.
    pub resale_price: Option<String>,
}

/// The request's path below `RESTData.svc`.
pub fn request(cinema_id: &str, session_id: &str) -> String {
    format!("/cinemas/{}/sessions/{}/tickets", segment(cinema_id), segment(session_id))
}

/// Escapes one segment of a path.
pub(super) fn segment(text: &str) -> String {
    escape(text).replace('/', "%2F").replace(',', "%2C")
}

/// Reads a reply's body. Types without a code are left out.
pub fn read(body: &[u8]) -> Result<Reply<Vec<TicketType>>, ReadError> {
    let raw: RawReply = json(body)?;
    let code = code(&raw.code, "ResponseCode")?;
    let types = raw.tickets.map(|list| list.items("ticket types")).transpose()?;
    let content = types.map(|types| types.into_iter().filter_map(RawType::understood).collect());
    Ok(Reply { code, said: None, content })
}

#[derive(Deserialize, Default)]
struct RawReply {
    #[serde(rename = "ResponseCode", default)]
    code: Lenient,
    #[serde(rename = "Tickets", default)]
    tickets: Option<List<RawType, TYPES_MAX>>,
}

#[derive(Deserialize)]
struct RawType {
    #[serde(rename = "TicketTypeCode", default)]
    code: Lenient,
    #[serde(rename = "Description", default)]
    name: Text,
    #[serde(rename = "AreaCategoryCode", default)]
    area_category: Lenient,
    #[serde(rename = "PriceInCents", default)]
    price: Lenient,
    #[serde(rename = "ResalePriceInCents", default)]
    resale: Lenient,
}

impl RawType {
    fn understood(self) -> Option<TicketType> {
        Some(TicketType {
            code: self.code.owned()?,
            name: self.name.owned(),
            area_category: self.area_category.owned(),
            price_cents: self.price.integer(),
            resale_price: self.resale.owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document's sample (3.3), with stray quotes and `CinemaId` corrected.
    const SAMPLE: &str = r#"{ "ResponseCode":0, "Tickets":[
        {"AreaCategoryCode":"0000000001", "CinemaId":"0200", "Description":"标准票", "PriceGroupCode":"0029",
         "PriceInCents":10000, "ResalePriceInCents":19.9, "TicketTypeCode":"0010"},
        {"AreaCategoryCode":"0000000001", "CinemaId":"0200", "Description":"webTicket 测试用代金券",
         "PriceGroupCode":"0029", "PriceInCents":5000, "SalesChannels":["POS","POSBK","RSP","TEST"],
         "TicketTypeCode":"0142"},
        {"AreaCategoryCode":"0000000003", "CinemaId":"0200", "Description":"webTicket 测试用代金券(优选区)",
         "PriceGroupCode":"0029", "PriceInCents":2000, "SalesChannels":["POS","POSBK","RSP","TEST"],
         "TicketTypeCode":"0043"}]}"#;

    #[test]
    fn the_documents_request() {
        assert_eq!(request("0200", "29617"), "/cinemas/0200/sessions/29617/tickets");
        assert_eq!(request("a/b", "1?x#,'"), "/cinemas/a%2Fb/sessions/1%3Fx%23%2C%27/tickets");
    }

    #[test]
    fn the_documents_reply() {
        let kind = |code: &str, name: &str, area: &str, price, resale: Option<&str>| TicketType {
            code: code.into(),
            name: Some(name.into()),
            area_category: Some(area.into()),
            price_cents: Some(price),
            resale_price: resale.map(str::to_owned),
        };
        let expected = vec![
            kind("0010", "标准票", "0000000001", 10_000, Some("19.9")),
            kind("0142", "webTicket 测试用代金券", "0000000001", 5_000, None),
            kind("0043", "webTicket 测试用代金券(优选区)", "0000000003", 2_000, None),
        ];
        assert_eq!(read(SAMPLE.as_bytes()), Ok(Reply { code: 0, said: None, content: Some(expected) }));
    }

    #[test]
    fn refusals_and_other_types_are_read() {
        let none = Reply { code: 4, said: None, content: None };
        assert_eq!(read(br#"{"ResponseCode":"4","Tickets":null}"#), Ok(none));
        assert_eq!(read(br#"{"Tickets":[]}"#), Err(ReadError::Missing("ResponseCode")));
        let reply = read(br#"{"ResponseCode":0,"Tickets":[{"TicketTypeCode":56,"PriceInCents":"5000"},{}]}"#);
        let types = reply.unwrap().content.unwrap();
        assert_eq!((types.len(), types[0].code.as_str(), types[0].price_cents), (1, "56", Some(5_000)));
    }
}
