//! Turns with the site about test bookings, for a command that finds out which kind of site it is: in a test environment
//! only, and while nobody is being served. Nothing of what they issue is printed; whoever asks keeps the record of it.

use super::control::Answer;
use super::site_task::{ProbeTurn, SiteRequest};
use super::trial::Code;
use super::{Kiosk, Stopped};
use crate::pickup::state::Front;
use crate::sarft::probe::Ask;
use crate::ticket::PickupCode;
use serde_json::json;
use tokio::sync::oneshot;

/// The kiosk has no answer because it is stopping.
const DROPPED: &str = "the kiosk dropped the request";

impl Kiosk {
    /// Takes one turn; the answer comes when the site has given its own. `{"busy": true}` while somebody is being served.
    pub(super) async fn probe_site(
        &mut self,
        code: &Code,
        ask: Ask,
        reply: oneshot::Sender<Answer>,
    ) -> Result<(), Stopped> {
        let cloud = self.parts.context.loaded.settings.cloud.as_ref();
        if !cloud.is_some_and(|cloud| cloud.test) {
            let _ = reply.send(Answer::no("[cloud] is not marked test = true: this site is not tried out"));
            return Ok(());
        }
        let is_free = matches!(self.state.front, Front::Idle | Front::Result(_)) && !self.state.stopping;
        if !is_free || self.trial.is_some() {
            let busy = Answer::no("a customer is being served: try again in a moment");
            let _ = reply.send(Answer { json: Some(json!({ "busy": true })), ..busy });
            return Ok(());
        }
        let Ok(PickupCode::Both(number, id)) = self.parts.machine.codes.read(&code.0) else {
            let _ = reply.send(Answer::no("the code must hold both a booking number and a booking ID"));
            return Ok(());
        };
        if matches!(ask, Ask::Issue | Ask::IssueAnew | Ask::Report) {
            log::warn!("test booking {number}: a command asks the site ({ask:?}); it is not printed");
        }
        let (say, heard) = oneshot::channel();
        if !self.parts.site.ask(SiteRequest::Probe(ProbeTurn { number, id, ask }, say)).await {
            return Err(Stopped::Part("the site's task"));
        }
        tokio::spawn(async move {
            let answer = match heard.await.map(serde_json::to_value) {
                Ok(Ok(heard)) => Answer { json: Some(heard), ..Answer::yes("") },
                _ => Answer::no(DROPPED),
            };
            let _ = reply.send(answer);
        });
        Ok(())
    }

    /// The same on a kiosk of the command's own, which goes on meanwhile.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn probe(&mut self, code: &Code, ask: Ask) -> Result<Answer, Stopped> {
        let (reply, mut answer) = oneshot::channel();
        self.probe_site(code, ask, reply).await?;
        loop {
            let happening = tokio::select! {
                answer = &mut answer => return Ok(answer.unwrap_or_else(|_| Answer::no(DROPPED))),
                happening = self.wait() => happening?,
            };
            self.deal(happening).await?;
        }
    }
}
