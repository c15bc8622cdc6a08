//! A stick that is full, write-protected or pulled out: what the menu says of it, and what is on record.

use super::{audit_records, count, start};
use crate::kit::e2e::Site;
use crate::kit::e2e::kiosk::Options;
use crate::kit::small_disk::on_a_small_disk;
use crate::maintenance::SEQUENCE;
use crate::maintenance::kit::{LI, Surface, home};
use std::fs;
use std::path::Path;
use std::process::Command;

const NAME: &str =
    "maintenance::faults::usb_drive::a_drive_that_fails_is_told_in_both_languages_and_on_record";

#[test]
fn a_drive_that_fails_is_told_in_both_languages_and_on_record() {
    on_a_small_disk(NAME, "256k", with_a_drive);
}

fn names(stick: &Path) -> Vec<String> {
    fs::read_dir(stick).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn with_a_drive(stick: &Path) {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, mut page) = start(&home);
    kiosk.present("111972|WQNX8JL");
    // udisks as the kiosk sees it: a stick that is `pulled` goes as soon as it is mounted, and its folder with it.
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = mount ] || {{ [ ! -e {1} ]; exit; }}\necho 'Mounted /dev/sdz1 at {0}'\n\
         [ ! -e {1} ] || {{ umount -l {0}; rmdir {0}; true; }} 2> /dev/null\n",
        stick.display(),
        home.path("pulled").display()
    );
    fs::write(home.path("programs/udisksctl"), script).unwrap();
    page.keys(SEQUENCE);
    page.sign_in("1", LI);
    // Full: the last page of it, so that it has begun before it fails.
    let filler = stick.join("filler");
    let free = rustix::fs::statvfs(stick).unwrap();
    fs::write(&filler, vec![0; usize::try_from(free.f_bavail * free.f_frsize).unwrap() - 8192]).unwrap();
    fails(&mut page, "The stick is full", "U 盘已满");
    assert_eq!(names(stick), ["filler"], "nothing of ours");
    let mount = |options: &str| {
        assert!(Command::new("mount").args(["-o", options]).arg(stick).status().unwrap().success());
    };
    mount("remount,ro");
    fails(&mut page, "The stick is write-protected", "U 盘写保护");
    mount("remount,rw");
    // Mended: whole.
    fs::remove_file(&filler).unwrap();
    page.keys("982");
    page.shows("/dev/sdz1");
    page.keys("1");
    page.shows("Written whole");
    page.keys("←←←←");
    page.shows("Paper changed");
    let whole = names(stick);
    assert_eq!(names(&stick.join(&whole[0])).len(), 5, "{whole:?}");
    // Pulled out.
    fs::write(home.path("pulled"), "").unwrap();
    fails(&mut page, "The stick was pulled out", "U 盘已被拔出");
    assert_eq!(count(&audit_records(&home), "bundle_exported"), 1);
    let acts = audit_records(&home);
    let failed: Vec<&str> = acts
        .iter()
        .filter(|act| act["act"] == "bundle_export_failed")
        .map(|act| act["after"].as_str().unwrap())
        .collect();
    assert_eq!((count(&acts, "bundle_export"), failed.len()), (7, 6), "{acts:?}");
    for (at, reason) in ["is full", "is full", "write-protected", "write-protected"].into_iter().enumerate() {
        assert!(failed[at].contains(reason) && failed[at].contains("os error"), "{failed:?}");
    }
    let done = acts.iter().find(|act| act["act"] == "bundle_exported").unwrap();
    assert!(done["after"].as_str().unwrap().starts_with(&whole[0]), "{done}");
    assert_eq!(done["who"], "Li");
    kiosk.stop();
}

/// Tries to write to the stick in both languages, and expects the failure.
fn fails(page: &mut impl Surface, english: &str, chinese: &str) {
    for (told, nothing, change) in
        [(english, "Nothing was written", "已换纸"), (chinese, "没有写入任何文件", "Paper changed")]
    {
        page.keys("982");
        page.shows("/dev/sdz1");
        page.keys("1");
        page.shows(told);
        page.shows(nothing);
        page.keys("←←←←8");
        page.shows(change);
    }
}
