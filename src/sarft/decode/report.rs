//! The layouts found, as tables ready for the configuration, with the reasons as comments. Pure.

use super::alike::{difference, distinct};
use super::capture::{Capture, Conversation};
use super::looks_like;
use super::score::Score;
use super::search::{Candidate, search};
use crate::sarft::settings::Wire;
use jiff::tz::TimeZone;
use std::io::{self, Write};

/// Most tables printed for one site.
const TABLES_MAX: usize = 5;
/// Most of them that fit less well than the first.
const LESS_LIKELY_MAX: usize = 2;
/// Most sites of a capture examined.
const SITES_MAX: usize = 16;
/// Messages below which a fit may be chance.
const SURE: usize = 4;

/// Writes the tables, site by site; returns true if there was one.
pub(super) fn report(capture: Capture, timezone: &TimeZone, out: &mut dyn Write) -> io::Result<bool> {
    let mut sites: Vec<(&str, Vec<&Conversation>)> = Vec::new();
    for conversation in &capture.conversations {
        match sites.iter_mut().find(|(site, _)| *site == conversation.site) {
            Some((_, conversations)) => conversations.push(conversation),
            None => sites.push((&conversation.site, vec![conversation])),
        }
    }
    let mut found = false;
    if sites.len() > SITES_MAX {
        writeln!(out, "# {} sites; only the first {SITES_MAX} are looked at", sites.len())?;
    }
    for (site, conversations) in sites.iter().take(SITES_MAX) {
        let candidates = search(conversations, timezone);
        writeln!(out, "# {site}: {}", many(conversations.len(), "connection"))?;
        if candidates.is_empty() {
            nothing(conversations, out)?;
        } else {
            found = true;
            tables(&candidates, timezone, out)?;
        }
        writeln!(out)?;
    }
    Ok(found)
}

fn many(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn nothing(conversations: &[&Conversation], out: &mut dyn Write) -> io::Result<()> {
    let runs = conversations.iter().flat_map(|c| c.requests.iter().chain(&c.replies));
    match runs.clone().find_map(|run| looks_like(&run.bytes)) {
        Some(other) => writeln!(out, "# this looks like {other}"),
        None if runs.clone().all(|run| super::anchors::print_nos(&run.bytes).is_empty()) => writeln!(
            out,
            "# no booking number of 16 digits with its NUL in it: another protocol, or not a pickup"
        ),
        None => writeln!(
            out,
            "# booking numbers, but no layout of the grammar explains the bytes around them; capture one whole \
             pickup from its connection's beginning, or the site needs a codec of its own"
        ),
    }
}

fn tables(candidates: &[Candidate], timezone: &TimeZone, out: &mut dyn Write) -> io::Result<()> {
    let distinct = distinct(candidates);
    let Some(best) = distinct.first() else { return Ok(()) };
    let (alike, worse): (Vec<&Candidate>, Vec<&Candidate>) =
        distinct.iter().partition(|candidate| candidate.score.rank() == best.score.rank());
    reasons(best, timezone, out)?;
    for line in untold(&best.score) {
        writeln!(out, "# cannot be told from this capture: {line}")?;
    }
    if alike.len() > 1 {
        writeln!(out, "# this and {} more cannot be told apart by this capture", alike.len() - 1)?;
    }
    table(&best.layout.words(), out)?;
    for other in alike.iter().skip(1).take(TABLES_MAX - 1) {
        writeln!(out, "\n# cannot be told apart from the first: {}", difference(best, other))?;
        table(&other.layout.words(), out)?;
    }
    // A layout that reads less than nine tenths of what the best one does is no fit.
    let read = |candidate: &Candidate| candidate.score.bytes - candidate.score.unread;
    let fitting = worse.into_iter().filter(|c| c.score.faults == 0 && read(c) * 10 >= read(best) * 9);
    for other in fitting.take(LESS_LIKELY_MAX.min(TABLES_MAX.saturating_sub(alike.len()))) {
        writeln!(out, "\n# less likely: {}", worse_because(&best.score, &other.score))?;
        reasons(other, timezone, out)?;
        table(&other.layout.words(), out)?;
    }
    Ok(())
}

fn reasons(candidate: &Candidate, timezone: &TimeZone, out: &mut dyn Write) -> io::Result<()> {
    let Score { unread, bytes, messages, requests, replies, pairs, .. } = candidate.score;
    let score = &candidate.score;
    writeln!(
        out,
        "# {} read; {} of {bytes} bytes fit, {unread} do not",
        many(messages, "message"),
        bytes - unread
    )?;
    if requests > 0 && replies > 0 {
        writeln!(out, "# {requests} requests, {replies} replies, {pairs} of them pairs")?;
    } else {
        let side = if requests > 0 { "requests" } else { "replies" };
        writeln!(out, "# one direction only: {side}")?;
    }
    let words = candidate.layout.words();
    if !words.trailer.is_empty() {
        writeln!(out, "# {} right in every message", words.trailer.join(", "))?;
    }
    if words.header.iter().any(|item| item.starts_with("sequence")) {
        writeln!(out, "# the sequence counts up by one from message to message")?;
    }
    if let (Some((from, to)), Some((low, high))) = (score.dates, score.prices) {
        let date = |at| timezone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string();
        writeln!(
            out,
            "# {} tickets, sessions from {} to {}, prices from {low} to {high}",
            score.tickets,
            date(from),
            date(to)
        )?;
    }
    let doubts = [
        (score.faults, "messages with a wrong field"),
        (score.implausible, "values that no cinema has"),
        (score.replaced, "characters of names that cannot be read"),
        (score.unexplained, "header bytes that vary without a reason, taken as pad"),
    ];
    for (count, what) in doubts.iter().filter(|(count, _)| *count > 0) {
        writeln!(out, "# but {count} {what}")?;
    }
    if messages < SURE || score.lengths < 2 {
        writeln!(out, "# few messages: this may fit by chance; capture one whole pickup")?;
    }
    Ok(())
}

/// Lists the settings that the capture gives no evidence of; the table has the default.
fn untold(score: &Score) -> Vec<&'static str> {
    let mut lines = Vec::new();
    if score.tickets == 0 {
        lines.push("charset, datetime and decimal (no ticket record in it)");
    } else {
        if !score.beyond_ascii {
            lines.push("charset (every name is plain ASCII)");
        }
        if !score.priced {
            lines.push("decimal (every price is 0)");
        }
    }
    if score.issues == 0 {
        lines.push("md5_case (no issue request in it)");
    }
    lines
}

fn worse_because(best: &Score, other: &Score) -> String {
    const WHY: [&str; 5] = [
        "more bytes are left over",
        "more messages have a wrong field",
        "fewer requests have their reply",
        "dates, prices or names make less sense",
        "more header bytes vary without a reason",
    ];
    let pairs = best.rank().into_iter().zip(other.rank());
    let first = pairs.zip(WHY).find(|((best, other), _)| best != other);
    first.map_or("", |(_, why)| why).to_owned()
}

/// Writes a table for the configuration. Words of the grammar need no escapes.
fn table(wire: &Wire, out: &mut dyn Write) -> io::Result<()> {
    let list = |items: &[String]| {
        let quoted: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
        format!("[{}]", quoted.join(", "))
    };
    writeln!(out, "[sarft.wire]")?;
    writeln!(out, "header = {}", list(&wire.header))?;
    writeln!(out, "trailer = {}", list(&wire.trailer))?;
    let Wire { byte_order, charset, datetime, decimal, md5_case, .. } = wire;
    writeln!(out, "byte_order = \"{byte_order}\"\ncharset = \"{charset}\"\ndatetime = \"{datetime}\"")?;
    writeln!(out, "decimal = \"{decimal}\"\nmd5_case = \"{md5_case}\"")
}
