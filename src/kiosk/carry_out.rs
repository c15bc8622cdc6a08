//! Effects of the parts and actions of the workflow, each carried out with the kiosk's parts.

use super::Kiosk;
use super::effect::{Effect, Effects, Maintain};
use super::executor::{self, Done, Executor};
use super::maintenance::papers;
use super::site_task::SiteRequest;
use super::stopped::Stopped;
use crate::fault_code::FaultCode;
use crate::journal::record::{Entry, PickupId, RecordStep};
use crate::journal::store::JournalError;
use crate::pickup::action::{Action, Notice};
use crate::pickup::input::Input;
use crate::ticket::{BookingId, BookingNumber};
use std::collections::VecDeque;

impl Executor for Kiosk {
    type Stopped = Stopped;

    fn decide(&mut self, input: Input) -> Vec<Action> {
        let state = std::mem::take(&mut self.state);
        let (state, actions) = self.machine.handle(state, input, self.clock.now());
        self.state = state;
        actions
    }

    async fn perform(&mut self, action: Action, answers: &mut VecDeque<Input>) -> Result<Done, Stopped> {
        match action {
            Action::Record(entries) => return self.record(entries).await,
            Action::Recall { pickup, number, id } => {
                let Some(recalled) = self.recall(pickup, number, id).await? else {
                    return Ok(Done::JournalFailed);
                };
                answers.push_back(recalled);
            }
            Action::AskCloud { pickup, id } => {
                // The workflow asks only where there is a cloud.
                answers.extend(self.cloud.as_ref().and_then(|cloud| cloud.ask(pickup, id)));
            }
            Action::CheckPrinter { pickup } => answers.extend(self.printer.look(pickup)),
            Action::Query { origin, number } => self.site.ask(SiteRequest::Query(origin, number)).await?,
            Action::Issue { pickup, number, id } => {
                self.site.ask(SiteRequest::Issue(pickup, number, id)).await?;
            }
            Action::Report { number } => self.site.ask(SiteRequest::Report(number)).await?,
            Action::Print { pickup, seat, ticket, mark } => {
                let (fault, answer) = self.printer.print(pickup, seat, &ticket, mark);
                fault.into_iter().for_each(|code| self.maintenance.fault(code, true));
                answers.extend(answer);
            }
            Action::PrintClaim { claim } => {
                self.printer.print_claim(&claim.to_string(), self.clock.now().wall);
            }
            Action::RefuseScan => self.display.scan_refused(),
            Action::Notify(notice) => notify(&notice),
        }
        Ok(Done::Yes)
    }

    fn publish(&mut self) {
        self.show();
    }
}

impl Kiosk {
    /// Carries one effect out; the effects that follow from it.
    pub(super) async fn carry_out(&mut self, effect: Effect) -> Result<Effects, Stopped> {
        let input = |input: Option<Input>| input.map(Effect::Input).into_iter().collect();
        match effect {
            Effect::Input(input) => {
                executor::carry_out(self, input).await?;
                return Ok(vec![Effect::EndReprint, Effect::EndRemotePickup, Effect::OpenWantedMenu]);
            }
            Effect::EndReprint => return self.staff.end_reprint(&self.state.customer).await,
            Effect::EndRemotePickup => self.staff.remote_pickup.end(self.is_busy()).await?,
            Effect::AwaitPickup(pickup, reply) => {
                self.staff.remote_pickup.wait_for(pickup, reply);
                return Ok(vec![Effect::EndRemotePickup]);
            }
            Effect::OpenWantedMenu => return Ok(self.maintenance.open_wanted(&self.status())),
            Effect::Show => self.show(),
            Effect::RecordMachine(event) => self.machine_log.record(event, self.clock.now().wall).await?,
            Effect::CountRefusedScan => self.display.count_refused(),
            Effect::ServerTime(mono, date) => self.housekeeping.heard_server(mono, date),
            Effect::Fault(code, on) => self.maintenance.fault(code, on),
            Effect::CheckSoon => self.maintenance.check_soon(),
            Effect::CountUnsettled if self.maintenance.count_unsettled().await? => self.show(),
            Effect::CountUnsettled => {}
            Effect::Maintain(step) => return self.maintenance.step(step, &self.status()).await,
            Effect::Resolve(order, reply) => return self.staff.resolve(order, &self.status(), reply).await,
            Effect::TellPaperLeft => {
                let left = self.printer.paper_left();
                return Ok(input((self.state.paper_left != left).then_some(Input::PaperLeft(left))));
            }
            Effect::TellReadiness => {
                let readiness = self.maintenance.readiness(&self.status());
                return Ok(input(Some(Input::Printer(readiness))));
            }
            Effect::AnswerPrinterCheck => {
                let readiness = self.maintenance.readiness(&self.status());
                let looked_for = self.printer.looked_for();
                return Ok(input(looked_for.map(|pickup| Input::PrinterChecked { pickup, readiness })));
            }
            Effect::HandOnPaper => return Ok(input(self.printer.hand_on())),
            Effect::CheckClearPrinter => return Ok(input(self.printer.look_if_clear())),
            Effect::PrinterModel(model) => self.maintenance.printer_is(model),
            Effect::RollReplaced => return Ok(self.printer.roll_replaced()),
            Effect::PrintForMenu(asked, paper) => {
                let status = self.status();
                let answer = papers::print(asked, paper, &mut self.printer, &status);
                return Ok(vec![Effect::Maintain(Maintain::Answer(asked, answer))]);
            }
            Effect::MenuPaperDone(asked, result) => {
                return self.maintenance.paper_done(asked, result, &self.status()).await;
            }
            Effect::ReportPrinter(asked) => {
                let raw = self.printer.raw_status();
                return self.maintenance.report_printer(asked, raw, &self.status()).await;
            }
        }
        Ok(Vec::new())
    }

    async fn record(&mut self, entries: Vec<Entry>) -> Result<Done, Stopped> {
        match self.journal.append(entries).await? {
            Ok(entries) => {
                self.display.count(&entries);
                if entries.iter().any(is_for_the_counter) && self.maintenance.count_unsettled().await? {
                    self.show();
                }
                Ok(Done::Yes)
            }
            Err(error) => {
                log::error!("{error}");
                self.maintenance.check_soon();
                Ok(Done::JournalFailed)
            }
        }
    }

    async fn recall(
        &mut self,
        pickup: PickupId,
        number: Option<BookingNumber>,
        id: BookingId,
    ) -> Result<Option<Input>, Stopped> {
        match self.journal.recall(number, id, self.clock.now().wall).await? {
            Ok(recall) => Ok(Some(Input::Recalled { pickup, recall: Box::new(recall) })),
            Err(error) => {
                log::error!("{error}");
                self.maintenance.fault(FaultCode::DiskFull, matches!(error, JournalError::Full { .. }));
                self.maintenance.check_soon();
                Ok(None)
            }
        }
    }
}

/// A pickup has ended with a claim reference: something of it is uncertain or owed.
fn is_for_the_counter(entry: &Entry) -> bool {
    matches!(entry.step, RecordStep::Ended { claim: Some(_), .. })
}

fn notify(notice: &Notice) {
    match notice {
        Notice::ReportRefused(number, value) => log::error!(
            "booking {number}: the site refused the report with {value} and doesn't show it as printed; \
             tell the cinema's ticketing staff"
        ),
        Notice::RateLimit(count) => {
            log::warn!("{count} codes of an ID alone were refused today: somebody may be guessing");
        }
        Notice::Unresolved { uncertain, owed } => log::warn!(
            "{uncertain} tickets may or may not have come out, {owed} are owed: see `pickup-kiosk journal list`"
        ),
        Notice::SeatsFound(number, count) => log::warn!(
            "booking {number}: the site lists {count} seats that it had left out before the issue; they are owed: \
             see `pickup-kiosk journal list --unresolved`"
        ),
    }
}
