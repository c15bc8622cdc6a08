//! Secrets that must not show in any log, export or error.

use md5::{Digest, Md5};
use pickup_kiosk::simulator::cinema::Cinema;

/// The kiosk's password at the site.
pub const PASSWORD: &str = "site-s3cret-word";
/// The kiosk's token at the cloud.
pub const TOKEN: &str = "cloud-s3cret-token";

/// Every secret of a cinema, with what it is.
#[derive(Debug, Clone)]
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// Returns the secrets of a cinema's bookings, and the kiosk's own two.
    pub fn of(cinema: &Cinema) -> Self {
        let mut all =
            vec![("the password".to_owned(), PASSWORD.to_owned()), ("the token".to_owned(), TOKEN.into())];
        for booking in &cinema.bookings {
            let id = booking.id.expose();
            let digest: String =
                Md5::digest(id.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
            all.push((format!("the ID of {}", booking.number), id.to_owned()));
            all.push((format!("the upper MD5 of {}", booking.number), digest.to_uppercase()));
            all.push((format!("the MD5 of {}", booking.number), digest));
            for seat in &booking.seats {
                // Its middle, past what all codes begin with: enough to know it by.
                let middle = seat.ticket.info_code.get(32..52).unwrap_or_default();
                if !middle.is_empty() {
                    all.push((format!("a ticket_info_code of {}", booking.number), middle.to_owned()));
                }
            }
        }
        Self(all)
    }

    /// Checks that none of the secrets is in this text.
    #[track_caller]
    pub fn assert_not_in(&self, text: &str, whose: &str) {
        for (what, secret) in &self.0 {
            assert!(!text.contains(secret.as_str()), "{what} shows in {whose}");
        }
    }
}
