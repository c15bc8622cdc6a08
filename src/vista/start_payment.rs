//! RESTTicketing.StartExternalPayment (3.8): called before CompleteOrder, so that cinema and third party keep the same
//! books. Pure.

use super::lenient::{Lenient, Text};
use super::reply::{ReadError, Reply, code, json, sentence};
use serde::Deserialize;

/// The request's path below `RESTTicketing.svc`; its body is [`Identity::order_request`](super::identity::Identity::order_request).
pub const PATH: &str = "/order/startexternalpayment";

/// Reads a reply's body. An ExtendedResultCode other than 0 is a refusal, as with Result; PaymentRedirectUrl is for
/// payments inside of Vista and isn't read.
pub fn read(body: &[u8]) -> Result<Reply<()>, ReadError> {
    let raw: RawReply = json(body)?;
    let result = code(&raw.code, "Result")?;
    let code = if result == 0 { raw.extended.integer().unwrap_or(0) } else { result };
    Ok(Reply { code, said: sentence(raw.said), content: Some(()) })
}

#[derive(Deserialize, Default)]
struct RawReply {
    #[serde(rename = "Result", default)]
    code: Lenient,
    #[serde(rename = "ExtendedResultCode", default)]
    extended: Lenient,
    #[serde(rename = "ErrorDescription", default)]
    said: Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_reply() {
        let body =
            br#"{ "ErrorDescription":null, "Result":0, "ExtendedResultCode":0, "PaymentRedirectUrl":null }"#;
        assert_eq!(read(body), Ok(Reply { code: 0, said: None, content: Some(()) }));
    }

    #[test]
    fn either_code_refuses() {
        assert_eq!(read(br#"{"Result":0,"ExtendedResultCode":45}"#).unwrap().code, 45);
        assert_eq!(read(br#"{"Result":62,"ExtendedResultCode":0}"#).unwrap().code, 62);
        assert_eq!(read(br#"{"Result":0,"ExtendedResultCode":null}"#).unwrap().code, 0);
        assert_eq!(read(br#"{"ExtendedResultCode":0}"#), Err(ReadError::Missing("Result")));
    }
}
