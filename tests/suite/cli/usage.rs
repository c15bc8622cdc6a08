//! The command line from outside: help, versions, wrong usage, exit statuses.

use std::fs::File;
use std::process::{Command, Output, Stdio};

fn kiosk(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
    command.env("LC_ALL", "C.UTF-8");
    command.args(arguments).env_remove("RUST_LOG").env_remove("CREDENTIALS_DIRECTORY");
    command
}

fn run(arguments: &[&str]) -> Output {
    kiosk(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    text
}

#[test]
fn version_names_version_and_commit() {
    let output = run(&["--version"]);
    assert_eq!(output.status.code(), Some(0));
    let version = text(&output.stdout);
    let rest = version.strip_prefix(&format!("pickup-kiosk {} (", env!("CARGO_PKG_VERSION"))).unwrap();
    let commit = rest.strip_suffix(")\n").unwrap();
    assert!(commit == "unknown" || commit.bytes().all(|b| b.is_ascii_hexdigit()), "{commit}");
}

/// Every command, its subcommands too, taken from the help itself.
fn all_commands(prefix: &[String], found: &mut Vec<Vec<String>>) {
    let mut line: Vec<&str> = prefix.iter().map(String::as_str).collect();
    line.push("--help");
    let output = run(&line);
    assert_eq!(output.status.code(), Some(0), "{line:?}");
    assert!(output.stderr.is_empty(), "{line:?}");
    let help = text(&output.stdout);
    assert!(help.contains("Usage: "), "{help}");
    found.push(prefix.to_vec());
    let commands = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest);
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let mut inner = prefix.to_vec();
        inner.push(line.split_whitespace().next().unwrap().to_owned());
        all_commands(&inner, found);
    }
}

#[test]
fn every_command_has_help() {
    let mut found = Vec::new();
    all_commands(&[], &mut found);
    assert!(found.contains(&vec!["check".to_owned()]), "{found:?}");
}

#[test]
fn wrong_usage_exits_2_and_writes_to_stderr_alone() {
    for line in [
        &[][..],
        &["nonsense"],
        &["--nonsense"],
        &["check", "--nonsense"],
        &["check", "extra"],
        &["check", "--config"],
        &["help"],
    ] {
        let output = run(line);
        assert_eq!(output.status.code(), Some(2), "{line:?}");
        assert!(output.stdout.is_empty(), "{line:?}");
        assert!(!text(&output.stderr).is_empty(), "{line:?}");
    }
}

#[test]
fn a_wrong_configuration_exits_2_and_names_the_file() {
    let output = run(&["check", "--config", "/no/such/kiosk.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.starts_with("pickup-kiosk: /no/such/kiosk.toml: no such file; "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn closed_and_full_outputs_are_no_panic() {
    let check = ["check", "--json", "--config", "/no/such/kiosk.toml"];
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = kiosk(&check).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = kiosk(&check).stdout(full.try_clone().unwrap()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("pickup-kiosk: standard output: "));
    let status = kiosk(&check).stdout(full.try_clone().unwrap()).stderr(full.try_clone().unwrap()).status();
    assert_eq!(status.unwrap().code(), Some(1));
    for line in [&["--help"][..], &["--version"], &["nonsense"]] {
        let (stdout, stderr) = (full.try_clone().unwrap(), full.try_clone().unwrap());
        let code = kiosk(line).stdout(stdout).stderr(stderr).status().unwrap().code();
        assert!(matches!(code, Some(0 | 2)), "{line:?}: {code:?}");
    }
}
