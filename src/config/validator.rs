//! Validator of the settings' values: makes the error of a key, with the location that the value has in its source.

use super::de::may_hold_a_secret;
use super::error::ConfigError;
use super::tree::Node;
use crate::locale::Text;

/// Validator of values by their keys, over the tree that they were read from.
#[derive(Clone, Copy)]
pub(super) struct Validator<'a>(&'a Node);

impl<'a> Validator<'a> {
    /// Creates a validator of the values in this tree.
    pub(super) fn of(root: &'a Node) -> Self {
        Self(root)
    }

    /// Fails unless the value of a key is right.
    pub(super) fn require(self, key: &str, holds: bool, right: impl Into<Text>) -> Result<(), ConfigError> {
        if holds { Ok(()) } else { self.refuse(key, right) }
    }

    /// Fails with the fault of a key's value.
    pub(super) fn refuse<T>(self, key: &str, right: impl Into<Text>) -> Result<T, ConfigError> {
        Err(self.fault(key, right))
    }

    /// Returns the fault of a key's value, which it quotes unless that may be a secret.
    pub(super) fn fault(self, key: &str, right: impl Into<Text>) -> ConfigError {
        let found = match self.0.find(key) {
            Some(node) if may_hold_a_secret(key) => node.found_hidden(),
            Some(node) => node.found(),
            None => ("没有写", "left out").into(),
        };
        self.error(key, found, right)
    }

    /// Returns the error of a key whose found value is told in other words than its own.
    pub(super) fn error(self, key: &str, found: impl Into<Text>, right: impl Into<Text>) -> ConfigError {
        ConfigError::of_key(self.0.nearest_location(key), key, found, right)
    }
}
