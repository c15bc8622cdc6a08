use super::*;
use crate::locale::{Text, assert_both};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

fn output(path: &Path, json: bool) -> (ExitStatus, String) {
    let mut out = Vec::new();
    let status = check(path, None, (json, Language::English), &mut out).unwrap();
    (status, String::from_utf8(out).unwrap())
}

#[test]
fn each_part_is_told_and_one_that_fails_fails_the_check() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kiosk.toml");
    let config = |scanner: &str| {
        format!(
            "[kiosk]\nid = \"k\"\nstate_dir = \"state\"\n[cinema]\nid = \"0200\"\nname = \"C\"\n[sarft]\n\
             address = \"127.0.0.1:1\"\nusername = \"k\"\npassword_file = \"p\"\n[printer]\n\
             connection = \"image:out\"\n[[scanner]]\nconnection = \"{scanner}\"\n"
        )
    };
    fs::write(&path, config("stdin:")).unwrap();
    for json in [false, true] {
        let mut out = Vec::new();
        let error = check(&path, None, (json, Language::English), &mut out).unwrap_err();
        assert_eq!(error.exit_status(), ExitStatus::Usage);
        assert!(error.to_string().contains("kiosk.toml:10: sarft.password_file: no such file"), "{error}");
        assert_eq!(String::from_utf8(out).unwrap().contains("\"ok\":false"), json);
    }
    fs::write(dir.path().join("p"), "hunter2").unwrap();
    fs::set_permissions(dir.path().join("p"), Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, config("serial:/dev/no-such-scanner")).unwrap();
    let (status, text) = output(&path, true);
    assert_eq!(status, ExitStatus::Failed);
    assert!(!text.contains("hunter2"));
    let parts: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let part =
        |name: &str| parts.iter().find(|part| part["part"] == name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(part("scanner 0")["ok"], false);
    assert!(part("scanner 0")["remedy"].as_str().unwrap().contains("plug it in"));
    assert_eq!(part("site")["ok"], false, "nobody listens on port 1");
    assert!(part("site")["found"].as_str().unwrap().contains("127.0.0.1:1"));
    for (name, found) in [
        ("second issue", "nobody has tried what"),
        ("print flag", "sent to the counter"),
        ("claim", "goes to the counter"),
    ] {
        assert_eq!(part(name)["ok"], true, "{name}");
        assert!(part(name)["found"].as_str().unwrap().contains(found), "{name}");
        assert!(part(name)["remedy"].as_str().unwrap().contains("pickup-kiosk acceptance"), "{name}");
    }
    for name in ["config", "journal", "clock", "disk"] {
        assert_eq!(part(name)["ok"], true, "{name}");
        assert!(part(name)["remedy"].is_null(), "{name}");
    }
    let (_, text) = output(&path, false);
    assert!(text.contains("\nWRONG  scanner 0    /dev/no-such-scanner: "), "{text}");
}

#[test]
fn the_same_check_is_told_in_either_language() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kiosk.toml");
    fs::write(
        &path,
        "[kiosk]\nid = \"k\"\nstate_dir = \"state\"\n[cinema]\nid = \"0200\"\nname = \"C\"\n[sarft]\naddress = \"127.0.0.1:1\"\n\
         username = \"k\"\npassword_file = \"p\"\n[printer]\nconnection = \"image:out\"\n[[scanner]]\nconnection = \"stdin:\"\n",
    )
    .unwrap();
    let told = |json, language| {
        let mut out = Vec::new();
        let error = check(&path, None, (json, language), &mut out).map_err(|error| error.text()).err();
        (String::from_utf8(out).unwrap(), error)
    };
    let (_, error) = told(false, Language::Chinese);
    assert_both(&error.unwrap());
    fs::write(dir.path().join("p"), "hunter2").unwrap();
    fs::set_permissions(dir.path().join("p"), Permissions::from_mode(0o600)).unwrap();
    fs::create_dir(dir.path().join("state")).unwrap();
    fs::write(dir.path().join("state/override.undone"), "the start was cut off\n").unwrap();
    for json in [false, true] {
        let [zh, en] = [Language::Chinese, Language::English].map(|language| told(json, language).0);
        assert_eq!(zh.lines().count(), en.lines().count(), "{zh}\n{en}");
        for (zh, en) in zh.lines().zip(en.lines()) {
            assert_both(&Text::new(zh, en));
        }
        // Programs find the same keys and names whoever runs the check.
        let names = |text: &str| -> Vec<String> {
            let parts = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
            parts.map(|part| part["part"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&zh), names(&en));
    }
}
