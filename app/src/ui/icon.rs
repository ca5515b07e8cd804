//! Icons, drawn as lines on a grid of 24. They accompany words and are silent for screen readers.

use leptos::prelude::*;

/// An icon.
#[derive(Clone, Copy)]
pub(crate) enum Icon {
    ShieldOn,
    ShieldOff,
    Warning,
    Information,
    Good,
    Close,
    Chevron,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::ShieldOn => {
                "M12 3 4.5 6v5.5c0 4.6 3.1 8 7.5 9.5 4.4-1.5 7.5-4.9 7.5-9.5V6zM8.5 12l2.5 2.5 4.5-5"
            }
            Self::ShieldOff => {
                "M12 3 4.5 6v5.5c0 4.6 3.1 8 7.5 9.5 4.4-1.5 7.5-4.9 7.5-9.5V6zM12 8.5v4M12 15.7v.1"
            }
            Self::Warning => "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.1",
            Self::Information => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8v.1",
            Self::Good => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.2l2.8 2.8L16 9.5",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Chevron => "M7 10l5 5 5-5",
        }
    }
}

/// Draws an icon in the colour of the text around it.
pub(crate) fn icon(icon: Icon) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
    .into_any()
}
