//! `preview` as a command, from outside.

use std::process::{Command, Output};

fn preview(out: &std::path::Path) -> Output {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/config/kiosk.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
    command.env("LC_ALL", "C.UTF-8");
    command.args(["preview", "--config", config, "--out"]).arg(out).output().unwrap()
}

#[test]
fn the_picture_needs_no_secrets_and_is_as_wide_as_the_paper() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("ticket.png");
    let output = preview(&out);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{}\n", out.display()));
    let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&out).unwrap()));
    let reader = decoder.read_info().unwrap();
    assert!(reader.info().width >= 512 && reader.info().height > 500, "{:?}", reader.info().size());
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let output = preview(std::path::Path::new("/no/such/folder/ticket.png"));
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("pickup-kiosk: /no/such/folder/ticket.png cannot be written: "), "{said}");
}

#[test]
fn both_widths_can_be_seen_without_a_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let widths = ["generic-80", "generic-58"].map(|profile| {
        let out = dir.path().join(profile);
        let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
        command.env("LC_ALL", "C.UTF-8");
        let output = command.args(["preview", "--profile", profile, "--out"]).arg(&out).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&out).unwrap()));
        decoder.read_info().unwrap().info().width
    });
    assert_eq!(widths, [576 + 64, 384 + 64]);
}
