//! Sentences that stand for what a page shows by its form.

crate::texts! {
    /// What a form says.
    pub enum Speech {
        Sent { tr: "{at}: {from} → {to}, {label} ({took})", en: "{at}: {from} → {to}, {label} ({took})" },
        Local { tr: "{at}: {from}: {label}", en: "{at}: {from}: {label}" },
        Lost {
            tr: "{at}: {from} → {to}, {label}: yolda kayboldu",
            en: "{at}: {from} → {to}, {label}: lost on the way",
        },
        Series {
            tr: "{name}: şimdi {last}, en az {least}, en çok {most} ({about})",
            en: "{name}: now {last}, least {least}, most {most} ({about})",
        },
        Fact { tr: "{at}: {text}", en: "{at}: {text}" },
        Because { tr: "nedeni, {at}: {text}", en: "because, {at}: {text}" },
        Passage { tr: "Ders, {at}:", en: "Lesson, {at}:" },
        PassageNow { tr: "Ders, şu an burada, {at}:", en: "Lesson, here now, {at}:" },
        NothingHere { tr: "üzerinde bir şey çalışmıyor", en: "nothing runs there" },
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_are_there() {
        crate::texts::assert_complete::<super::Speech>();
    }
}
