//! Kit for tests of a disk that fills up: a real file system, so small that it does.
//!
//! A file system of one's own needs `unshare` and a kernel that lets a user mount in it; where it doesn't, the test
//! says so and ends. `NEED_SMALL_DISK=1` makes that a failure.

use std::env;
use std::path::Path;
use std::process::Command;

/// Runs a test on a disk of this size, such as `2m`: the test, known to the harness by its path, is called again where
/// the disk is mounted. Lines that begin with `full` are shown.
pub fn on_a_small_disk(test: &str, size: &str, run: fn(&Path)) {
    if let Some(disk) = env::var_os("SMALL_DISK") {
        return run(Path::new(&disk));
    }
    let dir = tempfile::tempdir().unwrap();
    let mounted = format!(
        "mount -t tmpfs -o size={size} none \"$SMALL_DISK\" || exit 75; exec \"$0\" --exact --nocapture {test}"
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &mounted]).arg(env::current_exe().unwrap());
    match command.env("SMALL_DISK", dir.path()).output() {
        Ok(output) if output.status.success() => {
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&output.stderr));
            print!("{}", told.lines().filter(|line| line.starts_with("full")).collect::<String>());
        }
        Ok(output) if output.status.code() != Some(75) && !output.stdout.is_empty() => {
            panic!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        }
        _ => {
            assert!(env::var_os("NEED_SMALL_DISK").is_none(), "no file system of its own here");
            println!("not run: this machine lets nobody mount a file system");
        }
    }
}
