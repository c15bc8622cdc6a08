//! The parts at the other end of a wire: the on-site service and the cloud.

use crate::config::settings::{Cloud, RepeatedIssue};
use crate::config::{Loaded, Secret};
use crate::kiosk::check;
use crate::kiosk::part::Part;
use crate::sarft;
use crate::vista;
use std::time::Duration;

/// A clock that differs more from the cloud's is worth a word: sessions begin and end by it.
const CLOCK_APART_SECONDS: i64 = 120;

/// Signs in to the on-site service. No booking is asked for.
pub async fn site(loaded: &Loaded, password: &Secret) -> Part {
    let settings = &loaded.settings.sarft;
    let mut client = sarft::Client::new(sarft::ClientSettings {
        address: settings.address.clone(),
        username: settings.username.clone(),
        password: password.clone(),
        timeout: Duration::from_millis(settings.timeout_ms),
        layout: loaded.checked.wire.clone(),
        timezone: loaded.checked.timezone.clone(),
    });
    let part = check::site(&client.sign_in().await, &settings.address, &settings.username);
    client.close();
    part
}

/// What is known of a second issue of the same booking, which no kiosk can make safe by itself.
pub fn repeated_issue(known: RepeatedIssue) -> Part {
    let name = "second issue";
    match known {
        RepeatedIssue::Refused => Part::well(name, "the site refuses it"),
        RepeatedIssue::Accepted => Part::warned(
            name,
            "the site accepts it: two machines, or machine and counter, that issue in the same seconds both print",
            "tell the counter; nothing in this machine can prevent it",
        ),
        RepeatedIssue::Unknown => Part::warned(
            name,
            "nobody has tried what the site does when a booking is issued twice",
            "find out in the test environment, then set sarft.repeated_issue",
        ),
    }
}

/// Tries the token by asking for a booking that nobody has. Blocks up to the call's time limit.
pub fn cloud(cloud: &Cloud, cinema_id: &str, token: &Secret) -> Part {
    let client = match vista::client::Client::new(cloud, cinema_id, token.expose()) {
        Ok(client) => client,
        Err(error) => return Part::wrong("cloud", error.to_string(), "correct [cloud] and its token_file"),
    };
    match client.check() {
        Ok(exchange) => {
            let apart = exchange.clock_ahead.map_or(0, |ahead| ahead.as_secs());
            if apart.abs() > CLOCK_APART_SECONDS {
                let found = format!("{} takes the token, but its clock differs by {apart} s", cloud.url);
                return Part::warned("cloud", found, "set this machine's clock: timedatectl set-ntp true")
                    .under("W2");
            }
            Part::well("cloud", format!("{} takes the token", cloud.url))
        }
        Err(error) => {
            let remedy =
                "look at the network and at [cloud]; a token that is refused has to be renewed by the vendor";
            Part::wrong("cloud", error.to_string(), remedy).under(check::cloud_code(&error))
        }
    }
}
