//! Configuration files as they stand on a machine, the right ones and the wrong ones.

use pickup_kiosk::config::{self, ConfigError, Loaded};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;

const MINIMAL: &str = "\
[kiosk]
id = \"lobby-1\"
[cinema]
id = \"0200\"
name = \"CHTEST01\"
[sarft]
address = \"192.168.1.10:9500\"
username = \"kiosk\"
password_file = \"sarft-password\"
[printer]
connection = \"usb:/dev/usb/lp0\"
[[scanner]]
connection = \"serial:/dev/ttyACM0?baud=9600\"
";

/// Configuration with a customer screen, to which keys can be added.
const SCREEN: &str = concat!(
    "[kiosk]\nid = \"lobby-1\"\n[cinema]\nid = \"0200\"\nname = \"CHTEST01\"\n[sarft]\naddress = \"192.168.1.10:9500\"\n",
    "username = \"kiosk\"\npassword_file = \"sarft-password\"\n[printer]\nconnection = \"usb:/dev/usb/lp0\"\n[[scanner]]\n",
    "connection = \"serial:/dev/ttyACM0?baud=9600\"\n[screen]\nlisten = \"127.0.0.1:0\"\n",
);

struct Site {
    dir: TempDir,
}

impl Site {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn secret(&self, name: &str, content: &str, mode: u32) {
        let path = self.write(name, content);
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// Loads this as kiosk.toml, its state in a directory of the test's own.
    fn load(&self, text: &str) -> Result<Loaded, ConfigError> {
        let text = if text.contains("state_dir") {
            text.to_owned()
        } else {
            text.replacen("[kiosk]", "[kiosk]\nstate_dir = \"state\"", 1)
        };
        config::load(&self.write("kiosk.toml", &text))
    }

    /// Returns the message without the directory's name.
    fn message(&self, result: Result<Loaded, ConfigError>) -> String {
        let error = result.map(|_| ()).unwrap_err();
        let message = error.to_string();
        assert!(!message.contains('\n'), "one line: {message}");
        in_both_languages(&error);
        message.replace(&format!("{}/", self.dir.path().display()), "")
    }
}

/// Checks that what was found and what would be right is said in Chinese, too, and in English without Chinese; values
/// aside, which stand in quotes.
#[track_caller]
fn in_both_languages(error: &ConfigError) {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for text in [&error.found, &error.right] {
        let unquoted: String = text.en.split('"').step_by(2).collect();
        assert!(text.zh.chars().any(han) && !unquoted.chars().any(han), "{error}: {text:?}");
        assert!(!text.zh.contains('\n'), "one line: {}", text.zh);
    }
}

/// Returns `MINIMAL` with one line replaced by others.
fn with(line: &str, instead: &str) -> String {
    assert!(MINIMAL.contains(line), "{line}");
    MINIMAL.replacen(line, instead, 1)
}

#[test]
fn what_has_a_sensible_default_may_be_left_out() {
    let site = Site::new();
    let loaded = site.load(MINIMAL).unwrap();
    assert_eq!(loaded.settings.sarft.timeout_ms, 5_000);
    assert_eq!(loaded.settings.pickup.resume_minutes, 30);
    assert!(loaded.settings.cloud.is_none());
    assert_eq!(loaded.settings.kiosk.state_dir, site.dir.path().join("state"));
    assert_eq!(loaded.checked.timezone.iana_name(), Some("Asia/Shanghai"));
    assert_eq!(loaded.checked.business_day_start.hour(), 6);
    assert_eq!(loaded.checked.scanners.len(), 1);
}

#[test]
fn included_files_lie_under_and_override_lies_over() {
    let site = Site::new();
    site.write(
        "chain/a.toml",
        "include = [\"b.toml\"]\n[sarft]\ntimeout_ms = 1000\n[cinema]\ntimezone = \"UTC\"\n",
    );
    site.write(
        "chain/b.toml",
        "[sarft]\ntimeout_ms = 2000\nrepeated_issue = \"refused\"\n[pickup]\nlate_minutes = 5\n",
    );
    site.write("chain/c.toml", "[pickup]\nlate_minutes = 7\n[[scanner]]\nconnection = \"stdin:\"\n");
    site.write("state/override.toml", "[pickup]\nlate_minutes = 9\n");
    let text = format!("include = [\"chain/a.toml\", \"chain/c.toml\"]\n{MINIMAL}");
    let loaded = site.load(&text).unwrap();
    let settings = &loaded.settings;
    assert_eq!(settings.sarft.timeout_ms, 1_000);
    assert_eq!(settings.sarft.repeated_issue, config::settings::RepeatedIssue::Refused);
    assert_eq!(settings.cinema.timezone, "UTC");
    assert_eq!(settings.pickup.late_minutes, Some(9));
    assert_eq!(settings.scanners.len(), 1, "arrays of tables are replaced, not joined");
    assert_eq!(settings.scanners[0].connection, "serial:/dev/ttyACM0?baud=9600");
}

#[test]
fn a_fault_is_told_where_it_stands_even_after_merging() {
    let site = Site::new();
    let including = format!("include = [\"chain.toml\"]\n{MINIMAL}");
    site.write("chain.toml", "\n[sarft]\ntimeout_ms = 50\n");
    let message = site.message(site.load(&including));
    assert_eq!(message, "chain.toml:3: sarft.timeout_ms: found 50; must be from 100 to 60000 (milliseconds)");
    site.write("chain.toml", "\n[sarft]\nport = 5\n");
    assert!(site.message(site.load(&including)).starts_with("chain.toml:3: sarft.port: unknown key; "));
    site.write("chain.toml", "");
    site.write("state/override.toml", "[cinema]\nname = 5\n");
    let message = site.message(site.load(&including));
    assert_eq!(message, "state/override.toml:2: cinema.name: found 5; must be a string in quotes");
    site.write("state/override.toml", "[kiosk]\nstate_dir = \"/elsewhere\"\n");
    assert!(site.message(site.load(&including)).starts_with("state/override.toml:2: kiosk.state_dir: "));
    // A missing key is missing from the main file, not from the one that lies over it.
    site.write("state/override.toml", "[sarft]\ntimeout_ms = 500\n");
    let message = site.message(site.load(&with("username = \"kiosk\"\n", "")));
    assert_eq!(message, "kiosk.toml:7: sarft.username: missing; it is required: add it to [sarft]");
}

#[test]
fn files_that_are_missing_or_unfit_are_named() {
    let site = Site::new();
    let missing = site.dir.path().join("none.toml");
    let message = config::load(&missing).unwrap_err().to_string();
    assert_eq!(message, format!("{}: no such file; name the right one, or create it", missing.display()));
    let message = site.message(site.load(&format!("include = [\"gone.toml\"]\n{MINIMAL}")));
    assert!(message.starts_with("gone.toml: no such file; "), "{message}");
    let message = site.message(site.load("include = [\"kiosk.toml\"]\n"));
    assert!(message.contains("circle"), "{message}");
    let message = site.message(site.load("include = \"chain.toml\"\n"));
    assert!(
        message.starts_with("kiosk.toml:1: include: found \"chain.toml\"; must be an array"),
        "{message}"
    );
    let message = site.message(site.load(&format!("# {}\n{MINIMAL}", "x".repeat(10_000_000))));
    assert!(message.starts_with("kiosk.toml: the file is too long; "), "{message}");
    let message = site.message(config::load(site.dir.path()));
    assert!(message.contains("not a regular file"), "{message}");
    fs::write(site.dir.path().join("bytes.toml"), b"a = 1\nb = \"\xff\"\n").unwrap();
    let message = site.message(config::load(&site.dir.path().join("bytes.toml")));
    assert!(message.starts_with("bytes.toml:2: a byte that is not UTF-8; "), "{message}");
    let message = site.message(site.load("[kiosk\n"));
    assert!(message.starts_with("kiosk.toml:1: this is not TOML: "), "{message}");
    let message = site.message(site.load("id = \"a\u{0}b\"\n"));
    assert!(message.starts_with("kiosk.toml:1: this is not TOML: "), "{message}");
}

#[test]
fn each_wrong_value_gets_a_message_of_its_own() {
    let site = Site::new();
    let cloud = |lines: &str| {
        format!(
            "{MINIMAL}[cloud]\ntoken_file = \"t\"\nclient_class = \"RSP\"\nclient_id = \"1\"\nclient_name = \"3\"\n{lines}"
        )
    };
    let cases = [
        (
            with("username = \"kiosk\"", "user_name = \"kiosk\""),
            "kiosk.toml:9: sarft.user_name: unknown key; did you mean username? ",
        ),
        (format!("{MINIMAL}[scene]\nlisten = \"\"\n"), "kiosk.toml:15: scene: unknown key; "),
        (
            with("id = \"lobby-1\"", "id = \"lobby 1\""),
            "kiosk.toml:3: kiosk.id: found \"lobby 1\"; must be 1 to 32 letters",
        ),
        (with("id = \"0200\"", "id = 200"), "kiosk.toml:5: cinema.id: found 200; must be a string in quotes"),
        (
            with("id = \"0200\"", "id = \"0200\"\ntimezone = \"Asia/Pekin\""),
            "kiosk.toml:6: cinema.timezone: found \"Asia/Pekin\"; must be a time zone",
        ),
        (
            with("id = \"0200\"", "id = \"0200\"\nnational_code = \"1721210\""),
            "kiosk.toml:6: cinema.national_code: found \"1721210\"; must be 8 digits",
        ),
        (
            with("[cinema]", "languages = []\n[cinema]"),
            "kiosk.toml:4: kiosk.languages: found an array; must name at least one",
        ),
        (
            with("[cinema]", "languages = [\"en\", \"en\"]\n[cinema]"),
            "kiosk.toml:4: kiosk.languages: found an array; must name at least one",
        ),
        (
            with("[cinema]", "languages = [\"zh\"]\n[cinema]"),
            "kiosk.toml:4: kiosk.languages[0]: found \"zh\"; did you mean \"zh-CN\"? must be one of \"zh-CN\", \"en\"",
        ),
        (
            with("192.168.1.10:9500", "192.168.1.10"),
            "kiosk.toml:8: sarft.address: found \"192.168.1.10\"; must be HOST:PORT",
        ),
        (with("192.168.1.10:9500", "a:0"), "kiosk.toml:8: sarft.address: found \"a:0\"; must be HOST:PORT"),
        (with("\"kiosk\"", &format!("\"{}\"", "k".repeat(33))), "kiosk.toml:9: sarft.username: found \"kkk"),
        (
            with("[printer]", "timeout_ms = \"5 s\"\n[printer]"),
            "kiosk.toml:11: sarft.timeout_ms: found \"5 s\"; must be a whole number",
        ),
        (
            with("[printer]", "timeout_ms = 60001\n[printer]"),
            "kiosk.toml:11: sarft.timeout_ms: found 60001; must be from 100 to 60000 (milliseconds)",
        ),
        (
            with("[printer]", "timeout_ms = -1\n[printer]"),
            "kiosk.toml:11: sarft.timeout_ms: found -1; must be from 100 to 60000 (milliseconds)",
        ),
        (
            with("[printer]", "repeated_issue = \"no\"\n[printer]"),
            "kiosk.toml:11: sarft.repeated_issue: found \"no\"; must be one of \"accepted\", ",
        ),
        (
            with("\"serial:/dev/ttyACM0?baud=9600\"", "\"serial:/dev/ttyACM0?baud=1\""),
            "kiosk.toml:14: scanner[0].connection: found \"serial:/dev/ttyACM0?baud=1\"; baud must be",
        ),
        (
            with("[[scanner]]\nconnection = \"serial:/dev/ttyACM0?baud=9600\"\n", ""),
            "kiosk.toml:1: scanner: no input; at least one is required: [[scanner]]",
        ),
        (
            format!("{MINIMAL}[screen]\nlisten = \"0.0.0.0:8080\"\n"),
            "kiosk.toml:16: screen.listen: found \"0.0.0.0:8080\"; must be an address that only this machine reaches",
        ),
        (
            format!("{MINIMAL}[screen]\nlisten = \"localhost\"\n"),
            "kiosk.toml:16: screen.listen: found \"localhost\"; must be an address that only this machine reaches",
        ),
        (
            format!("{SCREEN}hours = \"9-17\"\n"),
            "kiosk.toml:17: screen.hours: found \"9-17\"; must be HH:MM-HH:MM",
        ),
        (
            format!("{SCREEN}picture = \"none.png\"\n"),
            "kiosk.toml:17: screen.picture: found \"none.png\"; must name a file; there is no ",
        ),
        (
            format!("{SCREEN}picture = \"kiosk.toml\"\n"),
            "kiosk.toml:17: screen.picture: found \"kiosk.toml\"; must be a PNG, JPEG or WebP file",
        ),
        (
            format!("{SCREEN}picture = \"/dev/zero\"\n"),
            "kiosk.toml:17: screen.picture: found \"/dev/zero\"; must be a file that can be read; ",
        ),
        (
            format!("{SCREEN}[[screen.note]]\nzh-CN = \"开发票：请到柜台。\"\nen = \"\"\n"),
            "kiosk.toml:19: screen.note[0].en: found \"\"; must be one line of 1 to 56 characters",
        ),
        (
            format!("{SCREEN}[[screen.note]]\nzh-CN = \"{}\"\nen = \"x\"\n", "票".repeat(25)),
            "kiosk.toml:18: screen.note[0].zh-CN: found \"票",
        ),
        (
            format!("{SCREEN}{}", "[[screen.note]]\nzh-CN = \"票\"\nen = \"x\"\n".repeat(5)),
            "kiosk.toml:17: screen.note: found an array; at most 4 lines",
        ),
        (
            format!("{MINIMAL}[monitor]\nlisten = \":9469\"\n"),
            "kiosk.toml:16: monitor.listen: found \":9469\"; must be an address of this machine and a port",
        ),
        (
            format!("{MINIMAL}[screen]\nlisten = \"127.0.0.1:80\"\n[monitor]\nlisten = \"127.0.0.1:80\"\n"),
            "kiosk.toml:18: monitor.listen: found \"127.0.0.1:80\"; must differ from [screen] listen",
        ),
        (
            format!("{MINIMAL}[[scanner]]\nconnection = \"serial:/dev/ttyACM0\"\n"),
            "kiosk.toml:16: scanner[1].connection: found \"serial:/dev/ttyACM0\"; must differ",
        ),
        (
            format!("{MINIMAL}[pickup]\nbusiness_day_start = \"6:00\"\n"),
            "kiosk.toml:16: pickup.business_day_start: found \"6:00\"; must be HH:MM",
        ),
        (
            format!("{MINIMAL}[pickup]\nbusiness_day_start = \"24:00\"\n"),
            "kiosk.toml:16: pickup.business_day_start: found \"24:00\"; must be HH:MM",
        ),
        (
            format!("{MINIMAL}[[codes.format]]\npattern = \"(\"\n"),
            "kiosk.toml:16: codes.format[0].pattern: found \"(\"; is no regular expression",
        ),
        (
            format!("{MINIMAL}[codes]\nurl_number = \"id\"\n"),
            "kiosk.toml:16: codes.url_number: found \"id\"; url_number and url_id must be",
        ),
        (
            format!("{MINIMAL}[cloud]\n"),
            "kiosk.toml:15: cloud.url: missing; it is required: add it to [cloud]",
        ),
        (
            cloud("url = \"http://c.cn\"\n"),
            "kiosk.toml:20: cloud.url: found \"http://c.cn\"; must begin with https://",
        ),
        (
            cloud("url = \"ftp://c.cn\"\n"),
            "kiosk.toml:20: cloud.url: found \"ftp://c.cn\"; must be scheme and host",
        ),
        (cloud("url = \"c.cn\"\n"), "kiosk.toml:20: cloud.url: found \"c.cn\"; must be scheme and host"),
        (
            cloud("url = \"https://c.cn/api\"\n"),
            "kiosk.toml:20: cloud.url: found \"https://c.cn/api\"; must be",
        ),
        (cloud("url = \"https://u:p@c.cn\"\n"), "kiosk.toml:20: cloud.url: "),
        (cloud("url = \"https://c.cn:x\"\n"), "kiosk.toml:20: cloud.url: "),
        (cloud("url = \"https://c.cn:99999\"\n"), "kiosk.toml:20: cloud.url: "),
        (cloud("url = \"https://\"\n"), "kiosk.toml:20: cloud.url: "),
        (
            cloud("url = \"https://c.cn\"\n[cloud.paths]\nbooking = \"x\"\n"),
            "kiosk.toml:22: cloud.paths.booking: found \"x\"; must be a path",
        ),
        (
            cloud("url = \"https://c.cn\"\ntoken = \"hunter2\"\n"),
            "kiosk.toml:21: cloud.token: unknown key; did you mean token_file? ",
        ),
        (
            with("[printer]", "[sarft.wire]\nbyte_order = \"middle\"\n[printer]"),
            "kiosk.toml:12: sarft.wire.byte_order: ",
        ),
        (
            with("[printer]", "[sarft.wire]\n\nheader = [\"command:u8\"]\n[printer]"),
            "kiosk.toml:13: sarft.wire.header: ",
        ),
        (
            with("[[scanner]]", "profile = \"epson\"\n[[scanner]]"),
            "kiosk.toml:13: printer.profile: found \"epson\"; must be a file printers/epson.toml, or one built in: epson-tm-t88, ",
        ),
        (
            with("[[scanner]]", "profile = \"../x\"\n[[scanner]]"),
            "kiosk.toml:13: printer.profile: found \"../x\"; must be a profile's name",
        ),
        (
            format!("{MINIMAL}[ticket]\nlayout = \"gone.toml\"\n"),
            "kiosk.toml:16: ticket.layout: found \"gone.toml\"; must name a file; there is no gone.toml",
        ),
        (
            with("usb:/dev/usb/lp0", "usb"),
            "kiosk.toml:12: printer.connection: found \"usb\"; `usb` is no printer connection; write tcp:HOST:PORT, ",
        ),
        (
            with("usb:/dev/usb/lp0", "serial:/dev/ttyS1?baud=1"),
            "kiosk.toml:12: printer.connection: found \"serial:/dev/ttyS1?baud=1\"; baud is `1`; write ",
        ),
    ];
    for (text, wanted) in cases {
        let message = site.message(site.load(&text));
        assert!(message.starts_with(wanted), "got:    {message}\nwanted: {wanted}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    for right in [
        "url = \"https://c.cn:8443/\"\n",
        "url = \"http://127.0.0.1:80\"\nallow_plain_http = true\n",
        "url = \"https://[::1]:1\"\n",
    ] {
        site.load(&cloud(right)).unwrap_or_else(|error| panic!("{error}"));
    }
    for right in ["[::1]:9500", "sarft.cinema.local:1"] {
        site.load(&with("192.168.1.10:9500", right)).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn secrets_are_read_only_when_asked_for_and_only_from_fit_files() {
    let site = Site::new();
    let loaded = site.load(MINIMAL).unwrap();
    let message = |loaded: &Loaded| {
        let error = loaded.secrets(None).unwrap_err();
        in_both_languages(&error);
        error.to_string().replace(&format!("{}/", site.dir.path().display()), "")
    };
    let missing =
        "kiosk.toml:10: sarft.password_file: no such file; looked for sarft-password; put the secret";
    assert!(message(&loaded).starts_with(missing), "{}", message(&loaded));
    site.secret("sarft-password", "hunter2\n", 0o644);
    assert_eq!(
        message(&loaded),
        "kiosk.toml:10: sarft.password_file: sarft-password is open to others (mode 0644); \
         nobody else may read it: chmod 600 sarft-password"
    );
    site.secret("sarft-password", &"x".repeat(33), 0o600);
    assert!(message(&loaded).contains("longer than 32 bytes"));
    site.secret("sarft-password", "hunter2\n", 0o600);
    let secrets = loaded.secrets(None).unwrap();
    assert_eq!(secrets.sarft_password.expose(), "hunter2");
    assert!(secrets.cloud_token.is_none() && secrets.order_token.is_none());
    assert!(!format!("{secrets:?}").contains("hunter2"));
    site.secret("credentials/sarft-password", "hunter3\n", 0o400);
    let secrets = loaded.secrets(Some(&site.dir.path().join("credentials"))).unwrap();
    assert_eq!(secrets.sarft_password.expose(), "hunter3");
    fs::remove_file(site.dir.path().join("sarft-password")).unwrap();
    fs::create_dir(site.dir.path().join("sarft-password")).unwrap();
    let unreadable = message(&loaded);
    assert!(unreadable.contains("sarft-password cannot be read: it is not a regular file"), "{unreadable}");
}

#[test]
fn a_profile_and_a_layout_of_ones_own_come_from_beside_the_config() {
    let site = Site::new();
    let text = with("[[scanner]]", "profile = \"own\"\n[ticket]\nlayout = \"ticket.toml\"\n[[scanner]]");
    let (profile, narrow) = (
        include_str!("../../../config/printers/generic-80.toml"),
        include_str!("../../../config/printers/generic-58.toml"),
    );
    let layout = include_str!("../../../config/layouts/80mm.toml");
    site.write("printers/own.toml", profile);
    site.write("ticket.toml", layout);
    let loaded = site.load(&text).unwrap();
    assert_eq!(
        Some(&loaded.checked.profile),
        pickup_kiosk::receipt::profile::Profile::built_in("generic-80").as_ref()
    );
    // A file wins over what is built in under the same name.
    let same_name = with("[[scanner]]", "profile = \"epson-tm-t88\"\n[[scanner]]");
    site.write("printers/epson-tm-t88.toml", narrow);
    assert_eq!(site.load(&same_name).unwrap().checked.profile.width_dots, 384);
    site.write("printers/own.toml", narrow);
    let message = site.message(site.load(&text));
    assert!(message.starts_with("ticket.toml: ticket layout \"80 mm\" needs "), "{message}");
    site.write("printers/own.toml", &format!("\ncolour = true\n{profile}"));
    let message = site.message(site.load(&text));
    assert!(message.starts_with("printers/own.toml:2: colour: unknown key; "), "{message}");
    site.write("printers/own.toml", &profile.replace("width_dots = 576", "width_dots = 577"));
    let message = site.message(site.load(&text));
    assert!(message.contains("width_dots: found 577; it must be 192 to 1280"), "{message}");
    assert!(message.starts_with("printers/own.toml:"), "{message}");
    site.write("printers/own.toml", profile);
    site.write("ticket.toml", &format!("{layout}\n[[item"));
    let message = site.message(site.load(&text));
    assert!(message.contains("ticket.toml:") && message.contains("this is not TOML"), "{message}");
    site.write("ticket.toml", &layout.replacen("name = ", "nome = ", 1));
    let message = site.message(site.load(&text));
    assert!(message.starts_with("ticket.toml: ticket layout: "), "{message}");
}

#[test]
fn paper_and_line_that_can_not_work_with_this_printer_are_refused_by_name() {
    let site = Site::new();
    let printer = |connection: &str, profile: &str, tables: &str| {
        let line = format!("connection = \"{connection}\"\nprofile = \"{profile}\"");
        format!("{}\n{tables}", with("connection = \"usb:/dev/usb/lp0\"", &line))
    };
    let usb = "usb:/dev/usb/lp0";
    for (text, words) in [
        (
            printer(usb, "epson-tm-t88", "[paper]\nkind = \"black-mark\"\npitch_mm = 160\n"),
            vec!["paper.kind", "[mark]", "continuous"],
        ),
        (
            printer(usb, "custom-vkp80", "[paper]\nkind = \"notch\"\n"),
            vec!["paper.pitch_mm", "from one mark"],
        ),
        (
            printer(usb, "custom-vkp80", "[paper]\nkind = \"notch\"\npitch_mm = 100\n"),
            vec!["paper.pitch_mm", "must be at least", "100 mm"],
        ),
        (
            printer("serial:/dev/ttyS1?baud=9600", "custom-vkp80", ""),
            vec!["printer.connection", "flow=rtscts", "overrun"],
        ),
        (printer("serial:/dev/ttyS1?bits=7", "epson-tm-t88", ""), vec!["bits", "8 data bits"]),
        (
            printer(usb, "epson-tm-t88", "[presenter]\nforgotten = \"keep\"\n"),
            vec!["presenter.forgotten", "retract"],
        ),
        (
            printer(usb, "epson-tm-t88", "[paper]\nnear_end_metres = 0\n"),
            vec!["paper.near_end_metres", "1 to 50"],
        ),
    ] {
        let message = site.message(site.load(&text));
        assert!(words.iter().all(|word| message.contains(word)), "{words:?} in {message}");
    }
    let marked =
        printer(usb, "custom-vkp80", "[paper]\nkind = \"notch\"\npitch_mm = 250\nnear_end_metres = 3\n");
    let stock = site.load(&marked).unwrap().checked.stock;
    assert_eq!((stock.pitch_mm, stock.near_end_mm), (Some(250), Some(3_000)));
    assert!(site.load(&printer("serial:/dev/ttyS1?baud=9600&flow=xonxoff", "custom-vkp80", "")).is_ok());
    // A logo of one's own, read beside the layout.
    let layout = include_str!("../../../config/layouts/80mm.toml").to_owned();
    let logo = "\n[[item]]\nkind = \"logo\"\nfile = \"logo.png\"\nwidth_dots = 100\n";
    site.write("ticket.toml", &(layout + logo));
    let own = printer(usb, "generic-80", "[ticket]\nlayout = \"ticket.toml\"\nservice_fee = \"charged\"\n");
    assert!(site.message(site.load(&own)).contains("logo.png"));
    site.write("logo.png", "no picture");
    assert!(site.message(site.load(&own)).contains("no PNG"));
}
