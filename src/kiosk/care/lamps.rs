//! Lamps and buzzer tried one by one, whatever is shown meanwhile.

use crate::device::panel::show::Look;
use crate::kiosk::{Kiosk, Stopped};
use crate::maintenance::menu::ask::{Answer, Report};
use crate::screen::texts::Text;
use std::time::Duration;
use tokio::time::sleep;

/// Each is on for so long.
const EACH: Duration = Duration::from_millis(1_200);
/// In this order, as the configuration calls them; the buzzer last.
const ORDER: [&str; 5] = ["ready", "working", "slot", "fault", "tone:done"];

impl Kiosk {
    /// What the panel is to show instead of what happens; none: what happens.
    pub(in crate::kiosk) fn tried_look(&self) -> tokio::sync::watch::Receiver<Option<Look>> {
        self.care.look.subscribe()
    }

    pub(super) async fn try_panel(&mut self, asked: u64) -> Result<Option<Answer>, Stopped> {
        if self.parts.context.loaded.checked.panel.is_none() {
            let line = Text::new("没有配置指示灯面板。", "No [panel] is configured.");
            return Ok(Some(Answer::Report(Report::yes(vec![line]))));
        }
        if let Some(answer) = self.too_many() {
            return Ok(Some(answer));
        }
        if self.care.look.borrow().is_some() {
            let line = Text::new("指示灯正在测试中。", "The lamps are being tried already.");
            return Ok(Some(Answer::Report(Report::no(vec![line]))));
        }
        self.act("panel_tried", "", "").await?;
        let look = self.care.look.clone();
        // At once, so that no second trial comes between.
        look.send_replace(ORDER.first().and_then(|name| Look::parse(name).ok()));
        self.later(asked, None, async move {
            for name in ORDER {
                look.send_replace(Look::parse(name).ok());
                sleep(EACH).await;
            }
            look.send_replace(None);
            let line = Text::new(
                "应依次亮起：就绪、工作、出票口、故障，最后蜂鸣器响。",
                "These should have come on one by one: ready, working, slot, fault, and the buzzer last.",
            );
            Answer::Report(Report::yes(vec![line]))
        });
        Ok(None)
    }
}
