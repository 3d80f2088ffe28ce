//! Themes: what each role looks like.
//!
//! A theme gives a role a colour and weight; the sign and the word that go with every state stand
//! in the text already, so that the monochrome theme loses nothing. The colours are those of the
//! fixed part of the 256-colour palette (16 to 255), whose values every terminal shares; so their
//! contrast can be computed, and a test does.
//!
//! Blue, orange and grey differ for every common kind of colour blindness; red and green alone never
//! tell two states apart.
//!
//! Source: WCAG 2.2, success criteria 1.4.3 (4.5:1) and 1.4.6 (7:1); xterm's 256-colour table.

use ratatui::style::{Color, Modifier, Style};

use crate::texts::Pair;

use super::model::Role;

/// What roles look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Its name for the command line and the palette.
    pub id: &'static str,
    /// Its name for people.
    pub name: Pair,
    /// The ground; none leaves the terminal's own colours.
    ground: Option<u8>,
    /// Ordinary text.
    text: u8,
    /// Less important text.
    faint: u8,
    /// Headings and numbers to notice.
    accent: u8,
    /// Works.
    good: u8,
    /// Waits, starts.
    waiting: u8,
    /// Take care.
    warning: u8,
    /// Broken.
    bad: u8,
    /// Leads, is marked.
    special: u8,
    /// Contrast that it promises, in tenths.
    pub promises: u32,
}

const fn pair(tr: &'static str, en: &'static str) -> Pair {
    Pair { tr, en }
}

/// All themes; the first is the default, the last is for terminals without colours.
#[rustfmt::skip]
pub const THEMES: &[Theme] = &[
    Theme { id: "koyu", name: pair("koyu", "dark"), ground: Some(234), text: 253, faint: 246, accent: 117, good: 75, waiting: 250, warning: 215, bad: 210, special: 222, promises: 45 },
    Theme { id: "açık", name: pair("açık", "light"), ground: Some(231), text: 235, faint: 241, accent: 25, good: 26, waiting: 240, warning: 130, bad: 124, special: 90, promises: 45 },
    Theme { id: "yüksek-karşıtlık", name: pair("yüksek karşıtlık", "high contrast"), ground: Some(16), text: 231, faint: 252, accent: 123, good: 117, waiting: 254, warning: 220, bad: 217, special: 228, promises: 70 },
    Theme { id: "renk-körü", name: pair("renk körü", "colour-blind"), ground: Some(16), text: 255, faint: 248, accent: 153, good: 75, waiting: 251, warning: 214, bad: 209, special: 229, promises: 45 },
    Theme { id: "tek-renk", name: pair("tek renk", "monochrome"), ground: None, text: 0, faint: 0, accent: 0, good: 0, waiting: 0, warning: 0, bad: 0, special: 0, promises: 0 },
];

impl Theme {
    /// The theme of that name; letters of ASCII do, and the English name too.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Theme> {
        let plain = |word: &str| crate::texts::fold(word).replace(['-', ' '], "");
        let wanted = plain(name);
        let known = |theme: &&Theme| plain(theme.id) == wanted || plain(theme.name.en) == wanted;
        THEMES.iter().find(known)
    }

    /// The one without colours.
    #[must_use]
    pub fn monochrome() -> &'static Theme {
        &THEMES[THEMES.len() - 1]
    }

    /// The one after this.
    #[must_use]
    pub fn next(&self) -> &'static Theme {
        let place = THEMES.iter().position(|theme| theme == self).unwrap_or(0);
        &THEMES[(place + 1) % THEMES.len()]
    }

    /// Whether it has colours.
    #[must_use]
    pub fn has_colours(&self) -> bool {
        self.ground.is_some()
    }

    /// The style of everything that is not written upon.
    #[must_use]
    pub fn ground(&self) -> Style {
        match self.ground {
            Some(ground) => Style::new().bg(Color::Indexed(ground)).fg(Color::Indexed(self.text)),
            None => Style::new(),
        }
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        let style = self.ground().add_modifier(weight(role));
        match (self.ground, self.colour(role)) {
            (Some(_), colour) => style.fg(Color::Indexed(colour)),
            (None, _) => style,
        }
    }

    /// The style of what is chosen: the same, the other way round, so that it shows in every theme.
    #[must_use]
    pub fn chosen(&self, role: Role) -> Style {
        self.style(role).add_modifier(Modifier::REVERSED)
    }

    fn colour(&self, role: Role) -> u8 {
        match role {
            Role::Plain | Role::Strong => self.text,
            Role::Faint | Role::Follower => self.faint,
            Role::Title | Role::Key | Role::Accent | Role::Act => self.accent,
            Role::Good | Role::Added => self.good,
            Role::Waiting | Role::Starting => self.waiting,
            Role::Warning | Role::Candidate | Role::Changed | Role::Unknown => self.warning,
            Role::Bad | Role::Removed => self.bad,
            Role::Leader | Role::Mark => self.special,
        }
    }
}

/// Weight carries what colour carries, for eyes and terminals without it.
fn weight(role: Role) -> Modifier {
    match role {
        Role::Strong | Role::Title | Role::Key | Role::Bad | Role::Leader => Modifier::BOLD,
        Role::Warning | Role::Changed => Modifier::BOLD,
        Role::Accent | Role::Act | Role::Mark | Role::Added => Modifier::UNDERLINED,
        Role::Plain
        | Role::Faint
        | Role::Good
        | Role::Waiting
        | Role::Starting
        | Role::Candidate
        | Role::Follower
        | Role::Unknown
        | Role::Removed => Modifier::empty(),
    }
}

/// Red, green and blue of a colour of the fixed palette.
#[must_use]
pub fn rgb(index: u8) -> (u8, u8, u8) {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match index {
        0..16 => (0, 0, 0),
        16..232 => {
            let place = usize::from(index - 16);
            (STEPS[place / 36], STEPS[place / 6 % 6], STEPS[place % 6])
        }
        232.. => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: &[Role] = &[
        Role::Plain,
        Role::Faint,
        Role::Strong,
        Role::Title,
        Role::Key,
        Role::Accent,
        Role::Good,
        Role::Waiting,
        Role::Starting,
        Role::Bad,
        Role::Warning,
        Role::Leader,
        Role::Candidate,
        Role::Follower,
        Role::Unknown,
        Role::Act,
        Role::Mark,
        Role::Added,
        Role::Removed,
        Role::Changed,
    ];

    #[expect(clippy::disallowed_methods, reason = "a test may compute what no run depends on")]
    fn luminance(index: u8) -> f64 {
        let part = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let (red, green, blue) = rgb(index);
        0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
    }

    fn contrast(one: u8, other: u8) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_colour_of_every_theme_can_be_read() {
        assert!((contrast(16, 231) - 21.0).abs() < 0.1);
        for theme in THEMES.iter().filter(|theme| theme.has_colours()) {
            let ground = theme.ground.expect("a ground");
            for role in ROLES {
                let found = contrast(theme.colour(*role), ground);
                let wanted = f64::from(theme.promises) / 10.0;
                assert!(found >= wanted, "{} {role:?}: {found:.1}", theme.id);
            }
        }
    }

    #[test]
    fn colours_are_of_the_fixed_palette_and_the_choice_shows_without_them() {
        for theme in THEMES {
            for role in ROLES {
                let style = theme.style(*role);
                match style.fg {
                    Some(Color::Indexed(index)) => assert!(index >= 16),
                    other => assert_eq!(other, None, "{}", theme.id),
                }
                assert!(theme.chosen(*role).add_modifier.contains(Modifier::REVERSED));
            }
        }
        assert_eq!(Theme::monochrome().ground, None);
    }

    #[test]
    fn themes_are_found_by_name_in_both_languages() {
        for name in
            ["koyu", "acik", "Yüksek-Karşıtlık", "renk-koru", "tek renk", "high contrast", "dark"]
        {
            assert!(Theme::named(name).is_some(), "{name}");
        }
        assert!(Theme::named("mor").is_none());
    }
}
