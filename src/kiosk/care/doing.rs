//! What the menu asks for, done: at once where the loop has the answer, else beside it.

use super::ends::{Begun, Ends};
use super::papers::{busy, fault_line};
use super::{News, SERVICE};
use crate::journal::acts::Act;
use crate::journal::export;
use crate::journal::store::{Filter, Handle, JournalError};
use crate::journal::view::PickupView;
use crate::kiosk::control::Resolve;
use crate::kiosk::event::Event;
use crate::kiosk::site_task::{self, SiteRequest};
use crate::kiosk::{Kiosk, Stopped, check, staff};
use crate::maintenance::faults;
use crate::maintenance::menu::ask::{Answer, Ask, Case, How, Report, same};
use crate::pickup::action::Mark;
use crate::pickup::input::Input;
use crate::receipt::sample::sample_ticket;
use crate::receipt::test_paper;
use crate::screen::texts::Text;
use crate::ticket::{BookingNumber, SeatState};
use std::time::Instant;
use tokio::sync::oneshot;

/// Unsettled tickets that a list has at most; the rest comes when these are settled.
const CASES_MAX: usize = 90;
/// Unsettled pickups looked at for it, the oldest first.
const PICKUPS_MAX: usize = 500;

impl Kiosk {
    /// Does it. None: the answer comes later, or there is none.
    pub(super) async fn do_for_menu(&mut self, asked: u64, ask: Ask) -> Result<Option<Answer>, Stopped> {
        match ask {
            Ask::CheckPin { holder, pin } => return self.check_pin(asked, &holder, pin).await,
            Ask::SignedIn => drop(self.act("signed_in", "", "").await?),
            Ask::Leave => {
                if self.present_holder().0 != "nobody" {
                    self.act("left", "", "").await?;
                }
                self.look_around_soon();
            }
            Ask::Watch(_) | Ask::StopWatching => {}
            Ask::State => return self.state_in_words().await.map(Some),
            Ask::Cases => return self.cases().await.map(Some),
            Ask::Claim(claim) => return self.claim(claim).await.map(Some),
            Ask::Settle { case, how, second } => return self.settle(asked, case, how, second).await,
            Ask::Service(on) => return self.service(on).await.map(Some),
            Ask::PaperChanged | Ask::Slip | Ask::TestTicket | Ask::Alignment | Ask::Characters => {
                return self.paper(asked, ask).await;
            }
            Ask::Printer => return Ok(Some(Answer::Report(self.printer_report()))),
            Ask::SignIn => return self.sign_in(asked).await,
            Ask::Query(number) => return self.query(asked, &number).await,
            Ask::Journal => return Ok(self.too_many().or_else(|| self.journal_report(asked))),
            Ask::Panel => return self.try_panel(asked).await,
            Ask::Restart => {
                self.act("restart", "", "").await?;
                self.care.restart = true;
                // The loop looks once more when this is dealt with.
                if let Some(events) = &self.care.events {
                    let _ = events.try_send(Event::Care(News::Nothing));
                }
                let line = Text::new("取票程序正在重启。", "The kiosk is being started again.");
                return Ok(Some(Answer::Report(Report::yes(vec![line]))));
            }
            ask => return self.job(asked, ask).await,
        }
        Ok(None)
    }

    /// Records what the holder in front of the menu does.
    pub(super) async fn act(&mut self, what: &str, before: &str, after: &str) -> Result<bool, Stopped> {
        let (who, surface) = self.present_holder();
        self.note(&who, surface, what, before, after).await
    }

    async fn state_in_words(&mut self) -> Result<Answer, Stopped> {
        let now = self.clock.now().wall;
        let left = self.parts.journal.with(move |journal| journal.leftover(now)).await?;
        self.look_around_soon();
        let active = self.active_faults();
        let mut lines: Vec<Text> =
            active.iter().filter_map(|code| faults::find(code)).map(fault_line).collect();
        let well = lines.is_empty();
        if well {
            lines.push(Text::new("一切正常，可以取票。", "All is well: tickets can be collected."));
        }
        if let Ok(left) = left {
            lines.push(Text::new(
                format!(
                    "未确认 {} 张，未出 {} 张，待上报 {} 笔。",
                    left.uncertain,
                    left.owed,
                    left.reports.len()
                ),
                format!(
                    "{} tickets uncertain, {} owed, {} reports due.",
                    left.uncertain,
                    left.owed,
                    left.reports.len()
                ),
            ));
        }
        if let Some(left) = self.roll.tickets() {
            lines.push(Text::new(
                format!("剩余纸张约 {left} 张票。"),
                format!("Paper for about {left} tickets is left."),
            ));
        }
        if let Some(why) = crate::config::site::undone(&self.parts.context.loaded.settings.kiosk.state_dir) {
            lines.push(same(format!("X2: {why}")));
        }
        let stops = |code: &&str| faults::find(code).is_some_and(|f| f.severity == faults::Severity::Stops);
        Ok(Answer::Report(Report { ok: !active.iter().any(stops), lines }))
    }

    // -- tickets --

    async fn cases(&mut self) -> Result<Answer, Stopped> {
        let filter = Filter { business_day: None, unresolved: true };
        let found = self.parts.journal.with(move |journal| journal.page(filter, 0, PICKUPS_MAX)).await?;
        Ok(match found {
            Ok((found, _)) => Answer::Cases(unsettled(&found)),
            Err(error) => Answer::Report(Report::no(vec![same(error.to_string())])),
        })
    }

    async fn claim(&mut self, claim: String) -> Result<Answer, Stopped> {
        let Some(handle) = Handle::parse(&claim) else { return Ok(no(staff::NO_HANDLE)) };
        let unknown = Text::new(
            format!("没有领取编号 {claim} 的记录。"),
            format!("No claim reference {claim} is on record."),
        );
        let found = self.parts.journal.with(move |journal| journal.show(&handle)).await?;
        Ok(match found {
            Ok(story) => match unsettled(std::slice::from_ref(&story.pickup)) {
                cases if cases.is_empty() => {
                    let lines = export::story_text(&story);
                    Answer::Report(Report::yes(lines.lines().map(same).collect()))
                }
                cases => Answer::Cases(cases),
            },
            Err(JournalError::NoSuchPickup(_)) => Answer::Report(Report::no(vec![unknown])),
            Err(error) => no(error.to_string()),
        })
    }

    async fn settle(
        &mut self,
        asked: u64,
        case: Case,
        how: How,
        second: Option<String>,
    ) -> Result<Option<Answer>, Stopped> {
        if how == How::PrintAgain && second.is_none() {
            return Ok(Some(no("printing again needs a second holder")));
        }
        if !self.state.at_rest() {
            return Ok(Some(busy()));
        }
        let (who, surface) = self.present_holder();
        let who = second.map_or(who.clone(), |second| format!("{who} with {second}"));
        let before = format!("{} {}", case.seat, case.state.name());
        self.note(&who, surface, "ticket_settled", &before, &format!("{} {}", case.pickup, how.word()))
            .await?;
        let reason = format!("maintenance menu, {surface}");
        let order = Resolve { id: case.pickup, ticket: case.seat, how: how.word().into(), reason, who };
        let (reply, wait) = oneshot::channel();
        self.resolve(order, reply).await?;
        self.look_around_soon();
        let begun = self.begun(Ends { done: None, failed: "ticket_not_settled" });
        self.later(asked, Some(begun), async move {
            let said = wait.await.map(|reply| (reply.ok, reply.text));
            let (ok, text) = said.unwrap_or_else(|_| (false, "the kiosk dropped the request".into()));
            let outcome = if ok {
                Text::new("已处理：", "Settled:")
            } else {
                Text::new("没有处理：", "Not settled:")
            };
            Answer::Report(Report { ok, lines: vec![outcome, same(text)] })
        });
        Ok(None)
    }

    async fn service(&mut self, on: bool) -> Result<Answer, Stopped> {
        if !self.state.at_rest() {
            return Ok(busy());
        }
        let word = |on| if on { "in" } else { "out" };
        let (who, surface) = self.present_holder();
        let act = Act {
            at: self.clock.now().wall,
            who,
            surface: surface.to_owned(),
            what: "service".into(),
            before: word(!self.care.active.has("M1")).into(),
            after: word(on).into(),
        };
        let fact = word(on);
        let kept = self
            .parts
            .journal
            .with(move |journal| journal.append_act_with(&act, Some((SERVICE, fact))))
            .await?;
        if let Err(error) = kept {
            return Ok(no(error.to_string()));
        }
        self.care.active.set("M1", !on);
        let readiness = self.readiness();
        Box::pin(self.give(Input::Printer(readiness))).await?;
        let line = if on {
            Text::new("已恢复服务。", "The machine is in service.")
        } else {
            Text::new("已暂停服务，重启后仍然暂停。", "The machine is out of service, also after a restart.")
        };
        Ok(Answer::Report(Report::yes(vec![line])))
    }

    // -- papers --

    async fn paper(&mut self, asked: u64, ask: Ask) -> Result<Option<Answer>, Stopped> {
        if let Some(answer) = self.not_now() {
            return Ok(Some(answer));
        }
        let now = self.clock.now().wall;
        let receipts = self.parts.receipts.clone();
        let (what, bytes) = match ask {
            Ask::PaperChanged => ("paper_changed", receipts.menu_paper(test_paper::paper_test)),
            Ask::Alignment => ("alignment_printed", receipts.menu_paper(test_paper::alignment)),
            Ask::Characters => ("characters_printed", receipts.menu_paper(test_paper::characters)),
            Ask::TestTicket => {
                let noted = self.parts.journal.with(move |journal| journal.note_test_ticket(now)).await?;
                if let Err(error) = noted {
                    return Ok(Some(no(error.to_string())));
                }
                let ticket =
                    receipts.ticket(&sample_ticket(), Mark::Original, self.parts.printer.is_virtual());
                ("test_ticket_printed", ticket.map_err(|error| error.to_string()))
            }
            _ => {
                let found = self
                    .parts
                    .journal
                    .with(move |journal| {
                        let today = journal.days().of(now);
                        journal.day_slip(today)
                    })
                    .await?;
                let text = match found {
                    Ok(slip) => export::day_slip_text(&slip),
                    Err(error) => return Ok(Some(no(error.to_string()))),
                };
                ("shift_slip_printed", receipts.menu_paper(|profile| test_paper::text_slip(&text, profile)))
            }
        };
        let left = self.roll.tickets().map_or_else(String::new, |left| format!("paper for {left} tickets"));
        if !self.act(what, &left, "").await? {
            return Ok(Some(no("the journal refuses the record; nothing was printed (J2)")));
        }
        if what == "paper_changed" {
            Box::pin(self.roll_replaced()).await?;
        }
        Ok(self.print_for_menu(asked, bytes))
    }

    // -- the site --

    async fn sign_in(&mut self, asked: u64) -> Result<Option<Answer>, Stopped> {
        if let Some(answer) = self.too_many() {
            return Ok(Some(answer));
        }
        let (say, heard) = oneshot::channel();
        let began = Instant::now();
        if !self.parts.site.ask(SiteRequest::SignIn(say)).await {
            return Err(Stopped::Part("the site's task"));
        }
        let settings = self.parts.context.loaded.settings.sarft.clone();
        self.later(asked, None, async move {
            let Ok(result) = heard.await else { return no("the kiosk is stopping") };
            let part = check::site(&result, &settings.address, &settings.username);
            let lines = vec![same(part.to_string()), same(format!("{} ms", began.elapsed().as_millis()))];
            Answer::Report(Report { ok: part.works(), lines })
        });
        Ok(None)
    }

    async fn query(&mut self, asked: u64, number: &str) -> Result<Option<Answer>, Stopped> {
        if let Some(answer) = self.too_many() {
            return Ok(Some(answer));
        }
        let Some(number) = number.parse().ok().and_then(BookingNumber::new) else {
            return Ok(Some(no("that is no booking number")));
        };
        let (say, heard) = oneshot::channel();
        let began = Instant::now();
        if !self.parts.site.ask(SiteRequest::Look(number, say)).await {
            return Err(Stopped::Part("the site's task"));
        }
        let zone = self.parts.receipts.zone.clone();
        self.later(asked, None, async move {
            let Ok(found) = heard.await else { return no("the kiosk is stopping") };
            let took = same(format!("{} ms", began.elapsed().as_millis()));
            match found {
                Ok(reply) => {
                    let mut lines: Vec<Text> =
                        site_task::describe(number, &reply, &zone).lines().map(same).collect();
                    lines.push(took);
                    Answer::Report(Report { ok: reply.return_value == 0, lines })
                }
                Err(error) => Answer::Report(Report::no(vec![same(error.to_string()), took])),
            }
        });
        Ok(None)
    }

    /// A long journal takes its time, so the loop does not wait for it.
    fn journal_report(&mut self, asked: u64) -> Option<Answer> {
        if !self.state.at_rest() {
            return Some(busy());
        }
        let journal = self.parts.journal.clone();
        let began = Instant::now();
        self.later(asked, None, async move {
            let Ok(sound) = journal.with(|journal| journal.check_integrity()).await else {
                return no("the kiosk is stopping");
            };
            let part = check::journal(&journal).await;
            let took = same(format!("{} ms", began.elapsed().as_millis()));
            match sound {
                Ok(()) => {
                    let line = Text::new("逐页检查：完好。", "Looked at page by page: sound.");
                    let lines = vec![line, same(part.to_string()), took];
                    Answer::Report(Report { ok: part.works(), lines })
                }
                Err(error) => no(format!("{}: {error}", check::code_of(&error))),
            }
        });
        None
    }

    /// Waits for an answer beside the loop; with it ends the act on record, if there is one.
    pub(super) fn later(
        &mut self,
        asked: u64,
        begun: Option<Begun>,
        work: impl Future<Output = Answer> + Send + 'static,
    ) {
        let Some(events) = self.care.events.clone() else { return };
        self.care.jobs += 1;
        tokio::spawn(async move {
            let answer = work.await;
            let _ = events.send(Event::Care(News::Done { asked, answer, begun })).await;
        });
    }
}

/// A refusal in the words of the part that refuses.
pub(super) fn no(why: impl Into<String>) -> Answer {
    Answer::Report(Report::no(vec![same(why)]))
}

/// Tickets uncertain or owed, each once, with the latest pickup that has a claim reference.
fn unsettled(pickups: &[PickupView]) -> Vec<Case> {
    let mut cases: Vec<(Option<String>, Case)> = Vec::new();
    for pickup in pickups {
        for ticket in &pickup.tickets {
            if !matches!(ticket.state, SeatState::Uncertain | SeatState::Reserved) {
                continue;
            }
            let case = Case {
                pickup: pickup.pickup.clone(),
                claim: pickup.claim.clone(),
                seat: ticket.seat.clone(),
                state: ticket.state,
                at: pickup.started_at.get(5..16).unwrap_or_default().replace('T', " "),
            };
            let same = |(number, known): &&mut (Option<String>, Case)| {
                number.is_some() && *number == pickup.booking_number && known.seat == case.seat
            };
            match cases.iter_mut().find(same) {
                Some((_, known)) if case.claim.is_some() || known.claim.is_none() => *known = case,
                Some(_) => {}
                None => cases.push((pickup.booking_number.clone(), case)),
            }
        }
    }
    cases.truncate(CASES_MAX);
    cases.into_iter().map(|(_, case)| case).collect()
}
