//! The cloud as the whole machine uses it: what is on, orders that were killed, and the site acceptance.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod e2e;
#[path = "e2e_vista/information.rs"]
mod information;
#[path = "e2e_vista/killed.rs"]
mod killed;

use e2e::kiosk::Options;
use e2e::{Home, Site};
use std::fs;

/// A kiosk that may order, without patience.
fn home(site: &Site) -> Home {
    let tables = "[journal]\nfree_mib = 1\n[cloud.ordering]\npolls = 2\npoll_seconds = 0\nrefund_tries = 2\n\
                  refund_seconds = 0\ncheck_tries = 20\ncheck_seconds = 0\n";
    let home = Home::with(site, &Options { tables: tables.into(), ..Options::default() });
    // What belongs into a table that stands in the middle of the file.
    fs::create_dir(home.state_dir()).unwrap();
    let text = "[cloud]\norder_token_file = 'connect-token'\ntest = true\n";
    fs::write(home.state_dir().join("override.toml"), text).unwrap();
    home
}
