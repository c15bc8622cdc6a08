//! RESTTicketing.CancelOrder (3.7): releases an order's seats. Pure.

use super::reply::{RESULT, ReadError, Reply, outcome};

/// The request's path below `RESTTicketing.svc`; its body is [`Identity::order_request`](super::identity::Identity::order_request).
pub const PATH: &str = "/order/cancel";

/// Reads a reply's body. Only its code counts.
pub fn read(body: &[u8]) -> Result<Reply<()>, ReadError> {
    outcome(body, RESULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_reply() {
        let body = br#"{ "ErrorDescription":null, "Result":0 }"#;
        assert_eq!(read(body), Ok(Reply { code: 0, said: None, content: Some(()) }));
        assert_eq!(read(br#"{"ErrorDescription":null}"#), Err(ReadError::Missing("Result")));
    }
}
