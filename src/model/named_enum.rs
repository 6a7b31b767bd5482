//! Defines an enum whose variants have names in policies and reports.

/// Defines an enum with `ALL`, its variants in order, and `name`, the name of a variant: a variant is in one place only, so it
/// cannot be missing from the list of all.
macro_rules! named_enum {
    ($(#[$attribute:meta])* pub enum $enum:ident { $($(#[$of_variant:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$attribute])*
        pub enum $enum { $($(#[$of_variant])* $variant,)+ }

        impl $enum {
            /// All variants, in order.
            pub const ALL: [Self; [$(Self::$variant),+].len()] = [$(Self::$variant),+];

            /// Returns the name used in policies and reports.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

pub(crate) use named_enum;
