//! Values whose type varies between calls and servers, and objects that may be null.

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// Longest value kept, bytes: the longest field read here has 50 characters.
const VALUE_MAX: usize = 200;

/// The largest whole number a float holds exactly: 2^53.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// A string, number or boolean as trimmed text; none for null, missing, empty, lists and objects.
#[derive(Default)]
pub(super) struct Loose(Option<String>);

impl Loose {
    /// The text.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The text as a whole number.
    pub(super) fn integer(&self) -> Option<i64> {
        self.text()?.parse().ok()
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
        let text = text.trim();
        Ok(Loose((1..=VALUE_MAX).contains(&text.len()).then(|| text.to_owned())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Loose, E> {
        Ok(Loose(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Loose, E> {
        Ok(Loose(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Loose, E> {
        // 111972.0 is the number 111972; Display writes whole floats without a point.
        Ok(Loose((value.abs() <= EXACT_MAX).then(|| value.to_string())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Loose, E> {
        Ok(Loose(Some(if value { "1" } else { "0" }.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
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
            match seq.next_element::<ObjectOrNull<T>>()? {
                Some(item) => items.push(item.0),
                None => return Ok(items),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(items)
    }
}

struct ObjectOrNull<T>(Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for ObjectOrNull<T> {
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
