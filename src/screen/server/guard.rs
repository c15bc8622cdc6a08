//! Access control: only a browser on this machine that shows this page may send requests.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

/// Header with the token; `EventSource` can't set headers and has it in the query as `token`.
const TOKEN_HEADER: &str = "x-token";
/// Size of the token, in bytes.
const TOKEN_BYTES: usize = 16;
/// Content security policy: the page may load only its own files.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Token and hosts that requests are compared with.
pub(super) struct Guard {
    token: String,
    hosts: [String; 2],
}

impl Guard {
    pub(super) fn new(address: SocketAddr) -> io::Result<Self> {
        let mut chance = [0_u8; TOKEN_BYTES];
        getrandom::fill(&mut chance).map_err(io::Error::other)?;
        let token = chance.iter().map(|byte| format!("{byte:02x}")).collect();
        let hosts = [address.to_string(), format!("localhost:{}", address.port())];
        Ok(Self { token, hosts })
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    fn is_own_host(&self, headers: &HeaderMap) -> bool {
        only(headers, header::HOST.as_str()).is_some_and(|host| self.hosts.iter().any(|own| own == host))
    }

    /// Returns true for this page's Origin. A browser sends none with a GET of the page's own, but says that it is one.
    fn is_own_origin(&self, headers: &HeaderMap) -> bool {
        if !headers.contains_key(header::ORIGIN) {
            return only(headers, "sec-fetch-site") == Some("same-origin");
        }
        let origin = only(headers, header::ORIGIN.as_str()).and_then(|origin| origin.strip_prefix("http://"));
        origin.is_some() && origin == only(headers, header::HOST.as_str())
    }

    fn has_token(&self, headers: &HeaderMap, query: &str) -> bool {
        let bearer =
            only(headers, header::AUTHORIZATION.as_str()).and_then(|all| all.strip_prefix("Bearer "));
        let in_query = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token");
        let in_query = in_query.map(|(_, value)| value);
        let given = only(headers, TOKEN_HEADER).or(bearer).or(in_query.as_deref());
        given.is_some_and(|given| same(given, &self.token))
    }
}

/// Returns the header's value, if it occurs exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

/// Compares in constant time, wherever they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Refuses requests for another host: a page elsewhere whose name was made to point here.
pub(super) async fn host(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if guard.is_own_host(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "not the address of this page\n").into_response()
}

/// Refuses requests that don't come from the page.
pub(super) async fn token_and_origin(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    if !guard.is_own_origin(request.headers()) {
        return (StatusCode::FORBIDDEN, "not from this page\n").into_response();
    }
    if !guard.has_token(request.headers(), request.uri().query().unwrap_or_default()) {
        return (StatusCode::FORBIDDEN, "not this page's token\n").into_response();
    }
    next.run(request).await
}

/// Adds the security headers to every answer.
pub(super) async fn headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
