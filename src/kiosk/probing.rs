//! Turns with the site about test bookings, for a command that finds out which kind of site it is: in a test environment
//! only, and while nobody is being served. Nothing of what they issue is printed; whoever asks keeps the record of it.

use super::control::DROPPED;
use super::parts::Context;
use super::request::{Code, ControlAnswer};
use super::site_task::{ProbeTurn, SiteRequest, SiteTask};
use super::stopped::Stopped;
use crate::sarft::probe::Ask;
use crate::ticket::PickupCode;
use serde_json::json;
use tokio::sync::oneshot;

/// Takes one turn; the answer comes when the site has given its own. `{"busy": true}` while somebody is being served:
/// unless `is_free`.
///
/// # Errors
/// When the site's task has ended.
pub(super) async fn probe(
    site: &SiteTask,
    context: &Context,
    is_free: bool,
    (code, ask): (&Code, Ask),
    reply: oneshot::Sender<ControlAnswer>,
) -> Result<(), Stopped> {
    let cloud = context.loaded.settings.cloud.as_ref();
    if !cloud.is_some_and(|cloud| cloud.test) {
        let _ = reply.send(ControlAnswer::no((
            "[cloud] 没有标为 test = true：不在这个取票服务上做试验",
            "[cloud] is not marked test = true: this site is not tried out",
        )));
        return Ok(());
    }
    if !is_free {
        let json = Some(json!({ "busy": true }));
        let _ = reply.send(ControlAnswer { json, ..ControlAnswer::busy() });
        return Ok(());
    }
    let Ok(PickupCode::Both(number, id)) = context.loaded.checked.codes.read(&code.0) else {
        let _ = reply.send(ControlAnswer::needs_both_halves());
        return Ok(());
    };
    if matches!(ask, Ask::Issue | Ask::IssueAnew | Ask::Report) {
        log::warn!("test booking {number}: a command asks the site ({ask:?}); it is not printed");
    }
    let (say, heard) = oneshot::channel();
    site.ask(SiteRequest::Probe(ProbeTurn { number, id, ask }, say)).await?;
    tokio::spawn(async move {
        let answer = match heard.await.map(serde_json::to_value) {
            Ok(Ok(heard)) => ControlAnswer { json: Some(heard), ..ControlAnswer::yes("") },
            _ => ControlAnswer::no(DROPPED),
        };
        let _ = reply.send(answer);
    });
    Ok(())
}
