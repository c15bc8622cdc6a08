//! Papers that the menu has printed: none of them is a ticket.

use super::ends::reason;
use crate::device::printer::conditions::Condition;
use crate::device::printer::session::PrintResult as Printed;
use crate::kiosk::desk::Owner;
use crate::kiosk::effects::UNHEARD;
use crate::kiosk::receipts::Printable;
use crate::kiosk::{Kiosk, Stopped};
use crate::maintenance::faults;
use crate::maintenance::menu::ask::{Answer, Report, same};
use crate::screen::texts::Text;

/// A customer is in front: nothing of the menu's goes between his tickets.
pub(super) fn busy() -> Answer {
    let line =
        Text::new("正在为顾客出票，请稍后再试。", "A customer is being served: try again in a moment.");
    Answer::Report(Report::no(vec![line]))
}

impl Kiosk {
    /// What stands against printing now; none when nothing does.
    pub(super) fn not_now(&self) -> Option<Answer> {
        if !self.state.at_rest() || self.order.is_some() {
            return Some(busy());
        }
        if self.is_printing() {
            let line =
                Text::new("打印机正在打印，请稍候。", "The printer is at work: try again in a moment.");
            return Some(Answer::Report(Report::no(vec![line])));
        }
        let codes: Vec<_> = match self.told_conditions() {
            None => vec![UNHEARD],
            Some(conditions) if conditions.stops_printing() => {
                conditions.iter().map(Condition::code).collect()
            }
            Some(_) => return None,
        };
        let lines = codes.into_iter().filter_map(faults::find).map(fault_line);
        Some(Answer::Report(Report::no(lines.collect())))
    }

    /// Lays a paper of the menu's down; its answer comes when the printer has said what became of it.
    pub(super) fn print_for_menu(&mut self, asked: u64, paper: Result<Printable, String>) -> Option<Answer> {
        if let Some(answer) = self.not_now() {
            return Some(answer);
        }
        let paper = match paper {
            Ok(paper) => paper,
            Err(error) => return Some(Answer::Report(Report::no(vec![same(error)]))),
        };
        drop(self.lay_down(Owner::Menu(asked), paper));
        if self.is_printing() {
            return None;
        }
        let line = Text::new("打印机没有接收。", "The printer took nothing.");
        Some(Answer::Report(Report::no(vec![line])))
    }

    /// The printer's word on such a paper.
    pub(in crate::kiosk) async fn menu_paper_done(
        &mut self,
        asked: u64,
        result: Printed,
    ) -> Result<(), Stopped> {
        let report = match result {
            Printed::Confirmed => Report::yes(vec![Text::new(
                "已打印，打印机已确认。",
                "Printed; the printer has confirmed it.",
            )]),
            Printed::Forgotten { .. } => {
                Report::yes(vec![Text::new("已打印，但没有取走。", "Printed; nobody took it.")])
            }
            Printed::NotStarted(conditions) => {
                let mut lines = vec![Text::new("没有打印。", "Nothing was printed.")];
                lines.extend(
                    conditions.iter().filter_map(|condition| faults::find(condition.code())).map(fault_line),
                );
                Report::no(lines)
            }
            Printed::Uncertain(why) => Report::no(vec![Text::new(
                format!("不确定是否打印完：{why}。"),
                format!("It may or may not have come out: {why}."),
            )]),
        };
        if !report.ok {
            let (who, surface) = self.present_holder();
            self.note(&who, surface, "paper_not_printed", "", &reason(&report)).await?;
        }
        self.answer_menu(asked, Answer::Report(report)).await
    }
}

/// A fault's code and what to do, for whoever reads the menu.
pub(super) fn fault_line(fault: &faults::Fault) -> Text {
    let text = fault.usher();
    Text::new(format!("{} {}", fault.code, text.zh), format!("{} {}", fault.code, text.en))
}
