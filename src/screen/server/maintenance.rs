//! Files that show the maintenance menu on the page.

use axum::Router;
use axum::http::header;
use axum::routing::get;

const STYLE: &str = include_str!("../assets/maintenance.css");
const SCRIPT: &str = include_str!("../assets/maintenance.js");

/// Creates the routes of the files.
pub(super) fn files() -> Router {
    let style = || async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE) };
    let script = || async { ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT) };
    Router::new().route("/maintenance.css", get(style)).route("/maintenance.js", get(script))
}
