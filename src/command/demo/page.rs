//! Drawer beside the demo's screen: sample codes to tap, the papers that came out, and switches for faults. Only the
//! demo has it; its requests need the page's token like any key.

use crate::kiosk::event::Event;
use crate::pickup::input::Scan;
use crate::screen::server::Extra;
use crate::screen::user_input::UserInput;
use crate::simulator::control::Handles;
use crate::simulator::lock;
use crate::virtual_printer::{After, Fault};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use tokio::sync::mpsc;

/// Number of papers shown, the newest first.
const PAPERS_SHOWN: usize = 12;
/// Number of names looked at in the folder, at most.
const NAMES_MAX: usize = 20_000;
/// Longest code that can be tapped, in bytes: as for a scanner.
const CODE_MAX: usize = 512;

const HEAD: &str = "<link rel=\"stylesheet\" href=\"/demo.css\">\n<script src=\"/demo.js\" defer></script>";

#[derive(Clone)]
struct Drawer {
    handles: Handles,
    out: PathBuf,
    events: mpsc::Sender<Event>,
}

/// Returns the drawer's routes and what it adds to the page's head.
pub fn extra(handles: Handles, out: PathBuf, events: mpsc::Sender<Event>) -> Extra {
    let script = ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("page.js"));
    let style = ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page.css"));
    let open = Router::new()
        .route("/demo.js", get(move || async move { script }))
        .route("/demo.css", get(move || async move { style }));
    let guarded = Router::new()
        .route("/demo/things", get(things))
        .route("/demo/code", post(code))
        .route("/demo/fault", post(fault))
        .route("/demo/paper/{name}", get(paper))
        .with_state(Drawer { handles, out, events });
    Extra { open, guarded, head: HEAD }
}

/// Returns everything in the drawer.
async fn things(State(drawer): State<Drawer>) -> Json<Value> {
    let samples = super::samples(&lock(&drawer.handles.cinema));
    let codes: Vec<Value> =
        samples.iter().map(|sample| json!({"code": sample.code, "what": sample.what})).collect();
    let condition = drawer.handles.printer.as_ref().map(|printer| lock(printer).condition());
    let faults = json!({
        "no_paper": condition.is_some_and(|condition| condition.paper_out),
        "cover_open": condition.is_some_and(|condition| condition.cover_open),
        "site_silent": lock(&drawer.handles.site_faults).silent,
        "cloud_silent": lock(&drawer.handles.cloud_faults).silent,
    });
    Json(json!({"codes": codes, "faults": faults, "papers": papers(&drawer)}))
}

/// Returns the newest papers' names; empty when the folder can't be read, as before the first paper.
fn papers(drawer: &Drawer) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(&drawer.out) else { return Vec::new() };
    let names = entries.take(NAMES_MAX).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut papers: Vec<String> = names.filter(|name| is_paper(name)).collect();
    papers.sort_unstable_by(|a, b| b.cmp(a));
    papers.truncate(PAPERS_SHOWN);
    papers
}

/// Returns true for a name that the paper folder gives; none of them leads out of the folder.
fn is_paper(name: &str) -> bool {
    let inner = name.strip_prefix("ticket-").and_then(|rest| rest.strip_suffix(".png"));
    inner.is_some_and(|inner| inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

async fn paper(State(drawer): State<Drawer>, Path(name): Path<String>) -> Response {
    if !is_paper(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match tokio::task::spawn_blocking(move || std::fs::read(drawer.out.join(name))).await {
        Ok(Ok(picture)) => ([(header::CONTENT_TYPE, "image/png")], picture).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tapped {
    code: String,
}

async fn code(State(drawer): State<Drawer>, body: Result<Json<Tapped>, JsonRejection>) -> StatusCode {
    let Ok(Json(tapped)) = body else { return StatusCode::BAD_REQUEST };
    if tapped.code.len() > CODE_MAX {
        return StatusCode::BAD_REQUEST;
    }
    let scanned = Event::Pressed(UserInput::Code(Scan::Text(tapped.code)));
    if drawer.events.try_send(scanned).is_ok() {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switched {
    fault: Which,
    on: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Which {
    NoPaper,
    CoverOpen,
    SiteSilent,
    CloudSilent,
}

async fn fault(State(drawer): State<Drawer>, body: Result<Json<Switched>, JsonRejection>) -> StatusCode {
    let Ok(Json(Switched { fault, on })) = body else { return StatusCode::BAD_REQUEST };
    match fault {
        Which::SiteSilent => lock(&drawer.handles.site_faults).silent = on,
        Which::CloudSilent => lock(&drawer.handles.cloud_faults).silent = on,
        Which::NoPaper | Which::CoverOpen => {
            let Some(printer) = &drawer.handles.printer else { return StatusCode::NOT_FOUND };
            let mut printer = lock(printer);
            let before = printer.condition();
            // One switch mends one fault: the other stays as it is.
            printer.mend();
            let paper_out = if fault == Which::NoPaper { on } else { before.paper_out };
            let cover_open = if fault == Which::CoverOpen { on } else { before.cover_open };
            let faults = [(paper_out, Fault::PaperOut), (cover_open, Fault::CoverOpen)];
            for (_, fault) in faults.into_iter().filter(|(is_on, _)| *is_on) {
                if !printer.script(fault, After::Now) {
                    return StatusCode::CONFLICT;
                }
            }
        }
    }
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use super::is_paper;

    #[test]
    fn only_papers_are_served() {
        assert!(is_paper("ticket-0001.png") && is_paper("ticket-0002-torn.png"));
        for name in ["", "../kiosk.toml", "ticket-../x.png", "ticket-a/b.png", "ticket-.tmp", "x.png"] {
            assert!(!is_paper(name), "{name}");
        }
    }
}
