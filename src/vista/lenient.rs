//! Values whose type varies between calls and servers, and objects that may be null.

use super::reply::ReadError;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// Longest code, number or name kept, in bytes: the longest such field has 50 characters.
const VALUE_MAX: usize = 200;

/// Longest text for people kept, in bytes: the longest such field has 255 characters.
const TEXT_MAX: usize = 2048;

/// Largest whole number that a float holds exactly: 2^53.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// A string, number or boolean as trimmed text; `None` for null, missing, empty, too long, lists and objects.
#[derive(Default)]
pub(super) struct Lenient<const MAX: usize = VALUE_MAX>(Option<String>);

/// A [`Lenient`] value with the length limit of titles and descriptions.
pub(super) type Text = Lenient<TEXT_MAX>;

impl<const MAX: usize> Lenient<MAX> {
    /// Returns the value as text.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Returns the value as a whole number.
    pub(super) fn integer(&self) -> Option<i64> {
        self.text()?.parse().ok()
    }

    /// Returns the value as owned text.
    pub(super) fn owned(self) -> Option<String> {
        self.0
    }

    /// Returns the value as a whole number, if it fits the type.
    pub(super) fn number<T: TryFrom<i64>>(&self) -> Option<T> {
        self.integer().and_then(|value| T::try_from(value).ok())
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Lenient<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LenientVisitor)
    }
}

struct LenientVisitor<const MAX: usize>;

impl<'de, const MAX: usize> Visitor<'de> for LenientVisitor<MAX> {
    type Value = Lenient<MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Lenient<MAX>, E> {
        let text = text.trim();
        Ok(Lenient((1..=MAX).contains(&text.len()).then(|| text.to_owned())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Lenient<MAX>, E> {
        Ok(Lenient(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Lenient<MAX>, E> {
        Ok(Lenient(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Lenient<MAX>, E> {
        // 111972.0 is the number 111972; Display writes whole floats without a point.
        Ok(Lenient((value.abs() <= EXACT_MAX).then(|| value.to_string())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Lenient<MAX>, E> {
        Ok(Lenient(Some(if value { "1" } else { "0" }.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Lenient<MAX>, E> {
        Ok(Lenient(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Lenient<MAX>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Lenient(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lenient<MAX>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Lenient(None))
    }
}

/// Reads an object or null. A list is refused: serde would otherwise fill a struct's fields from it by position.
pub(super) fn object<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

/// Reads a list of objects or nulls; null and a missing list are empty. Keeps at most `max` items and one more; the
/// rest is read and dropped.
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

/// An object, or nothing if it is null or missing.
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

/// A list of objects of which at most `MAX` are kept; nulls in it, a null and a missing list count as nothing.
pub(super) struct List<T, const MAX: usize> {
    items: Vec<T>,
    over: bool,
}

impl<T, const MAX: usize> List<T, MAX> {
    /// Returns the objects; an error if there were more than `MAX`.
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
