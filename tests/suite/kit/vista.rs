//! Kit for tests of the cloud's client.

use pickup_kiosk::config::settings::{Cloud, CloudPaths, Information, Ordering};
use std::net::SocketAddr;

/// Token of the simulated cloud.
pub const TOKEN: &str = "simulated-token";

/// Returns the settings of a cloud at this address, with the identity of the document's samples.
pub fn cloud(address: SocketAddr, timeout_ms: u64) -> Cloud {
    Cloud {
        url: format!("http://{address}"),
        allow_plain_http: true,
        token_file: "unused".into(),
        client_class: "RSP".into(),
        client_id: "111.111.111.111".into(),
        client_name: "3rdParty".into(),
        timeout_ms,
        order_token_file: None,
        test: true,
        paths: CloudPaths::default(),
        ordering: Ordering::default(),
        information: Information::default(),
    }
}
