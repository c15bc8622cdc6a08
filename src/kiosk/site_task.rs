//! The one owner of the connection to the site: one request at a time, in the order asked.

use super::event::Event;
use crate::journal::record::PickupId;
use crate::pickup::action::Asker;
use crate::pickup::input::{Answer, Input, Queried, SiteTrouble};
use crate::sarft::client::Client;
use crate::sarft::session::{IssueError, QueryAnswer, SiteError};
use crate::ticket::{BookingId, BookingNumber};
use jiff::tz::TimeZone;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// Requests that may wait: one of the customer in front, one report, one of a technician.
const WAITING_MAX: usize = 4;

/// A site that has stopped answering is asked to sign in again after so long without any other request: nobody
/// else would notice that it is back.
const PROBE: Duration = Duration::from_secs(15);

/// One that refuses the sign-in, so seldom: a service may lock a user who tries too often.
const PROBE_REFUSED: Duration = Duration::from_secs(60);

/// How the site has answered last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it should.
    Well,
    /// It refuses the sign-in, or answers nonsense.
    Refuses,
    /// Not at all.
    Silent,
}

/// A technician's query, in full.
pub type QueryReply = Result<QueryAnswer, SiteError>;

/// What can be asked of the site.
#[derive(Debug)]
pub enum SiteRequest {
    /// 0x03.
    Query(Asker, BookingNumber),
    /// 0x05.
    Issue(PickupId, BookingNumber, BookingId),
    /// 0x07.
    Report(BookingNumber),
    /// 0x01 anew, for `check`.
    SignIn(oneshot::Sender<Result<(), SiteError>>),
    /// 0x03 for a technician.
    Look(BookingNumber, oneshot::Sender<QueryReply>),
}

/// The way to the site.
#[derive(Debug, Clone)]
pub struct SiteTask {
    requests: mpsc::Sender<SiteRequest>,
}

impl SiteTask {
    /// Starts the task; answers come as events.
    pub fn start(client: Client, events: mpsc::Sender<Event>) -> Self {
        let (requests, waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(serve(client, waiting, events));
        Self { requests }
    }

    /// Asks; waits while the queue is full, each request before having a limit of its own.
    /// False when the task has ended.
    pub async fn ask(&self, request: SiteRequest) -> bool {
        self.requests.send(request).await.is_ok()
    }
}

async fn serve(mut client: Client, mut waiting: mpsc::Receiver<SiteRequest>, events: mpsc::Sender<Event>) {
    let mut health = Health::Well;
    loop {
        let request = match health {
            Health::Well => Ok(waiting.recv().await),
            Health::Refuses => timeout(PROBE_REFUSED, waiting.recv()).await,
            Health::Silent => timeout(PROBE, waiting.recv()).await,
        };
        let Ok(request) = request.map_or(Ok(None), |request| request.map(Some).ok_or(())) else { return };
        let (input, heard) = match request {
            Some(request) => answer(&mut client, request).await,
            None => (None, client.sign_in().await.map_or_else(|error| health_of(&error), |()| Health::Well)),
        };
        if health != heard {
            health = heard;
            if events.send(Event::Site(health)).await.is_err() {
                return;
            }
        }
        if let Some(input) = input
            && events.send(Event::Input(input)).await.is_err()
        {
            return;
        }
    }
}

/// Carries one out: what it brings for the workflow, and how the site answered.
async fn answer(client: &mut Client, request: SiteRequest) -> (Option<Input>, Health) {
    match request {
        SiteRequest::Query(asker, number) => {
            let result = client.query(number).await.map_err(|error| trouble(&error));
            let heard = match result {
                Ok(_) => Health::Well,
                Err(SiteTrouble::Silent) => Health::Silent,
                Err(_) => Health::Refuses,
            };
            let result = result.map(|a| Queried { return_value: a.return_value, tickets: a.tickets });
            (Some(Input::Queried { asker, result }), heard)
        }
        SiteRequest::Issue(pickup, number, id) => {
            let answer = match client.issue(number, &id).await {
                Ok(value) => Answer::Value(value),
                Err(error) => {
                    log::warn!("booking {number}: {error}");
                    if matches!(error, IssueError::NotSent(_)) { Answer::NotSent } else { Answer::NoReply }
                }
            };
            (Some(Input::Issued { pickup, answer }), answered(answer))
        }
        SiteRequest::Report(number) => {
            let answer = match client.report(number).await {
                Ok(value) => Answer::Value(value),
                Err(error) => {
                    log::warn!("booking {number}: {error}");
                    if error.sent { Answer::NoReply } else { Answer::NotSent }
                }
            };
            (Some(Input::Reported { number, answer }), answered(answer))
        }
        SiteRequest::SignIn(reply) => {
            let result = client.sign_in().await;
            let heard = result.as_ref().map_or_else(health_of, |()| Health::Well);
            let _ = reply.send(result);
            (None, heard)
        }
        SiteRequest::Look(number, reply) => {
            let result = client.query(number).await;
            let heard = result.as_ref().map_or_else(health_of, |_| Health::Well);
            let _ = reply.send(result);
            (None, heard)
        }
    }
}

fn answered(answer: Answer) -> Health {
    if matches!(answer, Answer::Value(_)) { Health::Well } else { Health::Silent }
}

/// It said something, if only nonsense or no; or nothing.
fn health_of(error: &SiteError) -> Health {
    match error {
        SiteError::Malformed { .. } | SiteError::Refused { .. } => Health::Refuses,
        _ => Health::Silent,
    }
}

fn trouble(error: &SiteError) -> SiteTrouble {
    log::warn!("{error}");
    match error {
        SiteError::Malformed { .. } => SiteTrouble::Malformed,
        SiteError::Refused { .. } => SiteTrouble::SignInRefused,
        _ => SiteTrouble::Silent,
    }
}

/// What the site answered, for a technician. Shows no ticket_info_code.
pub fn describe(number: BookingNumber, reply: &QueryAnswer, zone: &TimeZone) -> String {
    let mut text =
        format!("booking {number}: return value {}, {} records\n", reply.return_value, reply.tickets.len());
    for ticket in &reply.tickets {
        let session = ticket.session_at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M");
        let printed = if ticket.printed { "printed" } else { "not printed" };
        let code = match ticket.info_code.len() {
            0 => "no ticket_info_code yet".to_owned(),
            length => format!("ticket_info_code of {length} characters"),
        };
        text.push_str(&format!(
            "  {} {} {session} {} {} price {} service {} {printed}, {code}\n",
            ticket.film_name, ticket.screen_name, ticket.seat_name, ticket.code, ticket.price, ticket.service
        ));
    }
    text
}
