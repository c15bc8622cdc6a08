//! Values whose type varies between calls and servers, and objects that may be null.

use super::read::ReadError;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// Longest code, number or name kept, bytes: the longest such field has 50 characters.
const VALUE_MAX: usize = 200;

/// Longest text for people kept, bytes: the longest such field has 255 characters.
const TEXT_MAX: usize = 2048;

/// The largest whole number a float holds exactly: 2^53.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// A string, number or boolean as trimmed text; none for null, missing, empty, too long, lists and objects.
#[derive(Default)]
pub(super) struct Loose<const MAX: usize = VALUE_MAX>(Option<String>);

/// As [`Loose`], of a length that titles and descriptions have.
pub(super) type Text = Loose<TEXT_MAX>;

impl<const MAX: usize> Loose<MAX> {
    /// The text.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The text as a whole number.
    pub(super) fn integer(&self) -> Option<i64> {
        self.text()?.parse().ok()
    }

    /// The text, owned.
    pub(super) fn owned(self) -> Option<String> {
        self.0
    }

    /// The text as a whole number that fits.
    pub(super) fn number<T: TryFrom<i64>>(&self) -> Option<T> {
        self.integer().and_then(|value| T::try_from(value).ok())
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Loose<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor<const MAX: usize>;

impl<'de, const MAX: usize> Visitor<'de> for LooseVisitor<MAX> {
    type Value = Loose<MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose<MAX>, E> {
        let text = text.trim();
        Ok(Loose((1..=MAX).contains(&text.len()).then(|| text.to_owned())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Loose<MAX>, E> {
        Ok(Loose(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Loose<MAX>, E> {
        Ok(Loose(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Loose<MAX>, E> {
        // 111972.0 is the number 111972; Display writes whole floats without a point.
        Ok(Loose((value.abs() <= EXACT_MAX).then(|| value.to_string())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Loose<MAX>, E> {
        Ok(Loose(Some(if value { "1" } else { "0" }.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Loose<MAX>, E> {
        Ok(Loose(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose<MAX>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose<MAX>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose(None))
    }
}

/// An object or null. A list is refused: serde would otherwise fill a struct's fields from it by position.
pub(super) fn object<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

/// A list of objects or nulls; null and a missing list are empty. Beyond one more than `max` items
/// the rest is read but not kept.
pub(super) fn objects<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
    max: usize,
) -> Result<Vec<Option<T>>, D::Error> {
    deserializer.deserialize_any(ListVisitor { max, item: PhantomData })
}

struct ListVisitor<T> {
    max: usize,
    item: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<Option<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or null")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() <= self.max {
            match seq.next_element::<Object<T>>()? {
                Some(item) => items.push(item.0),
                None => return Ok(items),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(items)
    }
}

/// An object, or nothing: null or missing.
pub(super) struct Object<T>(pub(super) Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

/// A list of objects of which at most `MAX` are kept; nulls in it, a null and a missing list hold nothing.
pub(super) struct List<T, const MAX: usize> {
    items: Vec<T>,
    over: bool,
}

impl<T, const MAX: usize> List<T, MAX> {
    /// The objects.
    pub(super) fn items(self, what: &'static str) -> Result<Vec<T>, ReadError> {
        if self.over { Err(ReadError::TooMany { what, max: MAX }) } else { Ok(self.items) }
    }
}

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self { items: Vec::new(), over: false }
    }
}

impl<'de, T: DeserializeOwned, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = objects(deserializer, MAX)?;
        Ok(Self { over: items.len() > MAX, items: items.into_iter().flatten().collect() })
    }
}
