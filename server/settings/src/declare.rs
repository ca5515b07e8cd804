//! `settings!`: from one declaration of a setting its field, its default and its line in the list of keys.

use super::key::Key;

/// Settings that stand in one table of the file.
pub(super) trait Group {
    /// Each setting, with the one that names its file.
    const KEYS: &'static [[Key; 2]];
    /// The same of the tables inside it.
    const INNER: &'static [&'static [[Key; 2]]];
}

/// A setting is `name: type = default, terms;` below its meaning, where the terms are those of `key`: `within(1, 64)`,
/// `checked(function)`, `unset("words")`. A table inside the file's is `..name: type;`.
macro_rules! settings {
    ($(
        $(#[$of_group:meta])*
        $group:ident $prefix:literal {
            $(
                $(#[doc = $words:literal])+
                $name:ident: $type:ty = $default:expr $(, $terms:expr)?;
            )+
            $(..$inner:ident: $inner_type:ident;)*
        }
    )+) => {$(
        $(#[$of_group])*
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(default)]
        pub struct $group {
            $($(#[doc = $words])+ pub $name: $type,)+
            $(#[doc = concat!("The table `", stringify!($inner), "`.")] pub $inner: $inner_type,)*
        }

        impl Default for $group {
            fn default() -> Self {
                Self {
                    $($name: $default,)+
                    $($inner: $inner_type::default(),)*
                }
            }
        }

        impl Group for $group {
            const KEYS: &'static [[Key; 2]] = &[$({
                const KEY: Key = Key::of::<$type>(
                    concat!($prefix, stringify!($name)),
                    concat!($($words),+),
                    settings!(@terms $($terms)?),
                );
                let file = KEY.file(
                    concat!($prefix, stringify!($name), "_file"),
                    concat!("File that holds `", $prefix, stringify!($name), "`."),
                );
                [KEY, file]
            }),+];
            const INNER: &'static [&'static [[Key; 2]]] = &[$($inner_type::KEYS),*];
        }
    )+};
    (@terms) => { ANY };
    (@terms $terms:expr) => { $terms };
}

pub(super) use settings;
