//! The parts at the other end of a wire: the on-site service and the cloud.

use crate::config::settings::{ClaimLapses, Cloud, FlagsAt, RepeatedIssue, Sarft};
use crate::config::{Loaded, Secret};
use crate::fault_code::FaultCode;
use crate::kiosk::check;
use crate::kiosk::check_result::CheckResult;
use crate::locale::text;
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
const FIND_OUT: (&str, &str) = (
    "请在测试环境运行 pickup-kiosk acceptance；它会给出 [sarft] 里要写的一行",
    "run pickup-kiosk acceptance in the test environment; it names the line to set under [sarft]",
);

/// Returns what is known of the site where the interface document leaves it open, one result each.
pub fn kind_of_site(sarft: &Sarft) -> [CheckResult; 3] {
    [repeated_issue(sarft.repeated_issue), flags_at(sarft.flags_at), claims(sarft.claim_lapses_s)]
}

/// Returns the result for a second issue of the same booking, which no kiosk can make safe by itself.
fn repeated_issue(known: RepeatedIssue) -> CheckResult {
    let name = "second issue";
    match known {
        RepeatedIssue::Refused => CheckResult::well(name, ("取票服务会拒绝", "the site refuses it")),
        RepeatedIssue::Accepted => CheckResult::warned(
            name,
            (
                "取票服务会接受：两台机器，或机器与柜台，在同几秒内出票就都会打印",
                "the site accepts it: two machines, or machine and counter, that issue in the same seconds both print",
            ),
            ("请告知柜台；本机无法防止", "tell the counter; nothing in this machine can prevent it"),
        ),
        RepeatedIssue::Unknown => CheckResult::warned(
            name,
            (
                "还没有人试过同一订单出票两次时取票服务怎么办；若接受，两台机器可能都打印",
                "nobody has tried what the site does when a booking is issued twice; where it accepts, two machines can both print",
            ),
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
            (
                "取票服务在出票时设置：本机出票后它不说明是否已打印",
                "the site sets it at the issue: after this machine's own it says nothing of paper",
            ),
        ),
        FlagsAt::Report => CheckResult::well(
            name,
            (
                "取票服务在回报时设置：本机回报前它是别处设的",
                "the site sets it at the report: before this machine's own it is somebody else's",
            ),
        ),
        FlagsAt::Unknown => CheckResult::warned(
            name,
            (
                "还没有人试过取票服务何时设置；本机回报前已有标志的票不打印，请顾客到柜台",
                "nobody has tried when the site sets it; a ticket that is flagged before this machine's own report is not \
                 printed, and its customer is sent to the counter",
            ),
            FIND_OUT,
        ),
    }
}

/// Returns the result for the lapse of a claim whose issue is not reported.
fn claims(known: ClaimLapses) -> CheckResult {
    let name = "claim";
    match known {
        ClaimLapses::Never => CheckResult::well(
            name,
            ("没有回报的出票一直归本机", "an issue that is not reported stays this machine's"),
        ),
        ClaimLapses::After(seconds) => CheckResult::well(
            name,
            text!(
                "没有回报的出票 {seconds} 秒后不再归本机；中断的取票请顾客到柜台",
                "an issue that is not reported is anybody's after {seconds} s; a pickup that was interrupted goes to the counter"
            ),
        ),
        ClaimLapses::Unknown => CheckResult::warned(
            name,
            (
                "还没有人试过没有回报的出票会不会失效；按会失效处理，中断的取票请顾客到柜台",
                "nobody has tried whether an issue that is not reported lapses; it is taken as if it did, and a pickup that \
                 was interrupted goes to the counter",
            ),
            FIND_OUT,
        ),
    }
}

/// Tries the token by asking for a booking that nobody has. Blocks up to the call's time limit.
pub fn cloud(cloud: &Cloud, cinema_id: &str, token: &Secret) -> CheckResult {
    let client = match vista::client::Client::new(cloud, cinema_id, token.expose()) {
        Ok(client) => client,
        Err(error) => {
            let remedy = ("请改正 [cloud] 和它的 token_file", "correct [cloud] and its token_file");
            return CheckResult::wrong("cloud", error.text(), remedy);
        }
    };
    let url = &cloud.url;
    match client.check() {
        Ok(exchange) => {
            let apart = exchange.clock_ahead.map_or(0, |ahead| ahead.as_secs());
            if apart.abs() > CLOCK_APART_SECONDS {
                let found = text!(
                    "{url} 接受令牌，但时钟相差 {apart} 秒",
                    "{url} takes the token, but its clock differs by {apart} s"
                );
                let remedy = (
                    "请给本机对时：timedatectl set-ntp true",
                    "set this machine's clock: timedatectl set-ntp true",
                );
                return CheckResult::warned("cloud", found, remedy).under(FaultCode::ClockApart);
            }
            CheckResult::well("cloud", text!("{url} 接受令牌", "{url} takes the token"))
        }
        Err(error) => {
            let remedy = (
                "请检查网络和 [cloud]；令牌被拒绝时由厂商更新",
                "look at the network and at [cloud]; a token that is refused has to be renewed by the vendor",
            );
            CheckResult::wrong("cloud", error.text(), remedy).under(check::cloud_code(&error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::assert_both;

    #[test]
    fn every_line_about_the_site_is_in_both_languages() {
        let mut all = Vec::new();
        all.extend(
            [RepeatedIssue::Refused, RepeatedIssue::Accepted, RepeatedIssue::Unknown].map(repeated_issue),
        );
        all.extend([FlagsAt::Issue, FlagsAt::Report, FlagsAt::Unknown].map(flags_at));
        all.extend([ClaimLapses::Never, ClaimLapses::After(60), ClaimLapses::Unknown].map(claims));
        all.iter().flat_map(CheckResult::sentences).for_each(assert_both);
    }
}
