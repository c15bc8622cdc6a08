use super::*;
use clap::CommandFactory;
use std::path::Path;

/// One command's arguments as a whole command line.
#[derive(Debug, Parser)]
struct Only<A: Args> {
    #[command(flatten)]
    args: A,
}

#[derive(Debug, Parser)]
struct OnlySarft {
    #[command(subcommand)]
    sarft: Sarft,
}

fn read<A: Args>(line: &[&str]) -> Result<A, clap::Error> {
    Only::try_parse_from(std::iter::once(&"x").chain(line)).map(|only| only.args)
}

#[test]
fn the_definitions_hold_together() {
    Cli::command().debug_assert();
    Only::<Journal>::command().debug_assert();
    Only::<Demo>::command().debug_assert();
    OnlySarft::command().debug_assert();
    assert!(VERSION.starts_with(env!("CARGO_PKG_VERSION")));
}

#[test]
fn demo_takes_pickups_in_order() {
    let demo: Demo = read(&["--pickup", "111972|WQNX8JL", "--out", "t", "--json", "--pickup", ""]).unwrap();
    assert_eq!(demo.pickups, ["111972|WQNX8JL", ""]);
    assert_eq!((demo.out.as_path(), demo.json), (Path::new("t"), true));
    let demo: Demo = read(&[]).unwrap();
    assert_eq!((demo.out.as_path(), demo.pickups.len()), (Path::new("demo-tickets"), 0));
    assert!(read::<Demo>(&["--config", "x"]).is_err());
}

#[test]
fn the_config_has_the_same_default_everywhere() {
    let default = Path::new("/etc/pickup-kiosk/kiosk.toml");
    assert_eq!(read::<Run>(&[]).unwrap().config.path, default);
    assert_eq!(read::<Check>(&["--json"]).unwrap().config.path, default);
    assert_eq!(read::<Preview>(&["--config", "k"]).unwrap().config.path, Path::new("k"));
    assert_eq!(read::<Journal>(&["list"]).unwrap().config, default);
    assert!(read::<Simulate>(&[]).is_err(), "its configuration is another one");
    assert_eq!(read::<Simulate>(&["--config", "s"]).unwrap().config, Path::new("s"));
}

#[test]
fn journal_options_stand_before_or_after_the_action() {
    for line in [
        &["list", "--json", "--business-day", "2026-11-24", "--config", "k"][..],
        &["--json", "--business-day=2026-11-24", "--config=k", "list"][..],
    ] {
        let journal: Journal = read(line).unwrap();
        assert_eq!(journal.action, JournalAction::List { unresolved: false });
        assert!(journal.json);
        assert_eq!(journal.business_day, Some(jiff::civil::date(2026, 11, 24)));
        assert_eq!(journal.config, Path::new("k"));
    }
    for day in ["2026-13-01", "20261124", "2026-11-24T00:00", "today", ""] {
        assert!(read::<Journal>(&["list", "--business-day", day]).is_err(), "{day}");
    }
    assert!(read::<Journal>(&[]).is_err());
    assert!(read::<Journal>(&["show"]).is_err());
}

#[test]
fn resolving_needs_seat_state_and_reason() {
    let line =
        ["resolve", "123456", "--ticket", "7排10座", "--as", "came-out", "--reason", "found in the tray"];
    let journal: Journal = read(&line).unwrap();
    let wanted = JournalAction::Resolve {
        id: "123456".into(),
        ticket: "7排10座".into(),
        resolution: Resolution::CameOut,
        reason: "found in the tray".into(),
    };
    assert_eq!(journal.action, wanted);
    for (word, resolution) in [
        ("print-again", Resolution::PrintAgain),
        ("handed-over", Resolution::HandedOver),
        ("void", Resolution::Void),
    ] {
        let line = ["resolve", "1", "--ticket", "a", "--as", word, "--reason", "b"];
        let JournalAction::Resolve { resolution: read, .. } = read::<Journal>(&line).unwrap().action else {
            panic!("{word}")
        };
        assert_eq!(read, resolution);
    }
    for left_out in [2, 4, 6] {
        let mut short = line.to_vec();
        short.drain(left_out..left_out + 2);
        assert!(read::<Journal>(&short).is_err(), "{short:?}");
    }
    for bad in ["", "  ", "two\nlines", &"x".repeat(201)] {
        let line = ["resolve", "1", "--ticket", "a", "--as", "void", "--reason", bad];
        assert!(read::<Journal>(&line).is_err(), "{bad}");
    }
}

#[test]
fn sarft_queries_and_decodes() {
    let query = OnlySarft::try_parse_from(["x", "query", "111972", "--config", "k"]).unwrap().sarft;
    let wanted = Sarft::Query { code: "111972".into(), config: ConfigFile { path: "k".into() } };
    assert_eq!(query, wanted);
    let decode = OnlySarft::try_parse_from(["x", "decode", "--try-layouts", "capture.pcap"]).unwrap().sarft;
    assert!(matches!(decode, Sarft::Decode { try_layouts: true, .. }));
    assert!(OnlySarft::try_parse_from(["x", "decode"]).is_err());
}
