//! `check` against a simulated cinema, from outside.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// Process of `simulate`, ended with the test.
struct Cinema {
    process: Child,
    addresses: BTreeMap<String, String>,
}

impl Cinema {
    fn start(dir: &Path) -> Self {
        let config = dir.join("simulate.toml");
        let text = "[sarft]\nlisten = \"127.0.0.1:0\"\npassword = \"right\"\n[vista]\nlisten = \"127.0.0.1:0\"\ntoken = \"right\"\n";
        fs::write(&config, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
        command.env("LC_ALL", "C.UTF-8");
        let mut process =
            command.args(["simulate", "--config"]).arg(config).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let addresses = lines.take(2).map(|line| {
            let line = line.unwrap();
            let (name, address) = line.split_once(' ').unwrap();
            (name.to_owned(), address.to_owned())
        });
        Self { addresses: addresses.collect(), process }
    }
}

impl Drop for Cinema {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn secret(dir: &Path, name: &str, text: &str) {
    fs::write(dir.join(name), text).unwrap();
    fs::set_permissions(dir.join(name), Permissions::from_mode(0o600)).unwrap();
}

fn check(dir: &Path) -> (Output, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
    command.env("LC_ALL", "C.UTF-8");
    let output = command.args(["check", "--config"]).arg(dir.join("kiosk.toml")).output().unwrap();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    (output, text)
}

#[test]
fn everything_is_tried_for_real() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let cinema = Cinema::start(dir);
    let config = format!(
        "[kiosk]\nid = \"k\"\nstate_dir = \"state\"\n[cinema]\nid = \"0200\"\nname = \"C\"\n[sarft]\n\
         address = \"{}\"\nusername = \"kiosk\"\npassword_file = \"p\"\nrepeated_issue = \"refused\"\nflags_at = \"report\"\n\
         claim_lapses_s = 60\n[cloud]\n\
         url = \"http://{}\"\nallow_plain_http = true\ntoken_file = \"t\"\nclient_class = \"RSP\"\n\
         client_id = \"1\"\nclient_name = \"3\"\n[printer]\nconnection = \"image:out\"\n[[scanner]]\n\
         connection = \"stdin:\"\n",
        cinema.addresses["sarft"], cinema.addresses["vista"]
    );
    fs::write(dir.join("kiosk.toml"), config).unwrap();
    secret(dir, "p", "right\n");
    secret(dir, "t", "right\n");
    let (output, text) = check(dir);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for part in [
        "config",
        "journal",
        "printer",
        "scanner 0",
        "site",
        "second issue",
        "print flag",
        "claim",
        "cloud",
        "clock",
        "disk",
    ] {
        assert!(text.lines().any(|line| line.starts_with(&format!("ok     {part:<12} "))), "{part}: {text}");
    }
    secret(dir, "p", "wrong\n");
    secret(dir, "t", "wrong\n");
    let (output, text) = check(dir);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("\nWRONG  site         the on-site service refused the sign-in"), "{text}");
    assert!(text.contains("\nWRONG  cloud        "), "{text}");
    assert!(
        !text.contains("wrong\n") && !String::from_utf8_lossy(&output.stderr).contains("wrong"),
        "{text}"
    );
}

#[test]
fn what_a_running_kiosk_has_is_left_alone() {
    use pickup_kiosk::config;
    use pickup_kiosk::journal::store::{Journal, OpenSettings};
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let text = "[kiosk]\nid = \"k\"\nstate_dir = \"state\"\n[cinema]\nid = \"0200\"\nname = \"C\"\n[sarft]\n\
                address = \"127.0.0.1:1\"\nusername = \"kiosk\"\npassword_file = \"p\"\nrepeated_issue = \"accepted\"\n\
                [printer]\nconnection = \"usb:/dev/no-such-printer\"\n[[scanner]]\nconnection = \"stdin:\"\n";
    fs::write(dir.join("kiosk.toml"), text).unwrap();
    secret(dir, "p", "right\n");
    let loaded = config::load(&dir.join("kiosk.toml")).unwrap();
    let settings = OpenSettings::new(&loaded.settings, "pickup-kiosk run").unwrap();
    let _journal = Journal::open(&loaded.settings.kiosk.state_dir, settings).unwrap();
    let (output, text) = check(dir);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("\nok     journal      in use by pickup-kiosk run, process "), "{text}");
    assert!(text.contains("\nok     printer      not tried: another command has the journal\n"), "{text}");
    assert!(text.contains("\nok     site         not tried: another command has the journal\n"), "{text}");
    assert!(text.contains("\nnote   second issue the site accepts it: "), "{text}");
    assert!(
        text.contains("\nnote   print flag   nobody has tried when the site sets it; a ticket "),
        "{text}"
    );
    assert!(text.contains("\nnote   claim        nobody has tried whether an issue "), "{text}");
}
