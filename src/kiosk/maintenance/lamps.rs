//! Lamps and buzzer tried one by one, whatever is shown meanwhile.

use super::audit::{AuditLog, MenuUser};
use super::jobs::Jobs;
use crate::device::panel::show::Look;
use crate::kiosk::stopped::Stopped;
use crate::maintenance::menu::ask::{MenuAnswer, Report};
use crate::maintenance::texts;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Each is on for so long.
const EACH: Duration = Duration::from_millis(1_200);
/// In this order, as the configuration calls them; the buzzer last.
const ORDER: [&str; 5] = ["ready", "working", "slot", "fault", "tone:done"];

/// The look that the panel shows while it is tried.
#[derive(Debug, Default)]
pub(super) struct Lamps {
    look: watch::Sender<Option<Look>>,
}

impl Lamps {
    /// The look that the panel is to show instead of what happens; none: what happens.
    pub(super) fn look(&self) -> watch::Receiver<Option<Look>> {
        self.look.subscribe()
    }

    /// Has them tried beside the loop; the answer where they aren't.
    pub(super) async fn begin(
        &self,
        asked: u64,
        is_there: bool,
        menu_user: &MenuUser,
        audit: &AuditLog,
        jobs: &mut Jobs,
    ) -> Result<Option<MenuAnswer>, Stopped> {
        if !is_there {
            let line = texts::inputs::no_panel();
            return Ok(Some(MenuAnswer::Report(Report::yes(vec![line]))));
        }
        if let Some(answer) = jobs.too_many() {
            return Ok(Some(answer));
        }
        if self.look.borrow().is_some() {
            let line = texts::inputs::lamps_in_trial();
            return Ok(Some(MenuAnswer::Report(Report::no(vec![line]))));
        }
        audit.note(menu_user, "panel_tried", "", "").await?;
        jobs.later(asked, None, self.one_by_one());
        Ok(None)
    }

    /// Begins at once, so that no second trial comes between; the rest of it is to be waited for.
    fn one_by_one(&self) -> impl Future<Output = MenuAnswer> + Send + use<> {
        let look = self.look.clone();
        look.send_replace(ORDER.first().and_then(|name| Look::parse(name).ok()));
        async move {
            for name in ORDER {
                look.send_replace(Look::parse(name).ok());
                sleep(EACH).await;
            }
            look.send_replace(None);
            let line = texts::inputs::lamps_tried();
            MenuAnswer::Report(Report::yes(vec![line]))
        }
    }
}
