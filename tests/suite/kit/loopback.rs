//! Connections of this machine with itself, as the kernel knows them: what has arrived, before anybody has read it.

use std::time::{Duration, Instant};

/// Waits until this system's end of a connection to a service holds what the service last did, by the kernel's table.
async fn until_known(address: &str, known: impl Fn(&[&str]) -> bool) {
    let port: u16 = address.rsplit_once(':').unwrap().1.parse().unwrap();
    let peer = format!("0100007F:{port:04X}");
    let limit = Instant::now() + Duration::from_secs(20);
    loop {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let connections = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        if connections.filter(|fields| fields[2] == peer).any(|fields| known(&fields)) {
            return;
        }
        assert!(Instant::now() < limit, "not within 20 s");
        tokio::task::yield_now().await;
    }
}

/// Waits until this system knows that the service at this address has closed its connection (state CLOSE_WAIT).
pub async fn until_closed_by(address: &str) {
    until_known(address, |fields| fields[3] == "08").await;
}

/// Waits until this system holds bytes from the service at this address that nobody has read.
pub async fn until_bytes_wait_from(address: &str) {
    until_known(address, |fields| !fields[4].ends_with(":00000000")).await;
}
