//! Staff's and technicians' requests to the running kiosk: checks, queries, pages of the journal, tickets settled.

use super::check_result::CheckResult;
use super::clock::Clock;
use super::effect::{Effect, Effects};
use super::journal_pages::{self, NO_HANDLE};
use super::journal_thread::JournalThread;
use super::parts::{Context, Parts};
use super::remote_pickup::RemotePickup;
use super::request::{ControlAnswer, Request, Resolve};
use super::site_task::{self, SiteRequest, SiteTask};
use super::status::Status;
use super::stopped::Stopped;
use super::{check, probing};
use crate::device::printer::conditions::Conditions;
use crate::fault_code::FaultCode;
use crate::journal::export;
use crate::journal::record::PickupId;
use crate::journal::rules::Resolution;
use crate::journal::store::{Handle, Journal, JournalError, StaffDecision as Settlement};
use crate::locale::{Text, text};
use crate::pickup::input::Input;
use crate::pickup::state::CustomerState;
use crate::ticket::{BookingNumber, SeatKey, SeatState};
use tokio::sync::oneshot;

/// A ticket that staff have printed again, until the printer has answered.
#[derive(Debug)]
struct StaffReprint {
    pickup: PickupId,
    seat: SeatKey,
    reply: oneshot::Sender<ControlAnswer>,
}

/// The refusal of a number that no booking has.
pub(super) const NO_NUMBER: (&str, &str) = ("这不是取票号", "that is no booking number");
/// The word of `journal resolve` that needs the printer.
pub const PRINT_AGAIN: &str = "print-again";

type Reply = oneshot::Sender<ControlAnswer>;

/// The requests, and the reprint and the pickup that some of them wait for.
#[derive(Debug)]
pub(super) struct StaffRequests {
    journal: JournalThread,
    site: SiteTask,
    context: Context,
    clock: Clock,
    reprint: Option<StaffReprint>,
    pub remote_pickup: RemotePickup,
}

impl StaffRequests {
    /// No reprint is awaited.
    pub(super) fn new(parts: &Parts, clock: Clock) -> Self {
        let Parts { journal, site, context, .. } = parts;
        let (journal, site, context) = (journal.clone(), site.clone(), context.clone());
        let remote_pickup = RemotePickup::new(journal.clone());
        Self { journal, site, context, clock, reprint: None, remote_pickup }
    }

    /// True while a user waits for a reprint.
    pub(super) fn is_reprinting(&self) -> bool {
        self.reprint.is_some()
    }

    /// Answers a request, at once or later: of the site, of the journal, or for a pickup. Any other is dropped.
    ///
    /// # Errors
    /// When a part has ended.
    pub(super) async fn call(
        &mut self,
        request: Request,
        status: &Status,
        reply: Reply,
    ) -> Result<Effects, Stopped> {
        match request {
            Request::PickUp { code } => {
                let codes = &self.context.loaded.checked.codes;
                return self.remote_pickup.begin(code, codes, status, reply);
            }
            Request::SarftQuery { number } => self.query(number, reply).await?,
            Request::ProbeSite { code, ask } => {
                let is_free = status.is_free && !self.remote_pickup.is_awaited();
                probing::probe(&self.site, &self.context, is_free, (&code, ask), reply).await?;
            }
            Request::Resolve(order) => return self.resolve(order, status, reply).await,
            request => {
                let answer = self.journal.with(move |journal| read(journal, request)).await?;
                if let Some(answer) = answer {
                    let _ = reply.send(answer);
                }
            }
        }
        Ok(Vec::new())
    }

    /// Gathers what is slow beside the event loop: a customer goes first. `active`: the codes that are on.
    ///
    /// # Errors
    /// When the site's task has ended.
    pub(super) async fn check(
        &self,
        conditions: Option<Conditions>,
        mismatches: &[Text],
        active: Vec<FaultCode>,
        reply: Reply,
    ) -> Result<(), Stopped> {
        let (say, signed_in) = oneshot::channel();
        self.site.ask(SiteRequest::SignIn(say)).await?;
        let (journal, context) = (self.journal.clone(), self.context.clone());
        let unlike = mismatches.to_vec();
        tokio::spawn(async move {
            let settings = &context.loaded.settings;
            let printer_at = text!("连接 {}", "{}", context.loaded.checked.printer);
            let mut parts = vec![
                check::journal(&journal).await,
                check::as_profiled(printer(conditions, printer_at), &unlike),
            ];
            if let Ok(result) = signed_in.await {
                parts.push(check::site(&result, &settings.sarft.address, &settings.sarft.username));
            }
            parts.extend(check::others(&active, &parts));
            let ok = parts.iter().all(CheckResult::works);
            let json = serde_json::to_value(&parts).ok();
            let _ = reply.send(ControlAnswer { ok, json, ..ControlAnswer::yes("") });
        });
        Ok(())
    }

    /// Asks the site for one booking.
    async fn query(&self, number: u64, reply: Reply) -> Result<(), Stopped> {
        let Some(number) = BookingNumber::new(number) else {
            let _ = reply.send(ControlAnswer::no(NO_NUMBER));
            return Ok(());
        };
        let (say, found) = oneshot::channel();
        self.site.ask(SiteRequest::Look(number, say)).await?;
        let zone = self.context.loaded.checked.timezone.clone();
        tokio::spawn(async move {
            let Ok(found) = found.await else { return };
            let _ = reply.send(match found {
                Ok(reply) => {
                    let ok = reply.return_value == 0;
                    ControlAnswer { ok, ..ControlAnswer::done(site_task::describe(number, &reply, &zone)) }
                }
                Err(error) => ControlAnswer::no(error.text()),
            });
        });
        Ok(())
    }

    // -- tickets settled --

    /// Settles a ticket as staff say.
    ///
    /// # Errors
    /// When the journal's thread has ended.
    pub(super) async fn resolve(
        &mut self,
        order: Resolve,
        status: &Status,
        reply: Reply,
    ) -> Result<Effects, Stopped> {
        if order.how == PRINT_AGAIN {
            return self.print_again(order, status, reply).await;
        }
        if !status.at_rest {
            // The running pickup may be this booking's own.
            let _ = reply.send(ControlAnswer::busy());
            return Ok(Vec::new());
        }
        let now = self.clock.now().wall;
        let done = self.journal.with(move |journal| resolve(journal, &order, now)).await?;
        let _ = reply.send(done);
        Ok(vec![Effect::CountUnsettled])
    }

    async fn print_again(
        &mut self,
        order: Resolve,
        status: &Status,
        reply: Reply,
    ) -> Result<Effects, Stopped> {
        if !status.may_reprint || self.is_reprinting() {
            let _ = reply.send(ControlAnswer::busy());
            return Ok(Vec::new());
        }
        if status.conditions.is_none_or(Conditions::stops_printing) {
            let part = printer(status.conditions, Text::new("打印机", "printer"));
            let why = text!("打印机现在不能打印：{:#}", "the printer can't print now: {}", part.found);
            let _ = reply.send(ControlAnswer::no(why));
            return Ok(Vec::new());
        }
        let now = self.clock.now().wall;
        let begun = self
            .journal
            .with(move |journal| {
                let handle = Handle::parse(&order.id).ok_or_else(|| (Text::from(NO_HANDLE), false))?;
                let settlement = settlement(&handle, &order);
                journal.begin_reprint(settlement, now).map_err(|error| (error.text(), failed(&error)))
            })
            .await?;
        match begun {
            Err((error, failed)) => {
                let _ = reply.send(ControlAnswer::no(error));
                if !failed {
                    return Ok(Vec::new());
                }
                // It may be on disk all the same: what is open then is closed once records are taken again.
                // No list of the workflow's has failed: the last one was carried out, as any other input says.
                Ok(vec![Effect::CheckSoon, Effect::Input(Input::Tick), Effect::Input(Input::JournalFailed)])
            }
            Ok(reprint) => {
                self.reprint =
                    Some(StaffReprint { pickup: reprint.pickup.clone(), seat: reprint.seat, reply });
                Ok(vec![Effect::Input(Input::Reprint {
                    pickup: reprint.pickup,
                    was: reprint.was,
                    ticket: Box::new(reprint.ticket),
                    count: reprint.count,
                    report: reprint.report,
                })])
            }
        }
    }

    /// Tells the user who ordered a reprint how it went, once the workflow is done with it.
    ///
    /// # Errors
    /// When the journal's thread has ended.
    pub(super) async fn end_reprint(&mut self, customer: &CustomerState) -> Result<Effects, Stopped> {
        if matches!(customer, CustomerState::Reprinting { .. }) {
            return Ok(Vec::new());
        }
        let Some(order) = self.reprint.take() else { return Ok(Vec::new()) };
        let StaffReprint { pickup, seat, reply } = order;
        let found = self.journal.with(move |journal| journal.records().seat(&pickup, &seat)).await?;
        let _ = reply.send(match found {
            Ok(Some(seat)) if seat.state == SeatState::Reprinted => {
                ControlAnswer::done(text!("{}：已补打", "{}: printed again", seat.seat))
            }
            Ok(Some(seat)) => {
                let (seat, state) = (&seat.seat, seat.state);
                let state = export::state(state);
                ControlAnswer::no(text!(
                    "{seat}：没有打印，现为{state:#}",
                    "{seat}: not printed, it is {state} now"
                ))
            }
            Ok(None) => ControlAnswer::no(("没有这个座位", "no such seat")),
            Err(error) => ControlAnswer::no(error.text()),
        });
        Ok(vec![Effect::CountUnsettled])
    }
}

fn read(journal: &Journal, request: Request) -> Option<ControlAnswer> {
    Some(match request {
        Request::Pickups(page) => journal_pages::pickups(journal, &page),
        Request::Show { id, json } => journal_pages::show(journal, &id, json),
        Request::Audit(page) => journal_pages::audit_entries(journal, &page),
        Request::Day { day, json } => journal_pages::day(journal, day, json),
        Request::Check
        | Request::OrderBegun
        | Request::Menu(_)
        | Request::SarftQuery { .. }
        | Request::ProbeSite { .. }
        | Request::PickUp { .. }
        | Request::Resolve(_) => return None,
    })
}

/// The printer, as its owner has told; or that he has not.
fn printer(told: Option<Conditions>, what: Text) -> CheckResult {
    match told {
        Some(conditions) => check::printer(conditions, what),
        None => check::printer_unheard(&what),
    }
}

/// The journal itself failed, and did not merely refuse.
fn failed(error: &JournalError) -> bool {
    !matches!(error, JournalError::Illegal { .. } | JournalError::NoSuchPickup(_))
}

fn settlement<'a>(handle: &'a Handle, order: &'a Resolve) -> Settlement<'a> {
    Settlement { handle, seat: &order.ticket, reason: &order.reason, who: &order.who }
}

/// `journal resolve` but for `print-again`, which needs the printer.
pub fn resolve(journal: &mut Journal, order: &Resolve, now: jiff::Timestamp) -> ControlAnswer {
    let Some(handle) = Handle::parse(&order.id) else { return ControlAnswer::no(NO_HANDLE) };
    let Some(how) = Resolution::from_name(&order.how) else {
        return ControlAnswer::no((
            "--as 应为 came-out、print-again、handed-over 或 void",
            "--as must be came-out, print-again, handed-over or void",
        ));
    };
    match journal.resolve(settlement(&handle, order), how, now) {
        Ok(()) => {
            let (ticket, how) = (&order.ticket, &order.how);
            ControlAnswer::done(text!("{ticket}：已记录为 {how}", "{ticket}: recorded as {how}"))
        }
        Err(error) => ControlAnswer::no(error.text()),
    }
}
