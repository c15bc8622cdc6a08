use super::bundle::NAMES;
use super::*;
use crate::locale::Language;
use jiff::Timestamp;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

fn write_whole(folder: &Path, kiosk: &str, files: &[Item]) -> Result<String, Unwritten> {
    bundle::write(folder, kiosk, files)
}

fn items() -> Vec<Item> {
    vec![
        Item { name: "acts.csv", content: b"x\r\n".to_vec() },
        Item { name: "log.txt", content: vec![b'y'; 300_000] },
    ]
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_bundle_is_there_whole_under_a_name_of_its_own() {
    let stick = tempfile::tempdir().unwrap();
    let first = write_whole(stick.path(), "k", &items()).unwrap();
    let second = write_whole(stick.path(), "k", &items()).unwrap();
    assert_ne!(first, second);
    for name in [first, second] {
        assert_eq!(names(&stick.path().join(&name)), ["acts.csv", "log.txt"]);
        assert_eq!(fs::read(stick.path().join(name).join("acts.csv")).unwrap(), b"x\r\n");
    }
}

/// Every sentence there is, in both languages.
fn lines(report: &Report) -> String {
    let both = |line: &Text| {
        [Language::Chinese, Language::English]
            .map(|language| line.in_language(language).to_owned())
            .join(" / ")
    };
    report.lines.iter().map(both).collect::<Vec<_>>().join("\n")
}

/// Runs this test once more where it may mount a stick of its own; false where nobody may.
fn in_a_namespace(name: &str, script: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let script =
        format!("{script} && exec \"$0\" --exact --nocapture kiosk::maintenance::usb_export::tests::{name}");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &script]).arg(std::env::current_exe().unwrap());
    let Ok(output) = command.env("STICK", folder.path()).output() else { return false };
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.code() == Some(75) || told.is_empty() {
        assert!(std::env::var_os("NEED_SMALL_DISK").is_none(), "no file system of its own here");
        println!("not run: this machine lets nobody mount a file system");
        return false;
    }
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    true
}

#[test]
fn a_drive_that_is_full_keeps_nothing_of_it() {
    let Some(stick) = std::env::var_os("STICK").map(PathBuf::from) else {
        in_a_namespace(
            "a_drive_that_is_full_keeps_nothing_of_it",
            "{ mount -t tmpfs -o size=400k,nr_inodes=12 none \"$STICK\" || exit 75; }",
        );
        return;
    };
    // Room for everything but the last page, and so on down to none; then no room for one more name.
    let mut full = 0;
    for pages in (0..90).step_by(3) {
        let filler = stick.join("filler");
        fs::write(&filler, vec![0; 4096 * pages]).unwrap();
        match write_whole(&stick, "k", &items()) {
            Ok(name) => fs::remove_dir_all(stick.join(name)).unwrap(),
            Err(unwritten) => {
                full += 1;
                assert_eq!(unwritten.left, None);
                let told = lines(&told(Err(unwritten), true, "/dev/sda1"));
                assert!(told.contains("U 盘已满") && told.contains("The stick is full"), "{told}");
            }
        }
        assert_eq!(names(&stick), ["filler"], "with {pages} pages taken");
    }
    assert!((5..29).contains(&full), "{full}: too small or too large a stick proves nothing");
    fs::write(stick.join("filler"), "").unwrap();
    (0..8).for_each(|n| fs::write(stick.join(format!("{n}")), "").unwrap());
    write_whole(&stick, "k", &items()).unwrap_err();
    assert_eq!(names(&stick).len(), 9);
}

#[test]
fn a_drive_that_is_write_protected_is_told_so() {
    let Some(stick) = std::env::var_os("STICK").map(PathBuf::from) else {
        in_a_namespace(
            "a_drive_that_is_write_protected_is_told_so",
            "{ mount -t tmpfs -o ro none \"$STICK\" || exit 75; }",
        );
        return;
    };
    let unwritten = write_whole(&stick, "k", &items()).unwrap_err();
    assert_eq!(unwritten.left, None);
    let told = lines(&told(Err(unwritten), true, "/dev/sda1"));
    assert!(told.contains("写保护") && told.contains("write-protected"), "{told}");
}

/// Calls `pull` as soon as the draft is there.
fn pulled(stick: &Path, pull: impl Fn() + Sync) -> Result<String, Unwritten> {
    // A bundle that takes its time.
    let many: Vec<Item> =
        NAMES.map(|name| Item { name, content: vec![b'x'; 12 << 20] }).into_iter().collect();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let has_draft = || {
                let entries = fs::read_dir(stick).into_iter().flatten().filter_map(Result::ok);
                entries.into_iter().any(|entry| entry.path().extension().is_some_and(|end| end == "part"))
            };
            while !over.load(Ordering::Relaxed) {
                if has_draft() {
                    return pull();
                }
            }
        });
        let written = write_whole(stick, "k", &many);
        over.store(true, Ordering::Relaxed);
        written
    })
}

#[test]
fn a_drive_pulled_out_in_mid_write_is_no_success() {
    if let Some(stick) = std::env::var_os("STICK").map(PathBuf::from) {
        // What is written into a file system that hangs nowhere any more would be lost.
        let unwritten = pulled(&stick, || {
            assert!(Command::new("umount").arg("-l").arg(&stick).status().unwrap().success());
        });
        assert!(bundle::is_gone(&unwritten.unwrap_err().error));
        // Nor does it land in the folder that comes to light.
        assert_eq!(names(&stick), Vec::<String>::new());
        return;
    }
    in_a_namespace(
        "a_drive_pulled_out_in_mid_write_is_no_success",
        "{ mount -t tmpfs none \"$STICK\" || exit 75; }",
    );
    let stick = tempfile::tempdir().unwrap();
    let unwritten = pulled(stick.path(), || {
        while fs::remove_dir_all(stick.path()).is_err_and(|error| error.kind() != io::ErrorKind::NotFound) {}
    })
    .unwrap_err();
    assert!(bundle::is_gone(&unwritten.error), "{unwritten:?}");
    let told = lines(&told(Err(unwritten), false, "/dev/sda1"));
    for wanted in ["已被拔出", "was pulled out", ".part may be left on the stick", "下次写入时会自动删除"]
    {
        assert!(told.contains(wanted), "{told}");
    }
    assert!(!stick.path().exists());
    // Before anything began.
    assert!(bundle::is_gone(&write_whole(stick.path(), "k", &items()).unwrap_err().error));
}

#[test]
fn what_a_drive_kept_half_is_removed_with_the_next_bundle_and_nothing_else_is() {
    let (stick, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = |name: &str| stick.path().join(name);
    let half = "pickup-kiosk-k-20260102-030405.part";
    fs::create_dir(place(half)).unwrap();
    fs::write(place(half).join("log.txt"), "half").unwrap();
    // Strangers' that look like it.
    fs::write(elsewhere.path().join("log.txt"), "theirs").unwrap();
    symlink(elsewhere.path(), place("pickup-kiosk-k-20260102-030406.part")).unwrap();
    fs::write(place("pickup-kiosk-k-20260102-030407.part"), "a file").unwrap();
    for folder in ["pickup-kiosk-other-20260102-030405.part", "pickup-kiosk-k-photos.part"] {
        fs::create_dir(place(folder)).unwrap();
        fs::write(place(folder).join("log.txt"), "theirs").unwrap();
    }
    let kept = "pickup-kiosk-k-20260102-030408.part";
    fs::create_dir(place(kept)).unwrap();
    fs::write(place(kept).join("holiday.jpg"), "theirs").unwrap();
    let before = names(stick.path());
    let name = write_whole(stick.path(), "k", &items()).unwrap();
    let mut wanted: Vec<String> = before.into_iter().filter(|name| name != half).chain([name]).collect();
    wanted.sort();
    assert_eq!(names(stick.path()), wanted);
    assert_eq!(fs::read_to_string(elsewhere.path().join("log.txt")).unwrap(), "theirs");
    assert_eq!(fs::read_to_string(place("pickup-kiosk-k-photos.part").join("log.txt")).unwrap(), "theirs");
    assert_eq!(names(&place(kept)), ["holiday.jpg"]);
}

#[test]
fn what_stands_on_the_drive_is_neither_touched_nor_followed() {
    let (stick, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // Names that are in the way for the next seconds: links to somewhere else, folders, files.
    for second in 0..5 {
        let stamp = Timestamp::from_second(Timestamp::now().as_second() + second).unwrap();
        let name = format!("pickup-kiosk-k-{}", stamp.strftime("%Y%m%d-%H%M%S"));
        symlink(elsewhere.path(), stick.path().join(&name)).unwrap();
        symlink(elsewhere.path(), stick.path().join(format!("{name}-1.part"))).unwrap();
        symlink("nowhere", stick.path().join(format!("{name}-2"))).unwrap();
        fs::create_dir(stick.path().join(format!("{name}-3"))).unwrap();
        fs::write(stick.path().join(format!("{name}-4")), "").unwrap();
    }
    let strange = ["\u{1b}[2J;rm -rf $(x)", "..\u{202e}txt", "-rf", "\n\r\t", &"长".repeat(85)];
    strange.iter().for_each(|name| fs::write(stick.path().join(name), "hostile").unwrap());
    let before = names(stick.path()).len();
    let name = write_whole(stick.path(), "k", &items()).unwrap();
    assert!(name.ends_with("-5"), "{name}");
    assert_eq!(names(stick.path()).len(), before + 1);
    assert_eq!(names(elsewhere.path()), Vec::<String>::new());
    for name in strange {
        assert_eq!(fs::read(stick.path().join(name)).unwrap(), b"hostile");
    }
}

#[test]
fn only_removable_disks_with_plain_names_are_listed() {
    let json = r#"{"blockdevices":[
        {"path":"/dev/mmcblk0p2","rm":false,"hotplug":false,"type":"part","fstype":"ext4","label":null,"size":"28G"},
        {"path":"/dev/sda1","rm":true,"hotplug":true,"type":"part","fstype":"vfat","label":"A\u001b[2JB","size":"4G"},
        {"path":"/dev/sdb","rm":"1","hotplug":"1","type":"disk","fstype":null,"label":null,"size":"4G"},
        {"path":"/dev/../etc","rm":true,"hotplug":true,"type":"part","fstype":"vfat","label":"x","size":"1G"}]}"#;
    assert_eq!(sticks(json), [("/dev/sda1".to_owned(), "/dev/sda1  A[2JB  4G".to_owned())]);
    for nonsense in ["", "{}", "{\"blockdevices\": 7}"] {
        assert_eq!(sticks(nonsense), []);
    }
}

#[test]
fn the_place_is_read_from_what_udisks_says() {
    let at = |said| mount_point(said).map(|path| path.display().to_string());
    assert_eq!(at("Mounted /dev/sda1 at /media/kiosk/A at B\n").as_deref(), Some("/media/kiosk/A at B"));
    assert_eq!(at("Mounted /dev/sda1 at /media/x.").as_deref(), Some("/media/x"));
    let already =
        "Error mounting /dev/sda1: GDBus.Error: Device /dev/sda1 is already mounted at `/media/x'.\n";
    assert_eq!(at(already).as_deref(), Some("/media/x"));
    assert_eq!(at("Error looking up object for device"), None);
    // Labels that would lead elsewhere.
    assert_eq!(at("Mounted /dev/sda1 at /media/kiosk/A'B at C").as_deref(), Some("/media/kiosk/A'B at C"));
    let already = "Device /dev/sda1 is already mounted at `/media/x'y'.\n";
    assert_eq!(at(already).as_deref(), Some("/media/x'y"));
    assert_eq!(at("Mounted /dev/sda1 at media/x\n"), None);
    assert_eq!(at("Mounted /dev/sda1 at /media/\u{1b}[2J\n"), None);
    let dotted = tempfile::Builder::new().suffix(".").tempdir().unwrap();
    let dotted = dotted.path().display().to_string();
    assert_eq!(at(&format!("Mounted /dev/sda1 at {dotted}\n")).unwrap(), dotted);
}
