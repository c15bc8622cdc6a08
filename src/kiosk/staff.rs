//! What other commands ask of the running kiosk.

use super::control::{Answer, Call, Request, Resolve};
use super::part::Part;
use super::site_task::SiteRequest;
use super::{Kiosk, Stopped, check, pages};
use crate::device::printer::conditions::Conditions;
use crate::journal::record::PickupId;
use crate::journal::rules::Resolution;
use crate::journal::store::{Handle, Journal, JournalError, Order as Settlement};
use crate::pickup::input::Input;
use crate::pickup::state::Front;
use crate::ticket::{BookingNumber, SeatKey, SeatState};
use tokio::sync::oneshot;

/// A ticket that staff have printed again, until the printer has answered.
#[derive(Debug)]
pub(super) struct Order {
    pickup: PickupId,
    seat: SeatKey,
    reply: oneshot::Sender<Answer>,
}

/// The word of `journal resolve` that needs the printer.
pub const PRINT_AGAIN: &str = "print-again";

pub(super) const NO_HANDLE: &str = "the ID should be that of a pickup, or a claim reference of 6 digits";

impl Kiosk {
    pub(super) async fn call(&mut self, call: Call) -> Result<(), Stopped> {
        match call.request {
            Request::Check => self.check(call.reply).await,
            Request::PickUp { code } => self.try_out(code, call.reply).await,
            Request::OrderBegun => {
                if let Some(keeper) = &self.parts.keeper {
                    keeper.look();
                }
                let _ = call.reply.send(Answer::yes(""));
                Ok(())
            }
            Request::SarftQuery { number } => self.look(number, call.reply).await,
            Request::ProbeSite { code, ask } => self.probe_site(&code, ask, call.reply).await,
            Request::Resolve(order) => self.resolve(order, call.reply).await,
            Request::Pickups(page) => {
                self.read(call.reply, move |journal| pages::pickups(journal, &page)).await
            }
            Request::Show { id, json } => {
                self.read(call.reply, move |journal| pages::show(journal, &id, json)).await
            }
            Request::Menu(menu) => self.menu_call(menu, call.reply).await,
            Request::Acts(page) => {
                self.take_up_pins().await?;
                self.read(call.reply, move |journal| pages::acts(journal, &page)).await
            }
            Request::Day { day, json } => {
                self.read(call.reply, move |journal| pages::day(journal, day, json)).await
            }
        }
    }

    async fn read(
        &self,
        reply: oneshot::Sender<Answer>,
        work: impl FnOnce(&Journal) -> Answer + Send + 'static,
    ) -> Result<(), Stopped> {
        let answer = self.parts.journal.with(move |journal| work(journal)).await?;
        let _ = reply.send(answer);
        Ok(())
    }

    /// Gathers what is slow beside the event loop: a customer goes first.
    async fn check(&mut self, reply: oneshot::Sender<Answer>) -> Result<(), Stopped> {
        // What a check finds mended is over at once.
        self.look_around_soon();
        let (say, signed_in) = oneshot::channel();
        let asked = self.parts.site.ask(SiteRequest::SignIn(say)).await;
        if !asked {
            return Err(Stopped::Part("the site's task"));
        }
        let journal = self.parts.journal.clone();
        let context = self.parts.context.clone();
        let (conditions, unlike) = (self.told_conditions(), self.unlike.clone());
        let active = self.active_faults();
        tokio::spawn(async move {
            let settings = &context.loaded.settings;
            let mut parts = vec![
                check::journal(&journal).await,
                check::as_profiled(printer(conditions, &context.loaded.checked.printer.to_string()), &unlike),
            ];
            if let Ok(result) = signed_in.await {
                parts.push(check::site(&result, &settings.sarft.address, &settings.sarft.username));
            }
            parts.extend(check::others(&active, &parts));
            let ok = parts.iter().all(Part::works);
            let json = serde_json::to_value(&parts).ok();
            let _ = reply.send(Answer { ok, json, ..Answer::yes("") });
        });
        Ok(())
    }

    async fn look(&mut self, number: u64, reply: oneshot::Sender<Answer>) -> Result<(), Stopped> {
        let Some(number) = BookingNumber::new(number) else {
            let _ = reply.send(Answer::no("that is no booking number"));
            return Ok(());
        };
        let (say, found) = oneshot::channel();
        if !self.parts.site.ask(SiteRequest::Look(number, say)).await {
            return Err(Stopped::Part("the site's task"));
        }
        let zone = self.parts.receipts.zone.clone();
        tokio::spawn(async move {
            let Ok(found) = found.await else { return };
            let _ = reply.send(match found {
                Ok(reply) => {
                    let ok = reply.return_value == 0;
                    Answer { ok, ..Answer::yes(super::site_task::describe(number, &reply, &zone)) }
                }
                Err(error) => Answer::no(error.to_string()),
            });
        });
        Ok(())
    }

    pub(super) async fn resolve(
        &mut self,
        order: Resolve,
        reply: oneshot::Sender<Answer>,
    ) -> Result<(), Stopped> {
        if order.how == PRINT_AGAIN {
            return self.print_again(order, reply).await;
        }
        if !self.state.at_rest() {
            // The running pickup may be this booking's own.
            let _ = reply.send(Answer::no("a customer is being served: try again in a moment"));
            return Ok(());
        }
        let now = self.clock.now().wall;
        let done = self.parts.journal.with(move |journal| resolve(journal, &order, now)).await?;
        let _ = reply.send(done);
        self.count_unsettled().await
    }

    async fn print_again(&mut self, order: Resolve, reply: oneshot::Sender<Answer>) -> Result<(), Stopped> {
        if !matches!(self.state.front, Front::Idle | Front::Result(_)) || self.order.is_some() {
            let _ = reply.send(Answer::no("a customer is being served: try again in a moment"));
            return Ok(());
        }
        if self.conditions.stops_printing() {
            let part = printer(self.told_conditions(), "printer");
            let _ = reply.send(Answer::no(format!("the printer can't print now: {}", part.found)));
            return Ok(());
        }
        let now = self.clock.now().wall;
        let begun = self
            .parts
            .journal
            .with(move |journal| {
                let handle = Handle::parse(&order.id).ok_or_else(|| (NO_HANDLE.to_owned(), false))?;
                let settlement = settlement(&handle, &order);
                journal.begin_reprint(settlement, now).map_err(|error| (error.to_string(), failed(&error)))
            })
            .await?;
        match begun {
            Err((error, failed)) => {
                let _ = reply.send(Answer::no(error));
                if failed {
                    // It may be on disk all the same: what is open then is closed once records are taken again.
                    self.look_around_soon();
                    // No list of the workflow's has failed: the last one was carried out, as any other input says.
                    self.give(Input::Tick).await?;
                    return self.give(Input::JournalFailed).await;
                }
                Ok(())
            }
            Ok(reprint) => {
                self.order = Some(Order { pickup: reprint.pickup.clone(), seat: reprint.seat, reply });
                let input = Input::Reprint {
                    pickup: reprint.pickup,
                    was: reprint.was,
                    ticket: Box::new(reprint.ticket),
                    count: reprint.count,
                    report: reprint.report,
                };
                self.give(input).await
            }
        }
    }

    /// Tells the one who ordered a reprint how it went, once the workflow is done with it.
    pub(super) async fn staff_order_done(&mut self) -> Result<(), Stopped> {
        if matches!(self.state.front, Front::Reprinting { .. }) {
            return Ok(());
        }
        let Some(order) = self.order.take() else { return Ok(()) };
        let Order { pickup, seat, reply } = order;
        let found = self.parts.journal.with(move |journal| journal.seat(&pickup, &seat)).await?;
        let _ = reply.send(match found {
            Ok(Some(seat)) if seat.state == SeatState::Reprinted => {
                Answer::yes(format!("{}: printed again", seat.seat))
            }
            Ok(Some(seat)) => {
                Answer::no(format!("{}: not printed, it is {} now", seat.seat, seat.state.name()))
            }
            Ok(None) => Answer::no("no such seat"),
            Err(error) => Answer::no(error.to_string()),
        });
        self.count_unsettled().await
    }
}

/// The printer, as its owner has told; or that he has not.
fn printer(told: Option<Conditions>, what: &str) -> Part {
    let Some(conditions) = told else { return check::printer_unheard(what) };
    check::printer(conditions, what)
}

/// The journal itself failed, and did not merely refuse.
fn failed(error: &JournalError) -> bool {
    !matches!(error, JournalError::Illegal { .. } | JournalError::NoSuchPickup(_))
}

fn settlement<'a>(handle: &'a Handle, order: &'a Resolve) -> Settlement<'a> {
    Settlement { handle, seat: &order.ticket, reason: &order.reason, who: &order.who }
}

/// `journal resolve` but for `print-again`, which needs the printer.
pub fn resolve(journal: &mut Journal, order: &Resolve, now: jiff::Timestamp) -> Answer {
    let Some(handle) = Handle::parse(&order.id) else { return Answer::no(NO_HANDLE) };
    let Some(how) = Resolution::from_name(&order.how) else {
        return Answer::no("--as must be came-out, print-again, handed-over or void");
    };
    match journal.resolve(settlement(&handle, order), how, now) {
        Ok(()) => Answer::yes(format!("{}: recorded as {}", order.ticket, order.how)),
        Err(error) => Answer::no(error.to_string()),
    }
}
