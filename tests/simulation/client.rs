//! The kiosk's client of the site: how each request ended there, told to the workflow by the kiosk's own mapping.

use pickup_kiosk::kiosk::site_task::{issued, queried, reported};
use pickup_kiosk::pickup::input::{Input, SiteAnswer, SiteTrouble};
use pickup_kiosk::sarft::malformed::{Malformed, MalformedReason};
use pickup_kiosk::sarft::session::{IssueError, QueryAnswer, ReportError, SarftStep, SiteError};
use std::time::Duration;

/// Turns the site's answer to a request (answered, not a byte sent, no reply that can be believed) into what the client
/// would return, and that into what the kiosk makes of it.
pub fn as_the_client_ends(input: Input) -> Input {
    match input {
        Input::Queried { origin, number, result } => {
            let answer = result
                .map(|a| QueryAnswer { return_value: a.return_value, tickets: a.tickets })
                .map_err(|trouble| match trouble {
                    SiteTrouble::Silent => silence(SarftStep::Query),
                    SiteTrouble::Malformed => nonsense(SarftStep::Query),
                    SiteTrouble::SignInRefused => SiteError::Refused { value: 1 },
                });
            queried(origin, number, answer)
        }
        Input::Issued { pickup, answer } => {
            let result = match answer {
                SiteAnswer::Value(value) => Ok(value),
                SiteAnswer::NotSent => Err(IssueError::NotSent(no_connection())),
                SiteAnswer::NoReply => Err(IssueError::NoReply(silence(SarftStep::Issue))),
            };
            issued(pickup, result)
        }
        Input::Reported { number, answer } => {
            let result = match answer {
                SiteAnswer::Value(value) => Ok(value),
                SiteAnswer::NotSent => Err(ReportError { sent: false, cause: no_connection() }),
                SiteAnswer::NoReply => Err(ReportError { sent: true, cause: silence(SarftStep::Report) }),
            };
            reported(number, result)
        }
        other => other,
    }
}

fn no_connection() -> SiteError {
    SiteError::CannotConnect { address: String::new(), reason: pickup_kiosk::locale::Text::default() }
}

fn silence(step: SarftStep) -> SiteError {
    SiteError::TimedOut { step, limit: Duration::from_secs(5) }
}

fn nonsense(step: SarftStep) -> SiteError {
    let cause = Malformed { field: "answer", entry: None, offset: 0, why: MalformedReason::Unasked };
    SiteError::Malformed { step, cause }
}
