//! What the customer's screen shows now: the page's token, then the first event.

use crate::Done;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A kiosk that doesn't show itself in so long is ill.
const LIMIT: Duration = Duration::from_secs(5);

pub fn run(address: &str) -> Done {
    let begins = |line: &str| line.split_once("name=\"token\" content=\"").map(|(_, rest)| rest.to_owned());
    let page = ask(address, "/", &begins)?;
    let token = page.split('"').next().unwrap_or_default();
    let view = ask(address, &format!("/events?token={token}"), &|line| line.strip_prefix("data:").map(str::to_owned))?;
    println!("{}", view.trim());
    Ok(())
}

/// The first line of the answer that `wanted` knows.
fn ask(
    address: &str,
    path: &str,
    wanted: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Box<dyn std::error::Error>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\r\n")?;
    for line in BufReader::new(stream).lines() {
        if let Some(found) = wanted(&line?) {
            return Ok(found);
        }
    }
    Err("the answer ended before what was wanted".into())
}
