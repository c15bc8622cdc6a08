//! `pickup-kiosk demo`: a whole cinema in one process, nothing to configure. The kiosk in it is put together
//! from a configuration as in a lobby; only its servers and its printer are simulated.

mod home;
mod page;

use super::args::Demo;
use super::{CommandError, ExitStatus};
use crate::config;
use crate::journal::export;
use crate::journal::record::PickupId;
use crate::kiosk::{Kiosk, Stopped, assemble, http, run_until};
use crate::locale::{Text, both, system_error, text};
use crate::screen::view::View;
use crate::simulator::cinema::{Booking, Cinema};
use crate::simulator::lock;
use crate::simulator::rig::Rig;
use crate::ticket::Outcome;
use crate::version::VERSION;
use home::Home;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// Time limit for the virtual printer to get ready; it needs far less.
const PRINTER_LIMIT: Duration = Duration::from_secs(5);
/// Time limit for the simulated site to take a report; it needs far less.
const SETTLE_LIMIT: Duration = Duration::from_secs(15);

/// Performs the demo.
///
/// # Errors
/// Returns an error if the tickets' folder can't be written or a part can't be started.
pub async fn demo(args: &Demo) -> Result<ExitStatus, CommandError> {
    let failed =
        |(zh, en): (&str, &str), error: Text| CommandError::failed(text!("{zh}：{error:#}", "{en}: {error}"));
    let home = Home::create().map_err(|error| {
        failed(("演示用的临时文件夹", "the demo's temporary folder"), system_error(&error))
    })?;
    let typed = args.pickups.is_empty();
    let cinema = home.cinema(typed.then_some(args.out.as_path()));
    let rig =
        Rig::start(cinema).map_err(|error| failed(("模拟影院", "the simulated cinema"), both(&error)))?;
    let file = home
        .write_config(&rig, &args.out, typed.then_some(args.port))
        .map_err(|error| failed(("演示用的配置", "the demo's configuration"), system_error(&error)))?;
    let loaded = config::load(&file)?;
    let secrets = loaded.secrets(None)?;
    let (mut kiosk, events) = assemble::kiosk(loaded, &secrets, typed)
        .await
        .map_err(|error| failed(("取票程序", "the kiosk"), error.text()))?;
    let stopped = |error: Stopped| CommandError::failed(error.text());
    kiosk.wait_for_printer(PRINTER_LIMIT).await.map_err(stopped)?;
    if typed {
        let drawer = page::extra(rig.handles().clone(), args.out.clone(), events.clone());
        let addresses = http::listen(&kiosk.published(), events, drawer, VERSION).map_err(|error| {
            CommandError::failed(text!(
                "{error:#}，如 --port 0 或 --port 8081",
                "{error}, as --port 0 or --port 8081"
            ))
        })?;
        greet(&rig, args, addresses.screen)?;
        return by_hand(&mut kiosk).await;
    }
    let mut all_printed = true;
    for code in &args.pickups {
        let pickup = run_until::perform(&mut kiosk, code, SETTLE_LIMIT).await.map_err(stopped)?;
        all_printed &= tell(&kiosk, &pickup, args.json).await? == Some(Outcome::Printed);
    }
    Ok(if all_printed { ExitStatus::Done } else { ExitStatus::Failed })
}

/// Writes one line about the end of a pickup, and returns its outcome.
async fn tell(kiosk: &Kiosk, pickup: &PickupId, json: bool) -> Result<Option<Outcome>, CommandError> {
    let id = pickup.clone();
    let found = kiosk.journal().with(move |journal| journal.records().pickup(&id)).await;
    let found = found.map_err(|error| CommandError::failed(error.text()))?;
    let view = found.map_err(|error| CommandError::failed(error.text()))?;
    let mut out = io::stdout().lock();
    if json {
        write!(out, "{}", export::json_line(&view).map_err(io::Error::other)?)?;
    } else {
        write!(out, "{}", export::list_line(&view))?;
        let text = &kiosk.view().words.text;
        writeln!(out, "  {}\n  {}", text.zh, text.en)?;
    }
    out.flush()?;
    Ok(view.outcome)
}

// -- codes typed by a person --

fn greet(rig: &Rig, args: &Demo, screen: Option<SocketAddr>) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    if let Some(address) = screen {
        writeln!(out, "The customer screen is at http://{address}/ for a browser.\n")?;
    }
    writeln!(out, "A simulated cinema is running. Type one of these codes, as a scanner would read it:\n")?;
    for sample in samples(&lock(rig.cinema())) {
        writeln!(out, "  {}   {}", sample.code, sample.what)?;
    }
    writeln!(out, "\nTickets become pictures in {}. End with Ctrl-D.\n", args.out.display())?;
    Ok(out.flush()?)
}

/// Sample code that can be typed or tapped.
struct Sample {
    /// Code as a scanner would read it.
    code: String,
    /// Description of its booking.
    what: String,
}

fn samples(cinema: &Cinema) -> Vec<Sample> {
    let one = |booking: &Booking| {
        let seats = booking.seats.len();
        let refunded = booking.seats.iter().filter(|seat| seat.refunded).count();
        let what = if booking.cancelled {
            "cancelled".to_owned()
        } else if refunded == seats {
            "refunded".to_owned()
        } else if booking.seats.iter().all(|seat| seat.ticket.printed) {
            "already collected".to_owned()
        } else if booking.unknown_to_site {
            "known to the cloud, unknown to the site".to_owned()
        } else if refunded > 0 {
            format!("{seats} seats, {refunded} of them refunded")
        } else {
            format!("{seats} seats")
        };
        Sample { code: format!("{}|{}", booking.number, booking.id.expose()), what }
    };
    cinema.bookings.iter().map(one).collect()
}

/// Returns a view as a terminal shows it.
fn said(view: &View) -> String {
    let mut said = format!("[{}] {}\n    {}\n", view.state, view.words.text.zh, view.words.text.en);
    for (seat, state) in &view.seats {
        said.push_str(&format!("    {seat} {}\n", state.name()));
    }
    if let Some(claim) = &view.claim {
        said.push_str(&format!("    {claim}\n"));
    }
    said
}

/// Serves whoever types until the input ends.
async fn by_hand(kiosk: &mut Kiosk) -> Result<ExitStatus, CommandError> {
    let mut shown = String::new();
    loop {
        let said = said(&kiosk.view());
        // The terminal says nothing of what else a screen shows.
        if said != shown {
            let mut out = io::stdout().lock();
            out.write_all(said.as_bytes())?;
            out.flush()?;
            shown = said;
        }
        if kiosk.input_ended() && !kiosk.is_busy() && kiosk.state().backlog.nothing_due() {
            return Ok(ExitStatus::Done);
        }
        let stopped = |error: Stopped| CommandError::failed(error.text());
        let happening = kiosk.wait().await.map_err(stopped)?;
        kiosk.handle_event(happening).await.map_err(stopped)?;
    }
}
