//! The one owner of the connection to the site: one request at a time, in the order asked.

use super::event::{Event, Health};
use super::stopped::Stopped;
use crate::journal::record::PickupId;
use crate::locale::{Text, text};
use crate::pickup::action::QueryOrigin;
use crate::pickup::input::{Input, Queried, SiteAnswer, SiteTrouble};
use crate::sarft::client::Client;
use crate::sarft::probe::{Ask, Heard, List};
use crate::sarft::session::{IssueError, QueryAnswer, ReportError, SiteError};
use crate::screen::monitor::SiteStep;
use crate::ticket::{BookingId, BookingNumber};
use jiff::tz::TimeZone;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

/// Requests that may wait: one of the customer in front, one report, one of a technician.
const WAITING_MAX: usize = 4;

/// A site that has stopped answering is asked to sign in again after so long without any other request: nobody
/// else would notice that it is back.
const PROBE: Duration = Duration::from_secs(15);

/// One that refuses the sign-in, so seldom: a service may lock a user who tries too often.
const PROBE_REFUSED: Duration = Duration::from_secs(60);

/// A technician's query, in full.
pub type QueryReply = Result<QueryAnswer, SiteError>;

/// A request to the site.
#[derive(Debug)]
pub enum SiteRequest {
    /// 0x03.
    Query(QueryOrigin, BookingNumber),
    /// 0x05.
    Issue(PickupId, BookingNumber, BookingId),
    /// 0x07.
    Report(BookingNumber),
    /// 0x01 anew, for `check`.
    SignIn(oneshot::Sender<Result<(), SiteError>>),
    /// 0x03 for a technician.
    Look(BookingNumber, oneshot::Sender<QueryReply>),
    /// A turn about a test booking.
    Probe(ProbeTurn, oneshot::Sender<Heard>),
}

/// One turn about a test booking.
#[derive(Debug)]
pub struct ProbeTurn {
    /// VistaBookingNumber.
    pub number: BookingNumber,
    /// VistaBookingId.
    pub id: BookingId,
    /// The turn.
    pub ask: Ask,
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
    ///
    /// # Errors
    /// When the task has ended.
    pub async fn ask(&self, request: SiteRequest) -> Result<(), Stopped> {
        self.requests.send(request).await.map_err(|_| Stopped::Part(("取票服务的任务", "the site's task")))
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
        let began = Instant::now();
        let step = request.as_ref().map_or(SiteStep::SignIn, step);
        let (input, said) = match request {
            Some(request) => answer(&mut client, request).await,
            None => (None, said(&client.sign_in().await)),
        };
        if tell_times(&mut client, step, began, said, &events).await.is_err() {
            return;
        }
        let heard = match said {
            Said::Nothing => Health::Silent,
            Said::Something => Health::Refuses,
            Said::Answer => Health::Well,
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

/// The site's silence or answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// No.
    Nothing,
    /// Something, if only nonsense or no.
    Something,
    /// The reply that was asked for.
    Answer,
}

fn step(request: &SiteRequest) -> SiteStep {
    match request {
        SiteRequest::Query(..) | SiteRequest::Look(..) => SiteStep::Query,
        SiteRequest::Issue(..) => SiteStep::Issue,
        SiteRequest::Report(..) => SiteStep::Report,
        // A probe's turn has several exchanges, of which no time is told.
        SiteRequest::SignIn(..) | SiteRequest::Probe(..) => SiteStep::SignIn,
    }
}

/// Tells how long the answered steps took: a sign-in on the way is one of its own.
async fn tell_times(
    client: &mut Client,
    step: SiteStep,
    began: Instant,
    said: Said,
    events: &mpsc::Sender<Event>,
) -> Result<(), mpsc::error::SendError<Event>> {
    let whole = began.elapsed();
    let sign_in = client.take_sign_in();
    if let Some(took) = sign_in {
        events.send(Event::SiteTook(SiteStep::SignIn, took)).await?;
    }
    if said == Said::Answer && step != SiteStep::SignIn {
        let took = whole.saturating_sub(sign_in.unwrap_or_default());
        events.send(Event::SiteTook(step, took)).await?;
    }
    Ok(())
}

/// Carries one out: what it brings for the workflow, and whether the site answered.
async fn answer(client: &mut Client, request: SiteRequest) -> (Option<Input>, Said) {
    match request {
        SiteRequest::Query(origin, number) => {
            let result = client.query(number).await;
            let said = said(&result);
            if let Err(error) = &result {
                log::warn!("{error}");
            }
            (Some(queried(origin, number, result)), said)
        }
        SiteRequest::Issue(pickup, number, id) => {
            let result = client.issue(number, &id).await;
            let said = said_value(&result);
            if let Err(error) = &result {
                log::warn!("booking {number}: {error}");
            }
            (Some(issued(pickup, result)), said)
        }
        SiteRequest::Report(number) => {
            let result = client.report(number).await;
            let said = said_value(&result);
            if let Err(error) = &result {
                log::warn!("booking {number}: {error}");
            }
            (Some(reported(number, result)), said)
        }
        SiteRequest::SignIn(reply) => {
            let result = client.sign_in().await;
            let said = said(&result);
            let _ = reply.send(result);
            (None, said)
        }
        SiteRequest::Look(number, reply) => {
            let result = client.query(number).await;
            let said = said(&result);
            let _ = reply.send(result);
            (None, said)
        }
        SiteRequest::Probe(turn, reply) => {
            let mut heard = Heard::default();
            let result = probe(client, &turn, &mut heard).await;
            let said = said(&result);
            heard.trouble = result.err().map(|error| error.to_string());
            let _ = reply.send(heard);
            (None, said)
        }
    }
}

/// Takes the turn as far as the site answers.
async fn probe(client: &mut Client, turn: &ProbeTurn, heard: &mut Heard) -> Result<(), SiteError> {
    if turn.ask == Ask::IssueAnew {
        client.sign_in().await?;
    }
    if turn.ask == Ask::Report {
        heard.value = Some(client.report(turn.number).await.map_err(|error| error.cause)?);
        return Ok(());
    }
    let answer = client.query(turn.number).await?;
    let seats = answer.tickets.into_iter().map(|ticket| (ticket.seat_name, ticket.printed)).collect();
    heard.list = Some(List { return_value: answer.return_value, seats });
    if turn.ask != Ask::Look {
        let issued = client.issue(turn.number, &turn.id).await;
        heard.value = Some(issued.map_err(|error| match error {
            IssueError::NotSent(cause) | IssueError::NoReply(cause) => cause,
        })?);
    }
    Ok(())
}

fn said<T>(result: &Result<T, SiteError>) -> Said {
    match result {
        Ok(_) => Said::Answer,
        Err(SiteError::Malformed { .. } | SiteError::Refused { .. }) => Said::Something,
        Err(_) => Said::Nothing,
    }
}

fn said_value<E>(result: &Result<u8, E>) -> Said {
    if result.is_ok() { Said::Answer } else { Said::Nothing }
}

/// The end of an 0x03 as it is to the workflow.
pub fn queried(origin: QueryOrigin, number: BookingNumber, reply: QueryReply) -> Input {
    let result = match reply {
        Ok(answer) => Ok(Queried { return_value: answer.return_value, tickets: answer.tickets }),
        Err(error) => Err(trouble(&error)),
    };
    Input::Queried { origin, number, result }
}

/// The end of an 0x05 as it is to the workflow.
pub fn issued(pickup: PickupId, result: Result<u8, IssueError>) -> Input {
    let answer = match result {
        Ok(value) => SiteAnswer::Value(value),
        Err(IssueError::NotSent(_)) => SiteAnswer::NotSent,
        Err(IssueError::NoReply(_)) => SiteAnswer::NoReply,
    };
    Input::Issued { pickup, answer }
}

/// The end of an 0x07 as it is to the workflow.
pub fn reported(number: BookingNumber, result: Result<u8, ReportError>) -> Input {
    let answer = match result {
        Ok(value) => SiteAnswer::Value(value),
        Err(error) if error.sent => SiteAnswer::NoReply,
        Err(_) => SiteAnswer::NotSent,
    };
    Input::Reported { number, answer }
}

fn trouble(error: &SiteError) -> SiteTrouble {
    match error {
        SiteError::Malformed { .. } => SiteTrouble::Malformed,
        SiteError::Refused { .. } => SiteTrouble::SignInRefused,
        _ => SiteTrouble::Silent,
    }
}

/// The site's answer, for a technician. Shows no ticket_info_code.
pub fn describe(number: BookingNumber, reply: &QueryAnswer, zone: &TimeZone) -> Text {
    let (value, count) = (reply.return_value, reply.tickets.len());
    let mut lines = vec![text!(
        "订单 {number}：返回 {value}，{count} 条记录",
        "booking {number}: return value {value}, {count} records"
    )];
    for ticket in &reply.tickets {
        let session = ticket.session_at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M");
        let printed = if ticket.printed {
            Text::new("已打印", "printed")
        } else {
            Text::new("未打印", "not printed")
        };
        let code = match ticket.info_code.len() {
            0 => Text::new("还没有 ticket_info_code", "no ticket_info_code yet"),
            length => text!("ticket_info_code 有 {length} 个字符", "ticket_info_code of {length} characters"),
        };
        let (film, screen, seat) = (&ticket.film_name, &ticket.screen_name, &ticket.seat_name);
        let (id, price, service) = (&ticket.code, ticket.price, ticket.service);
        lines.push(text!(
            "  {film} {screen} {session} {seat} {id} 票价 {price} 服务费 {service} {printed:#}，{code:#}",
            "  {film} {screen} {session} {seat} {id} price {price} service {service} {printed}, {code}"
        ));
    }
    lines.push(Text::default());
    Text::join(&lines, "\n", "\n")
}
