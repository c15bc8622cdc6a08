//! Key under which booking IDs are hashed: the database alone tells no ID.

use super::JournalError;
use super::error::FileOperation;
use super::files::Files;
use crate::ticket::BookingId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use std::io::Read;

/// Key of 32 random bytes in `state_dir/id-key`.
pub(super) struct IdKey([u8; 32]);

impl fmt::Debug for IdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdKey(…)")
    }
}

impl IdKey {
    /// Reads the key; returns `None` when there is none.
    pub(super) fn read(files: &Files) -> Result<Option<Self>, JournalError> {
        let path = files.key();
        let mut file = match std::fs::File::open(&path) {
            Ok(file) => file.take(33),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(JournalError::file(FileOperation::Read, &path)(error)),
        };
        let mut bytes = Vec::with_capacity(33);
        file.read_to_end(&mut bytes).map_err(JournalError::file(FileOperation::Read, &path))?;
        let key = <[u8; 32]>::try_from(bytes).map_err(|_| JournalError::BadKey { path })?;
        Ok(Some(Self(key)))
    }

    /// Creates a key and puts it in its file, complete or not at all.
    pub(super) fn create(files: &Files) -> Result<Self, JournalError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(JournalError::NoChance)?;
        files.write_whole(&files.key(), &key)?;
        Ok(Self(key))
    }

    /// Returns the HMAC-SHA256 of an ID.
    pub(super) fn hash(&self, id: &BookingId) -> [u8; 32] {
        self.mac(b"id:", id.expose().as_bytes())
    }

    /// Returns a value that tells this key from another without telling the key.
    pub(super) fn check(&self) -> [u8; 32] {
        self.mac(b"check:", b"")
    }

    fn mac(&self, purpose: &[u8], message: &[u8]) -> [u8; 32] {
        // HMAC pads a key to the hash's block with zeros.
        let mut padded = [0; 64];
        for (place, byte) in padded.iter_mut().zip(self.0) {
            *place = byte;
        }
        let mut mac = Hmac::<Sha256>::new(&padded.into());
        mac.update(purpose);
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}
