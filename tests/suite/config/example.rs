//! config/kiosk.toml is the example people start from: it must be right, whole, and stay so.

use pickup_kiosk::config;
use std::fs;
use std::path::Path;

/// The head of a PNG of 2 × 2 pixels.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x02";
const EXAMPLE: &str = include_str!("../../../config/kiosk.toml");

/// Returns the text of a setting left out: a line that begins with `#` directly followed by a key or a table.
fn left_out(line: &str) -> Option<&str> {
    line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '['))
}

fn all_uncommented() -> String {
    let lines: Vec<&str> = EXAMPLE.lines().map(|line| left_out(line).unwrap_or(line)).collect();
    lines.join("\n")
}

fn load(text: &str) -> Result<config::Loaded, config::ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kiosk.toml");
    fs::write(&path, text).unwrap();
    fs::write(dir.path().join("chain.toml"), "").unwrap();
    fs::write(dir.path().join("ticket.toml"), include_str!("../../../config/layouts/80mm.toml")).unwrap();
    fs::write(dir.path().join("lobby.png"), PICTURE).unwrap();
    config::load(&path)
}

#[test]
fn it_is_read_as_it_stands() {
    let loaded = config::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/kiosk.toml")).unwrap();
    assert_eq!(loaded.settings.kiosk.id, "lobby-1");
    assert_eq!(loaded.settings.kiosk.state_dir, Path::new("/var/lib/pickup-kiosk"));
}

#[test]
fn every_key_left_out_is_a_valid_one() {
    assert!(EXAMPLE.lines().filter_map(left_out).count() > 25);
    let loaded = load(&all_uncommented()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.settings.pickup.late_minutes, Some(120));
    assert_eq!(loaded.settings.codes.formats.len(), 1);
    let idle = loaded.checked.idle;
    assert!(idle.hours.is_some() && idle.picture.is_some());
    assert_eq!(idle.notes.len(), 1);
}

#[test]
fn the_defaults_it_shows_are_the_defaults() {
    let (shown, left_out) = (load(&all_uncommented()).unwrap(), load(EXAMPLE).unwrap());
    let (shown, defaults) = (shown.settings, left_out.settings);
    assert_eq!(shown.sarft, defaults.sarft);
    assert_eq!(shown.rate_limit, defaults.rate_limit);
    assert_eq!(shown.journal, defaults.journal);
    assert_eq!(shown.codes.url_number, defaults.codes.url_number);
    assert_eq!(shown.codes.url_id, defaults.codes.url_id);
    assert_eq!(shown.pickup.resume_minutes, defaults.pickup.resume_minutes);
    assert_eq!(shown.pickup.business_day_start, defaults.pickup.business_day_start);
    let (shown, defaults) = (shown.cloud.unwrap(), defaults.cloud.unwrap());
    assert_eq!(shown.paths, defaults.paths);
    assert_eq!(shown.allow_plain_http, defaults.allow_plain_http);
    assert_eq!(shown.test, defaults.test);
}

/// Asks every table for its keys, by a key that none has, and looks each of them up in the example.
#[test]
fn no_key_is_missing_from_it() {
    let whole = all_uncommented();
    let tables: Vec<&str> = whole.lines().filter(|line| line.starts_with('[')).collect();
    let places = std::iter::once(None).chain(tables.into_iter().map(Some));
    let mut keys = 0;
    for table in places {
        let text = match table {
            Some(header) => whole.replacen(&format!("\n{header}"), &format!("\n{header}\nzzz = 1"), 1),
            None => format!("zzz = 1\n{whole}"),
        };
        let error = load(&text).unwrap_err();
        let known = error.right.en.strip_prefix("known here: ").unwrap_or_else(|| panic!("{error}"));
        let own = match table {
            Some(header) => whole.split_once(&format!("\n{header}")).unwrap().1.split("\n[").next().unwrap(),
            None => "",
        };
        let name = table.map_or("", |header| header.split(']').next().unwrap().trim_start_matches('['));
        for key in known.split(", ") {
            let dotted = if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
            let as_table =
                whole.contains(&format!("\n[{dotted}]")) || whole.contains(&format!("\n[[{dotted}]]"));
            let as_key = own.lines().any(|line| line.starts_with(&format!("{key} = ")));
            assert!(as_table || as_key, "{dotted} is not in config/kiosk.toml");
            keys += 1;
        }
    }
    assert!(keys > 50, "{keys}");
}
