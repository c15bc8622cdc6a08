//! The cloud as the whole machine uses it: showtimes, orders that were killed, and the site acceptance.

mod acceptance;
mod acceptance_sites;
use crate::kit::e2e;
mod information;
mod killed;

use e2e::kiosk::Options;
use e2e::{Home, Site};
use std::fs;

/// Returns the tables of a kiosk that may order, without waits; it looks `times` times, `seconds` apart, whether the
/// cloud knows what was done.
fn tables(times: u32, seconds: u32) -> String {
    format!(
        "[journal]\nfree_mib = 1\n[cloud.ordering]\npolls = 2\npoll_seconds = 0\nrefund_tries = 2\n\
         refund_seconds = 0\ncheck_tries = {times}\ncheck_seconds = {seconds}\n"
    )
}

/// Returns a kiosk with these tables.
fn home_that_looks(site: &Site, times: u32, seconds: u32) -> Home {
    let tables = tables(times, seconds);
    let home = Home::with(site, &Options { tables, ..Options::default() });
    // Keys of a table that stands in the middle of the file go into override.toml.
    fs::create_dir(home.state_dir()).unwrap();
    let text = "[cloud]\norder_token_file = 'connect-token'\ntest = true\n";
    fs::write(home.state_dir().join("override.toml"), text).unwrap();
    // Nobody has told this kiosk what the acceptance is to find out about the site.
    let config = fs::read_to_string(home.config()).unwrap();
    let untold = |line: &&str| !line.starts_with("flags_at") && !line.starts_with("claim_lapses_s");
    let lines: Vec<&str> = config.lines().filter(untold).collect();
    fs::write(home.config(), lines.join("\n")).unwrap();
    home
}

fn home(site: &Site) -> Home {
    home_that_looks(site, 15, 1)
}
