//! Folder for the papers of virtual printers, as PNG files: complete or absent, never overwritten.

use crate::virtual_printer::{Paper, png};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Largest number of papers in one folder.
pub const PAPERS_MAX: u32 = 999_999;

/// A paper folder, and the number of its last paper.
#[derive(Debug)]
pub struct PaperFolder {
    folder: PathBuf,
    last: u32,
}

impl PaperFolder {
    /// Opens the folder, and makes it where there is none; numbers go on after the papers already in it.
    ///
    /// # Errors
    /// Fails if the folder can't be made or read.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(|error| about(&folder, "can't be made", &error))?;
        let entries = fs::read_dir(&folder).map_err(|error| about(&folder, "can't be read", &error))?;
        let mut last = 0;
        for entry in entries {
            let name = entry?.file_name();
            last = last.max(name.to_str().and_then(number).unwrap_or(0));
        }
        Ok(Self { folder, last })
    }

    /// Writes one paper as `ticket-0001.png` and so on; the name of a torn one ends in `-torn`.
    ///
    /// # Errors
    /// Fails if the folder is full, gone or not writable; then there is no new file in it.
    pub fn save(&mut self, paper: &Paper) -> io::Result<PathBuf> {
        let picture = png(paper).map_err(io::Error::other)?;
        let torn = if paper.torn { "-torn" } else { "" };
        loop {
            if self.last >= PAPERS_MAX {
                let full = io::Error::other(format!("it holds {PAPERS_MAX} papers; empty it"));
                return Err(about(&self.folder, "is full", &full));
            }
            self.last += 1;
            let path = self.folder.join(format!("ticket-{:04}{torn}.png", self.last));
            if path.exists() {
                continue;
            }
            let unfinished = self.folder.join(format!(".ticket-{:04}-{}.tmp", self.last, std::process::id()));
            let written = fs::write(&unfinished, &picture).and_then(|()| fs::rename(&unfinished, &path));
            return match written {
                Ok(()) => Ok(path),
                Err(error) => {
                    // Nothing more can be done about a file that can't be removed either.
                    let _ = fs::remove_file(&unfinished);
                    Err(about(&path, "can't be written", &error))
                }
            };
        }
    }

    /// Returns the path of the folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

fn about(path: &Path, what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("paper folder: {} {what}: {error}", path.display()))
}

/// Returns the number in `ticket-0001.png` or `ticket-0001-torn.png`.
fn number(name: &str) -> Option<u32> {
    let number = name.strip_prefix("ticket-")?.strip_suffix(".png")?;
    let number = number.strip_suffix("-torn").unwrap_or(number);
    number.parse().ok().filter(|number| *number <= PAPERS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::bitmap::Bitmap;

    fn paper(torn: bool) -> Paper {
        Paper { dots: Bitmap::new(384, 40), torn, ..Paper::default() }
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
    fn numbers_go_on_after_the_papers_already_there_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("a/b");
        PaperFolder::open(&inside).unwrap().save(&paper(false)).unwrap();
        fs::write(inside.join("ticket-zzz.png"), "x").unwrap();
        let mut again = PaperFolder::open(&inside).unwrap();
        assert_eq!(again.save(&paper(true)).unwrap(), inside.join("ticket-0002-torn.png"));
        fs::write(inside.join("ticket-0003.png"), "somebody else's").unwrap();
        assert_eq!(again.save(&paper(false)).unwrap(), inside.join("ticket-0004.png"));
        let expected = [
            "ticket-0001.png",
            "ticket-0002-torn.png",
            "ticket-0003.png",
            "ticket-0004.png",
            "ticket-zzz.png",
        ];
        assert_eq!(names(&inside), expected);
    }

    #[test]
    fn a_folder_that_is_gone_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("t");
        let mut papers = PaperFolder::open(&inside).unwrap();
        fs::remove_dir(&inside).unwrap();
        let error = papers.save(&paper(false)).unwrap_err();
        assert!(error.to_string().contains("ticket-0001.png"), "{error}");
        fs::write(&inside, "a file").unwrap();
        assert!(PaperFolder::open(&inside).is_err());
    }
}
