//! The parts at the other end of a wire: the on-site service and the cloud.

use crate::config::settings::{ClaimLapses, Cloud, FlagsAt, RepeatedIssue, Sarft};
use crate::config::{Loaded, Secret};
use crate::fault_code::FaultCode;
use crate::kiosk::check;
use crate::kiosk::check_result::CheckResult;
use crate::sarft;
use crate::vista;
use std::time::Duration;

/// Largest accepted difference from the cloud's clock, in seconds: sessions begin and end by it.
const CLOCK_APART_SECONDS: i64 = 120;

/// Signs in to the on-site service. No booking is asked for.
pub async fn site(loaded: &Loaded, password: &Secret) -> CheckResult {
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

/// Remedy where one of the three facts about the site that the interface document leaves open is unknown.
const FIND_OUT: &str =
    "run pickup-kiosk acceptance in the test environment; it names the line to set under [sarft]";

/// Returns what is known of the site where the interface document leaves it open, one result each.
pub fn kind_of_site(sarft: &Sarft) -> [CheckResult; 3] {
    [repeated_issue(sarft.repeated_issue), flags_at(sarft.flags_at), claims(sarft.claim_lapses_s)]
}

/// Returns the result for a second issue of the same booking, which no kiosk can make safe by itself.
fn repeated_issue(known: RepeatedIssue) -> CheckResult {
    let name = "second issue";
    match known {
        RepeatedIssue::Refused => CheckResult::well(name, "the site refuses it"),
        RepeatedIssue::Accepted => CheckResult::warned(
            name,
            "the site accepts it: two machines, or machine and counter, that issue in the same seconds both print",
            "tell the counter; nothing in this machine can prevent it",
        ),
        RepeatedIssue::Unknown => CheckResult::warned(
            name,
            "nobody has tried what the site does when a booking is issued twice; where it accepts, two machines can both print",
            FIND_OUT,
        ),
    }
}

/// Returns the result for the moment at which the site sets print_flag.
fn flags_at(known: FlagsAt) -> CheckResult {
    let name = "print flag";
    match known {
        FlagsAt::Issue => CheckResult::well(
            name,
            "the site sets it at the issue: after this machine's own it says nothing of paper",
        ),
        FlagsAt::Report => CheckResult::well(
            name,
            "the site sets it at the report: before this machine's own it is somebody else's",
        ),
        FlagsAt::Unknown => CheckResult::warned(
            name,
            "nobody has tried when the site sets it; a ticket that is flagged before this machine's own report is not \
             printed, and its customer is sent to the counter",
            FIND_OUT,
        ),
    }
}

/// Returns the result for the lapse of a claim whose issue is not reported.
fn claims(known: ClaimLapses) -> CheckResult {
    let name = "claim";
    match known {
        ClaimLapses::Never => CheckResult::well(name, "an issue that is not reported stays this machine's"),
        ClaimLapses::After(seconds) => CheckResult::well(
            name,
            format!(
                "an issue that is not reported is anybody's after {seconds} s; a pickup that was interrupted goes to the counter"
            ),
        ),
        ClaimLapses::Unknown => CheckResult::warned(
            name,
            "nobody has tried whether an issue that is not reported lapses; it is taken as if it did, and a pickup that \
             was interrupted goes to the counter",
            FIND_OUT,
        ),
    }
}

/// Tries the token by asking for a booking that nobody has. Blocks up to the call's time limit.
pub fn cloud(cloud: &Cloud, cinema_id: &str, token: &Secret) -> CheckResult {
    let client = match vista::client::Client::new(cloud, cinema_id, token.expose()) {
        Ok(client) => client,
        Err(error) => {
            return CheckResult::wrong("cloud", error.to_string(), "correct [cloud] and its token_file");
        }
    };
    match client.check() {
        Ok(exchange) => {
            let apart = exchange.clock_ahead.map_or(0, |ahead| ahead.as_secs());
            if apart.abs() > CLOCK_APART_SECONDS {
                let found = format!("{} takes the token, but its clock differs by {apart} s", cloud.url);
                return CheckResult::warned(
                    "cloud",
                    found,
                    "set this machine's clock: timedatectl set-ntp true",
                )
                .under(FaultCode::ClockApart);
            }
            CheckResult::well("cloud", format!("{} takes the token", cloud.url))
        }
        Err(error) => {
            let remedy =
                "look at the network and at [cloud]; a token that is refused has to be renewed by the vendor";
            CheckResult::wrong("cloud", error.to_string(), remedy).under(check::cloud_code(&error))
        }
    }
}
