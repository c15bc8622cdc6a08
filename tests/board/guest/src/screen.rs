//! Customer screen as shown now: the page's token, then the first event.

use crate::Done;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Time limit for a kiosk to show itself.
const LIMIT: Duration = Duration::from_secs(5);

pub fn run(address: &str) -> Done {
    let view = ask(address, &events(address)?, &|line| line.strip_prefix("data:").map(str::to_owned))?;
    println!("{}", view.trim());
    Ok(())
}

/// Writes `MILLISECONDS STATE TYPED` at each change of the latter two, until it is killed.
pub fn follow(address: &str) -> Done {
    let mut last = None;
    let tell = |line: &str| {
        let now = crate::milliseconds();
        let value = |key: &str| {
            let (_, rest) = line.strip_prefix("data:")?.split_once(&format!("\"{key}\":\""))?;
            rest.split('"').next().map(str::to_owned)
        };
        (now, value("state"), value("shown").unwrap_or_default())
    };
    let path = events(address)?;
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\r\n")?;
    for line in BufReader::new(stream).lines() {
        let (now, Some(state), shown) = tell(&line?) else { continue };
        let seen = Some((state, shown));
        if seen != last {
            if let Some((state, shown)) = &seen {
                println!("{now:.3} {state} {shown}");
            }
            last = seen;
        }
    }
    Ok(())
}

/// Returns the path of the event stream, with the token that the page has for it.
fn events(address: &str) -> Result<String, Box<dyn std::error::Error>> {
    let begins = |line: &str| line.split_once("name=\"token\" content=\"").map(|(_, rest)| rest.to_owned());
    let page = ask(address, "/", &begins)?;
    Ok(format!("/events?token={}", page.split('"').next().unwrap_or_default()))
}

/// Returns the first line of the answer that `wanted` knows.
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
