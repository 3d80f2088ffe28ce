//! What the steps of a scenario are called where only a name has room: on the timeline and in
//! lists. A scenario itself writes the word of its language.

use crate::texts::Key as _;
use crate::texts::Lang;

crate::texts! {
    /// The names of steps and faults.
    pub enum Acts {
        Crash { tr: "çökme", en: "crash" },
        Recover { tr: "yeniden başlama", en: "recovery" },
        Pause { tr: "dondurma", en: "freeze" },
        Resume { tr: "çözme", en: "thaw" },
        Partition { tr: "ağ bölünmesi", en: "partition" },
        Heal { tr: "ağ onarımı", en: "heal" },
        SlowLink { tr: "yavaş bağlantı", en: "slow link" },
        SlowDisk { tr: "yavaş disk", en: "slow disk" },
        ImagePullFailure { tr: "çekilemeyen imaj", en: "image pull failure" },
        ContainerCrash { tr: "konteyner çökmesi", en: "container crash" },
        Hang { tr: "yanıtsız program", en: "hanging program" },
        SlowApp { tr: "yavaş program", en: "slow program" },
        NotReady { tr: "hazır olmayan program", en: "program not ready" },
        Apply { tr: "uygulama (apply)", en: "apply" },
        Delete { tr: "silme", en: "delete" },
        Scale { tr: "ölçekleme", en: "scale" },
        SetImage { tr: "imaj değişikliği", en: "new image" },
        Rollback { tr: "geri alma", en: "rollback" },
        Restart { tr: "podları yenileme", en: "rollout restart" },
        PauseRollout { tr: "güncellemeyi durdurma", en: "rollout pause" },
        ResumeRollout { tr: "güncellemeyi sürdürme", en: "rollout resume" },
        Cordon { tr: "yerleşime kapatma", en: "cordon" },
        Uncordon { tr: "yerleşime açma", en: "uncordon" },
        Drain { tr: "boşaltma", en: "drain" },
        Taint { tr: "leke ekleme", en: "taint" },
        Untaint { tr: "leke silme", en: "untaint" },
        LoadChange { tr: "yük değişimi", en: "load change" },
    }
}

/// The name of a step, for the word that a scenario writes; the word itself when it has none.
#[must_use]
pub fn act_name(word: &str, lang: Lang) -> &str {
    // A scenario writes `slow_link`, the key is `SlowLink`.
    let bare = word.replace('_', "");
    let named = Acts::ALL.iter().find(|act| act.name().eq_ignore_ascii_case(&bare));
    named.map_or(word, |act| act.text(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::assert_complete;

    #[test]
    fn every_name_is_told_in_both_languages() {
        assert_complete::<Acts>();
        assert_eq!(act_name("drain", Lang::Tr), "boşaltma");
        assert_eq!(act_name("image_pull_failure", Lang::En), "image pull failure");
        assert_eq!(act_name("burst", Lang::Tr), "burst");
    }
}
