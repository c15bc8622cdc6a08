//! The kiosk's client of the site: how each request ended there, told to the workflow by the kiosk's own mapping.

use pickup_kiosk::kiosk::site_task::{issued, queried, reported};
use pickup_kiosk::pickup::input::{Answer, Input, SiteTrouble};
use pickup_kiosk::sarft::malformed::{Malformed, Why};
use pickup_kiosk::sarft::session::{IssueError, QueryAnswer, ReportError, SiteError, Step};
use std::time::Duration;

/// What the site's side says of a request (answered, not a byte sent, no reply that can be believed) becomes what the
/// client would return, and that what the kiosk makes of it.
pub fn as_the_client_ends(input: Input) -> Input {
    match input {
        Input::Queried { asker, number, result } => {
            let answer = result
                .map(|a| QueryAnswer { return_value: a.return_value, tickets: a.tickets })
                .map_err(|trouble| match trouble {
                    SiteTrouble::Silent => silence(Step::Query),
                    SiteTrouble::Malformed => nonsense(Step::Query),
                    SiteTrouble::SignInRefused => SiteError::Refused { value: 1 },
                });
            queried(asker, number, answer)
        }
        Input::Issued { pickup, answer } => {
            let result = match answer {
                Answer::Value(value) => Ok(value),
                Answer::NotSent => Err(IssueError::NotSent(no_connection())),
                Answer::NoReply => Err(IssueError::NoReply(silence(Step::Issue))),
            };
            issued(pickup, result)
        }
        Input::Reported { number, answer } => {
            let result = match answer {
                Answer::Value(value) => Ok(value),
                Answer::NotSent => Err(ReportError { sent: false, cause: no_connection() }),
                Answer::NoReply => Err(ReportError { sent: true, cause: silence(Step::Report) }),
            };
            reported(number, result)
        }
        other => other,
    }
}

fn no_connection() -> SiteError {
    SiteError::CannotConnect { address: String::new(), reason: String::new() }
}

fn silence(step: Step) -> SiteError {
    SiteError::TimedOut { step, limit: Duration::from_secs(5) }
}

fn nonsense(step: Step) -> SiteError {
    let cause = Malformed { field: "answer", entry: None, offset: 0, why: Why::Unasked };
    SiteError::Malformed { step, cause }
}
