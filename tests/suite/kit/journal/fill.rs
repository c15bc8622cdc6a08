//! A journal that is large from the start.

use super::{at, open};
use std::path::Path;

/// Puts `count` settled pickups there in one go.
pub fn fill(dir: &Path, count: u32) {
    drop(open(dir));
    let connection = rusqlite::Connection::open(dir.join("journal.db")).unwrap();
    let numbers =
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
    let at = at(0).as_millisecond();
    connection
        .execute_batch(&format!(
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN;
             {numbers} INSERT INTO bookings SELECT i, 1000000 + i, randomblob(32), 'issued', 1, 0, 'done',
                NULL, {at}, {at}, 0 FROM n;
             {numbers} INSERT INTO seats SELECT NULL, (i + 1) / 2, 'S1', 'C' || i, '7排' || i || '座', 'F1', '重返20岁',
                'printed', NULL, 0, {at}, 20781 + i / 2000 FROM (SELECT i FROM n UNION ALL SELECT i + {count} FROM n);
             {numbers} INSERT INTO pickups SELECT i, printf('20261124T090000x%08d', i), {at}, 20781 + i / 1000,
                1000000 + i, i, 'attempt', 'printed', NULL, 41 FROM n;
             {numbers} INSERT INTO events SELECT i * 1048576, {at}, 'ended', 'printed' FROM n;
             COMMIT; PRAGMA journal_mode;"
        ))
        .unwrap();
    connection.close().unwrap();
    drop(open(dir));
}
