//! Work beside the loop that the menu waits for: counted, and answered as news.

use super::audit::Begun;
use super::news::News;
use super::report::no;
use crate::kiosk::event::Event;
use crate::locale::system_error;
use crate::maintenance::menu::ask::{MenuAnswer, Report};
use crate::maintenance::texts;
use std::thread;
use tokio::sync::mpsc;

/// Jobs at once: whoever goes back before one is done may begin another.
const JOBS_MAX: usize = 2;

/// The jobs under way.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    events: Option<mpsc::Sender<Event>>,
    running: usize,
}

impl Jobs {
    /// From now on news go to the loop.
    pub(super) fn begin(&mut self, events: mpsc::Sender<Event>) {
        self.events = Some(events);
    }

    /// The way to the loop; none before maintenance has begun.
    pub(super) fn events(&self) -> Option<&mpsc::Sender<Event>> {
        self.events.as_ref()
    }

    /// A refusal while as many run as may: whoever doesn't wait for an answer may not ask without end.
    pub(super) fn too_many(&self) -> Option<MenuAnswer> {
        let line = texts::machine::too_many_jobs();
        (self.running >= JOBS_MAX).then(|| MenuAnswer::Report(Report::no(vec![line])))
    }

    /// One is over.
    pub(super) fn finished(&mut self) {
        self.running = self.running.saturating_sub(1);
    }

    /// Waits for an answer beside the loop; with it ends the act on record, if there is one.
    pub(super) fn later(
        &mut self,
        asked: u64,
        begun: Option<Begun>,
        work: impl Future<Output = MenuAnswer> + Send + 'static,
    ) {
        let Some(events) = self.events.clone() else { return };
        self.running += 1;
        tokio::spawn(async move {
            let answer = work.await;
            let _ = events.send(Event::Maintenance(News::Done { asked, answer, begun })).await;
        });
    }

    /// The same for work that blocks, on a thread of its own; a refusal where there is none.
    pub(super) fn on_thread(
        &mut self,
        asked: u64,
        begun: Option<Begun>,
        work: impl FnOnce() -> MenuAnswer + Send + 'static,
    ) -> Option<MenuAnswer> {
        let Some(events) = self.events.clone() else { return Some(no(texts::machine::not_now())) };
        let work = move || {
            let answer = work();
            // The loop has ended: then nobody waits.
            let _ = events.blocking_send(Event::Maintenance(News::Done { asked, answer, begun }));
        };
        match thread::Builder::new().name("menu".into()).spawn(work) {
            Ok(_) => {
                self.running += 1;
                None
            }
            Err(error) => Some(no(system_error(&error))),
        }
    }
}
