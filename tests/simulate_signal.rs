//! `simulate` ends by a signal. Alone in its process: the signal goes to all of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use pickup_kiosk::command::simulate::simulate;
use rustix::process::{Signal, getpid, kill_process};

#[tokio::test]
async fn sigterm_and_sigint_end_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("simulate.toml");
    std::fs::write(&path, "[sarft]\nlisten = \"127.0.0.1:0\"\n[vista]\nlisten = \"127.0.0.1:0\"\n").unwrap();
    for signal in [Signal::TERM, Signal::INT] {
        // Polled in order: by the time the second runs, the first waits for its signal.
        let (ended, ()) = tokio::join!(biased; simulate(&path), async {
            kill_process(getpid(), signal).unwrap();
        });
        ended.unwrap();
    }
}
